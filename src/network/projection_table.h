/* The projections of all tokens of a vocabulary, for a model that predicts and whose weights do not change.
 *
 * network/token_projections.h computes X W + b for the tokens of a batch. Here it is computed once for every token of
 * the vocabulary; a pass looks it up, and reads neither the embedding nor W. As floats it has the same bits. It can be
 * kept in fewer bytes:
 *
 *   bfloat16   a float's upper 16 bits, rounded to nearest, ties to even
 *   int8       q [G] and a scale for each token and projection: scale = max |x| / 127, q = x / scale rounded to
 * nearest; read as scale q */
#ifndef NETWORK_PROJECTION_TABLE_H
#define NETWORK_PROJECTION_TABLE_H

#include "base/pool.h"
#include "network/pass.h"

struct projection_table {
    const network *net; /* borrowed */
    heed_precision storage;
    real *whole[MAX_PROJECTIONS];     /* [V][G]; NULL with another storage, */
    uint16_t *half[MAX_PROJECTIONS];  /* bfloat16: the same, */
    int8_t *quarter[MAX_PROJECTIONS]; /* int8: the same, */
    real *scale[MAX_PROJECTIONS];     /* with scales [V] */
};

/* Whether a network begins with projections, and their table is within bounds. */
bool projection_table_applies(const network *net, heed_precision storage);
/* Computes the table on the pool; weights are not needed afterwards. HEED_FAILED: out of memory. */
heed_status projection_table_new(projection_table **out, const network *net, heed_precision storage,
                                 const real *weights, pool *workers, heed_error *error);
void projection_table_free(projection_table *t);
/* Lets a pass look up the tokens of its chunk. */
void projection_table_lend(const projection_table *t, pass *p);
/* Copies projection i of tokens place[positions] to out [positions][G]. The walk over the steps reads them there: a
 * look-up in the table at every step would wait for memory. */
void projection_table_gather(const projection_table *t, int i, const int *place, int positions, real *out);

#endif
