/* LSTM layers, one-directional and bidirectional (Hochreiter & Schmidhuber 1997; forget gates of Gers et al. 2000;
 * Schuster & Paliwal 1997), as Keras's LSTM and Bidirectional(LSTM) with return_sequences and return_state.
 *
 *   x[t] [D], W [D][4U], U [U][4U], b [4U]; h[t], c[t] [U]; z [4U] has a part for each gate: i, f, g (Keras's c), o
 *   out [P][U], or [P][2U] with the forward direction first
 *
 *   forward    z = x[t] W + h[t-1] U + b
 *              i = sigmoid(z_i)   f = sigmoid(z_f)   g = tanh(z_g)   o = sigmoid(z_o)
 *              c[t] = f * c[t-1] + i * g        h[t] = o * tanh(c[t])
 *   backward   dh = dout[t] + dh[t] from step t + 1, or from the final state at a row's last step
 *              dc = dc[t] from step t + 1 + dh * o * (1 - tanh(c[t])^2)
 *              dz_i = dc * g * i * (1 - i)          dz_f = dc * c[t-1] * f * (1 - f)
 *              dz_g = dc * i * (1 - g^2)            dz_o = dh * tanh(c[t]) * o * (1 - o)
 *              dc[t-1] = dc * f        dh[t-1] = dz U'
 *              dU += h[t-1]' dz        dW += x' dz        db += sum of dz        dx += dz W'
 *
 * The cell's step is a kernel (lstm_forward, lstm_backward in math/kernels_plain.c); the products with W and U', the
 * steps and recurrent dropout are recurrent.c's. The final state is a row's last h: at its last token forwards, at its
 * first token backwards. */
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
