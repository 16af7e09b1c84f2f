/* The wide model: logistic regression on n-grams of words and letters, of which a text has a feature or has it not.
 *
 * A feature's value is its weight, which the training rows give it without C: the naive Bayes log ratio of two labels,
 * or the inverse document frequency. The values of the n-grams of words are scaled to length 1, and so are those of the
 * n-grams of letters. */
#ifndef WIDE_WIDE_H
#define WIDE_WIDE_H

#include "linear/logistic.h"
#include "wide/wide_features.h"

typedef struct wide {
    wide_spec spec; /* everything in it is given */
    wide_features features;
    float *scale; /* [F]: the weights of the features */
    logistic fit;
} wide;

/* Takes ownership of the features, even on failure; scale and the fit's weights are zero. */
heed_status wide_new(wide **out, const wide_spec *spec, wide_features *features, uint32_t outputs, bool softmax,
                     heed_error *error);
void wide_free(wide *w);

/* Gives the sorted features of a row their values by scale [F]; returns how many are not 0. */
size_t wide_weigh(const wide_features *f, const float *scale, sparse_value *row, size_t count);
/* The features of a text with their values. places and out: [wide_features_room]. Returns how many. */
size_t wide_row(const wide *w, wide_text text, wide_place *places, sparse_value *out);

#endif
