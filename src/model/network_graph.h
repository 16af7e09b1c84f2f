/* A network's layers as a graph. */
#ifndef MODEL_NETWORK_GRAPH_H
#define MODEL_NETWORK_GRAPH_H

#include "model/layer_graph.h"
#include "network/network.h"

/* The input, every layer, and the concatenation of a bidirectional query. g must be empty. */
heed_status network_graph_fill(layer_graph *g, const network *net, heed_error *error);
/* Number of trained parameters of a layer. */
size_t layer_parameters(const network *net, const layer *l);

#endif
