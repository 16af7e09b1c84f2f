/* N-grams of the letters (code points) of a word, from A to B letters long, with a blank before the word and one after
 * it: of "sea" with 3-4: " se", "sea", "ea ", " sea", "sea ". A word that is shorter than A with its blanks is one
 * n-gram as a whole. (scikit-learn's analyzer char_wb.) Features are numbered in the order in which the training rows'
 * words have them. */
#ifndef WIDE_LETTER_GRAMS_H
#define WIDE_LETTER_GRAMS_H

#include "data/examples.h"
#include "text/vocabulary.h"
#include "wide/wide_spec.h"

typedef struct letter_grams {
    gram_range range; /* A, B; 0: there are no n-grams, and nothing else is set */
    intern grams;     /* feature i is word i */
    size_t *begin;    /* [words + 1]: features of a word of the vocabulary are of_word[begin[w]] ... */
    uint32_t *of_word;
} letter_grams;

/* The n-grams that at least min_count of the rows have; the rows' words of their own are in rows->spelling. */
heed_status letter_grams_learn(letter_grams *out, const examples *rows, const vocabulary *words, gram_range range,
                               uint32_t min_count, heed_error *error);
/* From texts in order, as a model file has them. HEED_BAD_DATA for a repeated one. */
heed_status letter_grams_read(letter_grams *out, const vocabulary *words, gram_range range, const heed_bytes *texts,
                              uint32_t count, heed_error *error);
void letter_grams_release(letter_grams *g);

/* At most so many occurrences of n-grams are in a word that is not in the vocabulary. */
size_t letter_grams_room(const letter_grams *g, heed_bytes word);
/* Hands over the feature of each occurrence of an n-gram in such a word. */
void letter_grams_of(const letter_grams *g, heed_bytes word, void (*take)(void *context, uint32_t feature),
                     void *context);

#endif
