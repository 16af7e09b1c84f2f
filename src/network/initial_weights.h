/* A network's weights before training, as Keras's initializers make them: Glorot uniform kernels, orthogonal recurrent
 * kernels, zero biases except for 1 at forget gates. */
#ifndef NETWORK_INITIAL_WEIGHTS_H
#define NETWORK_INITIAL_WEIGHTS_H

#include "network/structure.h"

/* weights [net->weight_count]: a function of the seed. */
heed_status network_initialize(const network *net, real *weights, uint64_t seed, heed_error *error);

#endif
