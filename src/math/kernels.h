/* The arithmetic of the layers, as a table of functions per instruction set.
 *
 * kernels_plain.c defines every kernel in plain loops; kernels_vector.h is the same for vectors (the fused steps of
 * LSTM and GRU cells in kernels_cells.h, sums with halved matrices in kernels_halved.h), compiled by kernels_avx2.c,
 * kernels_avx512.c, kernels_avx512_bf16.c and kernels_generic.c; tests compare them at odd sizes. Within one table an
 * element of a result is always the same chain of operations, whatever the sizes around it, so a row's bits do not depend
 * on its neighbours.
 */
#ifndef MATH_KERNELS_H
#define MATH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "math/real.h"

/* A step of LSTM or GRU cells forwards, in rows of G numbers: 4 units for the gates i, f, g, o of an LSTM, 3 units for
 * z, r, g of a GRU. Rows from `known` on are at their first token: before it h and c are 0. */
typedef struct cell_operands {
    int rows, known, units;
    const real *input;     /* x W + b: of row r at input + input_row[r] * G; gates itself may be the input */
    const int *input_row;  /* NULL: rows in their order */
    int rows_ahead;        /* of the next step: */
    const int *row_ahead;  /* its input rows, which may be fetched early */
    const real *before;    /* h of the step before, [known] at a distance of before_row, */
    const real *dropped;   /* and what recurrent dropout leaves of it for the product; before itself without dropout */
    ptrdiff_t before_row;
    const real *recurrent; /* U [units][G], or */
    const uint32_t *halved; /* the same as a halved matrix; NULL: recurrent */
    const real *bias;      /* GRU: of the recurrent product, [G] */
    const real *c_before;  /* LSTM: [known][units] */
    real *gates;           /* activations, [rows][G]; NULL: a pass that does not train keeps neither them nor `inner` */
    real *inner;           /* LSTM: tanh(c), GRU: the recurrent part of gate g, [rows][units] */
    real *c;               /* LSTM: [rows][units]; may be c_before */
    real *h;               /* [rows] at a distance of h_row */
    ptrdiff_t h_row;
    real *next;            /* h of the first rows_next rows again, [rows_next][units] */
    int rows_next;
} cell_operands;

/* Where the input of a row begins, of cells with so many gates. */
static inline const real *cell_input_row(const cell_operands *o, int gates, int row)
{
    return o->input + (o->input_row == NULL ? row : (ptrdiff_t)o->input_row[row]) * gates * o->units;
}

/* The same step backwards. The first `after` rows have a step behind this one, in which dh and dc are; for the others
 * this is the last one, and what reaches the final state stands in dstate. */
typedef struct cell_gradients {
    int rows, known, after, units;
    real *gates;                      /* activations, replaced by the gradients of what the input adds to, [rows][G] */
    real *inner;                      /* as forwards; GRU: replaced by its gradient */
    const real *before;               /* GRU: h of the step before, [known][units] */
    const real *c_before;             /* LSTM: [known][units] */
    const real *dout, *dstate;        /* of h from outside of the recurrence, [rows] at a distance of row */
    ptrdiff_t row;
    real *dh; /* [after][units]: of h, from the step behind. GRU: replaced by what goes straight to before, [rows] */
    real *dc; /* LSTM: of c, from the step behind; replaced by that of c_before, [rows][units] */
} cell_gradients;

/* Of Keras's layer norms in the transformers of its guides; the layer's own default is 1e-3. */
#define NORM_EPSILON ((real)1e-6)

typedef struct softmax_sums {
    real highest, inverse; /* the largest x; 1 over the sum of exponentials */
} softmax_sums;

typedef struct kernels {
    const char *name;

    /* Matrix product: c[i][j] = (add ? c[i][j] : 0) + sum over k, in rising order, of a[i][k] b[k][j].
     * a[i][k] stands at a[i * a_row + k * a_step], so a transposed matrix needs no copy; b and c have unit steps. */
    void (*product)(int rows, int columns, int depth, const real *a, ptrdiff_t a_row, ptrdiff_t a_step, const real *b,
                    ptrdiff_t b_row, real *c, ptrdiff_t c_row, bool add);
    /* y = x w + bias: y[i][j] = bias[j] + sum over k, in rising order, of x[i][k] w[k][j]. w [depth][columns]; rows of
     * x and y at distances of x_row and y_row. */
    void (*affine)(int rows, int columns, int depth, const real *x, ptrdiff_t x_row, const real *w, const real *bias,
                   real *y, ptrdiff_t y_row);
    /* One step of LSTM cells (Hochreiter & Schmidhuber 1997, with forget gates of Gers et al. 2000; gates i, f, g, o):
     *   z = input + dropped U, the sum over k in rising order, or of a halved U as in affine_halved
     *   c = sigmoid(z_f) c_before + sigmoid(z_i) tanh(z_g)        h = sigmoid(z_o) tanh(c) */
    void (*lstm_forward)(const cell_operands *o);
    void (*lstm_backward)(const cell_gradients *g);

    /* One step of GRU cells (Cho et al. 2014; gates z, r, g), the reset behind the recurrent product, as in Keras:
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
    /* For every row k in turn: dx += g[k] row[k], and then row[k] += g[k] x. All have n elements; dx is none of them. */
    void (*exchange)(int rows, size_t n, const real *g, const real *x, real *const *row, real *dx);
    void (*sum_rows)(int rows, int columns, const real *x, ptrdiff_t x_row,
                     real *y); /* y[j] += sum over i of x[i][j] */
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
    void (*adam_fade)(size_t n, int steps, real *m, real *v); /* what they do to the moments alone */

    /* y = exp(x) for x in [-87.3, 88.3], constant outside; y may be x */
    void (*exp)(size_t n, const real *x, real *y);
    /* x = softmax of scale x, for n of 1 or more: exp(scale (x - the largest x)) over their sum. of: what it takes to
     * have the same bits again from the same x. */
    void (*softmax)(size_t n, real scale, real *x, softmax_sums *of);
    void (*softmax_again)(size_t n, real scale, softmax_sums of, real *x);

    /* affine with w as a halved matrix, [(depth + 1) / 2][columns] pairs of bfloat16 numbers (bfloat16.h): w[2k][j] in
     * the lower half of pair [k][j], w[2k + 1][j], or 0 behind an odd depth, in the upper one. x is rounded to bfloat16.
     * Sums are floats over k in rising order, of a pair the upper half first, as AVX-512's instruction does it. */
    void (*affine_halved)(int rows, int columns, int depth, const real *x, ptrdiff_t x_row, const uint32_t *w,
                          const real *bias, real *y, ptrdiff_t y_row);

    /* kernels_loops.h; no two operands overlap */
    /* The sum of squares, in double and in a fixed order. The squares are not in double: one too large for Adam's
     * second moment has to be seen. */
    double (*squares)(size_t n, const real *x);
    /* d = scale weights (d - mean): from the gradient of softmax's weights to that of its x; mean: weights . d */
    void (*softmax_slope)(size_t n, real scale, real mean, const real *weights, real *d);
    /* One row of a layer norm (network/layer_norm.h): normal = (x - mean) inverse with inverse = 1 / sqrt(variance +
     * NORM_EPSILON), which it returns, and y = gamma normal + beta. y may be x. */
    real (*normalize)(size_t n, const real *gamma, const real *beta, const real *x, real *normal, real *y);
    /* d: the gradient of y, replaced by that of x; dgamma += d normal. */
    void (*normalize_backward)(size_t n, real inverse, const real *gamma, const real *normal, real *dgamma, real *d);
    void (*relu)(size_t n, real *x);                         /* x = max(x, 0) */
    void (*relu_backward)(size_t n, const real *y, real *d); /* d = 0 where y is not above 0 */
    void (*multiply)(size_t n, const real *a, const real *b, real *y);     /* y = a b */
    void (*multiply_add)(size_t n, const real *a, const real *b, real *y); /* y += a b */
    void (*largest)(size_t n, const real *x, real *y);                     /* y = max(x, y) */
    void (*widen_bfloat16)(size_t n, const uint16_t *x, real *y);         /* y = x, the upper half of a float's bits */
    void (*widen_int8)(size_t n, real factor, const int8_t *x, real *y);  /* y = factor x */
    /* Where x is y, dx += dy, and dy becomes 0: y is the largest of several x, and the first takes all. */
    void (*largest_backward)(size_t n, const real *x, const real *y, real *dx, real *dy);
} kernels;

/* The best table that this processor can run. HEED_ISA in the environment (plain, generic, avx2, avx512, avx512-bf16)
 * asks for a lesser one; one that the processor lacks is not given. */
const kernels *kernels_choose(void);
/* A table by name, NULL where this processor or build lacks it. */
const kernels *kernels_named(const char *name);

extern const kernels kernels_plain;
#ifndef HEED_DOUBLE
extern const kernels kernels_generic;
#endif
#if defined(__x86_64__) && !defined(HEED_DOUBLE)
extern const kernels kernels_avx2, kernels_avx512, kernels_avx512_bf16;
#endif

#endif
