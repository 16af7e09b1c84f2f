/* Content-based attention (Graves et al. 2014, section 3.3.1): the cosine of the angle between features and query; it
 * has no weights.
 *
 *   h [P][D] features, s [R][D] query of p's row, e [P][1]; a norm |x| below 1e-8 is taken as the constant 1e-8
 *
 *   forward    e[p] = h[p] . s / (|h[p]| |s|)        a, y: attention.c
 *   backward   from attention.c's de:
 *              dh[p] += de[p] (s / (|h[p]| |s|) - e[p] h[p] / |h[p]|^2)
 *              ds    += sum of de[p] (h[p] / (|h[p]| |s|) - e[p] s / |s|^2) over the row
 *              (a norm that is the constant has no second term) */
#include <math.h>

#include "network/attention.h"
#include "network/layers.h"

enum { NORMS = ATTENTION_SLOTS, QUERY_NORMS }; /* [P][1], [R][1] */

static const real min_norm = (real)1e-8;

static void build(builder *b, layer *l)
{
    attention_begin_alike(b, l);
    l->slot[NORMS] = builder_slot(b, (slot_spec){.width = 1});
    l->slot[QUERY_NORMS] = builder_slot(b, (slot_spec){.width = 1, .per_row = true});
}

static void take_norms(const kernels *k, matrix x, real *norms)
{
    for (int i = 0; i < x.rows; i++) {
        real norm = (real)sqrt((double)k->dot((size_t)x.columns, matrix_row(x, i), matrix_row(x, i)));
        norms[i] = norm < min_norm ? min_norm : norm; /* NaN stays NaN */
    }
}

static void score(const layer *l, pass *p, matrix scores)
{
    const chunk *c = p->chunk;
    real *norms = pass_slot(p, l, NORMS).data, *query_norms = pass_slot(p, l, QUERY_NORMS).data;
    take_norms(p->net->kernels, pass_value(p, l->in), norms);
    take_norms(p->net->kernels, pass_value(p, l->state_in), query_norms);
    attention_dot_scores(l, p, 1, pass_value(p, l->state_in), scores);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            scores.data[c->offset[t] + r] /= norms[c->offset[t] + r] * query_norms[r];
}

/* The second term: dx -= de e x / |x|^2, unless the norm is the constant. */
static void norm_backward(const kernels *k, size_t width, real de_e, real norm, const real *x, real *dx)
{
    if (norm > min_norm)
        k->axpy(width, -de_e / (norm * norm), x, dx);
}

static void score_backward(const layer *l, pass *p, matrix de)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    matrix h = pass_value(p, l->in), s = pass_value(p, l->state_in), scores = pass_slot(p, l, ATTENTION_SCORES);
    matrix dh = pass_gradient(p, l->in), ds = pass_gradient(p, l->state_in);
    const real *norms = pass_slot(p, l, NORMS).data, *query_norms = pass_slot(p, l, QUERY_NORMS).data;
    size_t width = (size_t)h.columns;
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            int i = c->offset[t] + r;
            real share = de.data[i] / (norms[i] * query_norms[r]), de_e = de.data[i] * scores.data[i];
            k->axpy(width, share, matrix_row(s, r), matrix_row(dh, i));
            k->axpy(width, share, matrix_row(h, i), matrix_row(ds, r));
            norm_backward(k, width, de_e, norms[i], matrix_row(h, i), matrix_row(dh, i));
            norm_backward(k, width, de_e, query_norms[r], matrix_row(s, r), matrix_row(ds, r));
        }
}

const layer_class cosine_layer = {
    .keyword = "attention cosine",
    ATTENTION,
    .build = build,
    .score = score,
    .score_backward = score_backward,
};
