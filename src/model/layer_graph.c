#include "model/layer_graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/layers.h"

size_t layer_parameters(const network *net, const layer *l)
{
    size_t count = 0;
    for (int i = 0; i < net->parameter_count; i++)
        if (net->parameters[i].layer == l->number)
            count += parameter_count(&net->parameters[i]);
    return count;
}

/* Whether the layer's final state is somebody's query. */
static bool gives_state(const network *net, const layer *l)
{
    for (int i = l->number + 1; i < net->layer_count; i++)
        if (l->state.width > 0 && net->layers[i].state_in.width > 0 && net->layers[i].state_in.value == l->state.value)
            return true;
    return false;
}

static bool is_bidirectional(const layer *l)
{
    return l->state.width > l->units && l->class->stage == STAGE_ENCODER;
}

/* The states that Keras's layer returns: h of each direction, and an LSTM's c. */
static int state_count(const layer *l)
{
    return (is_bidirectional(l) ? 2 : 1) * (l->class == &lstm_layer || l->class == &bilstm_layer ? 2 : 1);
}

static int state_width(const layer *l)
{
    return is_bidirectional(l) ? l->state.width / 2 : l->state.width;
}

static void write_shape(graph_node *node, const network *net, const layer *l)
{
    unsigned window = net->spec.window;
    if (layer_place(l) > STAGE_ENCODER)
        snprintf(node->output, sizeof node->output, "(None, %d)", l->out.width);
    else
        snprintf(node->output, sizeof node->output, "(None, %u, %d)", window, l->out.width);
}

static void write_further(graph_node *node, const network *net, const layer *l)
{
    int width = state_width(l), count = state_count(l);
    if (strcmp(l->class->type, "Attention") == 0)
        snprintf(node->further, sizeof node->further, "(None, %u, 1)", net->spec.window);
    else if (gives_state(net, l) && count == 1)
        snprintf(node->further, sizeof node->further, "(None, %d)", width);
    else if (gives_state(net, l))
        snprintf(node->further, sizeof node->further, "%d x (None, %d)", count, width);
}

static graph_node *add_node(layer_graph *g, const char *name, const char *type)
{
    graph_node *node = &g->nodes[g->node_count++];
    snprintf(node->name, sizeof node->name, "%s", name);
    node->type = type;
    return node;
}

/* To the last node. */
static void add_edge(layer_graph *g, size_t from, const char *shape)
{
    graph_edge *edge = &g->edges[g->edge_count++];
    edge->from = from;
    edge->to = g->node_count - 1;
    snprintf(edge->shape, sizeof edge->shape, "%s", shape);
}

static void add_output_edge(layer_graph *g, size_t from)
{
    add_edge(g, from, g->nodes[from].output);
}

static void add_state_edge(layer_graph *g, size_t from, int width)
{
    char shape[40];
    snprintf(shape, sizeof shape, "(None, %d)", width);
    add_edge(g, from, shape);
}

/* What layer l, the last node, reads: `sequence` is the last encoder's node (or the one before it), `query` that of its
 * final state. */
static void add_sources(layer_graph *g, const layer *l, size_t sequence, size_t query)
{
    size_t own = g->node_count - 1;
    if (layer_place(l) > STAGE_POOLING)
        add_output_edge(g, own - 1);
    else if (l->class == &concat_layer)
        for (size_t part = own - (size_t)l->units; part < own; part++)
            add_output_edge(g, part);
    else if (l->class != &last_layer)
        add_output_edge(g, sequence);
    if (l->class == &last_layer || (l->state_in.width > 0 && !l->own_query))
        add_state_edge(g, query, l->state_in.width);
}

/* The input, every layer, and the joining of a bidirectional query. */
static void fill_of_network(layer_graph *g, const network *net)
{
    size_t sequence = 0, query = 0;
    graph_node *node = add_node(g, "input", "InputLayer");
    snprintf(node->output, sizeof node->output, "(None, %u)", net->spec.window);
    for (int i = 0; i < net->layer_count; i++) {
        const layer *l = &net->layers[i];
        size_t own = g->node_count;
        node = add_node(g, l->name, l->class->type);
        node->parameters = layer_parameters(net, l);
        write_shape(node, net, l);
        write_further(node, net, l);
        add_sources(g, l, sequence, query);
        if (layer_place(l) <= STAGE_ENCODER)
            sequence = own;
        if (!gives_state(net, l))
            continue;
        query = own;
        if (!is_bidirectional(l))
            continue;
        query = g->node_count;
        node = add_node(g, "state_h", "Concatenate");
        snprintf(node->output, sizeof node->output, "(None, %d)", l->state.width);
        add_state_edge(g, own, state_width(l));
        add_state_edge(g, own, state_width(l));
    }
}

static void fill_of_linear(layer_graph *g, const linear *l)
{
    graph_node *node = add_node(g, "input", "Text");
    snprintf(node->output, sizeof node->output, "(None,)");
    node = add_node(g, "features", "TF-IDF of words and bigrams");
    snprintf(node->output, sizeof node->output, "(None, %zu)", ngrams_count(&l->features));
    add_output_edge(g, 0);
    node = add_node(g, "output", "Logistic regression");
    node->parameters = linear_parameters(l);
    snprintf(node->output, sizeof node->output, "(None, %u)", l->outputs);
    add_output_edge(g, 1);
}

heed_status layer_graph_init(layer_graph *g, const heed_model *model, heed_error *error)
{
    /* A layer brings at most two nodes, a node reads at most two tensors, but for one that joins layers. */
    size_t layers = model->net != NULL ? (size_t)model->net->layer_count : 1;
    *g = (layer_graph){.nodes = memory_array(2 * layers + 1, sizeof *g->nodes),
                       .edges = memory_array(5 * layers + 2, sizeof *g->edges)};
    if (g->nodes == NULL || g->edges == NULL)
        return fail_memory(error, "a model's graph");
    if (model->net != NULL)
        fill_of_network(g, model->net);
    else
        fill_of_linear(g, model->linear);
    return HEED_OK;
}

void layer_graph_release(layer_graph *g)
{
    free(g->nodes);
    free(g->edges);
    *g = (layer_graph){0};
}
