/* Integrals from 0 to 1 as weighted sums. */
#ifndef EXPLAIN_QUADRATURE_H
#define EXPLAIN_QUADRATURE_H

/* The points [count], increasing, and weights [count] of the Gauss-Legendre rule on [0, 1]: exact for polynomials of
 * degree 2 count - 1. Points are roots of Legendre polynomials, found by Newton's method (Press et al., Numerical
 * Recipes, section 4.6). count: at least 1. */
void quadrature_points(unsigned count, double *points, double *weights);

#endif
