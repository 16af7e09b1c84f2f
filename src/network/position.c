/* Learned positions, which stand before the first transformer: attention alone does not see the order of its input.
 *
 *   y[p] = x[p] + W[t]        t: the place of the token in its row, from 0; W [window][D]
 *
 * An architecture does not name this layer: architecture_parse puts it there. */
#include <string.h>

#include "network/layers.h"

static heed_status build(network *net, layer *l, flow *f, heed_error *error)
{
    strcpy(l->name, "position");
    l->in = f->sequence;
    l->units = l->in.width;
    heed_status status = network_add_parameter(net, l, 0, "embeddings", 2, (int)net->spec.window, l->units,
                                               INITIAL_EMBEDDING, error);
    if (status == HEED_OK)
        status = network_add_tensor(net, &l->out, l->units, false, error);
    f->sequence = l->out;
    return status;
}

static void forward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    const real *w = pass_weight(p, l, 0);
    real *y = pass_value(p, l->out);
    size_t width = (size_t)l->units;
    memcpy(y, pass_value(p, l->in), (size_t)c->positions * width * sizeof *y);
    for (int t = 0; t < c->steps; t++)
        for (int i = c->offset[t]; i < c->offset[t + 1]; i++)
            p->net->kernels->add(width, w + (size_t)t * width, y + (size_t)i * width);
}

static void backward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    const real *dy = pass_gradient(p, l->out);
    real *dw = pass_weight_gradient(p, l, 0);
    size_t width = (size_t)l->units;
    k->add((size_t)c->positions * width, dy, pass_gradient(p, l->in));
    for (int t = 0; t < c->steps; t++)
        k->sum_rows(c->active[t], l->units, dy + (size_t)c->offset[t] * width, l->units, dw + (size_t)t * width);
}

const layer_class position_layer = {
    .keyword = "", .usage = "",
    .stage = STAGE_POSITION, .type = "PositionEmbedding",
    .build = build, .forward = forward, .backward = backward,
};
