/* The arithmetic of the layers, as a table of functions for each instruction set.
 *
 * kernels_plain.c defines every kernel in plain loops. kernels_template.h is the same for vectors (with matrix products
 * in kernels_matmul.h, the fused steps of LSTM and GRU cells in kernels_cells.h, products with bfloat16 weights in
 * kernels_bf16.h), compiled by kernels_avx2.c, kernels_avx512.c, kernels_avx512_bf16.c and kernels_generic.c. Tests
 * compare them at odd sizes. Within one table an element of a result is always the same chain of operations, whatever
 * the sizes around it, so a row's bits do not depend on its neighbours. */
#ifndef MATH_KERNELS_H
#define MATH_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "math/bfloat16.h"
#include "math/cells.h"
#include "math/matrix.h"

/* As in the transformers of Keras's guides; the default of Keras's layer norm is 1e-3. */
#define NORM_EPSILON ((real)1e-6)

typedef struct softmax_sums {
    real max, inverse; /* of x; 1 / the sum of exponentials */
} softmax_sums;

/* The weights of a layer norm of columns, [rows] each. */
typedef struct norm_down {
    const real *gamma, *beta;
    real epsilon;
} norm_down;

/* One place of a step where numbers are dropped. */
typedef struct drop_site {
    uint64_t seed;
    uint32_t part, step; /* part: of the encoder (encoder_dropout.c) */
    uint32_t dropped;    /* of 65,536 */
    real kept;           /* what the others are multiplied by */
} drop_site;

typedef struct kernels {
    const char *name;

    /* c[i][j] = from[i][j] + sum over k of a[i][k] b[k][j]. The sum begins with from and adds in rising k. from: rows
     * from_row apart, such as c itself or with from_row 0 a bias; NULL: 0. a may be transposed; b and c have steps of
     * 1. (Layers use the functions below the table, which take views by value.) */
    void (*matmul)(const matrix *c, const matrix *a, const matrix *b, const real *from, ptrdiff_t from_row);
    /* One step of LSTM cells; network/lstm.c has the formulas. Forward begins with input = x[t] W + b and adds
     * h[t-1] U in rising order, with bfloat16 weights as in affine_bf16. Backward ends with dz and dc[t-1]. */
    void (*lstm_forward)(const cell_operands *o);
    void (*lstm_backward)(const cell_gradients *g);

    /* One step of GRU cells; network/gru.c has the formulas. The same sums; backward ends with dinput, dinner and
     * dh * z. */
    void (*gru_forward)(const cell_operands *o);
    void (*gru_backward)(const cell_gradients *g);

    void (*tanh)(size_t n, const real *x, real *y);         /* y = tanh(x); y may be x */
    void (*add)(size_t n, const real *x, real *y);          /* y += x */
    void (*scale)(size_t n, real a, real *x);               /* x *= a */
    void (*axpy)(size_t n, real a, const real *x, real *y); /* y += a x */
    real (*dot)(size_t n, const real *x, const real *y);    /* sum of x y, in a fixed order */
    /* For every row k in turn: dx += g[k] row[k], then row[k] += g[k] x. All have n elements; dx is not one of them. */
    void (*exchange)(int rows, size_t n, const real *g, const real *x, real *const *row, real *dx);
    void (*sum_rows)(const matrix *x, real *y); /* y[j] += sum over i of x[i][j]; x has steps of 1 */
    /* y[n] = sum of the rows row[0] ... row[count - 1] of x [...][n], in this order. The list goes on to
     * row[listed - 1]: rows that will be needed next and may be fetched early. */
    void (*sum_listed)(size_t n, const real *x, const size_t *row, size_t count, size_t listed, real *y);

    /* A step of Adam (train/optimizer.c has the formulas); rate has the corrections of the moments in it. g NULL: a
     * gradient of 0. */
    void (*adam)(size_t n, real rate, const real *g, real *w, real *m, real *v);
    /* A step of gradient descent with momentum: v = momentum v - rate g, w += v. g NULL: a gradient of 0. */
    void (*sgd)(size_t n, real rate, real momentum, const real *g, real *w, real *v);
    /* Steps of adam with gradients of 0, with w *= kept[s] before step s unless kept is NULL. True if the last step was
     * too small to change any weight, by a wide margin. */
    bool (*adam_idle)(size_t n, int steps, const real *rate, const real *kept, real *w, real *m, real *v);
    void (*adam_fade)(size_t n, int steps, real *m, real *v); /* the same steps of the moments only */

    /* y = exp(x) for x in [-87.3, 88.3], constant outside; y may be x */
    void (*exp)(size_t n, const real *x, real *y);
    /* x = softmax of scale x: exp(scale (x - max of x)) / their sum, n at least 1. softmax_again gives the same bits
     * from the same x and the sums that softmax left in `of`. */
    void (*softmax)(size_t n, real scale, real *x, softmax_sums *of);
    void (*softmax_again)(size_t n, real scale, softmax_sums of, real *x);

    /* y = x w + bias as affine, with w as a bf16 matrix: [(depth + 1) / 2][columns] pairs of bfloat16 numbers
     * (bfloat16.h), w[2k][j] in the lower half of pair [k][j] and w[2k + 1][j], or 0 if there is none, in the upper
     * half. x is rounded to bfloat16. Sums are floats, over pairs in rising order, the upper half of a pair first, as
     * AVX-512's instruction does it. x and y have steps of 1. */
    void (*affine_bf16)(const matrix *y, const matrix *x, const uint32_t *w, const real *bias);
    /* y = w x, both as pairs: of neighbours in a row of w, and of neighbours in a column of x, with 0 where the depth is
     * odd. Sums are those of affine_bf16, and begin with 0. */
    void (*matmul_bf16)(const matrix *y, const pair_matrix *w, const pair_matrix *x);
    /* Neighbours in each column of x [depth][columns], rounded: pairs [(depth + 1) / 2][columns]. x has steps of 1. */
    void (*to_pairs)(const matrix *x, const pair_matrix *pairs);

    /* kernels_loops.h; no two operands overlap */
    /* The sum of squares, in double and in a fixed order. The squares themselves are not in double, so that one too
     * large for Adam's second moment shows as infinity. */
    double (*sum_squares)(size_t n, const real *x);
    /* From the gradient of softmax's result to that of its x: d = scale weights * (d - mean), mean: weights . d */
    void (*softmax_backward)(size_t n, real scale, real mean, const real *weights, real *d);
    /* One row of a layer norm; network/layer_norm.c has the formulas. normal is its n; returns inverse. y may be x. */
    real (*normalize)(size_t n, const real *gamma, const real *beta, const real *x, real *normal, real *y);
    /* d: dy, replaced by dx. Adds to dgamma. */
    void (*normalize_backward)(size_t n, real inverse, const real *gamma, const real *normal, real *dgamma, real *d);
    void (*relu)(size_t n, real *x);                                       /* x = max(x, 0) */
    void (*relu_backward)(size_t n, const real *y, real *d);               /* d = 0 unless y > 0 */
    void (*multiply)(size_t n, const real *a, const real *b, real *y);     /* y = a b */
    void (*multiply_add)(size_t n, const real *a, const real *b, real *y); /* y += a b */
    void (*max)(size_t n, const real *x, real *y);                         /* y = max(x, y) */
    void (*widen_bfloat16)(size_t n, const uint16_t *x, real *y);          /* y = x, the upper half of a float's bits */
    void (*widen_int8)(size_t n, real factor, const int8_t *x, real *y);   /* y = factor x */
    /* y is the max of several x. If x = y: dx += dy, and dy becomes 0, so that the first such x takes it all. */
    void (*max_backward)(size_t n, const real *x, const real *y, real *dx, real *dy);

    /* GELU (Hendrycks & Gimpel 2016, section 2): y = x P(x), P being the distribution function of the normal
     * distribution; gelu_tanh: their approximation of it, x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). y may be
     * x. Backward: d = d times the derivative at x. */
    void (*gelu)(size_t n, const real *x, real *y);
    void (*gelu_backward)(size_t n, const real *x, real *d);
    void (*gelu_tanh)(size_t n, const real *x, real *y);
    void (*gelu_tanh_backward)(size_t n, const real *x, real *d);

    /* For matrices with a column for every token (src/encoder), with steps of 1. Each column is a chain of operations
     * of its own that goes down the rows; kernels_down.h has those without exp. */
    /* y[i][j] += bias[i] + x[i][j]; x NULL: bias[i] */
    void (*add_to_rows)(const matrix *y, const real *bias, const matrix *x);
    /* Every column of x: softmax of scale times it. softmax_down_again gives the same bits from the same x and what
     * softmax_down left in max and inverse [columns], which are softmax_sums. */
    void (*softmax_down)(const matrix *x, real scale, real *max, real *inverse);
    void (*softmax_down_again)(const matrix *x, real scale, const real *max, const real *inverse);
    /* From the gradient of softmax's result to that of its x: d = scale weights * (d - sum of weights * d) */
    void (*softmax_down_backward)(real scale, const matrix *weights, const matrix *d);
    /* A layer norm of every column; network/layer_norm.c has the formulas. x becomes y; n goes to normal and inverse to
     * `inverse` [columns], unless they are NULL. */
    void (*normalize_down)(const norm_down *norm, const matrix *x, const matrix *normal, real *inverse);
    /* y [rows][columns] of normalize_down, to the bit, from the n that it left. */
    void (*normalize_down_again)(const norm_down *norm, const matrix *normal, const matrix *y);
    /* d: dy, replaced by dx. */
    void (*normalize_down_backward)(const norm_down *norm, const matrix *normal, const real *inverse, const matrix *d);
    /* x[i][j] *= f: 0 for as many of 65,536 as the site drops, else `kept`; a pure function of the site, of i and of
     * column + j. A column is one of the step's tokens. */
    void (*drop)(const drop_site *site, uint32_t column, const matrix *x);
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

/* out += a b or out = a b */
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

/* The best table that this processor can run, or the one that HEED_ISA in the environment names (plain, generic, avx2,
 * avx512, avx512-bf16), if the processor can run it. */
const kernels *kernels_choose(void);
/* A table by name; NULL if this processor or build does not have it. */
const kernels *kernels_named(const char *name);

/* The tables, one per source file. */
extern const kernels kernels_plain;
#ifndef HEED_DOUBLE
extern const kernels kernels_generic;
#endif
#if defined(__x86_64__) && !defined(HEED_DOUBLE)
extern const kernels kernels_avx2, kernels_avx512, kernels_avx512_bf16;
#endif

#endif
