/* Forward passes over many rows on a pool of threads: validation, evaluation and prediction. */
#ifndef NETWORK_SCORER_H
#define NETWORK_SCORER_H

#include "base/pool.h"
#include "network/batch.h"
#include "network/projection_table.h"

typedef struct scorer scorer;

/* Scratch for up to `rows` rows at a time, whose equal tokens share their part of the first layer. net and workers are
 * borrowed. */
heed_status scorer_new(scorer **out, const network *net, pool *workers, int rows, heed_error *error);
/* The same for weights that stay as they are: the first layer's part is looked up in their table, which is borrowed. */
heed_status scorer_new_with_table(scorer **out, const network *net, const projection_table *table, pool *workers,
                                  int rows, heed_error *error);
void scorer_free(scorer *s);
/* Probabilities [count][K] in the order of the rows, count <= rows. Allocates nothing. Where loss is not NULL it gets
 * the sum of the rows' losses against their labels. */
void scorer_run(scorer *s, const real *weights, const batch_row *rows, int count, real *probability, double *loss);
/* The same with the logits [count][K], which still tell rows apart where probabilities are 0 or 1. */
void scorer_run_logits(scorer *s, const real *weights, const batch_row *rows, int count, real *logit);
/* Runs from now on read these copies of the weights too (network_to_bf16), which are borrowed; NULL: none. */
void scorer_set_bf16(scorer *s, const uint32_t *bf16);
/* How many tokens the last run multiplied by the first layer's weights; 0 where that layer has no such products. */
size_t scorer_projected(const scorer *s);

#endif
