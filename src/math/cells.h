/* What the kernels for one step of recurrent cells read and write.
 *
 * G: numbers in a row of gates: 4 units for the gates i, f, g, o of an LSTM, 3 units for z, r, g of a GRU. */
#ifndef MATH_CELLS_H
#define MATH_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "math/real.h"

/* A step forwards. Rows from `known` on are at their first token: before it h and c are 0. */
typedef struct cell_operands {
    int rows, known, units;
    const real *input;           /* x W + b: of row r at input + input_row[r] * G; gates itself may be the input */
    const int *input_row;        /* NULL: rows in their order */
    int rows_ahead;              /* of the next step: */
    const int *row_ahead;        /* its input rows, which may be fetched early */
    const real *previous_hidden; /* h of the step before, [known] at a distance of previous_hidden_row, */
    const real
        *dropped; /* and what recurrent dropout leaves of it for the product; previous_hidden itself without dropout */
    ptrdiff_t previous_hidden_row;
    const real *recurrent;          /* U [units][G], or */
    const uint32_t *recurrent_bf16; /* the same as a bf16 matrix; NULL: recurrent */
    const real *bias;               /* GRU: of the recurrent product, [G] */
    const real *previous_cell;      /* LSTM: [known][units] */
    real *gates; /* activations, [rows][G]; NULL: a pass that does not train keeps neither them nor `inner` */
    real *inner; /* LSTM: tanh(c), GRU: the recurrent part of gate g, [rows][units] */
    real *c;     /* LSTM: [rows][units]; may be previous_cell */
    real *h;     /* [rows] at a distance of h_row */
    ptrdiff_t h_row;
    real *next; /* h of the first rows_next rows again, [rows_next][units] */
    int rows_next;
} cell_operands;

/* Where the input of a row begins, of cells with so many gates. */
static inline const real *cell_input_row(const cell_operands *o, int gates, int row)
{
    return o->input + (o->input_row == NULL ? row : (ptrdiff_t)o->input_row[row]) * gates * o->units;
}

/* The same step backwards. The first `after` rows have a step after this one, whose gradients are dh and dc; for the
 * others this is the last one, and dstate has what reaches the final state. */
typedef struct cell_gradients {
    int rows, known, after, units;
    real *gates;                 /* activations, replaced by the gradients of what the input adds to, [rows][G] */
    real *inner;                 /* as forwards; GRU: replaced by its gradient */
    const real *previous_hidden; /* GRU: h of the step before, [known][units] */
    const real *previous_cell;   /* LSTM: [known][units] */
    const real *dout, *dstate;   /* of h from outside of the recurrence, [rows] at a distance of row */
    ptrdiff_t row;
    real *dh; /* [after][units]: of h, from the step after. GRU: replaced by what goes straight to previous_hidden,
                 [rows] */
    real *dc; /* LSTM: of c, from the step after; replaced by that of previous_cell, [rows][units] */
} cell_gradients;

#endif
