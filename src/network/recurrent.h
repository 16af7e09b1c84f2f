/* What recurrent layers share: the walk over the steps of a packed chunk in either direction, their parameters, final
 * states, and the products outside of the recurrence. A layer has one or two directions; weights and slots of
 * direction d follow those of the direction before.
 *
 * G: columns of a cell's kernels, a multiple of the units U. */
#ifndef NETWORK_RECURRENT_H
#define NETWORK_RECURRENT_H

#include "network/builder.h"
#include "network/pass.h"

/* Weights of a direction: [D][G], [U][G], [bias rows][G] */
enum { CELL_KERNEL, CELL_RECURRENT, CELL_BIAS, CELL_WEIGHTS };

/* The numbers that its classes name. */
enum { RECURRENT_DROPOUT };
#define RECURRENT_NAMED                                                                                                \
    {                                                                                                                  \
        {                                                                                                              \
            "recurrent-dropout", "RATE", 0, 0.95                                                                       \
        }                                                                                                              \
    }

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
void recurrent_build(builder *b, layer *l, const cell *kind, int directions);
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
    return pass_transposed(p, l, CELL_WEIGHTS * d + index);
}

/* ---- the walk: step number s of direction d
 *
 * Where padding is read, all rows of a first layer are in the same state as long as the walk has met padding alone, so
 * that one of them is computed for all (chunk.distinct): the others take copies of its h, and backwards, since such a
 * step is linear in the gradients of h and c and only sums over rows are wanted of it, their gradients are added to
 * its own. In training no more than the rows computed stand in memory, packed as chunk.packed says; there this needs
 * the projections of the pass's tokens, whose owner knows those places, and a layer without recurrent dropout, whose
 * factors differ between rows. */

/* x W + the first row of the bias: of position p at row row[p], or where that is NULL at row p. */
typedef struct cell_input {
    const real *rows;
    const int *row;
} cell_input;

typedef struct step {
    int first, rows;   /* its positions */
    int distinct;      /* rows that are computed; all that follow are like the last of them */
    int before, known; /* first position of the step before, and how many of the rows computed have one */
    int place;         /* where those rows stand in what training keeps, gates and all: their positions, or packed */
    int cells_before, cells; /* where c of the step before is read, and c written, with room for the next step's rows */
} step;

/* All 0 for s = T. In what follows `at` is a step and `next` the one behind it. */
step step_at(const layer *l, const pass *p, int d, int s);

/* Steps that are walked together, so that what the products before and behind them read and write is still in the
 * caches: of a constant number of places or little more, never taken from the machine, as the order of the sums behind
 * the weights' gradients follows it. */
typedef struct block {
    int begin, end;       /* its steps */
    int first, positions; /* they stand side by side, */
    int place, places;    /* and so do the rows computed */
} block;

/* The block that begins with step s of direction d, or that ends before it. */
block block_from(const layer *l, const pass *p, int d, int s);
block block_until(const layer *l, const pass *p, int d, int s);

/* What both cells' kernels read and write in a forward step. In training h also goes to where the next step's rows
 * stand in before [P][U], side by side for the products: nothing but that step reads it otherwise. columns: G. */
cell_operands step_operands(const layer *l, pass *p, int d, const step *at, const step *next, int columns,
                            cell_input input, real *before);
/* Behind the kernel: copies of h for the step's rows that are not computed, and of h and c for those that the next step
 * computes. */
void step_repeat(const pass *p, const step *at, const step *next, const cell_operands *o);
/* What both cells' kernels read and write in a backward step, once the gradients of such copies are added to that of
 * their original. dh, dc [R][U]: from the step behind; dc NULL for a GRU. */
cell_gradients step_gradients(const layer *l, pass *p, int d, const step *at, const step *next, real *dh, real *dc);

/* Gradients [P][columns] of h[t-1] U, or of a part of its columns, at a distance of row. */
typedef struct cell_part {
    const real *gradient;
    ptrdiff_t row;
    int first, columns; /* of U */
} cell_part;

/* dh [R][U] = the parts times U', or with `add` += them, through the dropout, for the rows that have a step before. */
void step_product_backward(const layer *l, pass *p, int d, const step *at, const cell_part *parts, int count, real *dh,
                           bool add);

/* ---- before and behind the walk */

/* Draws the recurrent dropout of a direction, if there is any. */
void recurrent_draw(const layer *l, pass *p, int d);
/* x W + b for the steps of a block: computed into gates [P][G], or where the pass has the products of its tokens. */
cell_input recurrent_input(const layer *l, pass *p, int d, const block *b, int columns, real *gates);
/* The final states, from the output; 0 for a row without tokens. */
void recurrent_states(const layer *l, pass *p, int d);
/* Behind the steps of a block, from the gradients of x W + b (dgates [P][G]) and of h[t-1] U (in parts, where they are
 * not just the same): dU += before' parts, and but for a pass with the projections of its tokens (network.h), which
 * leaves these to its owner: dW += x' dgates, first row of db += sum of dgates, dx += dgates W'. */
void recurrent_input_backward(const layer *l, pass *p, int d, const block *b, int columns, const real *before,
                              const real *dgates, const cell_part *parts, int count);

#endif
