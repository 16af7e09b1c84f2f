/* What a network's weights are before training, as the initializers of Keras have it: Glorot uniform kernels,
 * orthogonal recurrent ones, zero biases but 1 for forget gates. */
#ifndef NETWORK_INITIAL_WEIGHTS_H
#define NETWORK_INITIAL_WEIGHTS_H

#include "network/structure.h"

/* weights [net->weight_count]: a function of the seed. */
heed_status network_initialize(const network *net, real *weights, uint64_t seed, heed_error *error);

#endif
