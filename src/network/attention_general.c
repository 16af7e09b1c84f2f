/* General attention (Luong et al. 2015, section 3.1): the product of features and query through a matrix, so that the
 * two may differ in width.
 *
 *   h [P][D] features, s [R][S] query of p's row; W [S][D], q [R][D], e [P][1]
 *
 *   forward    q = s W        e[p] = h[p] . q        a, y: attention.c
 *   backward   from attention.c's de:
 *              dh[p] += de[p] q        dq = sum of de[p] h[p] over the row        dW += s' dq        ds += dq W' */
#include "network/attention.h"
#include "network/layers.h"

enum { KERNEL };
enum { QUERY = ATTENTION_SLOTS, D_QUERY }; /* q, dq */

static void build(builder *b, layer *l)
{
    attention_begin(b, l);
    builder_kernel(b, "kernel", l->state_in.width, l->in.width);
    l->slot[QUERY] = builder_slot(b, (slot_spec){.width = l->in.width, .per_row = true});
    l->slot[D_QUERY] = builder_slot(b, (slot_spec){.width = l->in.width, .per_row = true, .gradient = true});
}

static void score(const layer *l, pass *p, matrix scores)
{
    matrix query = pass_slot(p, l, QUERY);
    matmul(p->net->kernels, query, pass_value(p, l->state_in), pass_weight(p, l, KERNEL));
    attention_dot_scores(l, p, 1, query, scores);
}

static void score_backward(const layer *l, pass *p, matrix de)
{
    const kernels *k = p->net->kernels;
    matrix s = pass_value(p, l->state_in), dquery = pass_slot(p, l, D_QUERY);
    attention_dot_scores_backward(l, p, 1, pass_slot(p, l, QUERY), de, dquery);
    matmul_add(k, pass_weight_gradient(p, l, KERNEL), transposed(s), dquery);
    matmul_add(k, pass_gradient(p, l->state_in), dquery, pass_transposed(p, l, KERNEL));
}

const layer_class general_layer = {
    .keyword = "attention general",
    ATTENTION,
    .build = build,
    .score = score,
    .score_backward = score_backward,
};
