/* General attention (Luong et al. 2015): a product of features and query through a matrix, which may also change the
 * query's width.
 *
 *   e[p] = h[p] . (s W)        h [P][D] features, s [R][S] query; W [S][D] */
#include "network/attention.h"
#include "network/layers.h"

enum { QUERY = ATTENTION_SLOTS, D_QUERY }; /* s W [R][D] */

static heed_status build(network *net, layer *l, flow *f, heed_error *error)
{
    heed_status status = attention_begin(net, l, f, error);
    int width = l->in.width, query_width = l->state_in.width;
    if (status == HEED_OK)
        status = network_add_parameter(net, l, 0, "kernel", 2, query_width, width, INITIAL_GLOROT, error);
    if (status == HEED_OK)
        status = network_add_slot(net, &l->slot[QUERY], width, true, false, error);
    if (status == HEED_OK)
        status = network_add_slot(net, &l->slot[D_QUERY], width, true, true, error);
    l->prepared[0] = network_add_prepared(net, (size_t)query_width * (size_t)width);
    return status;
}

static void prepare(const layer *l, const network *net, const real *weights, real *prepared)
{
    (void)net;
    transpose(l->state_in.width, l->in.width, weights + l->weight[0], prepared + l->prepared[0]);
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
    k->product(rows, query_width, width, dquery, width, 1, p->prepared + l->prepared[0], query_width,
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
    .keyword = "attention general", .usage = "attention general",
    .stage = STAGE_POOLING, .type = "Attention",
    .build = build, .prepare = prepare, .forward = forward, .backward = backward,
};
