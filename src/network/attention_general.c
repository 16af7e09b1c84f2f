/* General attention (Luong et al. 2015): a product of features and query through a matrix, which may also change the
 * query's width.
 *
 *   e[p] = h[p] . (s W)        h [P][D] features, s [R][S] query; W [S][D] */
#include "network/attention.h"
#include "network/layers.h"

enum { QUERY = ATTENTION_SLOTS, D_QUERY }; /* s W [R][D] */

static void build(builder *b, layer *l)
{
    attention_begin(b, l);
    builder_kernel(b, "kernel", l->state_in.width, l->in.width);
    l->slot[QUERY] = builder_slot(b, (slot_spec){.width = l->in.width, .per_row = true});
    l->slot[D_QUERY] = builder_slot(b, (slot_spec){.width = l->in.width, .per_row = true, .gradient = true});
}

static void score(const layer *l, pass *p, real *scores)
{
    int width = l->in.width, query_width = l->state_in.width;
    real *query = p->slot[l->slot[QUERY]];
    p->net->kernels->product(p->chunk->rows, width, query_width, pass_value(p, l->state_in), query_width, 1,
                             pass_weight(p, l, 0), width, query, width, false);
    attention_products(l, p, 1, query, scores);
}

static void score_backward(const layer *l, pass *p, const real *de)
{
    const kernels *k = p->net->kernels;
    int rows = p->chunk->rows, width = l->in.width, query_width = l->state_in.width;
    real *dquery = p->slot[l->slot[D_QUERY]];
    attention_products_backward(l, p, 1, p->slot[l->slot[QUERY]], de, dquery);
    k->product(query_width, width, rows, pass_value(p, l->state_in), 1, query_width, dquery, width,
               pass_weight_gradient(p, l, 0), width, true);
    k->product(rows, query_width, width, dquery, width, 1, pass_transposed(p, l, 0), query_width,
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

const layer_class general_layer = {
    .keyword = "attention general",
    .stage = STAGE_POOLING,
    .type = "Attention",
    .build = build,
    .forward = forward,
    .backward = backward,
};
