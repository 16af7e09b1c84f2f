/* LSTM layers, one-directional and bidirectional (Hochreiter & Schmidhuber 1997; Gers et al. 2000; Schuster & Paliwal
 * 1997), as Keras's LSTM and Bidirectional(LSTM) with return_sequences and return_state.
 *
 *   z[t] = x[t] W + h[t-1] U + b              W [D][4U], U [U][4U], b [4U]; gates in the order i, f, g (Keras's c), o
 *   c[t] = sigmoid(f) c[t-1] + sigmoid(i) tanh(g)
 *   h[t] = sigmoid(o) tanh(c[t])              out [P][U], or [P][2U] with the forward direction first
 *
 *   backward, from dh[t] and dc[t] of the step after; i, f, g, o: the gates' values
 *     dc += dh o (1 - tanh(c)^2)      dc[t-1] = dc f
 *     dz = dc g i (1 - i), dc c[t-1] f (1 - f), dc i (1 - g^2), dh tanh(c) o (1 - o)
 *     dh[t-1] = dz U'   dU += h[t-1]' dz   dW += x' dz   db += sum of dz   dx = dz W'
 *
 * Recurrent dropout is between h[t-1] and U. The final state is a row's last h: at its last token forwards, at its
 * first backwards. */
#include "network/layers.h"
#include "network/recurrent.h"

static void forward(const kernels *k, const cell_operands *o)
{
    k->lstm_forward(o);
}

static void backward(const kernels *k, const cell_gradients *g)
{
    k->lstm_backward(g);
}

static const cell lstm = {.name = "lstm",
                          .gates = 4,
                          .bias_start = INITIAL_FORGET,
                          .keeps_c = true,
                          .forward = forward,
                          .backward = backward};

const layer_class lstm_layer = {.keyword = "lstm", .type = "LSTM", RECURRENT, .cell = &lstm, .directions = 1};
const layer_class bilstm_layer = {
    .keyword = "bilstm", .type = "Bidirectional", RECURRENT, .cell = &lstm, .directions = 2};
