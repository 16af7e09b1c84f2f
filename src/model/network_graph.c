#include "model/network_graph.h"

#include <stdio.h>
#include <string.h>

#include "network/layers.h"
#include "network/pooling.h"

size_t layer_parameters(const network *net, const layer *l)
{
    size_t count = 0;
    for (int i = 0; i < net->parameter_count; i++)
        if (net->parameters[i].layer == l->number)
            count += parameter_count(&net->parameters[i]);
    return count;
}

/* Whether the layer's final state is a query. */
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

/* Adds what layer l, the last node, reads: `sequence` is the node of the last encoder (or the one before it), `query`
 * that of its final state. */
static void add_sources(layer_graph *g, const layer *l, size_t sequence, size_t query)
{
    size_t own = g->node_count - 1;
    if (layer_place(l) > STAGE_POOLING)
        layer_graph_output_edge(g, own - 1);
    else if (l->class == &concat_layer)
        for (size_t part = own - (size_t)l->units; part < own; part++)
            layer_graph_output_edge(g, part);
    else if (!pooling_takes_state(l))
        layer_graph_output_edge(g, sequence);
    if (pooling_takes_state(l) || (l->state_in.width > 0 && !l->own_query))
        layer_graph_vector_edge(g, query, l->state_in.width);
}

/* The node of a layer, and its edges from `sequence` and `query` as in add_sources. */
static void add_layer(layer_graph *g, const network *net, const layer *l, size_t sequence, size_t query)
{
    graph_node *node = layer_graph_node(g, l->name, l->class->type);
    node->parameters = layer_parameters(net, l);
    write_shape(node, net, l);
    write_further(node, net, l);
    add_sources(g, l, sequence, query);
}

/* Keras concatenates the final states of both directions, so that they can be a query. */
static void add_joined_state(layer_graph *g, const layer *l, size_t from)
{
    graph_node *node = layer_graph_node(g, "state_h", "Concatenate");
    snprintf(node->output, sizeof node->output, "(None, %d)", l->state.width);
    layer_graph_vector_edge(g, from, state_width(l));
    layer_graph_vector_edge(g, from, state_width(l));
}

heed_status network_graph_fill(layer_graph *g, const network *net, heed_error *error)
{
    /* A layer adds at most two nodes; a node reads at most two tensors, except one that joins layers. */
    size_t layers = (size_t)net->layer_count, sequence = 0, query = 0;
    heed_status status = layer_graph_room(g, 2 * layers + 1, 5 * layers + 2, error);
    if (status != HEED_OK)
        return status;
    graph_node *input = layer_graph_node(g, "input", "InputLayer");
    snprintf(input->output, sizeof input->output, "(None, %u)", net->spec.window);
    for (int i = 0; i < net->layer_count; i++) {
        const layer *l = &net->layers[i];
        size_t own = g->node_count;
        add_layer(g, net, l, sequence, query);
        if (layer_place(l) <= STAGE_ENCODER)
            sequence = own;
        if (!gives_state(net, l))
            continue;
        query = is_bidirectional(l) ? own + 1 : own;
        if (is_bidirectional(l))
            add_joined_state(g, l, own);
    }
    return HEED_OK;
}
