/* Forward passes over many rows on a pool of threads: validation, evaluation and prediction. */
#ifndef NETWORK_SCORER_H
#define NETWORK_SCORER_H

#include "base/pool.h"
#include "network/batch.h"
#include "network/projection_table.h"

typedef struct scorer scorer;

/* Memory for up to `rows` rows at a time. Equal tokens of them share their projection. net and workers are borrowed. */
heed_status scorer_new(scorer **out, const network *net, pool *workers, int rows, heed_error *error);
/* The same for weights that do not change: the projections are looked up in their table, which is borrowed. */
heed_status scorer_new_with_table(scorer **out, const network *net, const projection_table *table, pool *workers,
                                  int rows, heed_error *error);
void scorer_free(scorer *s);
/* Probabilities [count][K] in the order of the rows, count <= rows. loss gets the sum of the rows' losses, unless it is
 * NULL. Allocates nothing. */
void scorer_run(scorer *s, const real *weights, const batch_row *rows, int count, real *probability, double *loss);
/* The same with the logits [count][K], which still differ between rows whose probabilities are rounded to 0 or 1. */
void scorer_run_logits(scorer *s, const real *weights, const batch_row *rows, int count, real *logit);
/* From now on runs read these copies of weights (network_to_bf16), which are borrowed; NULL: none. */
void scorer_set_bf16(scorer *s, const uint32_t *bf16);
/* How many tokens the last run projected; 0 if it looked them up or the network has no projections. */
size_t scorer_projected(const scorer *s);

#endif
