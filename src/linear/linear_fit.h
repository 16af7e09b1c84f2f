/* Fitting the linear model to rows, and its predictions for them. N rows with their features, K outputs. */
#ifndef LINEAR_LINEAR_FIT_H
#define LINEAR_LINEAR_FIT_H

#include "base/pool.h"
#include "linear/dense_rows.h"
#include "linear/logistic.h"

/* The rows that are fitted; all of it borrowed. Either rows or dense is set, the other one NULL. */
typedef struct linear_examples {
    const sparse_rows *rows;
    const float *target;     /* [N][K]: 0 or 1; of a softmax they sum to 1 */
    const float *weight;     /* [N][K]: of the outputs in the loss; a softmax uses the first of a row; NULL: all 1 */
    const dense_rows *dense; /* has as many features as the model */
} linear_examples;

/* The state after a pass over the rows. */
typedef struct linear_progress {
    unsigned pass, max_passes; /* pass: from 1 */
    double mean_loss;          /* without the penalty */
    size_t correct, rows;      /* rows that are right, as linear_loss counts them, and all of them */
} linear_progress;

typedef struct linear_listener {
    int (*tell)(void *user, const linear_progress *progress); /* after each pass; non-zero stops */
    void *user;
} linear_listener;

/* When the minimiser ends: no element of the gradient is above the tolerance (span_fit.h: another measure of it), or
 * after so many passes. */
typedef struct linear_end {
    double tolerance;
    unsigned max_passes;
} linear_end;

/* Bytes that a model of so many features and outputs needs while it is fitted to so many rows, at most, without the
 * features of the rows. Of dense rows each thread is counted. */
double linear_fit_memory(size_t features, size_t outputs, size_t rows);
double linear_fit_dense_memory(size_t features, size_t outputs, size_t rows, unsigned threads);
/* Sets weights and bias of a model that has its strength, minimising linear_loss by L-BFGS from the weights that it
 * has. HEED_STOPPED leaves the model unchanged, and so does HEED_BAD_DATA for a feature of dense rows that is not a
 * finite number, or too large for one (dense_rows.h); HEED_FAILED without memory. */
heed_status linear_fit(logistic *model, const linear_examples *e, linear_end end, pool *workers,
                       const linear_listener *listener, heed_error *error);
/* Probabilities [N][K] of rows, and the loss [N] of each, of the model; weights of rows are not used. */
heed_status linear_score_rows(float *probability, double *loss, const logistic *model, const linear_examples *e,
                              pool *workers, heed_error *error);

#endif
