/* L-BFGS: minimises a smooth function of many variables, using its gradients (Liu & Nocedal 1989; Nocedal & Wright
 * 2006, algorithms 7.4 and 7.5, with the line search of algorithms 3.5 and 3.6). Near a minimum of imprecise values
 * slopes decide instead of values (the approximate Wolfe conditions of Hager & Zhang 2005, section 2). */
#ifndef LINEAR_LBFGS_H
#define LINEAR_LBFGS_H

#include "heed.h"

/* The value at x[n]; writes its gradient [n]. */
typedef double (*lbfgs_function)(void *context, const double *x, double *gradient);

typedef struct lbfgs_options {
    unsigned history;    /* pairs of steps and changes of gradient that are kept, at least 1 */
    unsigned iterations; /* at most */
    double tolerance;    /* converged if no element of the gradient is larger */
    int (*tell)(void *context, unsigned iteration, double value); /* called after each; non-zero stops. NULL: none */
    /* Multiplies the vector [n] by about the inverse Hessian, a symmetric and positive definite matrix that stays the
     * same; its scale does not matter. The better it is, the fewer iterations. NULL: the identity. */
    void (*precondition)(void *context, double *vector);
    double noise; /* values are exact up to this share of them, gradients are more exact; 0: to the last bits */
} lbfgs_options;

typedef struct lbfgs_result {
    double value;
    double gradient; /* its largest element */
    unsigned iterations, evaluations;
    bool converged, stopped; /* neither: iterations or precision ran out */
} lbfgs_result;

/* Bytes that minimising takes for each of the n variables. */
size_t lbfgs_memory(unsigned history);
/* Moves x[n] to a minimum nearby. HEED_FAILED without memory, HEED_BAD_DATA if the first value is not a finite number.
 */
heed_status lbfgs_minimise(lbfgs_result *out, double *x, size_t n, lbfgs_function function, void *context,
                           const lbfgs_options *options, heed_error *error);

#endif
