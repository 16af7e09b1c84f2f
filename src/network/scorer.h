/* Forward passes over many rows on a pool of threads: validation, evaluation and prediction. */
#ifndef NETWORK_SCORER_H
#define NETWORK_SCORER_H

#include "base/pool.h"
#include "network/batch.h"

typedef struct scorer scorer;

/* Scratch for up to `rows` rows at a time, whose equal tokens share their part of the first layer. net and workers are
 * borrowed. */
heed_status scorer_new(scorer **out, const network *net, pool *workers, int rows, heed_error *error);
void scorer_free(scorer *s);
/* Probabilities [count][K] in the order of the rows, count <= rows. Allocates nothing. Where loss is not NULL it gets
 * the sum of the rows' losses against their labels. */
void scorer_run(scorer *s, const real *weights, const batch_row *rows, int count, real *probability, double *loss);

#endif
