#include "model/layer_graph.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/model.h"

heed_status layer_graph_init(layer_graph *g, const heed_model *model, heed_error *error)
{
    *g = (layer_graph){0};
    return model->class->draw(g, model, error);
}

void layer_graph_release(layer_graph *g)
{
    free(g->nodes);
    free(g->edges);
    *g = (layer_graph){0};
}

heed_status layer_graph_room(layer_graph *g, size_t nodes, size_t edges, heed_error *error)
{
    *g = (layer_graph){.nodes = memory_array(nodes, sizeof *g->nodes), .edges = memory_array(edges, sizeof *g->edges)};
    return g->nodes == NULL || g->edges == NULL ? fail_memory(error, "a model's graph") : HEED_OK;
}

graph_node *layer_graph_node(layer_graph *g, const char *name, const char *type)
{
    graph_node *node = &g->nodes[g->node_count++];
    snprintf(node->name, sizeof node->name, "%s", name);
    node->type = type;
    return node;
}

static void add_edge(layer_graph *g, size_t from, const char *shape)
{
    graph_edge *edge = &g->edges[g->edge_count++];
    edge->from = from;
    edge->to = g->node_count - 1;
    snprintf(edge->shape, sizeof edge->shape, "%s", shape);
}

void layer_graph_output_edge(layer_graph *g, size_t from)
{
    add_edge(g, from, g->nodes[from].output);
}

void layer_graph_vector_edge(layer_graph *g, size_t from, int width)
{
    char shape[40];
    snprintf(shape, sizeof shape, "(None, %d)", width);
    add_edge(g, from, shape);
}
