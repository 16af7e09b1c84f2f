/* The poolings without attention, which are the baselines of those with it, and the joining of several.
 *
 *   h [P][D] features, y [R][D]; a row without tokens gets y = 0
 *
 *   forward    max      y[r] = max of h[p] over the row, feature by feature
 *              mean     y[r] = sum of h[p] over the row / length
 *              last     y[r] = the final state of the last encoder, both directions joined
 *              first    y[r] = the state of the token that a pretrained encoder reads before the text, such as [CLS]
 *              concat   y[r] = y1[r], y2[r], ... of several poolings side by side ("attention additive 10 + max")
 *   backward   max      dh[p] += dy[r] at the first p whose h is the max, feature by feature
 *              mean     dh[p] += dy[r] / length
 *              last     y is the state itself, so dy is its gradient; first the same
 *              concat   dy1[r] += its columns of dy[r], and so on */
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
    matrix h = pass_value(p, l->in), y = pass_value(p, l->out);
    memset(y.data, 0, matrix_count(y) * sizeof(real));
    for (int t = 0; t < c->steps; t++) {
        matrix step = chunk_step(c, h, t);
        if (t == 0)
            memcpy(y.data, step.data, matrix_count(step) * sizeof(real));
        else
            p->net->kernels->max(matrix_count(step), step.data, y.data);
    }
}

/* The first position that has the max takes dy, and leaves 0 there for the positions after it. */
static void max_backward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    matrix h = pass_value(p, l->in), y = pass_value(p, l->out);
    matrix dh = pass_gradient(p, l->in), dy = pass_gradient(p, l->out);
    for (int t = 0; t < c->steps; t++) {
        matrix step = chunk_step(c, h, t), dstep = chunk_step(c, dh, t);
        p->net->kernels->max_backward(matrix_count(step), step.data, y.data, dstep.data, dy.data);
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
    matrix h = pass_value(p, in), y = pass_value(p, out);
    memset(y.data, 0, matrix_count(y) * sizeof(real));
    for (int t = 0; t < c->steps; t++) {
        matrix step = chunk_step(c, h, t);
        p->net->kernels->add(matrix_count(step), step.data, y.data);
    }
    for (int r = 0; r < c->rows && c->length[r] > 0; r++)
        for (int i = 0; i < y.columns; i++)
            matrix_row(y, r)[i] /= (real)c->length[r];
}

void pooling_mean_backward(pass *p, tensor in, tensor out)
{
    const chunk *c = p->chunk;
    matrix dh = pass_gradient(p, in), dy = pass_gradient(p, out);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            p->net->kernels->axpy((size_t)dy.columns, 1 / (real)c->length[r], matrix_row(dy, r),
                                  matrix_row(dh, c->offset[t] + r));
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

/* ---- last, first: the output is a state itself, so there is nothing to compute */

static void take_state(builder *b, layer *l, const char *name, tensor state)
{
    strcpy(l->name, name);
    l->in = b->sequence;
    l->state_in = l->out = b->row = state;
}

static void last_build(builder *b, layer *l)
{
    if (b->state.width == 0)
        builder_refuse(b, "architecture: 'last' needs a final state; put a recurrent layer such as 'bilstm 32' before "
                          "it, or take 'mean' or 'max'");
    take_state(b, l, "last", b->state);
}

static void first_build(builder *b, layer *l)
{
    if (b->first.width == 0 || b->encoders > 0)
        builder_refuse(b, "architecture: 'first' needs a pretrained encoder directly before it, as in 'encoder trained "
                          "| first'; or take 'mean' or 'max'");
    take_state(b, l, "first", b->first);
}

static void state_pass(const layer *l, pass *p)
{
    (void)l;
    (void)p;
}

const layer_class last_layer = {
    .keyword = "last",
    .stage = STAGE_POOLING,
    .type = "Identity",
    .build = last_build,
    .forward = state_pass,
    .backward = state_pass,
};

const layer_class first_layer = {
    .keyword = "first",
    .stage = STAGE_POOLING,
    .type = "Identity",
    .build = first_build,
    .forward = state_pass,
    .backward = state_pass,
};

bool pooling_takes_state(const layer *l)
{
    return l->class == &last_layer || l->class == &first_layer;
}

/* ---- concat: after poolings that the architecture joins with '+' */

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

/* The columns of `whole` that are part i's. They begin at *column, which moves on to the next part. */
static matrix part_of(const pass *p, int i, matrix whole, int *column)
{
    int width = p->net->layers[i].out.width;
    *column += width;
    return matrix_columns(whole, *column - width, width);
}

static void concat_forward(const layer *l, pass *p)
{
    for (int i = l->number - l->units, column = 0; i < l->number; i++) {
        matrix from = pass_value(p, p->net->layers[i].out), to = part_of(p, i, pass_value(p, l->out), &column);
        for (int r = 0; r < to.rows; r++)
            memcpy(matrix_row(to, r), matrix_row(from, r), (size_t)to.columns * sizeof(real));
    }
}

static void concat_backward(const layer *l, pass *p)
{
    for (int i = l->number - l->units, column = 0; i < l->number; i++) {
        matrix to = pass_gradient(p, p->net->layers[i].out), from = part_of(p, i, pass_gradient(p, l->out), &column);
        for (int r = 0; r < to.rows; r++)
            p->net->kernels->add((size_t)to.columns, matrix_row(from, r), matrix_row(to, r));
    }
}

const layer_class concat_layer = {
    .stage = STAGE_POOLING,
    .type = "Concatenate",
    .build = concat_build,
    .forward = concat_forward,
    .backward = concat_backward,
};
