/* Learned positions (Gehring et al. 2017, section 3.1), before the first transformer, whose attention does not see the
 * order of its input.
 *
 *   x, y [P][D], W [window][D]; t is the place of position p in its row, from 0
 *
 *   forward    y[p] = x[p] + W[t]
 *   backward   dx += dy        dW[t] += sum of dy[p] over the positions p at place t
 *
 * An architecture does not name this layer: architecture_parse adds it. */
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
    matrix w = pass_weight(p, l, 0), x = pass_value(p, l->in), y = pass_value(p, l->out);
    memcpy(y.data, x.data, matrix_count(y) * sizeof(real));
    for (int t = 0; t < c->steps; t++)
        for (int i = c->offset[t]; i < c->offset[t + 1]; i++)
            p->net->kernels->add((size_t)y.columns, matrix_row(w, t), matrix_row(y, i));
}

static void backward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    matrix dy = pass_gradient(p, l->out), dw = pass_weight_gradient(p, l, 0);
    k->add(matrix_count(dy), dy.data, pass_gradient(p, l->in).data);
    for (int t = 0; t < c->steps; t++)
        sum_rows(k, chunk_step(c, dy, t), matrix_row(dw, t));
}

const layer_class position_layer = {
    .stage = STAGE_POSITION,
    .type = "PositionEmbedding",
    .build = build,
    .forward = forward,
    .backward = backward,
};
