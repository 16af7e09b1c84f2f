/* N-grams of words, from A to B words long, as a tree: a node is an n-gram, its parent is the n-gram without the last
 * word. An n-gram is as many adjacent words in the row of tokens; a word that is not in the vocabulary separates its
 * neighbours.
 *
 * Nodes are numbered level by level: the W words in the order of the vocabulary, then the pairs, and so on, each level
 * sorted by parent and last word. Features are the nodes from length A on, in this order. */
#ifndef WIDE_WORD_GRAMS_H
#define WIDE_WORD_GRAMS_H

#include "text/vocabulary.h"
#include "wide/wide_spec.h"

#define NO_NODE UINT32_MAX

typedef struct word_grams {
    gram_range range;  /* A, B; 0: there are no n-grams, and nothing else is set */
    uint32_t words;    /* W */
    uint32_t first_id; /* the id of word 0 */
    uint32_t nodes;    /* in all */
    uint32_t inner;    /* those shorter than B, which come first and may have children */
    uint32_t skipped;  /* those shorter than A, which are no features */
    uint32_t *begin;   /* [inner + 1]: children of node i are begin[i] ... begin[i + 1] - 1 */
    uint32_t *last;    /* [nodes - W]: the last word of node W + i */
} word_grams;

/* From the contents of a file, little-endian at any address: begin [inner + 1] (NULL, 0: B is 1) and last [count].
 * HEED_BAD_DATA for what is no such tree. */
heed_status word_grams_read(word_grams *out, const vocabulary *words, gram_range range, const char *begin,
                            uint64_t inner, heed_bytes last, heed_error *error);
void word_grams_release(word_grams *g);
static inline uint32_t word_grams_features(const word_grams *g)
{
    return g->nodes - g->skipped;
}
/* The number of the word with an id; W or more if it is none of the vocabulary. */
static inline uint32_t word_grams_word(const word_grams *g, uint32_t id)
{
    return id - g->first_id; /* smaller ids wrap around */
}
/* The node of the n-gram of `node` and the word after it, or NO_NODE. */
uint32_t word_grams_child(const word_grams *g, uint32_t node, uint32_t word);
/* The words of a feature; returns how many. */
uint32_t word_grams_words(const word_grams *g, uint32_t feature, uint32_t words[MOST_WORDS]);

#endif
