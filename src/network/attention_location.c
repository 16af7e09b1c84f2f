/* Location attention (Luong et al. 2015, section 3.1): the score depends on the query and on the place of a token, not
 * on the token.
 *
 *   s [R][S] query; W [S][window], q [R][window], e [P][1]
 *
 *   forward    q = s W        e[p] = q[place of p]        a, y: attention.c
 *   backward   from attention.c's de:
 *              dq[place of p] = de[p], and 0 at places without a token        dW += s' dq        ds += dq W'
 *
 * Places are counted so that a row's last token has place window - 1: the width of the padding before a text changes
 * nothing. (In a network without a mask rows are as long as the window, and places are their steps.) */
#include "network/attention.h"
#include "network/layers.h"

enum { KERNEL };
enum { PLACES = ATTENTION_SLOTS, D_PLACES }; /* q, dq */

static void build(builder *b, layer *l)
{
    attention_begin(b, l);
    l->units = (int)b->net->spec.window;
    builder_kernel(b, "kernel", l->state_in.width, l->units);
    l->slot[PLACES] = builder_slot(b, (slot_spec){.width = l->units, .per_row = true});
    l->slot[D_PLACES] = builder_slot(b, (slot_spec){.width = l->units, .per_row = true, .gradient = true});
}

/* The number in q for step t of row r. */
static real *place(const chunk *c, matrix q, int r, int t)
{
    return matrix_row(q, r) + (q.columns - c->length[r] + t);
}

static void score(const layer *l, pass *p, matrix scores)
{
    const chunk *c = p->chunk;
    matrix places = pass_slot(p, l, PLACES);
    matmul(p->net->kernels, places, pass_value(p, l->state_in), pass_weight(p, l, KERNEL));
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            scores.data[c->offset[t] + r] = *place(c, places, r, t);
}

static void score_backward(const layer *l, pass *p, matrix de)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    matrix s = pass_value(p, l->state_in), dplaces = pass_slot(p, l, D_PLACES);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            *place(c, dplaces, r, t) = de.data[c->offset[t] + r];
    matmul_add(k, pass_weight_gradient(p, l, KERNEL), transposed(s), dplaces);
    matmul_add(k, pass_gradient(p, l->state_in), dplaces, pass_transposed(p, l, KERNEL));
}

const layer_class location_layer = {
    .keyword = "attention location",
    ATTENTION,
    .build = build,
    .score = score,
    .score_backward = score_backward,
};
