/* The arithmetic of the layers, as a table of functions per instruction set.
 *
 * kernels_plain.c defines every kernel in plain loops; kernels_vector.h is the same for vectors, compiled by
 * kernels_avx2.c, kernels_avx512.c and kernels_generic.c; tests compare them at odd sizes. Within one table an element of a result is
 * always the same chain of operations, whatever the sizes around it, so a row's bits do not depend on its neighbours.
 *
 * The sources of the layers and kernels_plain.c compile for float and, with HEED_DOUBLE, for double, where finite
 * differences run on them.
 */
#ifndef MATH_KERNELS_H
#define MATH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef HEED_DOUBLE
typedef double real;
#else
typedef float real;
#endif

typedef struct kernels {
    const char *name;

    /* Matrix product: c[i][j] = (add ? c[i][j] : 0) + sum over k, in rising order, of a[i][k] b[k][j].
     * a[i][k] stands at a[i * a_row + k * a_step], so a transposed matrix needs no copy; b and c have unit steps. */
    void (*product)(int rows, int columns, int depth, const real *a, ptrdiff_t a_row, ptrdiff_t a_step, const real *b,
                    ptrdiff_t b_row, real *c, ptrdiff_t c_row, bool add);

    /* One step of LSTM cells (Hochreiter & Schmidhuber 1997, with forget gates of Gers et al. 2000; gates i, f, g, o):
     *   c = sigmoid(f) c_before + sigmoid(i) tanh(g)        h = sigmoid(o) tanh(c)
     * gates [rows][4 units]: preactivations, replaced by activations. c_before [known][units]: rows from `known` on
     * start at 0. c, squashed = tanh(c) [rows][units]; h [rows] at a distance of h_row. */
    void (*lstm_forward)(int rows, int known, int units, real *gates, const real *c_before, real *c, real *squashed,
                         real *h, ptrdiff_t h_row);
    /* gates: activations, replaced by the gradients of the preactivations. dh [rows][units]: of h; dc [rows][units]: of
     * c from the step after, replaced by that of c_before. */
    void (*lstm_backward)(int rows, int known, int units, real *gates, const real *c_before, const real *squashed,
                          const real *dh, real *dc);

    /* One step of GRU cells (Cho et al. 2014; gates z, r, h), the reset behind the recurrent product, as in Keras:
     *   z = sigmoid(gz + iz)    r = sigmoid(gr + ir)    g = tanh(gh + r ih)    h = z before + (1 - z) g
     * gates [rows][3 units]: the input's part of the preactivations, replaced by the activations z, r, g; inner [rows]
     * [3 units]: the recurrent part. before [rows][units]: h of the step before; h [rows] at a distance of h_row. */
    void (*gru_forward)(int rows, int units, real *gates, const real *inner, const real *before, real *h,
                        ptrdiff_t h_row);
    /* gates: activations, replaced by the gradients of the input's part; inner: replaced by those of the recurrent
     * part. dh [rows][units]: of h, replaced by what goes straight to before. */
    void (*gru_backward)(int rows, int units, real *gates, real *inner, const real *before, real *dh);

    void (*tanh)(size_t n, const real *x, real *y);         /* y = tanh(x); y may be x */
    void (*add)(size_t n, const real *x, real *y);          /* y += x */
    void (*scale)(size_t n, real a, real *x);               /* x *= a */
    void (*axpy)(size_t n, real a, const real *x, real *y); /* y += a x */
    real (*dot)(size_t n, const real *x, const real *y);    /* sum of x y, in a fixed order */
    /* For every row k in turn: dx += g[k] row[k], and then row[k] += g[k] x. All have n elements; dx is none of them. */
    void (*exchange)(int rows, size_t n, const real *g, const real *x, real *const *row, real *dx);
    void (*sum_rows)(int rows, int columns, const real *x, ptrdiff_t x_row,
                     real *y); /* y[j] += sum over i of x[i][j] */

    /* Adam (Kingma & Ba 2015, end of section 2) as Keras writes it: m += (1 - 0.9)(g - m), v += (1 - 0.999)(g g - v),
     * w -= rate m / (sqrt(v) + 1e-7). g NULL: a gradient of 0. */
    void (*adam)(size_t n, real rate, const real *g, real *w, real *m, real *v);
    /* Gradient descent with momentum, as Keras writes it: v = momentum v - rate g, w += v. g NULL: a gradient of 0. */
    void (*sgd)(size_t n, real rate, real momentum, const real *g, real *w, real *v);
} kernels;

/* The best table that this processor can run. HEED_ISA in the environment (plain, generic, avx2, avx512) asks for a lesser one;
 * one that the processor lacks is not given. */
const kernels *kernels_choose(void);
/* A table by name, NULL where this processor or build lacks it. */
const kernels *kernels_named(const char *name);

extern const kernels kernels_plain;
#ifndef HEED_DOUBLE
extern const kernels kernels_generic;
#endif
#if defined(__x86_64__) && !defined(HEED_DOUBLE)
extern const kernels kernels_avx2, kernels_avx512;
#endif

#endif
