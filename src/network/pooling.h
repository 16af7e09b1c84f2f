/* What poolings share: from a sequence [P][D] to a row [R][D], with or without attention. */
#ifndef NETWORK_POOLING_H
#define NETWORK_POOLING_H

#include "network/builder.h"
#include "network/pass.h"

/* Names the layer (name, name_1, ...), takes the sequence, and adds the output [R][D]. */
void pooling_begin(builder *b, layer *l, const char *name);

/* out [R][D] = the mean of a row's positions of in [P][D]; 0 for a row without tokens. */
void pooling_mean(pass *p, tensor in, tensor out);
/* Adds to the gradient of `in`. */
void pooling_mean_backward(pass *p, tensor in, tensor out);

/* Whether it hands on a state as it is: last, first. */
bool pooling_takes_state(const layer *l);

#endif
