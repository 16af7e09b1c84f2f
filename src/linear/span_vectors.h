/* Vectors in the span of N sparse rows x [N][F]: what logistic regression from zero weights ever reaches.
 *
 * The gradient of the loss and that of the penalty are sums of rows, so weights are W = x' A, with coefficients A of
 * the rows, as long as they begin at zero. A vector keeps A and its logits Z = x W = x x' A instead of W: both are
 * linear in W, and the inner product of two vectors is <A, Z'>. There are far fewer rows than n-grams, so this takes a
 * fraction of the memory and time that W takes.
 *
 * A vector is one array: A [N][K], Z [N][K], biases [K]. Sums are over blocks of a constant size, in order: the bits do
 * not depend on the number of threads. */
#ifndef LINEAR_SPAN_VECTORS_H
#define LINEAR_SPAN_VECTORS_H

#include "base/pool.h"

typedef struct span_space {
    size_t rows, outputs; /* N, K */
    pool *workers;        /* borrowed */
    double *sums;         /* scratch: of the blocks */
} span_space;

heed_status span_space_init(span_space *out, size_t rows, size_t outputs, pool *workers, heed_error *error);
void span_space_release(span_space *s);
/* N K, and the length of a vector. */
static inline size_t span_cells(const span_space *s)
{
    return s->rows * s->outputs;
}
static inline size_t span_length(const span_space *s)
{
    return 2 * span_cells(s) + s->outputs;
}

double span_dot(const span_space *s, const double *a, const double *b);
/* to = keep * to + scale * x; what is in to must be finite. */
void span_add(const span_space *s, double *to, double keep, double scale, const double *x);

#endif
