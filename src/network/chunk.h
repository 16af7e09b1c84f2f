/* Some rows of a batch that are computed together, packed: sorted by falling length, step t holds the positions
 * offset[t] ... offset[t] + active[t] - 1, of rows 0 ... active[t] - 1. There is no padding in it, so padding cannot
 * change an answer. (A network that reads padding, as the tutorial's does, gets rows that are all as long as the
 * window, with zeros as tokens.) */
#ifndef NETWORK_CHUNK_H
#define NETWORK_CHUNK_H

#include <stdint.h>

#include "math/matrix.h"

typedef struct chunk {
    int rows, steps, positions;
    uint32_t *ids;      /* [P], packed */
    int *length;        /* [R], falling */
    int *active;        /* [T] */
    int *offset;        /* [T + 1] */
    uint32_t *number;   /* [R]: number of the row in its corpus: keys dropout */
    const real *target; /* [R][K]: 0 or 1, or smoothed between them; NULL without labels */
    const real *weight; /* [R][K]: of the outputs in the loss; a softmax reads only the first of a row */
    /* Where padding is read, else NULL. On a walk that begins on its side (step s is t = s, or after t = T - 1 - s) a
     * first layer is in the same state in all rows that have met nothing but padding. The rows that have met a word,
     * and one more that represents the others, are the first distinct[s] of their step. */
    int *distinct; /* [T] */
    int *packed;   /* [T + 1]: where those are when the steps of the walk lie side by side, up to P */
} chunk;

/* Fills steps, positions, active, offset from rows and length; then ids from the rows' own ids (ids[r][length[r]]). */
void chunk_pack(chunk *c, const uint32_t *const *ids);

/* Of a matrix with a row for each position the rows of step t. */
static inline matrix chunk_step(const chunk *c, matrix m, int t)
{
    return matrix_rows(m, c->offset[t], c->active[t]);
}

#endif
