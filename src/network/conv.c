/* Convolution over time, several widths side by side (Kim 2014, section 2), as Keras's Conv1D with "same" padding and
 * ReLU.
 *
 *   x [P][D]; of each width W [width][D][U], b [U], y [P][U]; shift = k - floor((width - 1) / 2)
 *
 *   forward    xw[k] = x W[k]        z[t] = b + sum over taps k of xw[k][t + shift]        y = relu(z)
 *   backward   dz = dy if y > 0, else 0        db += sum of dz over all positions
 *              dxw[k][t] = dz[t - shift]        dW[k] += x' dxw[k]        dx += dxw[k] W[k]'
 *
 * Outside of its row everything is 0; with an even width the longer arm reaches ahead. x W[k] is computed for all
 * positions at once and its rows are then added where they belong. Directly after the embedding it is computed for the
 * distinct tokens of a batch (token_projections.h), with the same order of sums. */
#include <stdio.h>
#include <string.h>

#include "network/builder.h"
#include "network/layers.h"
#include "network/pass.h"
#include "network/projection_table.h"

enum { KERNEL, BIAS, WEIGHTS }; /* of a width */
enum { TAP };                   /* slot [P][U]: xw[k], or dxw[k], of the tap at work */

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

/* Tap k [D][U] of a width's W [width][D][U]. */
static matrix tap_of(const layer *l, matrix w, int k)
{
    return matrix_rows(w, k * l->in.width, l->in.width);
}

/* The columns of width i. */
static matrix width_of(const layer *l, matrix y, int i)
{
    return matrix_columns(y, i * l->units, l->units);
}

/* ---- the projections of a batch's tokens */

static int tap_count(const layer *l)
{
    int count = 0;
    for (int i = 0; i < width_count(l); i++)
        count += width_at(l, i);
    return count;
}

/* Whether a batch's tokens are projected once: the layer follows the embedding, and has few enough taps. */
static bool projects(const layer *l)
{
    return layer_follows_embedding(l) && tap_count(l) <= MAX_PROJECTIONS;
}

/* Whether the pass has these projections. */
static bool looks_up(const layer *l, const pass *p)
{
    return p->place != NULL && projects(l);
}

/* Taps are numbered through all widths. */
static void add_projections(builder *b, const layer *l)
{
    for (int i = 0; i < width_count(l); i++)
        for (int k = 0; k < width_at(l, i); k++) {
            int slot = builder_slot(b, (slot_spec){.width = 0}); /* memory of the projections' owner */
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

/* How many rows of step t have a token at step t + shift. */
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

/* xw[k]: position p is at row place[p], or at row p if place is NULL. */
static matrix tap_projection(const layer *l, pass *p, int i, int k, int tap, const int **place)
{
    matrix out = pass_slot(p, l, TAP);
    *place = NULL;
    if (!looks_up(l, p)) {
        matmul(p->net->kernels, out, pass_value(p, l->in), tap_of(l, pass_weight(p, l, WEIGHTS * i + KERNEL), k));
        return out;
    }
    if (p->table != NULL) {
        projection_table_gather(p->table, tap, p->place, out.rows, out.data);
        return out;
    }
    *place = p->place;
    return matrix_of(p->projected[tap], out.rows, out.columns);
}

static void forward_tap(const layer *l, pass *p, int i, int k, int tap)
{
    const chunk *c = p->chunk;
    const kernels *kernel = p->net->kernels;
    const int *place;
    int shift = shift_of(l, i, k);
    matrix xw = tap_projection(l, p, i, k, tap, &place), y = width_of(l, pass_value(p, l->out), i);
    for (int t = 0; t < c->steps; t++) {
        int known = known_rows(c, t, shift), from = known > 0 ? c->offset[t + shift] : 0;
        real *to = matrix_row(y, c->offset[t]);
        for (int r = 0; r < known; r++, to += y.row)
            kernel->add((size_t)y.columns, matrix_row(xw, place == NULL ? from + r : place[from + r]), to);
    }
}

static void forward(const layer *l, pass *p)
{
    matrix y = pass_value(p, l->out);
    for (int i = 0; i < width_count(l); i++) {
        matrix bias = pass_weight(p, l, WEIGHTS * i + BIAS), of_width = width_of(l, y, i);
        for (int j = 0; j < y.rows; j++)
            memcpy(matrix_row(of_width, j), bias.data, (size_t)l->units * sizeof(real));
    }
    for (int i = 0, tap = 0; i < width_count(l); i++)
        for (int k = 0; k < width_at(l, i) && !pass_stopped(p); k++, tap++)
            forward_tap(l, p, i, k, tap);
    p->net->kernels->relu(matrix_count(y), y.data);
}

/* ---- backward */

/* dxw[t] = dz[t - shift], or 0 */
static void gather_tap(const chunk *c, matrix dz, int shift, matrix dxw)
{
    size_t size = (size_t)dxw.columns * sizeof(real);
    real *to = dxw.data;
    for (int t = 0; t < c->steps; t++) {
        int known = known_rows(c, t, -shift), rest = c->active[t] - known;
        const real *from = known > 0 ? matrix_row(dz, c->offset[t - shift]) : dz.data;
        for (int r = 0; r < known; r++, from += dz.row, to += dxw.row)
            memcpy(to, from, size);
        memset(to, 0, (size_t)rest * size);
        to += rest * dxw.row;
    }
}

static void backward_tap(const layer *l, pass *p, int i, int k, int tap)
{
    const kernels *kernel = p->net->kernels;
    int weight = WEIGHTS * i + KERNEL;
    matrix dxw = pass_slot(p, l, TAP), x = pass_value(p, l->in);
    if (looks_up(l, p)) /* dxw is left to the owner of the projections */
        dxw.data = p->slot[p->net->projections[tap].slot];
    gather_tap(p->chunk, width_of(l, pass_gradient(p, l->out), i), shift_of(l, i, k), dxw);
    if (looks_up(l, p))
        return;
    matmul_add(kernel, tap_of(l, pass_weight_gradient(p, l, weight), k), transposed(x), dxw);
    matmul_add(kernel, pass_gradient(p, l->in), dxw, pass_transposed_tap(p, l, weight, k));
}

static void backward(const layer *l, pass *p)
{
    const kernels *kernel = p->net->kernels;
    matrix y = pass_value(p, l->out), dz = pass_gradient(p, l->out); /* dz takes the place of dy */
    kernel->relu_backward(matrix_count(y), y.data, dz.data);
    for (int i = 0; i < width_count(l); i++)
        sum_rows(kernel, width_of(l, dz, i), pass_weight_gradient(p, l, WEIGHTS * i + BIAS).data);
    for (int i = 0, tap = 0; i < width_count(l); i++)
        for (int k = 0; k < width_at(l, i) && !pass_stopped(p); k++, tap++)
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
