/* The poolings without attention, yardsticks for those with it, and their joining.
 *
 *   max      y[r] = the largest of each feature over a row's positions      h [P][D], y [R][D]
 *   mean     y[r] = their mean
 *   last     y[r] = the final state of the last encoder, both directions joined
 *   concat   y[r] = the rows of several poolings side by side ("attention additive 10 + max")
 *
 * A row without tokens gets 0. */
#include <string.h>

#include "network/layers.h"
#include "network/pooling.h"

void pooling_begin(builder *b, layer *l, const char *name)
{
    builder_name(b, name);
    l->in = b->sequence;
    l->out = b->row = builder_row(b, l->in.width);
}

/* ---- max (GlobalMaxPooling1D) */

static void max_build(builder *b, layer *l)
{
    pooling_begin(b, l, "max");
}

static void max_forward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    int width = l->in.width;
    const real *h = pass_value(p, l->in);
    real *y = pass_value(p, l->out);
    memset(y, 0, (size_t)c->rows * (size_t)width * sizeof *y);
    if (c->steps > 0)
        memcpy(y, h, (size_t)c->active[0] * (size_t)width * sizeof *y);
    for (int t = 1; t < c->steps; t++)
        p->net->kernels->largest((size_t)c->active[t] * (size_t)width, h + (ptrdiff_t)c->offset[t] * width, y);
}

/* The first position that holds the maximum takes the gradient, and leaves none in y's for those behind it. */
static void max_backward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    int width = l->in.width;
    const real *h = pass_value(p, l->in), *y = pass_value(p, l->out);
    real *dh = pass_gradient(p, l->in), *dy = pass_gradient(p, l->out);
    for (int t = 0; t < c->steps; t++) {
        ptrdiff_t at = (ptrdiff_t)c->offset[t] * width;
        p->net->kernels->largest_backward((size_t)c->active[t] * (size_t)width, h + at, y, dh + at, dy);
    }
}

const layer_class max_layer = {
    .keyword = "max",
    .stage = STAGE_POOLING,
    .type = "GlobalMaxPooling1D",
    .build = max_build,
    .forward = max_forward,
    .backward = max_backward,
};

/* ---- mean (GlobalAveragePooling1D) */

void pooling_mean(pass *p, tensor in, tensor out)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)in.width;
    const real *h = pass_value(p, in);
    real *y = pass_value(p, out);
    memset(y, 0, (size_t)c->rows * width * sizeof *y);
    for (int t = 0; t < c->steps; t++)
        p->net->kernels->add((size_t)c->active[t] * width, h + (size_t)c->offset[t] * width, y);
    for (int r = 0; r < c->rows && c->length[r] > 0; r++)
        for (size_t i = 0; i < width; i++)
            y[(size_t)r * width + i] /= (real)c->length[r];
}

void pooling_mean_backward(pass *p, tensor in, tensor out)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)in.width;
    const real *dy = pass_gradient(p, out);
    real *dh = pass_gradient(p, in);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            p->net->kernels->axpy(width, 1 / (real)c->length[r], dy + (size_t)r * width,
                                  dh + (size_t)(c->offset[t] + r) * width);
}

static void mean_build(builder *b, layer *l)
{
    pooling_begin(b, l, "mean");
}

static void mean_forward(const layer *l, pass *p)
{
    pooling_mean(p, l->in, l->out);
}

static void mean_backward(const layer *l, pass *p)
{
    pooling_mean_backward(p, l->in, l->out);
}

const layer_class mean_layer = {
    .keyword = "mean",
    .stage = STAGE_POOLING,
    .type = "GlobalAveragePooling1D",
    .build = mean_build,
    .forward = mean_forward,
    .backward = mean_backward,
};

/* ---- last: the output is the encoder's final state itself, so there is nothing to compute */

static void last_build(builder *b, layer *l)
{
    if (b->state.width == 0)
        builder_refuse(b, "architecture: 'last' needs a final state; put a recurrent layer such as 'bilstm 32' before "
                          "it, or take 'mean' or 'max'");
    strcpy(l->name, "last");
    l->in = b->sequence;
    l->state_in = l->out = b->row = b->state;
}

static void last_pass(const layer *l, pass *p)
{
    (void)l;
    (void)p;
}

const layer_class last_layer = {
    .keyword = "last",
    .stage = STAGE_POOLING,
    .type = "Identity",
    .build = last_build,
    .forward = last_pass,
    .backward = last_pass,
};

/* ---- concat: stands behind poolings that the architecture joins with '+' */

static void concat_build(builder *b, layer *l)
{
    const layer *layers = b->net->layers;
    int width = 0;
    for (int i = l->number - 1; i >= 0 && layers[i].class->stage == STAGE_POOLING; i--) {
        width += layers[i].out.width;
        l->units++;
    }
    builder_name(b, "concatenate");
    l->out = b->row = builder_row(b, width);
}

static void concat_forward(const layer *l, pass *p)
{
    real *y = pass_value(p, l->out);
    for (int i = l->number - l->units; i < l->number; i++) {
        tensor part = p->net->layers[i].out;
        for (int r = 0; r < p->chunk->rows; r++)
            memcpy(y + (ptrdiff_t)r * l->out.width, pass_value(p, part) + (ptrdiff_t)r * part.width,
                   (size_t)part.width * sizeof *y);
        y += part.width;
    }
}

static void concat_backward(const layer *l, pass *p)
{
    const real *dy = pass_gradient(p, l->out);
    for (int i = l->number - l->units; i < l->number; i++) {
        tensor part = p->net->layers[i].out;
        for (int r = 0; r < p->chunk->rows; r++)
            p->net->kernels->add((size_t)part.width, dy + (ptrdiff_t)r * l->out.width,
                                 pass_gradient(p, part) + (ptrdiff_t)r * part.width);
        dy += part.width;
    }
}

const layer_class concat_layer = {
    .stage = STAGE_POOLING,
    .type = "Concatenate",
    .build = concat_build,
    .forward = concat_forward,
    .backward = concat_backward,
};
