/* Content-based attention (Graves et al. 2014): the cosine of the angle between features and query; no weights of its
 * own.
 *
 *   e[p] = h[p] . s / (|h[p]| |s|)        h [P][D] features, s [R][D] query; norms count as 1e-8 at least */
#include <math.h>

#include "network/attention.h"
#include "network/layers.h"

enum { NORMS = ATTENTION_SLOTS, QUERY_NORMS }; /* [P], [R] */

static const real least_norm = (real)1e-8;

static void build(builder *b, layer *l)
{
    attention_begin_alike(b, l);
    l->slot[NORMS] = builder_slot(b, (slot_spec){.width = 1});
    l->slot[QUERY_NORMS] = builder_slot(b, (slot_spec){.width = 1, .per_row = true});
}

static void take_norms(const kernels *k, int count, int width, const real *x, real *norms)
{
    for (int i = 0; i < count; i++, x += width) {
        real norm = (real)sqrt((double)k->dot((size_t)width, x, x));
        norms[i] = norm < least_norm ? least_norm : norm; /* NaN stays NaN */
    }
}

static void score(const layer *l, pass *p, real *scores)
{
    const chunk *c = p->chunk;
    real *norms = p->slot[l->slot[NORMS]], *query_norms = p->slot[l->slot[QUERY_NORMS]];
    take_norms(p->net->kernels, c->positions, l->in.width, pass_value(p, l->in), norms);
    take_norms(p->net->kernels, c->rows, l->in.width, pass_value(p, l->state_in), query_norms);
    attention_products(l, p, 1, pass_value(p, l->state_in), scores);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            scores[c->offset[t] + r] /= norms[c->offset[t] + r] * query_norms[r];
}

/* What the score e of features x changes by their norm: dx -= de e / |x|^2 x, where the norm is not at its least. */
static void norm_backward(const kernels *k, int width, real share, real norm, const real *x, real *dx)
{
    if (norm > least_norm)
        k->axpy((size_t)width, -share / (norm * norm), x, dx);
}

static void score_backward(const layer *l, pass *p, const real *de)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    int width = l->in.width;
    const real *norms = p->slot[l->slot[NORMS]], *query_norms = p->slot[l->slot[QUERY_NORMS]];
    const real *scores = p->slot[l->slot[ATTENTION_SCORES]], *h = pass_value(p, l->in), *s = pass_value(p, l->state_in);
    real *dh = pass_gradient(p, l->in), *ds = pass_gradient(p, l->state_in);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            ptrdiff_t i = c->offset[t] + r, at = i * width, row = (ptrdiff_t)r * width;
            real share = de[i] / (norms[i] * query_norms[r]), turn = de[i] * scores[i];
            k->axpy((size_t)width, share, s + row, dh + at);
            k->axpy((size_t)width, share, h + at, ds + row);
            norm_backward(k, width, turn, norms[i], h + at, dh + at);
            norm_backward(k, width, turn, query_norms[r], s + row, ds + row);
        }
}

static void forward(const layer *l, pass *p)
{
    attention_forward(l, p, score);
}

static void backward(const layer *l, pass *p)
{
    attention_backward(l, p, score_backward);
}

const layer_class cosine_layer = {
    .keyword = "attention cosine",
    .stage = STAGE_POOLING,
    .type = "Attention",
    .build = build,
    .forward = forward,
    .backward = backward,
};
