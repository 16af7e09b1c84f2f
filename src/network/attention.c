/* What every attention shares: the query, the softmax over a row's positions and the weighted sum. A kind of attention
 * (attention_additive.c and others) adds the scores.
 *
 *   h [P][D] features, s [R][S] query; e [P][1] scores, a [P][1] weights, y [R][D] result
 *
 *   forward    e[p] = the kind's score of h[p] and its row's s
 *              a[p] = exp(e[p]) / sum of exp(e) over the row        y[r] = sum of a[p] h[p] over the row
 *   backward   da[p] = dy[r] . h[p]        dh[p] += a[p] dy[r]        de = a * (da - sum of a * da over the row)
 *              and from de the kind's gradients of h, s and its weights
 *
 * The query is the final state of the last encoder, both directions joined. If there is no encoder, or if it has no
 * final state, the query is the mean of the features. A row without tokens gets y = 0. */
#include "network/attention.h"

#include <string.h>

#include "network/pooling.h"

/* ---- building */

void attention_begin(builder *b, layer *l)
{
    pooling_begin(b, l, "attention");
    l->state_in = b->state;
    l->own_query = b->state.width == 0;
    if (l->own_query)
        l->state_in = builder_row(b, l->in.width);
    for (int i = 0; i < ATTENTION_SLOTS; i++)
        l->slot[i] = builder_slot(b, (slot_spec){.width = 1, .gradient = i == ATTENTION_D_SCORES});
    if (b->net->attention < 0)
        b->net->attention = l->slot[ATTENTION_WEIGHTS];
}

void attention_begin_alike(builder *b, layer *l)
{
    if (b->state.width != 0 && b->state.width != b->sequence.width)
        builder_refuse(b,
                       "architecture: '%s' multiplies features by the query: found widths %d and %d, expected equal "
                       "ones; take 'attention general' or 'attention additive 10'",
                       l->class->keyword, b->sequence.width, b->state.width);
    attention_begin(b, l);
}

/* ---- softmax and weighted sum */

/* a = softmax of e. The max of a row is subtracted first, so that exp does not overflow. */
static void softmax(const kernels *k, const chunk *c, const real *scores, real *weights)
{
    for (int r = 0; r < c->rows; r++) {
        real max = 0;
        for (int t = 0; t < c->length[r]; t++) {
            real score = scores[c->offset[t] + r];
            max = t == 0 || score > max ? score : max;
        }
        for (int t = 0; t < c->length[r]; t++)
            weights[c->offset[t] + r] = scores[c->offset[t] + r] - max;
    }
    k->exp((size_t)c->positions, weights, weights);
    for (int r = 0; r < c->rows; r++) {
        real sum = 0;
        for (int t = 0; t < c->length[r]; t++)
            sum += weights[c->offset[t] + r];
        for (int t = 0; t < c->length[r]; t++)
            weights[c->offset[t] + r] /= sum;
    }
}

/* d: da, replaced by de */
static void softmax_backward(const chunk *c, const real *weights, real *d)
{
    for (int r = 0; r < c->rows; r++) {
        real mean = 0;
        for (int t = 0; t < c->length[r]; t++)
            mean += weights[c->offset[t] + r] * d[c->offset[t] + r];
        for (int t = 0; t < c->length[r]; t++) {
            int i = c->offset[t] + r;
            d[i] = weights[i] * (d[i] - mean);
        }
    }
}

static void context(const layer *l, pass *p, const real *weights)
{
    const chunk *c = p->chunk;
    matrix h = pass_value(p, l->in), y = pass_value(p, l->out);
    size_t width = (size_t)h.columns;
    memset(y.data, 0, matrix_count(y) * sizeof(real));
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            int i = c->offset[t] + r;
            p->net->kernels->axpy(width, weights[i], matrix_row(h, i), matrix_row(y, r));
        }
}

/* Adds to dh and writes da. */
static void context_backward(const layer *l, pass *p, const real *weights, real *dweights)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    matrix h = pass_value(p, l->in), dh = pass_gradient(p, l->in), dy = pass_gradient(p, l->out);
    size_t width = (size_t)h.columns;
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            int i = c->offset[t] + r;
            dweights[i] = k->dot(width, matrix_row(h, i), matrix_row(dy, r));
            k->axpy(width, weights[i], matrix_row(dy, r), matrix_row(dh, i));
        }
}

/* ---- forward and backward, around a kind's scores */

void attention_forward(const layer *l, pass *p)
{
    matrix scores = pass_slot(p, l, ATTENTION_SCORES), weights = pass_slot(p, l, ATTENTION_WEIGHTS);
    if (p->attention != NULL && l->slot[ATTENTION_WEIGHTS] == p->net->attention) {
        memcpy(weights.data, p->attention, matrix_count(weights) * sizeof(real));
    } else {
        if (l->own_query)
            pooling_mean(p, l->in, l->state_in);
        l->class->score(l, p, scores);
        softmax(p->net->kernels, p->chunk, scores.data, weights.data);
    }
    context(l, p, weights.data);
}

void attention_backward(const layer *l, pass *p)
{
    matrix weights = pass_slot(p, l, ATTENTION_WEIGHTS), de = pass_slot(p, l, ATTENTION_D_SCORES);
    context_backward(l, p, weights.data, de.data);
    softmax_backward(p->chunk, weights.data, de.data);
    l->class->score_backward(l, p, de);
    if (l->own_query)
        pooling_mean_backward(p, l->in, l->state_in);
}

/* ---- scores that are dot products of features and a vector of the row */

void attention_dot_scores(const layer *l, pass *p, real scale, matrix s, matrix e)
{
    const chunk *c = p->chunk;
    matrix h = pass_value(p, l->in);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            int i = c->offset[t] + r;
            e.data[i] = scale * p->net->kernels->dot((size_t)h.columns, matrix_row(h, i), matrix_row(s, r));
        }
}

void attention_dot_scores_backward(const layer *l, pass *p, real scale, matrix s, matrix de, matrix ds)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    matrix h = pass_value(p, l->in), dh = pass_gradient(p, l->in);
    size_t width = (size_t)h.columns;
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            int i = c->offset[t] + r;
            k->axpy(width, scale * de.data[i], matrix_row(s, r), matrix_row(dh, i));
            k->axpy(width, scale * de.data[i], matrix_row(h, i), matrix_row(ds, r));
        }
}
