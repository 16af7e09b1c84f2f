/* Lazy steps of the embedding's rows. Every optimiser here moves every row at every step, even rows that the batch does
 * not have, because moments fade slowly. In a large vocabulary nearly all rows are like that. Here a step is only
 * written down, and a row takes the steps that it missed when it is needed again: the same operations in the same
 * order, so the bits are the same as without laziness, and a step need not walk through all of memory.
 *
 * Several threads may handle rows at a time, one thread per row. */
#ifndef TRAIN_LAZY_ROWS_H
#define TRAIN_LAZY_ROWS_H

#include "train/optimizer.h"

/* After so many steps all rows are levelled. An embedding with fewer numbers may fit in the caches: no row waits. */
enum { LAZY_STEPS = 1024, LAZY_MIN_NUMBERS = 1 << 20 };

typedef struct lazy_rows {
    const optimizer *optimizer;
    size_t rows, width;
    uint16_t *taken;      /* [rows]: how many of the steps below a row has taken */
    bool *moved;          /* [rows]: the row has had a gradient; others have no moments yet */
    int count, max_steps; /* steps since all rows were level */
    real *rate;           /* [max_steps] */
    real *kept;           /* [max_steps]: 1 - lr decay */
    int *unsteady; /* [max_steps]: the last step so far at which Adam may again change a weight that it had not */
    optimizer_step newest;
} lazy_rows;

/* For the embedding of the optimiser's network; o is borrowed. max_steps: how many steps a row may miss, from 1 (no row
 * waits) to LAZY_STEPS; 0: by the embedding's size. */
heed_status lazy_rows_init(lazy_rows *out, const optimizer *o, int max_steps, heed_error *error);
void lazy_rows_release(lazy_rows *l);
/* Forgets steps and moments; call optimizer_restart too. */
void lazy_rows_restart(lazy_rows *l);

/* All rows are level, and any may have moments. */
void lazy_rows_continue(lazy_rows *l);

/* Fetches a row that will be levelled or moved soon. */
void lazy_rows_fetch(const lazy_rows *l, size_t row, const real *weights);
/* A row takes the steps that it missed. */
void lazy_rows_level(lazy_rows *l, size_t row, real *weights);
/* Call it when every row is level; no step is pending then. */
void lazy_rows_cleared(lazy_rows *l);
/* Whether rows wait; if not, every row takes every step at once. */
bool lazy_rows_wait(const lazy_rows *l);
/* Whether all rows have to be levelled, and lazy_rows_cleared called, before the next step. */
bool lazy_rows_full(const lazy_rows *l);
/* Writes down the next step of every row. lazy_rows_move or lazy_rows_level makes a row take it. */
void lazy_rows_step(lazy_rows *l, const optimizer_step *step);
/* A level row takes the newest step, with its gradient [width]. */
void lazy_rows_move(lazy_rows *l, size_t row, real *gradient, real *weights);

#endif
