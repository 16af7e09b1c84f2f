/* Some rows of a batch that are computed together, packed: sorted by falling length, step t has the positions
 * offset[t] ... offset[t] + active[t] - 1, of rows 0 ... active[t] - 1. docs/READING.md has a picture. There is no
 * padding in it, so padding cannot change an answer. (A network that reads padding, as the tutorial's does, gets rows
 * that are all as long as the window, with zeros as tokens.) */
#ifndef NETWORK_CHUNK_H
#define NETWORK_CHUNK_H

#include <stdint.h>

#include "math/matrix.h"

/* What a pretrained encoder makes of a row, and where the gradients of that go; borrowed. E: the encoder's width. */
typedef struct row_states {
    const real *of;    /* [length][E] of its sub-words; NULL: not known yet */
    const real *first; /* [E] of the first token that the encoder reads, such as [CLS]; NULL: zeros */
    real *gradient;    /* [length][E]; NULL: it is not wanted */
    real *dfirst;      /* [E]: what it already holds is added to; NULL: it is not wanted */
} row_states;

/* Those that lie one after the other, that of the first token before the row's own: [1 + length][E]. */
static inline row_states row_states_of(const real *states, size_t width)
{
    return (row_states){.of = states + width, .first = states};
}

typedef struct chunk {
    int rows, steps, positions;
    uint32_t *ids;            /* [P], packed */
    int *length;              /* [R], falling */
    int *active;              /* [T] */
    int *offset;              /* [T + 1] */
    uint32_t *number;         /* [R]: number of the row in its corpus: keys dropout */
    const row_states *states; /* [R]: in networks that read them */
    const real *target;       /* [R][K]: 0 or 1, or smoothed between them; NULL without labels */
    const real *weight;       /* [R][K]: of the outputs in the loss; a softmax has one for each row, the first */
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
