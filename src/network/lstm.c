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

static void forward_direction(const layer *l, pass *p, int d)
{
    const kernels *k = p->net->kernels;
    int units = l->units, width = l->out.width;
    ptrdiff_t four = 4 * units;
    real *const *slot = p->slot;
    const int *s = l->slot + SLOTS * d;
    real *gates = slot[s[GATES]], *cells = slot[s[CELLS]], *squashed = slot[s[SQUASHED]], *before = slot[s[BEFORE]];
    real *h = pass_value(p, l->out) + d * units;

    recurrent_draw(l, p, d);
    cell_input input = recurrent_input(l, p, d, (int)four, gates);
    for (int i = 0; i < p->chunk->steps; i++) {
        step at = step_at(p->chunk, d, i);
        ptrdiff_t first = at.first;
        step ahead = i + 1 < p->chunk->steps && input.row != NULL ? step_at(p->chunk, d, i + 1) : (step){0};
        step_gather(l, p, d, at, before);
        k->lstm_forward(&(lstm_operands){
            .rows = at.rows, .known = at.known, .units = units,
            .input = input.row == NULL ? input.rows + first * four : input.rows,
            .input_row = input.row == NULL ? NULL : input.row + first,
            .rows_ahead = ahead.rows, .row_ahead = ahead.rows > 0 ? input.row + ahead.first : NULL,
            .before = step_dropped(l, p, d, at, before), .recurrent = cell_weight(p, l, d, CELL_RECURRENT),
            .c_before = cells + (ptrdiff_t)at.before * units, .gates = gates + first * four,
            .c = cells + first * units, .squashed = squashed + first * units, .h = h + first * width, .h_row = width});
    }
    recurrent_states(l, p, d);
}

/* Time backwards: gates [P][4U] turn from activations into the gradients of z. */
static void backward_direction(const layer *l, pass *p, int d)
{
    const kernels *k = p->net->kernels;
    int units = l->units;
    ptrdiff_t four = 4 * units;
    const int *s = l->slot + SLOTS * d;
    real *gates = p->slot[s[GATES]], *cells = p->slot[s[CELLS]], *squashed = p->slot[s[SQUASHED]];
    real *dh = p->slot[s[D_HIDDEN]], *dc = p->slot[s[D_CELL]]; /* [R][U], of the step at hand */

    for (int i = p->chunk->steps - 1; i >= 0; i--) {
        step at = step_at(p->chunk, d, i);
        step_outside(l, p, d, at, dh);
        k->lstm_backward(at.rows, at.known, units, gates + at.first * four, cells + (ptrdiff_t)at.before * units,
                         squashed + (ptrdiff_t)at.first * units, dh, dc);
        step_product_backward(l, p, d, at, (int)four, gates, dh, false);
    }
    recurrent_input_backward(l, p, d, (int)four, p->slot[s[BEFORE]], gates, gates);
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
