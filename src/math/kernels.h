/* The arithmetic of the layers, as a table of functions per instruction set.
 *
 * kernels_plain.c defines every kernel in plain loops; kernels_vector.h is the same for vectors (matrix products in
 * kernels_matmul.h, the fused steps of LSTM and GRU cells in kernels_cells.h, sums with bf16 matrices in
 * kernels_bf16.h), compiled by kernels_avx2.c, kernels_avx512.c, kernels_avx512_bf16.c and kernels_generic.c; tests
 * compare them at odd sizes. Within one table an element of a result is always the same chain of operations, whatever
 * the sizes around it, so a row's bits do not depend on its neighbours. */
#ifndef MATH_KERNELS_H
#define MATH_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "math/cells.h"
#include "math/matrix.h"

/* Of Keras's layer norms in the transformers of its guides; the layer's own default is 1e-3. */
#define NORM_EPSILON ((real)1e-6)

typedef struct softmax_sums {
    real max, inverse; /* the largest x; 1 over the sum of exponentials */
} softmax_sums;

typedef struct kernels {
    const char *name;

    /* c[i][j] = from[i][j] + sum over k, in rising order, of a[i][k] b[k][j], the sum beginning with from, whose rows
     * are at a distance of from_row; from NULL: 0. It may be c, or at a distance of 0 a bias. a may be transposed; b
     * and c have steps of 1. (Layers use the functions below the table, which take views by value.) */
    void (*matmul)(const matrix *c, const matrix *a, const matrix *b, const real *from, ptrdiff_t from_row);
    /* One step of LSTM cells (Hochreiter & Schmidhuber 1997, with forget gates of Gers et al. 2000; gates i, f, g, o):
     *   z = input + dropped U, the sum over k in rising order, or of a bf16 U as in affine_bf16
     *   c = sigmoid(z_f) previous_cell + sigmoid(z_i) tanh(z_g)        h = sigmoid(z_o) tanh(c) */
    void (*lstm_forward)(const cell_operands *o);
    void (*lstm_backward)(const cell_gradients *g);

    /* One step of GRU cells (Cho et al. 2014; gates z, r, g), the reset after the recurrent product, as in Keras:
     *   inner = bias + dropped U, the same sum (with the input in it for z and r)
     *   z = sigmoid(input_z + inner_z)   r = sigmoid(input_r + inner_r)   g = tanh(input_g + r inner_g)
     *   h = z before + (1 - z) g */
    void (*gru_forward)(const cell_operands *o);
    void (*gru_backward)(const cell_gradients *g);

    void (*tanh)(size_t n, const real *x, real *y);         /* y = tanh(x); y may be x */
    void (*add)(size_t n, const real *x, real *y);          /* y += x */
    void (*scale)(size_t n, real a, real *x);               /* x *= a */
    void (*axpy)(size_t n, real a, const real *x, real *y); /* y += a x */
    real (*dot)(size_t n, const real *x, const real *y);    /* sum of x y, in a fixed order */
    /* For every row k in turn: dx += g[k] row[k], and then row[k] += g[k] x. All have n elements; dx is none of them.
     */
    void (*exchange)(int rows, size_t n, const real *g, const real *x, real *const *row, real *dx);
    void (*sum_rows)(const matrix *x, real *y); /* y[j] += sum over i of x[i][j]; x has steps of 1 */
    /* y = sum over i, in rising order, of x's row[i], i below count: rows of n, side by side. The list goes on to
     * row[listed - 1], rows that will be wanted next and may be fetched early. */
    void (*sum_listed)(size_t n, const real *x, const size_t *row, size_t count, size_t listed, real *y);

    /* Adam (Kingma & Ba 2015, end of section 2) as Keras writes it: m += (1 - 0.9)(g - m), v += (1 - 0.999)(g g - v),
     * w -= rate m / (sqrt(v) + 1e-7). g NULL: a gradient of 0. */
    void (*adam)(size_t n, real rate, const real *g, real *w, real *m, real *v);
    /* Gradient descent with momentum, as Keras writes it: v = momentum v - rate g, w += v. g NULL: a gradient of 0. */
    void (*sgd)(size_t n, real rate, real momentum, const real *g, real *w, real *v);
    /* Steps of adam with gradients of 0, w *= kept[s] before each unless kept is NULL. True where in the last of them
     * no change came near the last place of its weight. */
    bool (*adam_idle)(size_t n, int steps, const real *rate, const real *kept, real *w, real *m, real *v);
    void (*adam_fade)(size_t n, int steps, real *m, real *v); /* only what they do to the moments */

    /* y = exp(x) for x in [-87.3, 88.3], constant outside; y may be x */
    void (*exp)(size_t n, const real *x, real *y);
    /* x = softmax of scale x, for n of 1 or more: exp(scale (x - the largest x)) over their sum. of: what it takes to
     * have the same bits again from the same x. */
    void (*softmax)(size_t n, real scale, real *x, softmax_sums *of);
    void (*softmax_again)(size_t n, real scale, softmax_sums of, real *x);

    /* y = x w + bias as affine, with w as a bf16 matrix, [(depth + 1) / 2][columns] pairs of bfloat16 numbers
     * (bfloat16.h): w[2k][j] in the lower half of pair [k][j], w[2k + 1][j], or 0 after an odd depth, in the upper one.
     * x is rounded to bfloat16. Sums are floats over k in rising order, of a pair the upper half first, as AVX-512's
     * instruction does it. x and y have steps of 1. */
    void (*affine_bf16)(const matrix *y, const matrix *x, const uint32_t *w, const real *bias);

    /* kernels_loops.h; no two operands overlap */
    /* The sum of squares, in double and in a fixed order. The squares are not in double: one too large for Adam's
     * second moment has to be seen. */
    double (*sum_squares)(size_t n, const real *x);
    /* d = scale weights (d - mean): from the gradient of softmax's weights to that of its x; mean: weights . d */
    void (*softmax_backward)(size_t n, real scale, real mean, const real *weights, real *d);
    /* One row of a layer norm (network/layer_norm.h): normal = (x - mean) inverse with inverse = 1 / sqrt(variance +
     * NORM_EPSILON), which it returns, and y = gamma normal + beta. y may be x. */
    real (*normalize)(size_t n, const real *gamma, const real *beta, const real *x, real *normal, real *y);
    /* d: the gradient of y, replaced by that of x; dgamma += d normal. */
    void (*normalize_backward)(size_t n, real inverse, const real *gamma, const real *normal, real *dgamma, real *d);
    void (*relu)(size_t n, real *x);                                       /* x = max(x, 0) */
    void (*relu_backward)(size_t n, const real *y, real *d);               /* d = 0 where y is not above 0 */
    void (*multiply)(size_t n, const real *a, const real *b, real *y);     /* y = a b */
    void (*multiply_add)(size_t n, const real *a, const real *b, real *y); /* y += a b */
    void (*max)(size_t n, const real *x, real *y);                         /* y = max(x, y) */
    void (*widen_bfloat16)(size_t n, const uint16_t *x, real *y);          /* y = x, the upper half of a float's bits */
    void (*widen_int8)(size_t n, real factor, const int8_t *x, real *y);   /* y = factor x */
    /* Where x is y, dx += dy, and dy becomes 0: y is the largest of several x, and the first takes all. */
    void (*max_backward)(size_t n, const real *x, const real *y, real *dx, real *dy);
} kernels;

/* out = a b */
static inline void matmul(const kernels *k, matrix out, matrix a, matrix b)
{
    k->matmul(&out, &a, &b, NULL, 0);
}

/* out += a b */
static inline void matmul_add(const kernels *k, matrix out, matrix a, matrix b)
{
    k->matmul(&out, &a, &b, out.data, out.row);
}

/* The one or the other. */
static inline void matmul_or_add(const kernels *k, bool add, matrix out, matrix a, matrix b)
{
    k->matmul(&out, &a, &b, add ? out.data : NULL, out.row);
}

/* y = x w + bias, the same bias [columns] for every row */
static inline void affine(const kernels *k, matrix y, matrix x, matrix w, const real *bias)
{
    k->matmul(&y, &x, &w, bias, 0);
}

static inline void affine_bf16(const kernels *k, matrix y, matrix x, const uint32_t *w, const real *bias)
{
    k->affine_bf16(&y, &x, w, bias);
}

/* y [columns] += the sum of x's rows */
static inline void sum_rows(const kernels *k, matrix x, real *y)
{
    k->sum_rows(&x, y);
}

/* The best table that this processor can run. HEED_ISA in the environment (plain, generic, avx2, avx512, avx512-bf16)
 * asks for a lesser one; one that the processor lacks is not given. */
const kernels *kernels_choose(void);
/* A table by name, NULL where this processor or build lacks it. */
const kernels *kernels_named(const char *name);

/* The tables, a source each. */
extern const kernels kernels_plain;
#ifndef HEED_DOUBLE
extern const kernels kernels_generic;
#endif
#if defined(__x86_64__) && !defined(HEED_DOUBLE)
extern const kernels kernels_avx2, kernels_avx512, kernels_avx512_bf16;
#endif

#endif
