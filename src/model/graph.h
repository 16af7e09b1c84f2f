/* A model's layers as a graph in the DOT language of Graphviz. */
#ifndef MODEL_GRAPH_H
#define MODEL_GRAPH_H

#include "base/writer.h"
#include "model/layer_graph.h"

/* Names may hold anything. */
void graph_print(writer *out, const layer_graph *g);

#endif
