/* LSTM layers, one-directional and bidirectional (Hochreiter & Schmidhuber 1997; Gers et al. 2000; Schuster & Paliwal
 * 1997), as Keras's LSTM and Bidirectional(LSTM) with return_sequences and return_state.
 *
 *   z[t] = x[t] W + h[t-1] U + b              W [D][4U], U [U][4U], b [4U]; gates in the order i, f, g (Keras's c), o
 *   c[t] = sigmoid(f) c[t-1] + sigmoid(i) tanh(g)
 *   h[t] = sigmoid(o) tanh(c[t])              out [P][U], or [P][2U] with the forward direction first
 *
 * Recurrent dropout stands between h[t-1] and U. The final state is a row's last h: at its last token forwards, at its
 * first backwards. */
#include "network/layers.h"
#include "network/recurrent.h"

enum { GATES, CELLS, SQUASHED, BEFORE, D_HIDDEN, D_CELL, SLOTS }; /* of a direction */

static const cell_slot slots[SLOTS] = {{4, false, false}, {1, false, false}, {1, false, false},
                                       {1, false, false}, {1, true, true},   {1, true, true}};
static const cell lstm = {"lstm", 4, 1, INITIAL_FORGET, slots, SLOTS};

static void build_lstm(builder *b, layer *l)
{
    recurrent_build(b, l, &lstm, 1);
}

static void build_bilstm(builder *b, layer *l)
{
    recurrent_build(b, l, &lstm, 2);
}

/* What a pass that does not train leaves out: gates, c of all steps but one, squashed, before. */
static void forward_direction(const layer *l, pass *p, int d)
{
    ptrdiff_t units = l->units, four = 4 * units;
    const int *s = l->slot + SLOTS * d;
    real *gates = p->slot[s[GATES]], *cells = p->slot[s[CELLS]], *squashed = p->slot[s[SQUASHED]];

    recurrent_draw(l, p, d);
    cell_input input = {0};
    block walked = {0};
    step next = step_at(l, p, d, 0);
    for (int i = 0; i < p->chunk->steps; i++) {
        if (i == walked.end) {
            walked = block_from(l, p, d, i);
            input = recurrent_input(l, p, d, &walked, (int)four, gates);
        }
        step at = next;
        next = step_at(l, p, d, i + 1);
        cell_operands o = step_operands(l, p, d, &at, &next, (int)four, input, p->slot[s[BEFORE]]);
        o.c_before = o.c = cells;
        if (p->training) {
            o.c_before = cells + at.cells_before * units;
            o.c = cells + at.cells * units;
            o.gates = gates + at.place * four;
            o.inner = squashed + at.place * units;
        }
        p->net->kernels->lstm_forward(&o);
        step_repeat(p, &at, &next, &o);
    }
    recurrent_states(l, p, d);
}

/* Time backwards: gates [P][4U] turn from activations into the gradients of z. */
static void backward_direction(const layer *l, pass *p, int d)
{
    ptrdiff_t units = l->units, four = 4 * units;
    const int *s = l->slot + SLOTS * d;
    real *gates = p->slot[s[GATES]], *cells = p->slot[s[CELLS]], *squashed = p->slot[s[SQUASHED]];
    real *dh = p->slot[s[D_HIDDEN]]; /* [R][U], of the step at hand */
    const cell_part whole = {gates, four, 0, (int)four};

    block walked = {.begin = p->chunk->steps};
    step at = {0};
    for (int i = p->chunk->steps - 1; i >= 0; i--) {
        if (i < walked.begin)
            walked = block_until(l, p, d, walked.begin);
        step next = at;
        at = step_at(l, p, d, i);
        cell_gradients b = step_gradients(l, p, d, &at, &next, dh, p->slot[s[D_CELL]]);
        b.gates = gates + at.place * four;
        b.inner = squashed + at.place * units;
        b.c_before = cells + at.cells_before * units;
        p->net->kernels->lstm_backward(&b);
        step_product_backward(l, p, d, &at, &whole, 1, dh, false);
        if (i == walked.begin)
            recurrent_input_backward(l, p, d, &walked, (int)four, p->slot[s[BEFORE]], gates, &whole, 1);
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

const layer_class lstm_layer = {
    .keyword = "lstm",
    .usage = "UNITS",
    .stage = STAGE_ENCODER,
    .type = "LSTM",
    SIZES(1, 1),
    .named = RECURRENT_NAMED,
    .build = build_lstm,
    .forward = forward,
    .backward = backward,
};
const layer_class bilstm_layer = {
    .keyword = "bilstm",
    .usage = "UNITS",
    .stage = STAGE_ENCODER,
    .type = "Bidirectional",
    SIZES(1, 1),
    .named = RECURRENT_NAMED,
    .build = build_bilstm,
    .forward = forward,
    .backward = backward,
};
