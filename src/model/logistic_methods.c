#include "model/logistic_methods.h"

#include <stdio.h>

#include "base/status.h"

const char *logistic_architecture(const heed_model *model)
{
    return model->config.network.architecture;
}

heed_method logistic_default_method(const heed_model *model)
{
    (void)model;
    return HEED_METHOD_WEIGHTS;
}

heed_status logistic_check_method(const heed_model *model, heed_method method, heed_error *error)
{
    if (method == HEED_METHOD_WEIGHTS || method == HEED_METHOD_LEAVE_ONE_OUT)
        return HEED_OK;
    return fail(error, HEED_USAGE, "method %s: the model is %s, expected weights or leave-one-out",
                heed_method_name(method), model->class->name);
}

heed_status logistic_draw(layer_graph *out, const logistic *l, const char *features, heed_error *error)
{
    heed_status status = layer_graph_room(out, 3, 2, error);
    if (status != HEED_OK)
        return status;
    graph_node *node = layer_graph_node(out, "input", "Text");
    snprintf(node->output, sizeof node->output, "(None,)");
    node = layer_graph_node(out, "features", features);
    snprintf(node->output, sizeof node->output, "(None, %zu)", l->features);
    layer_graph_output_edge(out, 0);
    node = layer_graph_node(out, "output", "Logistic regression");
    node->parameters = logistic_parameters(l);
    snprintf(node->output, sizeof node->output, "(None, %u)", l->outputs);
    layer_graph_output_edge(out, 1);
    return HEED_OK;
}
