/* Additive attention (Bahdanau et al. 2015, appendix A.1.2), as in the tutorial: where should the network look, given
 * its final state?
 *
 *   h [P][D] features, s [R][S] query of p's row; W1 [D][A], b1 [A], W2 [S][A], b2 [A], v [A][1], b [1]
 *   k [P][A] keys, e [P][1] scores, a [P][1] weights, y [R][D] result
 *
 *   forward    q = b1 + b2 + s W2                           k[p] = tanh(h[p] W1 + q)        e[p] = k[p] v + b
 *              a = softmax of e over the row                y = sum of a[p] h[p] over the row
 *   backward   da[p] = dy . h[p]                            de = a * (da - sum of a * da over the row)
 *              db += sum of de     dz[p] = de[p] v' * (1 - k[p]^2)        dq = sum of dz over the row
 *              dv += k' de         dW1 += h' dz             dW2 += s' dq
 *              db1 += sum of dz    db2 += sum of dq         dh[p] += a[p] dy + dz[p] W1'        ds += dq W2'
 *
 * z[p] is what tanh is of. Softmax, y, da, de and a[p] dy are attention.c's, which all attentions share; the rest is
 * below, in this order. All gradients are 0 before the backward pass. */
#include <string.h>

#include "network/attention.h"
#include "network/layers.h"

enum { FEATURES_KERNEL, FEATURES_BIAS, QUERY_KERNEL, QUERY_BIAS, SCORE_KERNEL, SCORE_BIAS };
enum { KEYS = ATTENTION_SLOTS, QUERY, D_KEYS, D_QUERY }; /* k, b1 + b2 + s W2, dz, dq */

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

static void score(const layer *l, pass *p, matrix scores)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    matrix keys = pass_slot(p, l, KEYS), query = pass_slot(p, l, QUERY);
    const real *b1 = pass_weight(p, l, FEATURES_BIAS).data, *b2 = pass_weight(p, l, QUERY_BIAS).data;

    for (int r = 0; r < query.rows; r++)
        for (int a = 0; a < query.columns; a++)
            matrix_row(query, r)[a] = b1[a] + b2[a];
    matmul_add(k, query, pass_value(p, l->state_in), pass_weight(p, l, QUERY_KERNEL));
    for (int t = 0; t < c->steps; t++) { /* the rows of a step are in the order of the queries */
        matrix step = chunk_step(c, keys, t);
        memcpy(step.data, query.data, matrix_count(step) * sizeof(real));
    }
    matmul_add(k, keys, pass_value(p, l->in), pass_weight(p, l, FEATURES_KERNEL));
    k->tanh(matrix_count(keys), keys.data, keys.data);
    affine(k, scores, keys, pass_weight(p, l, SCORE_KERNEL), pass_weight(p, l, SCORE_BIAS).data);
}

static void score_backward(const layer *l, pass *p, matrix de)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    matrix h = pass_value(p, l->in), s = pass_value(p, l->state_in), keys = pass_slot(p, l, KEYS);
    matrix dkeys = pass_slot(p, l, D_KEYS), dquery = pass_slot(p, l, D_QUERY);
    const real *v = pass_weight(p, l, SCORE_KERNEL).data;
    real *db = pass_weight_gradient(p, l, SCORE_BIAS).data;

    for (int i = 0; i < keys.rows; i++) {
        const real *key = matrix_row(keys, i);
        *db += de.data[i];
        for (int a = 0; a < keys.columns; a++)
            matrix_row(dkeys, i)[a] = de.data[i] * v[a] * (1 - key[a] * key[a]);
    }
    for (int t = 0; t < c->steps; t++) {
        matrix step = chunk_step(c, dkeys, t);
        k->add(matrix_count(step), step.data, dquery.data);
    }
    matmul_add(k, transposed(pass_weight_gradient(p, l, SCORE_KERNEL)), transposed(de), keys);
    matmul_add(k, pass_weight_gradient(p, l, FEATURES_KERNEL), transposed(h), dkeys);
    matmul_add(k, pass_weight_gradient(p, l, QUERY_KERNEL), transposed(s), dquery);
    sum_rows(k, dkeys, pass_weight_gradient(p, l, FEATURES_BIAS).data);
    sum_rows(k, dquery, pass_weight_gradient(p, l, QUERY_BIAS).data);
    matmul_add(k, pass_gradient(p, l->in), dkeys, pass_transposed(p, l, FEATURES_KERNEL));
    matmul_add(k, pass_gradient(p, l->state_in), dquery, pass_transposed(p, l, QUERY_KERNEL));
}

const layer_class additive_layer = {
    .keyword = "attention additive",
    .usage = "UNITS",
    ATTENTION,
    SIZES(1, 1),
    .default_number = 10,
    .build = build,
    .score = score,
    .score_backward = score_backward,
};
