/* The linear model: logistic regression on words and bigrams. */
#ifndef LINEAR_LINEAR_H
#define LINEAR_LINEAR_H

#include "linear/logistic.h"
#include "linear/ngrams.h"

typedef struct linear {
    ngrams features;
    logistic fit;
} linear;

/* Weights are zero. Takes ownership of the features, even on failure. */
heed_status linear_new(linear **out, ngrams *features, uint32_t outputs, bool softmax, heed_error *error);
void linear_free(linear *l);

#endif
