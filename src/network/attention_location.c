/* Location attention (Luong et al. 2015): where to look follows from the query and the place alone, not from what
 * stands there.
 *
 *   e[p] = (s W)[place of p]        s [R][S] query; W [S][window]
 *
 * Places are counted from the window's end, the last token's being window - 1, so that the width of the padding in
 * front changes nothing. (Rows of a network without mask are as long as the window: their places are their steps.) */
#include "network/attention.h"
#include "network/layers.h"

enum { PLACES = ATTENTION_SLOTS, D_PLACES }; /* s W [R][window] */

static void build(builder *b, layer *l)
{
    attention_begin(b, l);
    l->units = (int)b->net->spec.window;
    builder_kernel(b, "kernel", l->state_in.width, l->units);
    l->slot[PLACES] = builder_slot(b, (slot_spec){.width = l->units, .per_row = true});
    l->slot[D_PLACES] = builder_slot(b, (slot_spec){.width = l->units, .per_row = true, .gradient = true});
}

/* Step t of row r in [R][window]. */
static ptrdiff_t place(const layer *l, const chunk *c, int r, int t)
{
    return (ptrdiff_t)r * l->units + l->units - c->length[r] + t;
}

static void score(const layer *l, pass *p, real *scores)
{
    const chunk *c = p->chunk;
    int window = l->units, query_width = l->state_in.width;
    real *places = p->slot[l->slot[PLACES]];
    p->net->kernels->product(c->rows, window, query_width, pass_value(p, l->state_in), query_width, 1,
                             pass_weight(p, l, 0), window, places, window, false);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            scores[c->offset[t] + r] = places[place(l, c, r, t)];
}

static void score_backward(const layer *l, pass *p, const real *de)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    int window = l->units, query_width = l->state_in.width;
    real *dplaces = p->slot[l->slot[D_PLACES]]; /* 0 where a row has no token */
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            dplaces[place(l, c, r, t)] = de[c->offset[t] + r];
    k->product(query_width, window, c->rows, pass_value(p, l->state_in), 1, query_width, dplaces, window,
               pass_weight_gradient(p, l, 0), window, true);
    k->product(c->rows, query_width, window, dplaces, window, 1, pass_transposed(p, l, 0), query_width,
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

const layer_class location_layer = {
    .keyword = "attention location",
    .stage = STAGE_POOLING,
    .type = "Attention",
    .build = build,
    .forward = forward,
    .backward = backward,
};
