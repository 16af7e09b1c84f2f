/* Dense layers: the head's with ReLU or tanh, and the output without an activation, whose results are the logits.
 *
 *   x [R][D], W [D][U], b [U], z and y [R][U]
 *
 *   forward    z = x W + b        y = relu(z), y = tanh(z); the output's y is z
 *   backward   dz = dy if y > 0, else 0; dz = dy * (1 - y^2); the output's dz is dy
 *              dW += x' dz        db += sum of the rows of dz        dx += dz W' */
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

static void output_forward(const layer *l, pass *p)
{
    affine(p->net->kernels, pass_value(p, l->out), pass_value(p, l->in), pass_weight(p, l, KERNEL),
           pass_weight(p, l, BIAS).data);
}

static void output_backward(const layer *l, pass *p)
{
    const kernels *k = p->net->kernels;
    matrix x = pass_value(p, l->in), dz = pass_gradient(p, l->out);
    matmul_add(k, pass_weight_gradient(p, l, KERNEL), transposed(x), dz);
    sum_rows(k, dz, pass_weight_gradient(p, l, BIAS).data);
    matmul_add(k, pass_gradient(p, l->in), dz, pass_transposed(p, l, KERNEL));
}

static void dense_forward(const layer *l, pass *p)
{
    matrix y = pass_value(p, l->out);
    output_forward(l, p);
    p->net->kernels->relu(matrix_count(y), y.data);
}

/* dz takes the place of dy. */
static void dense_backward(const layer *l, pass *p)
{
    matrix y = pass_value(p, l->out), dy = pass_gradient(p, l->out);
    p->net->kernels->relu_backward(matrix_count(y), y.data, dy.data);
    output_backward(l, p);
}

static void tanh_forward(const layer *l, pass *p)
{
    matrix y = pass_value(p, l->out);
    output_forward(l, p);
    p->net->kernels->tanh(matrix_count(y), y.data, y.data);
}

static void tanh_backward(const layer *l, pass *p)
{
    matrix y = pass_value(p, l->out), dy = pass_gradient(p, l->out);
    for (size_t i = 0; i < matrix_count(y); i++)
        dy.data[i] *= 1 - y.data[i] * y.data[i];
    output_backward(l, p);
}

const layer_class dense_tanh_layer = {
    .keyword = "dense tanh",
    .usage = "UNITS",
    .stage = STAGE_HEAD,
    .type = "Dense",
    SIZES(1, 1),
    .build = build_dense,
    .forward = tanh_forward,
    .backward = tanh_backward,
};
const layer_class dense_layer = {
    .keyword = "dense",
    .usage = "UNITS",
    .stage = STAGE_HEAD,
    .type = "Dense",
    SIZES(1, 1),
    .build = build_dense,
    .forward = dense_forward,
    .backward = dense_backward,
};
const layer_class output_layer = {
    .stage = STAGE_OUTPUT,
    .type = "Dense",
    .build = build_output,
    .forward = output_forward,
    .backward = output_backward,
};
