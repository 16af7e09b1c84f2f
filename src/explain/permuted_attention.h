/* How far the output of a network changes when the attention of a row is permuted over its tokens (Jain & Wallace 2019,
 * "Attention is not explanation", section 4.2.1). */
#ifndef EXPLAIN_PERMUTED_ATTENTION_H
#define EXPLAIN_PERMUTED_ATTENTION_H

#include "base/random.h"
#include "explain/attribution.h"

/* So many permutations, drawn by the key with their number from 1 as epoch. */
typedef struct attention_draws {
    unsigned count;
    random_key key;
} attention_draws;

/* The median over the permutations of the total variation distance; with several labels per row of the mean of the
 * labels' distances. The model has attention, and a is its attributor. The output is that of the network; of a sum, of
 * the first part that has attention. */
heed_status permuted_attention_distance(double *median, attributor *a, const heed_model *model, const batch_row *row,
                                        const attention_draws *draws, heed_error *error);

#endif
