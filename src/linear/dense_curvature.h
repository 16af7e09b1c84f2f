/* About the Hessian of logistic regression on dense rows, for L-BFGS to begin with: so it takes tens of passes instead
 * of hundreds, as features of an encoder are correlated.
 *
 *   H = q [x 1]' [x 1] / N + I / (C N), without penalty on the bias; the same for every output
 *
 * q is p (1 - p) of a typical prediction, which bounds nothing but gives the scale (Boehning 1992 takes its largest
 * value, which gives a bound). Of many rows, some are enough. */
#ifndef LINEAR_DENSE_CURVATURE_H
#define LINEAR_DENSE_CURVATURE_H

#include "linear/dense_rows.h"

typedef struct dense_curvature {
    const dense_frame *frame; /* borrowed */
    size_t outputs;           /* K */
    double spread;            /* q */
    pool *workers;            /* borrowed */
    double *factor;           /* [F][F]: L, by rows; L L' = H of the features less their means */
    double *columns;          /* [threads][F + 1][some outputs]: scratch */
    double *vector;           /* of the last call */
} dense_curvature;

/* Bytes that it needs, at most. */
double dense_curvature_memory(size_t features, unsigned threads);
/* penalty: 1 / (C N). The borrowed part and K and q are filled by the caller. */
heed_status dense_curvature_init(dense_curvature *c, double penalty, heed_error *error);
void dense_curvature_release(dense_curvature *c);
/* vector [F + 1][K] becomes the inverse of H times it. */
void dense_curvature_solve(dense_curvature *c, double *vector);

#endif
