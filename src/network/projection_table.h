/* The products of all tokens of a vocabulary, for networks whose weights stay as they are.
 *
 * What network/token_projections.h computes for the tokens of a batch, X W + b of the layers directly after the
 * embedding, is here computed once for every token: a pass that only predicts looks it up and neither reads the
 * embedding nor multiplies by W. As floats it has the same bits. It can be kept in fewer bytes:
 *
 *   bfloat16   a float's upper 16 bits, rounded to nearest, ties to even
 *   int8       q [G] and a scale for each token and product: scale = largest |x| / 127, q = x / scale rounded to
 *              nearest, read as scale q */
#ifndef NETWORK_PROJECTION_TABLE_H
#define NETWORK_PROJECTION_TABLE_H

#include "base/pool.h"
#include "network/pass.h"

struct projection_table {
    const network *net; /* borrowed */
    heed_precision storage;
    real *whole[MAX_PROJECTIONS];     /* [V][G]; NULL where another storage was asked for */
    uint16_t *half[MAX_PROJECTIONS];  /* the same in bfloat16, */
    int8_t *quarter[MAX_PROJECTIONS]; /* or int8 */
    real *scale[MAX_PROJECTIONS];     /* int8: [V] */
};

/* Whether a network begins with such products, and their table is within bounds. */
bool projection_table_applies(const network *net, heed_precision storage);
/* Computes the table by the pool. weights are only read here. HEED_FAILED for want of memory. */
heed_status projection_table_new(projection_table **out, const network *net, heed_precision storage,
                                 const real *weights, pool *workers, heed_error *error);
void projection_table_free(projection_table *t);
/* Lets a pass read the products of its chunk's tokens. */
void projection_table_lend(const projection_table *t, pass *p);
/* Products of number i for tokens place[positions] into out [positions][G], side by side for the walk over the steps:
 * a look-up in the table at every step would wait for memory. */
void projection_table_gather(const projection_table *t, int i, const int *place, int positions, real *out);

#endif
