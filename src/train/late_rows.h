/* The optimiser's steps of the embedding, taken late. Every optimiser here moves every row at every step, also the rows
 * that a batch does not touch, by moments that fade. In a large vocabulary nearly all rows are such; here their steps
 * are only written down, and a row takes those it missed, the same operations in the same order, when it is wanted
 * again: the bits are those of taking them at once, and memory is not walked through at every step.
 *
 * Rows may be handled by several threads at a time, one thread a row. */
#ifndef TRAIN_LATE_ROWS_H
#define TRAIN_LATE_ROWS_H

#include "train/optimizer.h"

/* After so many steps all rows are levelled. In an embedding of fewer numbers, which caches may hold, none waits. */
enum { LATE_STEPS = 1024, LATE_LEAST_NUMBERS = 1 << 20 };

typedef struct late_rows {
    const optimizer *optimizer;
    size_t rows, width;
    uint16_t *taken; /* [rows]: how many of the steps below */
    bool *moved;     /* [rows]: has had a gradient; the others have no moments yet */
    int count, most; /* of the steps since all rows were level */
    real *rate;      /* [most] */
    real *kept;      /* [most]: what decay leaves of a weight */
    int *unsteady;   /* [most]: the last step so far where a weight that Adam did not change may change */
    optimizer_step newest;
} late_rows;

/* Rows of the embedding of the optimiser's network; o is borrowed. most: how many steps may be late, from 1 (none
 * waits) to LATE_STEPS; 0: as the embedding's size asks for. */
heed_status late_rows_init(late_rows *out, const optimizer *o, int most, heed_error *error);
void late_rows_release(late_rows *l);
/* Forgets steps and moments; with optimizer_restart. */
void late_rows_restart(late_rows *l);

/* Asks memory for a row that will be levelled or moved soon. */
void late_rows_fetch(const late_rows *l, size_t row, const real *weights);
/* A row takes the steps it missed. */
void late_rows_level(late_rows *l, size_t row, real *weights);
/* When every row is level: no step is pending. */
void late_rows_cleared(late_rows *l);
/* Whether rows wait at all; else every row takes every step at once. */
bool late_rows_wait(const late_rows *l);
/* Whether all rows have to be levelled, and late_rows_cleared called, before the next step. */
bool late_rows_full(const late_rows *l);
/* The next step of every row; until late_rows_move or late_rows_level a row has not taken it. */
void late_rows_step(late_rows *l, const optimizer_step *step);
/* A row takes the newest step by its gradient [width]. */
void late_rows_move(late_rows *l, size_t row, real *gradient, real *weights);

#endif
