/* What the kernels for one step of recurrent cells read and write.
 *
 * G: numbers in a row of gates: 4 units for the gates i, f, g, o of an LSTM, 3 units for z, r, g of a GRU. */
#ifndef MATH_CELLS_H
#define MATH_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "math/real.h"

/* A step forwards (network/lstm.c, network/gru.c). The first `known` rows have a step before this one; the others are
 * at their first token, and h and c before it are 0. */
typedef struct cell_operands {
    int rows, known, units;
    const real *input;           /* x W + b: row r begins at input + input_row[r] * G; may be gates */
    const int *input_row;        /* NULL: rows in their order */
    int rows_ahead;              /* of the next step: */
    const int *row_ahead;        /* its input rows, which may be fetched early */
    const real *previous_hidden; /* h[t-1] [known], rows previous_hidden_row apart */
    const real *dropped;         /* what recurrent dropout leaves of it for the product; without dropout the same */
    ptrdiff_t previous_hidden_row;
    const real *recurrent;          /* U [units][G], or */
    const uint32_t *recurrent_bf16; /* the same as a bf16 matrix; NULL: recurrent */
    const real *bias;               /* GRU: b[1] [G] */
    const real *previous_cell;      /* LSTM: c[t-1] [known][units] */
    real *gates; /* the gates' values [rows][G]; NULL: a pass that does not train keeps neither them nor inner */
    real *inner; /* LSTM: tanh(c), GRU: inner_g, [rows][units] */
    real *c;     /* LSTM: [rows][units]; may be previous_cell */
    real *h;     /* [rows], rows h_row apart */
    ptrdiff_t h_row;
    real *next; /* h of the first rows_next rows once more, [rows_next][units] */
    int rows_next;
} cell_operands;

/* Where the input of a row begins, for cells with this many gates. */
static inline const real *cell_input_row(const cell_operands *o, int gates, int row)
{
    return o->input + (o->input_row == NULL ? row : (ptrdiff_t)o->input_row[row]) * gates * o->units;
}

/* The same step backwards. The first `after` rows have a step after this one, which has left dh and dc; for the others
 * this is the last step, and dstate has the gradient of the final state. */
typedef struct cell_gradients {
    int rows, known, after, units;
    real *gates;                 /* the gates' values [rows][G], replaced by dz (GRU: dinput) */
    real *inner;                 /* as forwards; GRU: replaced by dinner_g */
    const real *previous_hidden; /* GRU: h[t-1] [known][units] */
    const real *previous_cell;   /* LSTM: c[t-1] [known][units] */
    const real *dout, *dstate;   /* of the layer's output and final state [rows], rows `row` apart */
    ptrdiff_t row;
    real *dh; /* [after][units]: from the step after. GRU: replaced by dh * z [rows][units] */
    real *dc; /* LSTM: [after][units]: from the step after; replaced by dc[t-1] [rows][units] */
} cell_gradients;

#endif
