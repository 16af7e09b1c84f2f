/* The features of a wide model: n-grams of words, then n-grams of letters. */
#ifndef WIDE_WIDE_FEATURES_H
#define WIDE_WIDE_FEATURES_H

#include "linear/sparse.h"
#include "wide/letter_grams.h"
#include "wide/word_grams.h"

typedef struct wide_features {
    word_grams words;
    letter_grams letters;
    uint32_t first_id, size; /* ids of the vocabulary: first_id ... size - 1 */
} wide_features;

/* A text as a model reads it, whole. */
typedef struct wide_text {
    const uint32_t *ids; /* [length] */
    size_t length;
    const intern *spelling; /* words of ids from the vocabulary's size on; NULL: there are none */
} wide_text;

/* An occurrence of a feature: the tokens that it covers. */
typedef struct wide_place {
    uint32_t feature, token, tokens;
} wide_place;

/* The n-grams of the training rows. */
heed_status wide_features_learn(wide_features *out, const examples *rows, const vocabulary *words,
                                const wide_spec *spec, heed_error *error);
void wide_features_release(wide_features *f);
/* Those of words, and in all. */
static inline uint32_t wide_features_words(const wide_features *f)
{
    return word_grams_features(&f->words);
}
static inline size_t wide_features_count(const wide_features *f)
{
    return (size_t)wide_features_words(f) + f->letters.grams.count;
}

/* At most so many occurrences are in a text. */
size_t wide_features_room(const wide_features *f, wide_text text);
/* Occurrences [room] of the features of a text, by feature and then by token; returns how many. */
size_t wide_features_places(const wide_features *f, wide_text text, wide_place *out);
/* The features of a text, each once, sorted, with value 1; places: scratch [room]. Returns how many. */
size_t wide_features_row(const wide_features *f, wide_text text, wide_place *places, sparse_value *out);

#endif
