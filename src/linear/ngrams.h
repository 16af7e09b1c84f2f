/* Words and pairs of words as features: the bag of words and bigrams, weighted by TF-IDF.
 *
 * Features are numbered: words 0 ... W - 1 in the order of the vocabulary, then the bigrams, sorted by their words. A
 * bigram is two adjacent words in the row of tokens; a word that is not in the vocabulary separates its neighbours. A
 * row's value of a feature is its count times its idf, and the row's values are scaled to length 1. */
#ifndef LINEAR_NGRAMS_H
#define LINEAR_NGRAMS_H

#include "data/examples.h"
#include "linear/sparse.h"

typedef struct ngrams {
    uint32_t words, bigrams; /* W, B */
    uint32_t first_id;       /* the id of word 0 */
    uint32_t *begin;         /* [W + 1]: bigrams begin[w] ... begin[w + 1] - 1 begin with word w */
    uint32_t *second;        /* [B]: their second words, increasing for each first one */
    float *idf;              /* [W + B] */
} ngrams;

/* ln((1 + rows) / (1 + rows with it)) + 1, which is scikit-learn's smooth_idf. */
float ngrams_idf(uint32_t rows, uint32_t rows_with_it);
/* All words of the vocabulary, and the bigrams that at least min_count of the rows have; of both the idf. The rows are
 * whole texts. */
heed_status ngrams_learn(ngrams *out, const examples *rows, const vocabulary *words, uint32_t min_count,
                         heed_error *error);
/* From the contents of a file: pairs [bigrams][2] of word numbers and idf [words + bigrams], little-endian at any
 * address. HEED_BAD_DATA for pairs that are not sorted or not words, and for an idf that is not finite and above 0. */
heed_status ngrams_read(ngrams *out, const vocabulary *words, const char *pairs, uint32_t bigrams, const char *idf,
                        heed_error *error);
void ngrams_release(ngrams *n);
/* Total number of features. */
static inline size_t ngrams_count(const ngrams *n)
{
    return (size_t)n->words + n->bigrams;
}
/* The first word of a bigram (0 ... B - 1). */
uint32_t ngrams_first(const ngrams *n, uint32_t bigram);
/* The features that end at place `at` of a row of ids: the word there, and its bigram with the word before it. Returns
 * their number. */
size_t ngrams_ending(const ngrams *n, const uint32_t *ids, size_t at, uint32_t out[2]);
/* The features of a row of ids, sorted; out has room for 2 * length. Returns their number. */
size_t ngrams_row(const ngrams *n, const uint32_t *ids, size_t length, sparse_value *out);

#endif
