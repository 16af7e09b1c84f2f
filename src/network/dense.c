/* Dense layers: the head's with ReLU, and the output's without activation, whose results are the logits.
 *
 *   y = relu(x W + b)      x [R][D], W [D][U], b [U], y [R][U] */
#include "network/builder.h"
#include "network/layers.h"
#include "network/pass.h"

enum { KERNEL, BIAS };

static void build(builder *b, layer *l, const char *name, int units)
{
    builder_name(b, name);
    l->units = units;
    l->in = b->row;
    builder_kernel(b, "kernel", l->in.width, units);
    builder_bias(b, "bias", units);
    l->out = b->row = builder_row(b, units);
}

static void build_dense(builder *b, layer *l)
{
    build(b, l, "dense", (int)l->spec.numbers[0]);
}

static void build_output(builder *b, layer *l)
{
    build(b, l, "output", (int)b->net->spec.outputs);
}

static void affine(const layer *l, pass *p)
{
    int rows = p->chunk->rows, units = l->units;
    real *y = pass_value(p, l->out);
    p->net->kernels->affine(rows, units, l->in.width, pass_value(p, l->in), l->in.width, pass_weight(p, l, KERNEL),
                            pass_weight(p, l, BIAS), y, units);
}

static void affine_backward(const layer *l, pass *p)
{
    const kernels *k = p->net->kernels;
    int rows = p->chunk->rows, units = l->units, width = l->in.width;
    const real *dy = pass_gradient(p, l->out);
    k->product(width, units, rows, pass_value(p, l->in), 1, width, dy, units, pass_weight_gradient(p, l, KERNEL), units,
               true);
    k->sum_rows(rows, units, dy, units, pass_weight_gradient(p, l, BIAS));
    k->product(rows, width, units, dy, units, 1, pass_transposed(p, l, KERNEL), width, pass_gradient(p, l->in), width,
               true);
}

static void forward(const layer *l, pass *p)
{
    affine(l, p);
    real *y = pass_value(p, l->out);
    for (int i = 0; i < p->chunk->rows * l->units; i++)
        y[i] = y[i] < 0 ? 0 : y[i]; /* NaN stays NaN: a broken network must not look finite */
}

static void backward(const layer *l, pass *p)
{
    const real *y = pass_value(p, l->out);
    real *dy = pass_gradient(p, l->out);
    for (int i = 0; i < p->chunk->rows * l->units; i++)
        dy[i] = y[i] > 0 ? dy[i] : 0;
    affine_backward(l, p);
}

const layer_class dense_layer = {
    .keyword = "dense",
    .usage = "UNITS",
    .stage = STAGE_HEAD,
    .type = "Dense",
    SIZES(1, 1),
    .build = build_dense,
    .forward = forward,
    .backward = backward,
};
const layer_class output_layer = {
    .stage = STAGE_OUTPUT,
    .type = "Dense",
    .build = build_output,
    .forward = affine,
    .backward = affine_backward,
};
