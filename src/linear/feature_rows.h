/* The features of rows, sparse or dense, for what is the same with both. */
#ifndef LINEAR_FEATURE_ROWS_H
#define LINEAR_FEATURE_ROWS_H

#include "linear/linear_fit.h"

/* Begins as {0}. */
typedef struct feature_rows {
    sparse_rows sparse;
    dense_rows dense; /* of `owned`; count 0: the rows are sparse */
    real *owned;
} feature_rows;

/* Dense rows: copies of some rows of values [rows][features]. */
heed_status feature_rows_take(feature_rows *out, const real *values, size_t features, sparse_part part,
                              heed_error *error);
void feature_rows_release(feature_rows *r);
size_t feature_rows_count(const feature_rows *r);
/* target, weight: as linear_examples. All of it is borrowed. */
linear_examples feature_rows_examples(const feature_rows *r, const float *target, const float *weight);
/* z [K] of a row. */
void feature_rows_logits(const feature_rows *r, size_t row, const logistic *l, double *z);

#endif
