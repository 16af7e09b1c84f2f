/* Convolution over time, several widths side by side (Kim 2014), as Keras's Conv1D with "same" padding and ReLU:
 *
 *   y[t] = relu(b + sum over k of x[t + k - (width - 1) / 2] W[k])      W [width][D][U], b [U]; y [P][U a width]
 *
 * Outside its row x is 0; of an even width the longer arm reaches ahead. A tap is one product x W[k] over all the
 * positions, whose rows are then added `shift` steps before; directly behind the embedding it is one over the distinct
 * tokens of a batch (token_products.h), in the same order of sums. */
#include <stdio.h>
#include <string.h>

#include "network/builder.h"
#include "network/layers.h"
#include "network/pass.h"
#include "network/token_table.h"

enum { KERNEL, BIAS, WEIGHTS }; /* of a width */
enum { TAP };                   /* slot [P][U]: x W[k], and the gradient behind it, of one tap after the other */

static int width_count(const layer *l)
{
    return l->spec.number_count - 1;
}

static int width_at(const layer *l, int i)
{
    return (int)l->spec.numbers[1 + i];
}

static void build_width(builder *b, layer *l, int i)
{
    int width = width_at(l, i);
    char part[48], prefix[32] = "";
    for (int j = 0; j < i; j++)
        if (width_at(l, j) == width)
            builder_refuse(b, "architecture: 'conv' has the width %d twice, expected different ones", width);
    if (width_count(l) > 1)
        snprintf(prefix, sizeof prefix, "width_%d.", width);
    snprintf(part, sizeof part, "%skernel", prefix);
    builder_parameter(b, (parameter_spec){.part = part,
                                          .rows = width * l->in.width,
                                          .columns = l->units,
                                          .taps = width,
                                          .start = INITIAL_GLOROT,
                                          .transposed = true});
    snprintf(part, sizeof part, "%sbias", prefix);
    builder_bias(b, part, l->units);
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
static void add_projections(builder *b, const layer *l)
{
    for (int i = 0; i < width_count(l); i++)
        for (int k = 0; k < width_at(l, i); k++) {
            int slot = builder_slot(b, (slot_spec){.width = 0}); /* lent, or not there */
            builder_projection(b, WEIGHTS * i + KERNEL, k, -1, slot, false);
        }
}

/* ---- building */

static void build(builder *b, layer *l)
{
    l->units = (int)l->spec.numbers[0];
    l->in = b->sequence;
    snprintf(l->name, sizeof l->name, "conv1d_%d", b->encoders);
    l->out = b->sequence = builder_sequence(b, l->units * width_count(l));
    for (int i = 0; i < width_count(l); i++)
        build_width(b, l, i);
    l->slot[TAP] = builder_slot(b, (slot_spec){.width = l->units});
    if (projects(l))
        add_projections(b, l);
    b->state = (tensor){0};
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
    kernel->product(positions, in, units, dz, units, 1, pass_transposed(p, l, weight) + k * tap_size(l), in,
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
    .keyword = "conv",
    .usage = "UNITS WIDTH [WIDTH ...]",
    .stage = STAGE_ENCODER,
    .type = "Conv1D",
    SIZES(2, LAYER_NUMBERS),
    .build = build,
    .forward = forward,
    .backward = backward,
};
