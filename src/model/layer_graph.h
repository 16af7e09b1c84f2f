/* A model's layers, connected as in Keras, for its summary and its picture. */
#ifndef MODEL_LAYER_GRAPH_H
#define MODEL_LAYER_GRAPH_H

#include "heed.h"

typedef struct graph_node {
    char name[48];    /* the layer's name in Keras */
    const char *type; /* Keras's class */
    size_t parameters;
    char output[40];  /* its shape: "(None, 30, 8)" */
    char further[48]; /* further outputs: states of an encoder, weights of an attention; "" for none */
} graph_node;

/* An output of one layer that another reads. */
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

/* The graph of a model. Release it in any case. */
heed_status layer_graph_init(layer_graph *g, const heed_model *model, heed_error *error);
void layer_graph_release(layer_graph *g);

/* For the classes, which build it. Room for all nodes and edges to come: */
heed_status layer_graph_room(layer_graph *g, size_t nodes, size_t edges, heed_error *error);
/* Adds a node; the caller fills in parameters, output and further. */
graph_node *layer_graph_node(layer_graph *g, const char *name, const char *type);
/* Adds an edge to the last node from another one: for its output, or for a vector of this width per row. */
void layer_graph_output_edge(layer_graph *g, size_t from);
void layer_graph_vector_edge(layer_graph *g, size_t from, int width);

#endif
