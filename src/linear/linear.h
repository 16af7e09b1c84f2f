/* The linear model: logistic regression on words and bigrams. F features, K outputs.
 *
 *   z = x W + b      p = sigmoid(z) of each output, or softmax(z) over all of them */
#ifndef LINEAR_LINEAR_H
#define LINEAR_LINEAR_H

#include "linear/sparse.h"

typedef struct linear {
    ngrams features;
    uint32_t outputs; /* K */
    bool softmax;     /* else a sigmoid for each output */
    double strength;  /* C, with which it was trained */
    float *weights;   /* [F][K] */
    float *bias;      /* [K] */
} linear;

/* Weights are zero. Takes ownership of the features, even on failure. */
heed_status linear_new(linear **out, ngrams *features, uint32_t outputs, bool softmax, heed_error *error);
void linear_free(linear *l);
/* Number of trained parameters. */
static inline size_t linear_parameters(const linear *l)
{
    return (ngrams_count(&l->features) + 1) * l->outputs;
}

/* Turns logits z[outputs] into probabilities in place; returns the row's cross-entropy against its target (NULL: 0),
 * summed over the sigmoids, each times its weight [outputs]; for a softmax times the first weight (NULL: all 1). */
double linear_link(double *z, size_t outputs, bool softmax, const float *target, const float *weight);
/* z [K] of a row from its features. */
void linear_logits(const linear *l, const sparse_value *values, size_t count, double *z);
/* Probabilities [K] of a row from its features. scratch [K]. Returns the loss, as linear_link. */
double linear_score(const linear *l, const sparse_value *values, size_t count, const float *target, double *scratch,
                    float *probability);

#endif
