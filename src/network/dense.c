/* Dense layers: the head's with ReLU, and the output's without activation, whose results are the logits.
 *
 *   y = relu(x W + b)      x [R][D], W [D][U], b [U], y [R][U] */
#include <stdio.h>
#include <string.h>

#include "network/layers.h"

enum { KERNEL, BIAS };

static heed_status build(network *net, layer *l, flow *f, int units, heed_error *error)
{
    l->units = units;
    l->in = f->row;
    heed_status status = network_add_parameter(net, l, KERNEL, "kernel", 2, l->in.width, units, INITIAL_GLOROT, error);
    if (status == HEED_OK)
        status = network_add_parameter(net, l, BIAS, "bias", 1, 1, units, INITIAL_ZERO, error);
    if (status == HEED_OK)
        status = network_add_tensor(net, &l->out, units, true, error);
    l->prepared[KERNEL] = network_add_prepared(net, (size_t)l->in.width * (size_t)units);
    f->row = l->out;
    return status;
}

static heed_status build_dense(network *net, layer *l, flow *f, heed_error *error)
{
    network_number_name(net, l, "dense");
    return build(net, l, f, (int)l->numbers[0], error);
}

static heed_status build_output(network *net, layer *l, flow *f, heed_error *error)
{
    strcpy(l->name, "output");
    return build(net, l, f, (int)net->spec.outputs, error);
}

static void prepare(const layer *l, const network *net, const real *weights, real *prepared)
{
    (void)net;
    transpose(l->in.width, l->units, weights + l->weight[KERNEL], prepared + l->prepared[KERNEL]);
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
    k->product(rows, width, units, dy, units, 1, p->prepared + l->prepared[KERNEL], width, pass_gradient(p, l->in),
               width, true);
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
    .keyword = "dense", .usage = "dense UNITS",
    .stage = STAGE_HEAD, .type = "Dense",
    .least_numbers = 1, .most_numbers = 1, .lowest = 1, .highest = 4096,
    .build = build_dense, .prepare = prepare, .forward = forward, .backward = backward,
};
const layer_class output_layer = {
    .keyword = "", .usage = "",
    .stage = STAGE_OUTPUT, .type = "Dense",
    .build = build_output, .prepare = prepare, .forward = affine, .backward = affine_backward,
};
