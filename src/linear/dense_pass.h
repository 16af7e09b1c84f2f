/* A pass over dense rows x [N][F]: logits z = x W + b, and from dz the sums dW = x' dz and db = sum of dz.
 *
 *   xs = (x - mean) / scale        V = scale W        c = b + mean' W
 *   z = xs V + c                   dV = xs' dz        dW = scale dV + mean db'
 *
 * Products are in float32, over tiles of rows that are read from memory once; sums over tiles are in double. Tiles are
 * summed by chunks, and chunks in order: the bits do not depend on the number of threads. */
#ifndef LINEAR_DENSE_PASS_H
#define LINEAR_DENSE_PASS_H

#include "linear/dense_rows.h"

/* Turns the logits z [K] of a row into dz [K]. Rows of a chunk come in order, chunks at the same time. */
typedef void (*dense_row_function)(void *context, size_t chunk, size_t row, double *z);

/* frame to workers are filled by the caller and borrowed, the rest by dense_pass_init. */
typedef struct dense_pass {
    const dense_frame *frame;
    size_t outputs; /* K */
    pool *workers;
    /* of the last pass: */
    double *sums; /* [chunks][K][F]: dV */
    double *bias; /* [chunks + 1][K]: db; the last is their sum */
    size_t chunks;
    /* scratch */
    const struct kernels *kernels;
    dense_row_function row;
    void *context;
    real *weights;  /* [F][K]: V */
    double *offset; /* [K]: c */
    real *tiles;    /* for each thread what tile_numbers counts */
    double *logits; /* [threads][K] */
} dense_pass;

/* Bytes that it needs, at most. */
double dense_pass_memory(size_t features, size_t outputs, unsigned threads);
heed_status dense_pass_init(dense_pass *p, heed_error *error);
void dense_pass_release(dense_pass *p);
/* Calls row for every row; x [F + 1][K]: W and b. */
void dense_pass_run(dense_pass *p, const double *x, dense_row_function row, void *context);
/* Adds dW of some features to gradient [F][K]. */
void dense_pass_add(const dense_pass *p, size_t first, size_t count, double *gradient);

#endif
