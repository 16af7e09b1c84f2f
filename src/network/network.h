/* From an architecture's text to a network without weights. initial_weights.h gives it weights, batch.h packs rows for
 * it, pass.h computes. */
#ifndef NETWORK_NETWORK_H
#define NETWORK_NETWORK_H

#include "network/structure.h"

/* K of a task with this many labels: one sigmoid is enough for two of them. */
static inline uint32_t task_outputs(heed_task task, uint32_t labels)
{
    return task == HEED_TASK_BINARY ? 1 : labels;
}

/* Builds the network of an architecture. Errors name the place in the text and suggest a known word. */
heed_status network_new(network **out, const network_spec *spec, heed_error *error);
void network_free(network *net);
/* Transposed copies of weights for the backward pass, of one layer or of all. They have to be made again after every
 * update. */
void network_transpose_layer(const network *net, int number, const real *weights, real *transposed);
void network_transpose(const network *net, const real *weights, real *transposed);
/* Copies of weights in bfloat16 for prediction, bf16 [bf16_count]. */
void network_to_bf16(const network *net, const real *weights, uint32_t *bf16);

/* Multiplications of a pass for each token of a row of so many, as far as the pooling: every weight of the layers once,
 * the features of the embedding, and where tokens are compared, each with all others, for its weight and for what it
 * gets. */
uint64_t network_token_products(const network *net, size_t tokens);

#endif
