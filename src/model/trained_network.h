/* A network with its weights. */
#ifndef MODEL_TRAINED_NETWORK_H
#define MODEL_TRAINED_NETWORK_H

#include "network/network.h"

typedef struct trained_network {
    network *net;
    real *weights; /* [net->weight_count] */
} trained_network;

/* The network of a spec, without its weights. Refuses one that is too large for a model file, or that needs gigabytes
 * for a pass over one chunk of the longest rows; this is computed before anything is allocated. */
heed_status trained_network_new(trained_network **out, const network_spec *spec, heed_error *error);
/* Room for the weights. */
heed_status trained_network_allocate(trained_network *n, heed_error *error);
/* The network of a spec with initial weights. */
heed_status trained_network_random(trained_network **out, const network_spec *spec, uint64_t seed, heed_error *error);
void trained_network_free(void *trained);

#endif
