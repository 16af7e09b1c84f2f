/* Dot-product attention, plain (Luong et al. 2015) and scaled (Vaswani et al. 2017); no weights of its own.
 *
 *   dot      e[p] = h[p] . s                 h [P][D] features, s [R][D] query
 *   scaled   e[p] = h[p] . s / sqrt(D)       keeps the softmax from saturating where D is large */
#include <math.h>

#include "network/attention.h"
#include "network/layers.h"

static real scale_of(const layer *l)
{
    return l->class == &scaled_layer ? (real)(1 / sqrt((double)l->in.width)) : 1;
}

static void score(const layer *l, pass *p, real *scores)
{
    attention_products(l, p, scale_of(l), pass_value(p, l->state_in), scores);
}

static void score_backward(const layer *l, pass *p, const real *de)
{
    attention_products_backward(l, p, scale_of(l), pass_value(p, l->state_in), de, pass_gradient(p, l->state_in));
}

static void forward(const layer *l, pass *p)
{
    attention_forward(l, p, score);
}

static void backward(const layer *l, pass *p)
{
    attention_backward(l, p, score_backward);
}

const layer_class dot_layer = {
    .keyword = "attention dot",
    .stage = STAGE_POOLING,
    .type = "Attention",
    .build = attention_begin_alike,
    .forward = forward,
    .backward = backward,
};
const layer_class scaled_layer = {
    .keyword = "attention scaled",
    .stage = STAGE_POOLING,
    .type = "Attention",
    .build = attention_begin_alike,
    .forward = forward,
    .backward = backward,
};
