/* What training the linear model minimises, and its gradient.
 *
 *   x [N][F] rows with their features, sparse or dense; W [F][K], b [K]; y [N][K] targets, w [N][K] weights
 *
 *   forward    z = x W + b        p = sigmoid(z) or softmax(z)
 *              f = sum of loss_i / N + |W|^2 / (2 C N)        loss_i: the cross-entropy of row i (logistic_link)
 *   backward   dz = w * (p - y) / N        dW = x' dz + W / (C N)        db = sum of dz
 *
 * This is scikit-learn's LogisticRegression divided by C N; the bias b has no penalty. Weights multiply a row's loss,
 * or each of its sigmoids, as scikit-learn's sample_weight does. Of sparse rows z is computed by rows and dW by
 * features, of dense rows as dense_pass.h says; each sum is in a fixed order: the bits do not depend on the number of
 * threads. */
#ifndef LINEAR_LINEAR_LOSS_H
#define LINEAR_LINEAR_LOSS_H

#include "base/pool.h"
#include "linear/dense_pass.h"
#include "linear/logistic.h"

/* The borrowed part is filled by the caller, the rest by linear_loss_init. */
typedef struct linear_loss {
    const sparse_rows *rows; /* with columns; or frame */
    const sparse_columns *columns;
    const dense_frame *frame;
    const float *target; /* [rows][K]: 0 or 1; of a softmax they sum to 1 */
    const float *weight; /* [rows][K]; of a softmax the first of a row counts; NULL: all 1 */
    size_t outputs;      /* K */
    bool softmax;
    double strength; /* C */
    pool *workers;
    /* of the last value: */
    double mean_loss; /* without the penalty */
    size_t correct;   /* rows with the largest output at the target; with one output, on the right side of 0.5 */
    /* scratch */
    const double *x;  /* [F][K], [K] */
    double *gradient; /* the same */
    double *dz;       /* dz [rows][K] of sparse rows */
    dense_pass dense; /* of dense rows */
    double *chunk_loss, *chunk_square;
    size_t *chunk_correct;
} linear_loss;

heed_status linear_loss_init(linear_loss *l, heed_error *error);
void linear_loss_release(linear_loss *l);
/* N. */
size_t linear_loss_rows(const linear_loss *l);
/* Number of parameters: F K weights, then K biases. */
size_t linear_loss_size(const linear_loss *l);
/* f at x and its gradient. loss: a linear_loss. */
double linear_loss_value(void *loss, const double *x, double *gradient);
/* Whether the prediction by these probabilities [outputs] is the target. */
bool linear_is_correct(const double *probability, const float *target, size_t outputs);

#endif
