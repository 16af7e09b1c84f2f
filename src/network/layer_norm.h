/* Layer normalization of every position; layer_norm.c has the formulas. */
#ifndef NETWORK_LAYER_NORM_H
#define NETWORK_LAYER_NORM_H

#include "math/kernels.h"

typedef struct layer_norm {
    const kernels *kernels;
    const real *gamma, *beta;
    matrix normal; /* n [P][D], kept for the backward pass */
    real *inverse; /* [P], kept too */
} layer_norm;

/* y may be x. */
void layer_norm_forward(const layer_norm *n, matrix x, matrix y);
/* d: the gradient of y, replaced by that of x. Adds to dgamma and dbeta. */
void layer_norm_backward(const layer_norm *n, real *dgamma, real *dbeta, matrix d);

#endif
