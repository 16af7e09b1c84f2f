/* For tests of logistic regression: numbers by chance, kinds of targets, and gradients by finite differences. */
#ifndef UNIT_MADE_LOSSES_H
#define UNIT_MADE_LOSSES_H

#include "unit/made_rows.h"

#include <math.h>

#include "linear/linear_loss.h"

static inline double made_number(uint64_t *seed) /* from 0 to 1: Knuth's MMIX */
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) * 0x1p-53;
}

typedef struct made_kind {
    size_t outputs;
    bool softmax, weights;
} made_kind;

enum { MAX_OUTPUTS = 4 };
static const made_kind kinds[] = {{1, false, false}, {1, false, true},  {4, true, false},
                                  {3, true, true},   {4, false, false}, {3, false, true}};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* The gradient at x [n] is that of the loss by central differences; other: room for n. x is as before afterwards. */
static inline void check_gradient(const double *gradient, linear_loss *loss, double *x, double *other, double allowed)
{
    for (size_t i = 0; i < linear_loss_size(loss); i++) {
        double at = x[i], step = 1e-5;
        x[i] = at + step;
        double above = linear_loss_value(loss, x, other);
        x[i] = at - step;
        double below = linear_loss_value(loss, x, other), expected = (above - below) / (2 * step);
        x[i] = at;
        if (!(fabs(expected - gradient[i]) <= allowed))
            fail_msg("%zu outputs, softmax %d, weights %d, number %zu: %.12f by differences, gradient %.12f",
                     loss->outputs, loss->softmax, loss->weight != NULL, i, expected, gradient[i]);
    }
}

#endif
