/* GRU layers, one-directional and bidirectional (Cho et al. 2014), as Keras's GRU with reset_after, return_sequences
 * and return_state: the reset gate stands behind the recurrent product, which has a bias of its own.
 *
 *   x[t] W + b[0] = xz, xr, xh      h[t-1] U + b[1] = iz, ir, ih      W [D][3U], U [U][3U], b [2][3U]; gates z, r, h
 *   z = sigmoid(xz + iz)   r = sigmoid(xr + ir)   g = tanh(xh + r ih)
 *   h[t] = z h[t-1] + (1 - z) g               out [P][U], or [P][2U] with the forward direction first
 *
 * Recurrent dropout stands between h[t-1] and U. The final state is a row's last h: at its last token forwards, at its
 * first backwards. */
#include "network/layers.h"
#include "network/recurrent.h"

enum { GATES, INNER, BEFORE, D_HIDDEN, SLOTS }; /* of a direction */

static const cell_slot slots[SLOTS] = {{3, false, false}, {1, false, false}, {1, false, false}, {1, true, true}};
static const cell gru = {"gru", 3, 2, INITIAL_ZERO, slots, SLOTS};

static void build_gru(builder *b, layer *l)
{
    recurrent_build(b, l, &gru, 1);
}

static void build_bigru(builder *b, layer *l)
{
    recurrent_build(b, l, &gru, 2);
}

/* A pass that does not train leaves out gates, inner and before. */
static void forward_direction(const layer *l, pass *p, int d)
{
    ptrdiff_t units = l->units, three = 3 * units;
    const int *s = l->slot + SLOTS * d;
    real *gates = p->slot[s[GATES]];

    recurrent_draw(l, p, d);
    cell_input input = {0};
    block walked = {0};
    step next = step_at(l, p, d, 0);
    for (int i = 0; i < p->chunk->steps; i++) {
        if (i == walked.end) {
            walked = block_from(l, p, d, i);
            input = recurrent_input(l, p, d, &walked, (int)three, gates);
        }
        step at = next;
        next = step_at(l, p, d, i + 1);
        cell_operands o = step_operands(l, p, d, &at, &next, (int)three, input, p->slot[s[BEFORE]]);
        o.bias = cell_weight(p, l, d, CELL_BIAS) + three;
        if (p->training) {
            o.gates = gates + at.place * three;
            o.inner = p->slot[s[INNER]] + at.place * units;
        }
        p->net->kernels->gru_forward(&o);
        step_repeat(p, &at, &next, &o);
    }
    recurrent_states(l, p, d);
}

/* Time backwards: gates [P][3U] turn into the gradients of x W + b[0], and the last of the three in h[t-1] U + b[1],
 * whose first two are the same, stands in inner [P][U]. */
static void backward_direction(const layer *l, pass *p, int d)
{
    const kernels *k = p->net->kernels;
    ptrdiff_t units = l->units, three = 3 * units;
    const int *s = l->slot + SLOTS * d;
    real *gates = p->slot[s[GATES]], *inner = p->slot[s[INNER]], *before = p->slot[s[BEFORE]];
    real *dh = p->slot[s[D_HIDDEN]]; /* [R][U], of the step at hand */
    const cell_part parts[2] = {{gates, three, 0, 2 * l->units}, {inner, units, 2 * l->units, l->units}};

    block walked = {.begin = p->chunk->steps};
    step at = {0};
    for (int i = p->chunk->steps - 1; i >= 0; i--) {
        if (i < walked.begin)
            walked = block_until(l, p, d, walked.begin);
        step next = at;
        at = step_at(l, p, d, i);
        cell_gradients b = step_gradients(l, p, d, &at, &next, dh, NULL);
        b.gates = gates + at.place * three;
        b.inner = inner + at.place * units;
        b.before = before + at.place * units;
        k->gru_backward(&b);
        step_product_backward(l, p, d, &at, parts, 2, dh, true);
        if (i > walked.begin)
            continue;
        recurrent_input_backward(l, p, d, &walked, (int)three, before, gates, parts, 2);
        for (int j = 0; j < 2; j++)
            k->sum_rows(walked.places, parts[j].columns, parts[j].gradient + walked.place * parts[j].row, parts[j].row,
                        cell_weight_gradient(p, l, d, CELL_BIAS) + three + parts[j].first);
    }
}

static void forward(const layer *l, pass *p)
{
    for (int d = 0; d < recurrent_directions(l); d++)
        forward_direction(l, p, d);
}

static void backward(const layer *l, pass *p)
{
    for (int d = 0; d < recurrent_directions(l); d++)
        backward_direction(l, p, d);
}

const layer_class gru_layer = {
    .keyword = "gru",
    .usage = "UNITS",
    .stage = STAGE_ENCODER,
    .type = "GRU",
    SIZES(1, 1),
    .named = RECURRENT_NAMED,
    .build = build_gru,
    .forward = forward,
    .backward = backward,
};
const layer_class bigru_layer = {
    .keyword = "bigru",
    .usage = "UNITS",
    .stage = STAGE_ENCODER,
    .type = "Bidirectional",
    SIZES(1, 1),
    .named = RECURRENT_NAMED,
    .build = build_bigru,
    .forward = forward,
    .backward = backward,
};
