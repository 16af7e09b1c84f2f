/* Convolution over time, several widths side by side (Kim 2014), as Keras's Conv1D with "same" padding and ReLU:
 *
 *   y[t] = relu(b + sum over k of x[t + k - (width - 1) / 2] W[k])      W [width][D][U], b [U]; y [P][U a width]
 *
 * Outside its row x is 0; of an even width the longer arm reaches ahead. A tap is one product over all the positions:
 * its inputs, taken from the neighbouring steps, are gathered side by side, once for the taps of all widths. */
#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "network/layers.h"

enum { KERNEL, BIAS, WEIGHTS }; /* of a width */
enum { SHIFTED, D_SHIFTED };

static int width_count(const layer *l)
{
    return l->number_count - 1;
}

static int width_at(const layer *l, int i)
{
    return (int)l->numbers[1 + i];
}

static heed_status build_width(network *net, layer *l, int i, heed_error *error)
{
    int width = width_at(l, i), in = l->in.width;
    char part[48], prefix[32] = "";
    for (int j = 0; j < i; j++)
        if (width_at(l, j) == width)
            return fail(error, HEED_USAGE, "architecture: 'conv' has the width %d twice, expected different ones",
                        width);
    if (width_count(l) > 1)
        snprintf(prefix, sizeof prefix, "width_%d.", width);
    snprintf(part, sizeof part, "%skernel", prefix);
    heed_status status = network_add_parameter(net, l, WEIGHTS * i + KERNEL, part, 2, width * in, l->units,
                                               INITIAL_GLOROT_TAPS, error);
    if (status != HEED_OK)
        return status;
    network_shape_parameter(net, width, in, l->units);
    l->prepared[WEIGHTS * i + KERNEL] = network_add_prepared(net, (size_t)width * (size_t)in * (size_t)l->units);
    snprintf(part, sizeof part, "%sbias", prefix);
    return network_add_parameter(net, l, WEIGHTS * i + BIAS, part, 1, 1, l->units, INITIAL_ZERO, error);
}

static heed_status build(network *net, layer *l, flow *f, heed_error *error)
{
    l->units = (int)l->numbers[0];
    l->in = f->sequence;
    snprintf(l->name, sizeof l->name, "conv1d_%d", f->encoders);
    heed_status status = network_add_tensor(net, &l->out, l->units * width_count(l), false, error);
    for (int i = 0; i < width_count(l) && status == HEED_OK; i++)
        status = build_width(net, l, i, error);
    if (status == HEED_OK)
        status = network_add_slot(net, &l->slot[SHIFTED], l->in.width, false, false, error);
    if (status == HEED_OK)
        status = network_add_slot(net, &l->slot[D_SHIFTED], l->in.width, false, true, error);
    f->sequence = l->out;
    f->state = (tensor){0};
    return status;
}

/* Numbers in a tap of a width's kernel. */
static ptrdiff_t tap_size(const layer *l)
{
    return (ptrdiff_t)l->in.width * l->units;
}

static void prepare(const layer *l, const network *net, const real *weights, real *prepared)
{
    (void)net;
    for (int i = 0; i < width_count(l); i++)
        for (int k = 0; k < width_at(l, i); k++)
            transpose(l->in.width, l->units, weights + l->weight[WEIGHTS * i + KERNEL] + k * tap_size(l),
                      prepared + l->prepared[WEIGHTS * i + KERNEL] + k * tap_size(l));
}

/* How many of step t's rows have a token `shift` steps further on. */
static int known_rows(const chunk *c, int t, int shift)
{
    int from = t + shift;
    if (from < 0 || from >= c->steps)
        return 0;
    return shift < 0 ? c->active[t] : c->active[from];
}

/* The inputs of a tap [P][D]: at every position that of the same row `shift` steps further on, or 0. */
static const real *tap_input(const layer *l, const pass *p, int shift)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->in.width;
    const real *x = pass_value(p, l->in);
    real *out = p->slot[l->slot[SHIFTED]];
    if (shift == 0)
        return x;
    for (int t = 0; t < c->steps; t++) {
        size_t known = (size_t)known_rows(c, t, shift) * width, all = (size_t)c->active[t] * width;
        real *to = out + (size_t)c->offset[t] * width;
        if (known > 0)
            memcpy(to, x + (size_t)c->offset[t + shift] * width, known * sizeof *to);
        memset(to + known, 0, (all - known) * sizeof *to);
    }
    return out;
}

/* Adds the gradient of a tap's inputs to that of the positions they came from. */
static void add_tap_gradient(const layer *l, pass *p, int shift, const real *d)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->in.width;
    real *dx = pass_gradient(p, l->in);
    for (int t = 0; t < c->steps; t++) {
        int known = known_rows(c, t, shift);
        if (known > 0)
            p->net->kernels->add((size_t)known * width, d + (size_t)c->offset[t] * width,
                                 dx + (size_t)c->offset[t + shift] * width);
    }
}

static int widest(const layer *l)
{
    int most = 0;
    for (int i = 0; i < width_count(l); i++)
        most = width_at(l, i) > most ? width_at(l, i) : most;
    return most;
}

/* Which tap of a width reads `shift` steps further on, or -1. */
static int tap_at(const layer *l, int i, int shift)
{
    int k = shift + (width_at(l, i) - 1) / 2;
    return k < width_at(l, i) ? k : -1;
}

/* The taps of all widths that read so far ahead, so that their inputs are gathered once. */
static void forward_shift(const layer *l, pass *p, int shift)
{
    int in = l->in.width, units = l->units;
    const real *x = tap_input(l, p, shift);
    for (int i = 0; i < width_count(l); i++) {
        int k = tap_at(l, i, shift);
        if (k >= 0)
            p->net->kernels->product(p->chunk->positions, units, in, x, in, 1,
                                     pass_weight(p, l, WEIGHTS * i + KERNEL) + k * tap_size(l), units,
                                     pass_value(p, l->out) + (ptrdiff_t)i * units, l->out.width, true);
    }
}

static void forward(const layer *l, pass *p)
{
    int most = widest(l);
    real *y = pass_value(p, l->out);
    for (ptrdiff_t j = 0; j < p->chunk->positions; j++)
        for (int i = 0; i < width_count(l); i++)
            memcpy(y + j * l->out.width + (ptrdiff_t)i * l->units, pass_weight(p, l, WEIGHTS * i + BIAS),
                   (size_t)l->units * sizeof *y);
    for (int shift = -(most - 1) / 2; shift <= most / 2; shift++)
        forward_shift(l, p, shift);
    p->net->kernels->relu((size_t)p->chunk->positions * (size_t)l->out.width, y);
}

static void backward_shift(const layer *l, pass *p, int shift)
{
    const kernels *kernel = p->net->kernels;
    int positions = p->chunk->positions, in = l->in.width, units = l->units;
    ptrdiff_t dy_row = l->out.width;
    const real *x = tap_input(l, p, shift);
    real *dx = shift == 0 ? pass_gradient(p, l->in) : p->slot[l->slot[D_SHIFTED]];
    bool add = shift == 0;
    for (int i = 0; i < width_count(l); i++) {
        int k = tap_at(l, i, shift);
        if (k < 0)
            continue;
        const real *dy = pass_gradient(p, l->out) + (ptrdiff_t)i * units;
        kernel->product(in, units, positions, x, 1, in, dy, dy_row,
                        pass_weight_gradient(p, l, WEIGHTS * i + KERNEL) + k * tap_size(l), units, true);
        kernel->product(positions, in, units, dy, dy_row, 1,
                        p->prepared + l->prepared[WEIGHTS * i + KERNEL] + k * tap_size(l), in, dx, in, add);
        add = true;
    }
    if (shift != 0)
        add_tap_gradient(l, p, shift, dx);
}

static void backward(const layer *l, pass *p)
{
    const kernels *kernel = p->net->kernels;
    int positions = p->chunk->positions, most = widest(l);
    real *dy = pass_gradient(p, l->out);
    kernel->relu_backward((size_t)positions * (size_t)l->out.width, pass_value(p, l->out), dy);
    for (int i = 0; i < width_count(l); i++)
        kernel->sum_rows(positions, l->units, dy + (ptrdiff_t)i * l->units, l->out.width,
                         pass_weight_gradient(p, l, WEIGHTS * i + BIAS));
    for (int shift = -(most - 1) / 2; shift <= most / 2; shift++)
        backward_shift(l, p, shift);
}

const layer_class conv_layer = {
    .keyword = "conv", .usage = "conv UNITS WIDTH [WIDTH ...]",
    .stage = STAGE_ENCODER, .type = "Conv1D",
    .least_numbers = 2, .most_numbers = LAYER_NUMBERS, .lowest = 1, .highest = 4096,
    .build = build, .prepare = prepare, .forward = forward, .backward = backward,
};
