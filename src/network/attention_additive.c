/* Additive attention (Bahdanau et al. 2015), the tutorial's: where should the network look, given its final state?
 *
 *   e[p] = v . tanh(h[p] W1 + b1 + s W2 + b2) + b     h [P][D] features, s [R][S] query; W1 [D][A], W2 [S][A], v [A] */
#include <string.h>

#include "network/attention.h"
#include "network/layers.h"

enum { FEATURES_KERNEL, FEATURES_BIAS, QUERY_KERNEL, QUERY_BIAS, SCORE_KERNEL, SCORE_BIAS };
enum { KEYS = ATTENTION_SLOTS, QUERY, D_KEYS, D_QUERY };

static void build(builder *b, layer *l)
{
    int units = l->units = (int)l->spec.numbers[0];
    attention_begin(b, l);
    builder_kernel(b, "features_kernel", l->in.width, units);
    builder_bias(b, "features_bias", units);
    builder_kernel(b, "query_kernel", l->state_in.width, units);
    builder_bias(b, "query_bias", units);
    builder_kernel(b, "score_kernel", units, 1);
    builder_bias(b, "score_bias", 1);
    l->slot[KEYS] = builder_slot(b, (slot_spec){.width = units});
    l->slot[QUERY] = builder_slot(b, (slot_spec){.width = units, .per_row = true});
    l->slot[D_KEYS] = builder_slot(b, (slot_spec){.width = units, .gradient = true});
    l->slot[D_QUERY] = builder_slot(b, (slot_spec){.width = units, .per_row = true, .gradient = true});
}

static void score(const layer *l, pass *p, real *scores)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    int units = l->units;
    real *keys = p->slot[l->slot[KEYS]], *query = p->slot[l->slot[QUERY]];
    const real *b1 = pass_weight(p, l, FEATURES_BIAS), *b2 = pass_weight(p, l, QUERY_BIAS);
    const real *v = pass_weight(p, l, SCORE_KERNEL), b = *pass_weight(p, l, SCORE_BIAS);

    for (int r = 0; r < c->rows; r++)
        for (int a = 0; a < units; a++)
            query[r * units + a] = b1[a] + b2[a];
    k->product(c->rows, units, l->state_in.width, pass_value(p, l->state_in), l->state_in.width, 1,
               pass_weight(p, l, QUERY_KERNEL), units, query, units, true);
    for (int t = 0; t < c->steps; t++) /* rows of a step lie in the order of the queries */
        memcpy(keys + (ptrdiff_t)c->offset[t] * units, query, (size_t)c->active[t] * (size_t)units * sizeof *keys);
    k->product(c->positions, units, l->in.width, pass_value(p, l->in), l->in.width, 1,
               pass_weight(p, l, FEATURES_KERNEL), units, keys, units, true);
    k->tanh((size_t)c->positions * (size_t)units, keys, keys);
    for (int i = 0; i < c->positions; i++)
        scores[i] = b;
    k->product(c->positions, 1, units, keys, units, 1, v, 1, scores, 1, true);
}

static void score_backward(const layer *l, pass *p, const real *de)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    int units = l->units, width = l->in.width, query_width = l->state_in.width;
    const real *keys = p->slot[l->slot[KEYS]], *v = pass_weight(p, l, SCORE_KERNEL);
    real *dkeys = p->slot[l->slot[D_KEYS]], *dquery = p->slot[l->slot[D_QUERY]];
    real *dv = pass_weight_gradient(p, l, SCORE_KERNEL), *db = pass_weight_gradient(p, l, SCORE_BIAS);

    for (int i = 0; i < c->positions; i++) {
        const real *key = keys + (ptrdiff_t)i * units;
        real *dkey = dkeys + (ptrdiff_t)i * units;
        *db += de[i];
        for (int a = 0; a < units; a++)
            dkey[a] = de[i] * v[a] * (1 - key[a] * key[a]); /* of the preactivation */
    }
    k->product(1, units, c->positions, de, c->positions, 1, keys, units, dv, units, true);
    for (int t = 0; t < c->steps; t++) /* rows of a step lie in the order of the queries */
        k->add((size_t)c->active[t] * (size_t)units, dkeys + (ptrdiff_t)c->offset[t] * units, dquery);
    k->product(width, units, c->positions, pass_value(p, l->in), 1, width, dkeys, units,
               pass_weight_gradient(p, l, FEATURES_KERNEL), units, true);
    k->product(query_width, units, c->rows, pass_value(p, l->state_in), 1, query_width, dquery, units,
               pass_weight_gradient(p, l, QUERY_KERNEL), units, true);
    k->sum_rows(c->positions, units, dkeys, units, pass_weight_gradient(p, l, FEATURES_BIAS));
    k->sum_rows(c->rows, units, dquery, units, pass_weight_gradient(p, l, QUERY_BIAS));
    k->product(c->positions, width, units, dkeys, units, 1, pass_transposed(p, l, FEATURES_KERNEL), width,
               pass_gradient(p, l->in), width, true);
    k->product(c->rows, query_width, units, dquery, units, 1, pass_transposed(p, l, QUERY_KERNEL), query_width,
               pass_gradient(p, l->state_in), query_width, true);
}

static void forward(const layer *l, pass *p)
{
    attention_forward(l, p, score);
}

static void backward(const layer *l, pass *p)
{
    attention_backward(l, p, score_backward);
}

const layer_class additive_layer = {
    .keyword = "attention additive",
    .usage = "UNITS",
    .stage = STAGE_POOLING,
    .type = "Attention",
    SIZES(1, 1),
    .usual = 10,
    .build = build,
    .forward = forward,
    .backward = backward,
};
