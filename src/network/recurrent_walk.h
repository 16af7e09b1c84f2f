/* The walk of a recurrent layer over the steps of a packed chunk, in one of its directions, and the blocks of steps
 * that it is cut into.
 *
 * If padding is read, all rows of a first layer are in the same state until the walk reaches a word of theirs, so one
 * row is computed for all of them (chunk.distinct). The other rows get copies of its h. Backwards their gradients are
 * added to that row's: such a step is linear in the gradients of h and c, and only sums over rows are needed of it.
 * Training keeps only the rows that are computed, packed as chunk.packed says. That needs the projections of the pass's
 * tokens, whose owner knows those places, and a layer without recurrent dropout, whose factors differ between rows. */
#ifndef NETWORK_RECURRENT_WALK_H
#define NETWORK_RECURRENT_WALK_H

#include "network/pass.h"

/* The numbers that the classes of recurrent layers name. */
enum { RECURRENT_DROPOUT };

typedef struct recurrent_walk {
    const layer *layer;
    const pass *pass;
    int direction; /* 0: forwards */
    bool looks_up; /* the pass has the projections of its tokens */
    bool shares;   /* rows share the states of their padding */
} recurrent_walk;

recurrent_walk walk_of(const layer *l, const pass *p, int direction);
/* Whether rows may share the states of their padding in this direction: the walk begins with the padding, and rows do
 * not differ in it. */
bool walk_may_share(const network *net, const layer *l, int direction);

typedef struct step {
    int first, rows;         /* its positions */
    int distinct;            /* rows that are computed; the rows after them are like the last of them */
    int before, known;       /* first position of the step before; how many of the computed rows have a step before */
    int place;               /* of the computed rows in what training keeps: their positions, or packed */
    int previous_cell_place; /* where c of the step before is read */
    int cell_place;          /* where c is written, with room for the next step's rows */
} step;

/* Step s of the walk; all 0 for s = T. */
step walk_step(const recurrent_walk *w, int s);

/* Steps that are walked together, so that the caches still have what the products before and after them read and write.
 * A block has a constant number of places or a little more. The number never depends on the machine, since the order of
 * the sums in the weights' gradients follows from it. */
typedef struct block {
    int begin, end;       /* its steps */
    int first, positions; /* which are side by side, */
    int place, places;    /* and so are the computed rows */
} block;

/* The block that begins with step s; the block that ends before it. */
block walk_block_from(const recurrent_walk *w, int s);
block walk_block_until(const recurrent_walk *w, int s);

#endif
