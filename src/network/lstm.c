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

static heed_status build_lstm(network *net, layer *l, flow *f, heed_error *error)
{
    return recurrent_build(net, l, f, &lstm, 1, error);
}

static heed_status build_bilstm(network *net, layer *l, flow *f, heed_error *error)
{
    return recurrent_build(net, l, f, &lstm, 2, error);
}

static void prepare(const layer *l, const network *net, const real *weights, real *prepared)
{
    (void)net;
    recurrent_prepare(l, &lstm, weights, prepared);
}

/* What a pass that does not train leaves out: gates, c of all steps but one, squashed, before. */
static void forward_direction(const layer *l, pass *p, int d)
{
    ptrdiff_t units = l->units, four = 4 * units;
    const int *s = l->slot + SLOTS * d;
    real *gates = p->slot[s[GATES]], *cells = p->slot[s[CELLS]], *squashed = p->slot[s[SQUASHED]];

    recurrent_draw(l, p, d);
    cell_input input = recurrent_input(l, p, d, (int)four, gates);
    int words = 0;
    for (int i = 0; i < p->chunk->steps; i++) {
        step at = step_at(p->chunk, d, i);
        cell_operands o = step_operands(l, p, d, i, (int)four, input, p->slot[s[BEFORE]]);
        step_share(l, p, at, &o, &words);
        o.c_before = o.c = cells;
        if (p->training) {
            o.c_before = cells + at.before * units;
            o.c = cells + at.first * units;
            o.gates = gates + at.first * four;
            o.inner = squashed + at.first * units;
        }
        p->net->kernels->lstm_forward(&o);
        step_repeat(at.rows, o.rows, l->units, o.h, o.h_row);
        step_repeat(at.rows, o.rows, l->units, o.c, units);
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

    for (int i = p->chunk->steps - 1; i >= 0; i--) {
        step at = step_at(p->chunk, d, i);
        cell_gradients b = step_gradients(l, p, d, i, dh);
        b.gates = gates + at.first * four;
        b.inner = squashed + at.first * units;
        b.c_before = cells + at.before * units;
        b.dc = p->slot[s[D_CELL]];
        p->net->kernels->lstm_backward(&b);
        step_product_backward(l, p, d, i, &whole, 1, dh, false);
    }
    recurrent_input_backward(l, p, d, (int)four, p->slot[s[BEFORE]], gates, &whole, 1);
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
    .keyword = "lstm", .usage = "lstm UNITS [recurrent-dropout RATE]",
    .stage = STAGE_ENCODER, .type = "LSTM",
    .least_numbers = 1, .most_numbers = 1, .lowest = 1, .highest = 4096,
    .named = RECURRENT_NAMED,
    .build = build_lstm, .prepare = prepare, .forward = forward, .backward = backward,
};
const layer_class bilstm_layer = {
    .keyword = "bilstm", .usage = "bilstm UNITS [recurrent-dropout RATE]",
    .stage = STAGE_ENCODER, .type = "Bidirectional",
    .least_numbers = 1, .most_numbers = 1, .lowest = 1, .highest = 4096,
    .named = RECURRENT_NAMED,
    .build = build_bilstm, .prepare = prepare, .forward = forward, .backward = backward,
};
