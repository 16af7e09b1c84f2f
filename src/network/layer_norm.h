/* Layer normalization (Ba et al. 2016): every position's features to mean 0 and variance 1, then scaled and moved.
 *
 *   n = (x - mean of x) / sqrt(variance of x + 1e-6)        y = gamma n + beta */
#ifndef NETWORK_LAYER_NORM_H
#define NETWORK_LAYER_NORM_H

#include "math/kernels.h"

typedef struct layer_norm {
    const kernels *kernels;
    int rows, width;
    const real *gamma, *beta; /* [width] */
    real *normal;             /* n [rows][width], kept for the backward pass */
    real *inverse;            /* 1 / sqrt(variance + 1e-6) [rows], kept too */
} layer_norm;

/* y may be x. */
void layer_norm_forward(const layer_norm *n, const real *x, real *y);
/* d [rows][width]: the gradient of y, replaced by that of x. Adds to dgamma and dbeta. */
void layer_norm_backward(const layer_norm *n, real *dgamma, real *dbeta, real *d);

#endif
