/* Rows that have every feature, such as what a pretrained encoder makes of texts, and their standardised form: what
 * products in float32 are precise with, whatever the offsets and scales of the features. */
#ifndef LINEAR_DENSE_ROWS_H
#define LINEAR_DENSE_ROWS_H

#include "base/pool.h"
#include "heed.h"
#include "math/real.h"

typedef struct dense_rows {
    const real *values; /* [count][features]; borrowed */
    size_t count, features;
} dense_rows;

/* x = mean + scale * standardised x, by feature. A scale of 0: all rows have the same value. */
typedef struct dense_frame {
    const dense_rows *rows; /* borrowed */
    real *mean, *inverse;   /* [F]; inverse: 1 / scale, or 0 */
    double *scale;          /* [F] */
} dense_frame;

/* Bytes that it needs. */
double dense_frame_memory(size_t features);
/* HEED_BAD_DATA for a value that is not a finite number smaller than 2^126. */
heed_status dense_frame_init(dense_frame *out, const dense_rows *rows, pool *workers, heed_error *error);
void dense_frame_release(dense_frame *f);
/* The standardised form [F] of a row. */
void dense_frame_standardise(const dense_frame *f, size_t row, real *to);

#endif
