/* Logistic regression on any features. F features, K outputs.
 *
 *   z = x W + b      p = sigmoid(z) of each output, or softmax(z) over all of them */
#ifndef LINEAR_LOGISTIC_H
#define LINEAR_LOGISTIC_H

#include "linear/sparse.h"
#include "math/real.h"

typedef struct logistic {
    size_t features;  /* F */
    uint32_t outputs; /* K */
    bool softmax;     /* else a sigmoid for each output */
    double strength;  /* C, with which it was trained */
    float *weights;   /* [F][K] */
    float *bias;      /* [K] */
} logistic;

/* Weights are zero. HEED_USAGE for more weights than a model can have. */
heed_status logistic_init(logistic *out, size_t features, uint32_t outputs, bool softmax, heed_error *error);
void logistic_release(logistic *l);
/* Number of trained parameters. */
static inline size_t logistic_parameters(const logistic *l)
{
    return (l->features + 1) * l->outputs;
}

/* Turns logits z[outputs] into probabilities in place; returns the row's cross-entropy against its target (NULL: 0),
 * summed over the sigmoids, each times its weight [outputs]; for a softmax times the first weight (NULL: all 1). */
double logistic_link(double *z, size_t outputs, bool softmax, const float *target, const float *weight);
/* z [K] of a row from its features. */
void logistic_logits(const logistic *l, const sparse_value *values, size_t count, double *z);
/* The same from all features [F]. */
void logistic_dense_logits(const logistic *l, const real *features, double *z);
/* Probabilities [K] of a row from its features. scratch [K]. Returns the loss, as logistic_link. */
double logistic_score(const logistic *l, const sparse_value *values, size_t count, const float *target, double *scratch,
                      float *probability);

#endif
