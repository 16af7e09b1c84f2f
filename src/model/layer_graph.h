/* A model's layers as Keras connects them, for its summary and its picture. */
#ifndef MODEL_LAYER_GRAPH_H
#define MODEL_LAYER_GRAPH_H

#include "model/model.h"

typedef struct graph_node {
    char name[48];    /* as Keras names the layer */
    const char *type; /* Keras's class */
    size_t parameters;
    char output[40];  /* its shape: "(None, 30, 8)" */
    char further[48]; /* what the layer returns besides, an encoder's states, an attention's weights; "" for nothing */
} graph_node;

/* What one layer returns and another reads. */
typedef struct graph_edge {
    size_t from, to;
    char shape[40];
} graph_edge;

/* Nodes from the input to the output; edges by the node that reads. */
typedef struct layer_graph {
    graph_node *nodes;
    graph_edge *edges;
    size_t node_count, edge_count;
} layer_graph;

/* Release it in any case. */
heed_status layer_graph_init(layer_graph *g, const heed_model *model, heed_error *error);
void layer_graph_release(layer_graph *g);
/* Trained numbers of a layer. */
size_t layer_parameters(const network *net, const layer *l);

#endif
