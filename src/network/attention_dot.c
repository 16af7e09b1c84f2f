/* Dot-product attention, plain (Luong et al. 2015, section 3.1) and scaled (Vaswani et al. 2017, section 3.2.1); it has
 * no weights.
 *
 *   h [P][D] features, s [R][D] query of p's row, e [P][1]; scale = 1, or 1 / sqrt(D), which keeps the softmax from
 *   saturating if D is large
 *
 *   forward    e[p] = scale h[p] . s        a, y: attention.c
 *   backward   from attention.c's de:       dh[p] += scale de[p] s        ds += sum of scale de[p] h[p] over the row */
#include <math.h>

#include "network/attention.h"
#include "network/layers.h"

static real scale_of(const layer *l)
{
    return l->class == &scaled_layer ? (real)(1 / sqrt((double)l->in.width)) : 1;
}

static void score(const layer *l, pass *p, matrix scores)
{
    attention_dot_scores(l, p, scale_of(l), pass_value(p, l->state_in), scores);
}

static void score_backward(const layer *l, pass *p, matrix de)
{
    attention_dot_scores_backward(l, p, scale_of(l), pass_value(p, l->state_in), de, pass_gradient(p, l->state_in));
}

const layer_class dot_layer = {
    .keyword = "attention dot",
    ATTENTION,
    .build = attention_begin_alike,
    .score = score,
    .score_backward = score_backward,
};
const layer_class scaled_layer = {
    .keyword = "attention scaled",
    ATTENTION,
    .build = attention_begin_alike,
    .score = score,
    .score_backward = score_backward,
};
