/* What poolings share: from a sequence [P][D] to a row [R][D], with or without attention. */
#ifndef NETWORK_POOLING_H
#define NETWORK_POOLING_H

#include "network/network.h"

/* Names the layer (name, name_1, ...), takes the sequence from the flow, and adds the output [R][D]. */
heed_status pooling_begin(network *net, layer *l, flow *f, const char *name, heed_error *error);

/* out [R][D] = the mean of a row's positions of in [P][D]; 0 for a row without tokens. */
void pooling_mean(pass *p, tensor in, tensor out);
/* Adds to the gradient of in. */
void pooling_mean_backward(pass *p, tensor in, tensor out);

#endif
