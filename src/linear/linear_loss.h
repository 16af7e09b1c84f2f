/* The objective of the linear model, which training minimises, and its gradient.
 *
 *   f(W, b) = 1/N sum over rows i of loss_i  +  1/(2 C N) |W|^2        N rows
 *
 * which is scikit-learn's LogisticRegression divided by C N: the bias b is not regularised. With weights, the loss of a
 * row is multiplied by its weight, or each of its sigmoids by its own, as with scikit-learn's sample_weight. Values are
 * computed by rows, gradients by features, each sum in a fixed order: the bits do not depend on the number of threads.
 */
#ifndef LINEAR_LINEAR_LOSS_H
#define LINEAR_LINEAR_LOSS_H

#include "linear/linear.h"

/* The borrowed part is filled by the caller, the rest by linear_loss_init. */
typedef struct linear_loss {
    const sparse_rows *rows;
    const sparse_columns *columns;
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
    double *residual; /* [rows][K]: (probability - target) * weight / N */
    double *chunk_loss, *chunk_square;
    size_t *chunk_correct;
} linear_loss;

heed_status linear_loss_init(linear_loss *l, heed_error *error);
void linear_loss_release(linear_loss *l);
/* Number of parameters: F K weights, then K biases. */
size_t linear_loss_size(const linear_loss *l);
/* f at x and its gradient. loss: a linear_loss. */
double linear_loss_value(void *loss, const double *x, double *gradient);

#endif
