/* How far the output of a network changes when the attention of a row is permuted over its tokens (Jain & Wallace 2019,
 * "Attention is not explanation", section 4.2.1). */
#ifndef EXPLAIN_PERMUTED_ATTENTION_H
#define EXPLAIN_PERMUTED_ATTENTION_H

#include "base/random.h"
#include "explain/attribution.h"

/* The median over count permutations, drawn by the key with their number from 1 as epoch, of the total variation
 * distance; with several labels per row of the mean of the labels' distances. The model has attention, and a is its
 * attributor. */
heed_status permuted_attention_distance(double *median, attributor *a, const heed_model *model, const batch_row *row,
                                        unsigned count, random_key key, heed_error *error);

#endif
