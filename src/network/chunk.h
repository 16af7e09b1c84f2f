/* Some rows of a batch that are computed together, packed: sorted by falling length, step t has the positions
 * offset[t] ... offset[t] + active[t] - 1, of rows 0 ... active[t] - 1. docs/READING.md has a picture. There is no
 * padding in it, so padding cannot change an answer. (A network that reads padding, as the tutorial's does, gets rows
 * that are all as long as the window, with zeros as tokens.) */
#ifndef NETWORK_CHUNK_H
#define NETWORK_CHUNK_H

#include <stdint.h>

#include "math/matrix.h"

typedef struct chunk {
    int rows, steps, positions;
    uint32_t *ids;             /* [P], packed */
    int *length;               /* [R], falling */
    int *active;               /* [T] */
    int *offset;               /* [T + 1] */
    uint32_t *number;          /* [R]: number of the row in its corpus: keys dropout */
    const real *const *states; /* [R]: the states [length][E] of each row, in networks that read them */
    real *const *dstates;      /* [R]: where their gradients go; NULL, or of a row NULL: they are not wanted */
    const real *target;        /* [R][K]: 0 or 1, or smoothed between them; NULL without labels */
    const real *weight;        /* [R][K]: of the outputs in the loss; a softmax has one for each row, the first */
    /* For networks that read padding, else NULL. Take a walk that begins with the padding: step s of it is t = s, or
     * t = T - 1 - s if padding comes after the text. All rows in which it has reached no word yet are in the same state
     * of a first layer. The rows with a word, and one row that represents the others, are the first distinct[s] rows.
     */
    int *distinct; /* [T] */
    int *packed;   /* [T + 1]: their places if the steps of the walk are side by side, so that they end at P */
} chunk;

/* Fills steps, positions, active, offset from rows and length; then ids from the rows' own ids (ids[r][length[r]]). */
void chunk_pack(chunk *c, const uint32_t *const *ids);

/* The rows of step t in a matrix [P][...]. */
static inline matrix chunk_step(const chunk *c, matrix m, int t)
{
    return matrix_rows(m, c->offset[t], c->active[t]);
}

#endif
