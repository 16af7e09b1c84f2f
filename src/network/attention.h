/* What every attention shares: the query, the softmax over a row's positions, and the weighted sum. */
#ifndef NETWORK_ATTENTION_H
#define NETWORK_ATTENTION_H

#include "network/network.h"

/* Names the layer, takes features and query from the flow (an encoder's final state), adds the output [R][D]. */
heed_status attention_begin(network *net, layer *l, flow *f, heed_error *error);

/* weights [P] = softmax of scores [P] over each row's positions. */
void attention_softmax(const chunk *c, const real *scores, real *weights);
/* d [P]: the gradient of the weights, replaced by that of the scores. */
void attention_softmax_backward(const chunk *c, const real *weights, real *d);

/* out [R][D] = sum over a row's positions of weights [P] times in [P][D]. */
void attention_context(pass *p, const layer *l, const real *weights);
/* Adds to the gradient of in; writes that of the weights into dweights [P]. */
void attention_context_backward(pass *p, const layer *l, const real *weights, real *dweights);

#endif
