/* The optimiser's steps of the embedding, taken late. Every optimiser here moves every row at every step, also the rows
 * that a batch does not touch, by moments that fade. In a large vocabulary nearly all rows are such; here their steps
 * are only written down, and a row takes those it missed, the same operations in the same order, when it is wanted
 * again: the bits are those of taking them at once, and memory is not walked through at every step.
 *
 * Rows may be handled by several threads at a time, one thread a row. */
#ifndef TRAIN_LAZY_ROWS_H
#define TRAIN_LAZY_ROWS_H

#include "train/optimizer.h"

/* After so many steps all rows are levelled. In an embedding of fewer numbers, which caches may hold, none waits. */
enum { LAZY_STEPS = 1024, LAZY_MIN_NUMBERS = 1 << 20 };

typedef struct lazy_rows {
    const optimizer *optimizer;
    size_t rows, width;
    uint16_t *taken;      /* [rows]: how many of the steps below */
    bool *moved;          /* [rows]: has had a gradient; the others have no moments yet */
    int count, max_steps; /* of the steps since all rows were level */
    real *rate;           /* [max_steps] */
    real *kept;           /* [max_steps]: what decay leaves of a weight */
    int *unsteady;        /* [max_steps]: the last step so far where a weight that Adam did not change may change */
    optimizer_step newest;
} lazy_rows;

/* Rows of the embedding of the optimiser's network; o is borrowed. max_steps: how many steps may be late, from 1 (none
 * waits) to LAZY_STEPS; 0: as the embedding's size asks for. */
heed_status lazy_rows_init(lazy_rows *out, const optimizer *o, int max_steps, heed_error *error);
void lazy_rows_release(lazy_rows *l);
/* Forgets steps and moments; with optimizer_restart. */
void lazy_rows_restart(lazy_rows *l);

/* Asks memory for a row that will be levelled or moved soon. */
void lazy_rows_fetch(const lazy_rows *l, size_t row, const real *weights);
/* A row takes the steps it missed. */
void lazy_rows_level(lazy_rows *l, size_t row, real *weights);
/* When every row is level: no step is pending. */
void lazy_rows_cleared(lazy_rows *l);
/* Whether rows wait at all; else every row takes every step at once. */
bool lazy_rows_wait(const lazy_rows *l);
/* Whether all rows have to be levelled, and lazy_rows_cleared called, before the next step. */
bool lazy_rows_full(const lazy_rows *l);
/* The next step of every row; until lazy_rows_move or lazy_rows_level a row has not taken it. */
void lazy_rows_step(lazy_rows *l, const optimizer_step *step);
/* A row takes the newest step by its gradient [width]. */
void lazy_rows_move(lazy_rows *l, size_t row, real *gradient, real *weights);

#endif
