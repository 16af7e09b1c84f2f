/* Layer normalization (Ba et al. 2016): every position's features to mean 0 and variance 1, then scaled and moved.
 *
 *   n = (x - mean of x) / sqrt(variance of x + 1e-6)        y = gamma n + beta        x, n, y [P][D]; gamma, beta [D]
 *
 *   backward   dgamma += sum of dy n      dbeta += sum of dy      dn = gamma dy
 *              dx = (dn - mean of dn - n mean of (dn n)) / sqrt(variance of x + 1e-6) */
#ifndef NETWORK_LAYER_NORM_H
#define NETWORK_LAYER_NORM_H

#include "math/kernels.h"

typedef struct layer_norm {
    const kernels *kernels;
    const real *gamma, *beta;
    matrix normal; /* n, kept for the backward pass */
    real *inverse; /* 1 / sqrt(variance + 1e-6) [P], kept too */
} layer_norm;

/* y may be x. */
void layer_norm_forward(const layer_norm *n, matrix x, matrix y);
/* d: the gradient of y, replaced by that of x. Adds to dgamma and dbeta. */
void layer_norm_backward(const layer_norm *n, real *dgamma, real *dbeta, matrix d);

#endif
