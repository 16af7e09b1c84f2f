/* Convolution over time, several widths side by side (Kim 2014), as Keras's Conv1D with "same" padding and ReLU:
 *
 *   y[t] = relu(b + sum over k of x[t + k - (width - 1) / 2] W[k])      W [width][D][U], b [U]; y [P][U a width]
 *
 * Outside its row x is 0; of an even width the longer arm reaches ahead. A tap is one product x W[k] over all the
 * positions, whose rows are then added `shift` steps before; directly behind the embedding it is one over the distinct
 * tokens of a batch (token_products.h), in the same order of sums. */
#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "network/layers.h"
#include "network/token_table.h"

enum { KERNEL, BIAS, WEIGHTS }; /* of a width */
enum { TAP }; /* slot [P][U]: x W[k], and the gradient behind it, of one tap after the other */

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

/* Numbers in a tap of a width's kernel. */
static ptrdiff_t tap_size(const layer *l)
{
    return (ptrdiff_t)l->in.width * l->units;
}

/* ---- the products of a batch's tokens */

static int tap_count(const layer *l)
{
    int count = 0;
    for (int i = 0; i < width_count(l); i++)
        count += width_at(l, i);
    return count;
}

/* Only the embedding stands before the layer, and its taps are not too many. */
static bool projects(const layer *l)
{
    return l->number == 1 && tap_count(l) <= MOST_PROJECTIONS;
}

/* Whether a pass brings those products along. */
static bool looks_up(const layer *l, const pass *p)
{
    return p->place != NULL && projects(l);
}

/* Taps are numbered through all widths. */
static heed_status add_projections(network *net, const layer *l, heed_error *error)
{
    heed_status status = HEED_OK;
    for (int i = 0; i < width_count(l); i++)
        for (int k = 0; k < width_at(l, i) && status == HEED_OK; k++) {
            projection *to = &net->projections[net->projection_count++];
            *to = (projection){.kernel = l->weight[WEIGHTS * i + KERNEL] + (size_t)(k * tap_size(l)),
                               .bias = NO_BIAS, .columns = l->units,
                               .prepared = l->prepared[WEIGHTS * i + KERNEL] + (size_t)(k * tap_size(l))};
            status = network_add_slot(net, &to->slot, 0, false, false, error); /* lent, or not there */
        }
    return status;
}

/* ---- building */

static heed_status build(network *net, layer *l, flow *f, heed_error *error)
{
    l->units = (int)l->numbers[0];
    l->in = f->sequence;
    snprintf(l->name, sizeof l->name, "conv1d_%d", f->encoders);
    heed_status status = network_add_tensor(net, &l->out, l->units * width_count(l), false, error);
    for (int i = 0; i < width_count(l) && status == HEED_OK; i++)
        status = build_width(net, l, i, error);
    if (status == HEED_OK)
        status = network_add_slot(net, &l->slot[TAP], l->units, false, false, error);
    if (status == HEED_OK && projects(l))
        status = add_projections(net, l, error);
    f->sequence = l->out;
    f->state = (tensor){0};
    return status;
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

/* How far ahead a tap reads. */
static int shift_of(const layer *l, int i, int k)
{
    return k - (width_at(l, i) - 1) / 2;
}

/* ---- forward */

/* x W[k]: of position p at row place[p], or where that is NULL at row p. */
static const real *tap_product(const layer *l, pass *p, int i, int k, int tap, const int **place)
{
    real *out = p->slot[l->slot[TAP]];
    *place = p->place;
    if (looks_up(l, p) && p->table == NULL)
        return p->projected[tap];
    *place = NULL;
    if (looks_up(l, p)) {
        token_table_gather(p->table, tap, p->place, p->chunk->positions, out);
        return out;
    }
    p->net->kernels->product(p->chunk->positions, l->units, l->in.width, pass_value(p, l->in), l->in.width, 1,
                             pass_weight(p, l, WEIGHTS * i + KERNEL) + k * tap_size(l), l->units, out, l->units, false);
    return out;
}

static void forward_tap(const layer *l, pass *p, int i, int k, int tap)
{
    const chunk *c = p->chunk;
    const int *place;
    int shift = shift_of(l, i, k);
    const real *product = tap_product(l, p, i, k, tap, &place);
    for (int t = 0; t < c->steps; t++) {
        int known = known_rows(c, t, shift), from = known > 0 ? c->offset[t + shift] : 0;
        real *y = pass_value(p, l->out) + (ptrdiff_t)c->offset[t] * l->out.width + (ptrdiff_t)i * l->units;
        for (int r = 0; r < known; r++, y += l->out.width)
            p->net->kernels->add((size_t)l->units,
                                 product + (ptrdiff_t)(place == NULL ? from + r : place[from + r]) * l->units, y);
    }
}

static void forward(const layer *l, pass *p)
{
    real *y = pass_value(p, l->out);
    for (ptrdiff_t j = 0; j < p->chunk->positions; j++)
        for (int i = 0; i < width_count(l); i++)
            memcpy(y + j * l->out.width + (ptrdiff_t)i * l->units, pass_weight(p, l, WEIGHTS * i + BIAS),
                   (size_t)l->units * sizeof *y);
    for (int i = 0, tap = 0; i < width_count(l); i++)
        for (int k = 0; k < width_at(l, i); k++, tap++)
            forward_tap(l, p, i, k, tap);
    p->net->kernels->relu((size_t)p->chunk->positions * (size_t)l->out.width, y);
}

/* ---- backward */

/* The gradient of x W[k], dz [P][U]: at every position that of y `shift` steps before, or 0. */
static void gather_tap(const layer *l, pass *p, int i, int shift, real *dz)
{
    const chunk *c = p->chunk;
    size_t units = (size_t)l->units;
    for (int t = 0; t < c->steps; t++) {
        int known = known_rows(c, t, -shift), first = c->offset[t];
        const real *dy = pass_gradient(p, l->out) + (ptrdiff_t)i * l->units;
        for (int r = 0; r < known; r++, dz += units)
            memcpy(dz, dy + (ptrdiff_t)(c->offset[t - shift] + r) * l->out.width, units * sizeof *dz);
        size_t rest = (size_t)(c->offset[t + 1] - first - known) * units;
        memset(dz, 0, rest * sizeof *dz);
        dz += rest;
    }
}

static void backward_tap(const layer *l, pass *p, int i, int k, int tap)
{
    const kernels *kernel = p->net->kernels;
    int positions = p->chunk->positions, in = l->in.width, units = l->units, weight = WEIGHTS * i + KERNEL;
    bool left = looks_up(l, p); /* to the owner of the products */
    real *dz = p->slot[left ? p->net->projections[tap].slot : l->slot[TAP]];
    gather_tap(l, p, i, shift_of(l, i, k), dz);
    if (left)
        return;
    kernel->product(in, units, positions, pass_value(p, l->in), 1, in, dz, units,
                    pass_weight_gradient(p, l, weight) + k * tap_size(l), units, true);
    kernel->product(positions, in, units, dz, units, 1, p->prepared + l->prepared[weight] + k * tap_size(l), in,
                    pass_gradient(p, l->in), in, true);
}

static void backward(const layer *l, pass *p)
{
    const kernels *kernel = p->net->kernels;
    int positions = p->chunk->positions;
    real *dy = pass_gradient(p, l->out);
    kernel->relu_backward((size_t)positions * (size_t)l->out.width, pass_value(p, l->out), dy);
    for (int i = 0; i < width_count(l); i++)
        kernel->sum_rows(positions, l->units, dy + (ptrdiff_t)i * l->units, l->out.width,
                         pass_weight_gradient(p, l, WEIGHTS * i + BIAS));
    for (int i = 0, tap = 0; i < width_count(l); i++)
        for (int k = 0; k < width_at(l, i); k++, tap++)
            backward_tap(l, p, i, k, tap);
}

const layer_class conv_layer = {
    .keyword = "conv", .usage = "conv UNITS WIDTH [WIDTH ...]",
    .stage = STAGE_ENCODER, .type = "Conv1D",
    .least_numbers = 2, .most_numbers = LAYER_NUMBERS, .lowest = 1, .highest = 4096,
    .build = build, .prepare = prepare, .forward = forward, .backward = backward,
};
