/* The walk of a recurrent layer over the steps of a packed chunk, in one of its directions, and the blocks into which
 * it is cut.
 *
 * Where padding is read, all rows of a first layer are in the same state as long as the walk has met nothing but
 * padding, so that one of them is computed for all (chunk.distinct): the others take copies of its h, and backwards,
 * since such a step is linear in the gradients of h and c and only sums over rows are wanted of it, their gradients are
 * added to its own. In training no more than the rows computed are kept, packed as chunk.packed says; there this needs
 * the projections of the pass's tokens, whose owner knows those places, and a layer without recurrent dropout, whose
 * factors differ between rows. */
#ifndef NETWORK_RECURRENT_WALK_H
#define NETWORK_RECURRENT_WALK_H

#include "network/pass.h"

/* The numbers that the classes of recurrent layers name. */
enum { RECURRENT_DROPOUT };

typedef struct recurrent_walk {
    const layer *layer;
    const pass *pass;
    int direction; /* 0: forwards */
    bool looks_up; /* the pass has the layer's products of its tokens (projection) */
    bool shares;   /* rows share what is computed of their common padding */
} recurrent_walk;

recurrent_walk walk_of(const layer *l, const pass *p, int direction);
/* Whether rows of the layer may share padding in this direction: their walk begins in it, and nothing tells them apart.
 */
bool walk_may_share(const network *net, const layer *l, int direction);

typedef struct step {
    int first, rows;   /* its positions */
    int distinct;      /* rows that are computed; all that follow are like the last of them */
    int before, known; /* first position of the step before, and how many of the rows computed have one */
    int place;         /* where those rows are in what training keeps, gates and all: their positions, or packed */
    int previous_cell_place,
        cell_place; /* where c of the step before is read, and c written, with room for the next step's rows */
} step;

/* Step s of the walk; all 0 for s = T. */
step walk_step(const recurrent_walk *w, int s);

/* Steps that are walked together, so that what the products before and after them read and write is still in the
 * caches: of a constant number of places or little more, never taken from the machine, as the order of the sums that
 * make the weights' gradients follows it. */
typedef struct block {
    int begin, end;       /* its steps */
    int first, positions; /* they lie side by side, */
    int place, places;    /* and so do the rows computed */
} block;

/* The block that begins with step s, or that ends before it. */
block walk_block_from(const recurrent_walk *w, int s);
block walk_block_until(const recurrent_walk *w, int s);

#endif
