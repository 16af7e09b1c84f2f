/* What recurrent layers share: the walk over the steps of a packed chunk in either direction, their parameters, final
 * states, and the products outside of the recurrence. A layer has one or two directions; weights and slots of
 * direction d follow those of the direction before.
 *
 * G: columns of a cell's kernels, a multiple of the units U. */
#ifndef NETWORK_RECURRENT_H
#define NETWORK_RECURRENT_H

#include "network/network.h"

/* Weights of a direction: [D][G], [U][G], [bias rows][G] */
enum { CELL_KERNEL, CELL_RECURRENT, CELL_BIAS, CELL_WEIGHTS };

/* The numbers that its classes name. */
enum { RECURRENT_DROPOUT };
#define RECURRENT_NAMED {{"recurrent-dropout", 0, 0.95}}

typedef struct cell_slot {
    int units; /* its width, in units */
    bool per_row, gradient;
} cell_slot;

typedef struct cell {
    const char *name; /* layers are called name_0, bi_name_0 */
    int gates;        /* G, in units */
    int bias_rows;
    initial bias_start;
    const cell_slot *slots; /* of a direction; the first is [P][G], gates */
    int slot_count;
} cell;

/* Parameters, slots, output and final state of a layer with 1 or 2 directions. */
heed_status recurrent_build(network *net, layer *l, flow *f, const cell *kind, int directions, heed_error *error);
/* Transposed kernels, in prepared[CELL_WEIGHTS * d + CELL_KERNEL] and ... + CELL_RECURRENT. */
void recurrent_prepare(const layer *l, const cell *kind, const real *weights, real *prepared);
int recurrent_directions(const layer *l);

static inline const real *cell_weight(const pass *p, const layer *l, int d, int index)
{
    return pass_weight(p, l, CELL_WEIGHTS * d + index);
}
static inline real *cell_weight_gradient(const pass *p, const layer *l, int d, int index)
{
    return pass_weight_gradient(p, l, CELL_WEIGHTS * d + index);
}
static inline const real *cell_prepared(const pass *p, const layer *l, int d, int index)
{
    return p->prepared + l->prepared[CELL_WEIGHTS * d + index];
}

/* ---- the walk: step number s of direction d */

/* x W + the first row of the bias: of position p at row row[p], or where that is NULL at row p. */
typedef struct cell_input {
    const real *rows;
    const int *row;
} cell_input;

typedef struct step {
    int first, rows;   /* its positions */
    int before, known; /* first position of the step before, and how many of the rows have one */
} step;

step step_at(const chunk *c, int d, int s);
/* What both cells' kernels read and write in a forward step. In training h also goes to where the next step's rows
 * stand in before [P][U], side by side for the products: nothing but that step reads it otherwise. columns: G. */
cell_operands step_operands(const layer *l, pass *p, int d, int s, int columns, cell_input input, real *before);
/* Leaves of o the rows that differ: rows of a first layer whose padding is read begin with the same states. In passes
 * that predict. words: the rows of the steps before up to the last that has come to a word, kept up to date; first 0. */
void step_share(const layer *l, const pass *p, step at, cell_operands *o, int *words);
/* x [rows][units], at a distance of `width`: rows from distinct on become copies of the one before them. */
void step_repeat(int rows, int distinct, int units, real *x, ptrdiff_t width);
/* The same in a backward step. */
cell_gradients step_gradients(const layer *l, pass *p, int d, int s, real *dh);

/* Gradients [P][columns] of h[t-1] U, or of a part of its columns, at a distance of row. */
typedef struct cell_part {
    const real *gradient;
    ptrdiff_t row;
    int first, columns; /* of U */
} cell_part;

/* dh [R][U] = the parts times U', or with `add` += them, through the dropout, for the rows that have a step before. */
void step_product_backward(const layer *l, pass *p, int d, int s, const cell_part *parts, int count, real *dh,
                           bool add);

/* ---- before and behind the walk */

/* Draws the recurrent dropout of a direction, if there is any. */
void recurrent_draw(const layer *l, pass *p, int d);
/* That, computed into gates [P][G], or where the pass has the products of its tokens there. */
cell_input recurrent_input(const layer *l, pass *p, int d, int columns, real *gates);
/* The final states, from the output; 0 for a row without tokens. */
void recurrent_states(const layer *l, pass *p, int d);
/* From the gradients of x W + b (dgates [P][G]) and of h[t-1] U (in parts, where they are not just the same): dU +=
 * before' parts, and but for a pass with the projections of its tokens (network.h), which leaves these to its
 * owner: dW += x' dgates, first row of db += sum of dgates, dx += dgates W'. */
void recurrent_input_backward(const layer *l, pass *p, int d, int columns, const real *before, const real *dgates,
                              const cell_part *parts, int count);

#endif
