/* Learned positions, which stand before the first transformer: attention alone does not see the order of its input.
 *
 *   y[p] = x[p] + W[t]        t: the place of the token in its row, from 0; W [window][D]
 *
 * An architecture does not name this layer: architecture_parse puts it there. */
#include <string.h>

#include "network/builder.h"
#include "network/layers.h"
#include "network/pass.h"

static void build(builder *b, layer *l)
{
    builder_name(b, "position");
    l->in = b->sequence;
    l->units = l->in.width;
    builder_parameter(b, (parameter_spec){.part = "embeddings",
                                          .rows = (int)b->net->spec.window,
                                          .columns = l->units,
                                          .start = INITIAL_EMBEDDING});
    l->out = b->sequence = builder_sequence(b, l->units);
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
    .stage = STAGE_POSITION,
    .type = "PositionEmbedding",
    .build = build,
    .forward = forward,
    .backward = backward,
};
