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

/* weights [P] = softmax of scores [P] over each row's positions. */
static void softmax(const kernels *k, const chunk *c, const real *scores, real *weights)
{
    for (int r = 0; r < c->rows; r++) {
        real highest = 0;
        for (int t = 0; t < c->length[r]; t++) {
            real score = scores[c->offset[t] + r];
            highest = t == 0 || score > highest ? score : highest;
        }
        for (int t = 0; t < c->length[r]; t++)
            weights[c->offset[t] + r] = scores[c->offset[t] + r] - highest;
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

/* d [P]: the gradient of the weights, replaced by that of the scores. */
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
    size_t width = (size_t)l->in.width;
    const real *h = pass_value(p, l->in);
    real *y = pass_value(p, l->out);
    memset(y, 0, (size_t)c->rows * width * sizeof *y);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            size_t i = (size_t)(c->offset[t] + r);
            p->net->kernels->axpy(width, weights[i], h + i * width, y + (size_t)r * width);
        }
}

/* Adds to the gradient of the features; writes that of the weights into dweights [P]. */
static void context_backward(const layer *l, pass *p, const real *weights, real *dweights)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->in.width;
    const real *h = pass_value(p, l->in), *dy = pass_gradient(p, l->out);
    real *dh = pass_gradient(p, l->in);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            size_t i = (size_t)(c->offset[t] + r);
            dweights[i] = p->net->kernels->dot(width, h + i * width, dy + (size_t)r * width);
            p->net->kernels->axpy(width, weights[i], dy + (size_t)r * width, dh + i * width);
        }
}

/* ---- the frame around a kind's scores */

void attention_forward(const layer *l, pass *p, attention_score *score)
{
    real *scores = p->slot[l->slot[ATTENTION_SCORES]], *weights = p->slot[l->slot[ATTENTION_WEIGHTS]];
    if (p->attention != NULL && l->slot[ATTENTION_WEIGHTS] == p->net->attention) {
        memcpy(weights, p->attention, (size_t)p->chunk->positions * sizeof *weights);
    } else {
        if (l->own_query)
            pooling_mean(p, l->in, l->state_in);
        score(l, p, scores);
        softmax(p->net->kernels, p->chunk, scores, weights);
    }
    context(l, p, weights);
}

void attention_backward(const layer *l, pass *p, attention_score_backward *score_backward)
{
    const real *weights = p->slot[l->slot[ATTENTION_WEIGHTS]];
    real *de = p->slot[l->slot[ATTENTION_D_SCORES]];
    context_backward(l, p, weights, de);
    softmax_backward(p->chunk, weights, de);
    score_backward(l, p, de);
    if (l->own_query)
        pooling_mean_backward(p, l->in, l->state_in);
}

/* ---- products of features and a row's vector */

void attention_products(const layer *l, pass *p, real scale, const real *s, real *scores)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->in.width;
    const real *h = pass_value(p, l->in);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            size_t i = (size_t)(c->offset[t] + r);
            scores[i] = scale * p->net->kernels->dot(width, h + i * width, s + (size_t)r * width);
        }
}

void attention_products_backward(const layer *l, pass *p, real scale, const real *s, const real *de, real *ds)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->in.width;
    const real *h = pass_value(p, l->in);
    real *dh = pass_gradient(p, l->in);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            size_t i = (size_t)(c->offset[t] + r);
            p->net->kernels->axpy(width, scale * de[i], s + (size_t)r * width, dh + i * width);
            p->net->kernels->axpy(width, scale * de[i], h + i * width, ds + (size_t)r * width);
        }
}
