/* GRU layers, one-directional and bidirectional (Cho et al. 2014), as Keras's GRU with reset_after, return_sequences
 * and return_state: the reset gate comes after the recurrent product, which has a bias of its own.
 *
 *   x[t] W + b[0] = xz, xr, xh      h[t-1] U + b[1] = iz, ir, ih      W [D][3U], U [U][3U], b [2][3U]; gates z, r, h
 *   z = sigmoid(xz + iz)   r = sigmoid(xr + ir)   g = tanh(xh + r ih)
 *   h[t] = z h[t-1] + (1 - z) g               out [P][U], or [P][2U] with the forward direction first
 *
 *   backward, from dh[t] of the step after
 *     dz = dh (h[t-1] - g) z (1 - z)   dg = dh (1 - z) (1 - g^2)   dr = dg ih r (1 - r)
 *     the gradient of xz, xr, xh is dx' = dz, dr, dg, and that of iz, ir, ih is di = dz, dr, dg r
 *     dh[t-1] = dh z + di U'   dU += h[t-1]' di   db[1] += sum of di   dW += x' dx'   db[0] += sum of dx'   dx = dx' W'
 *
 * Recurrent dropout is between h[t-1] and U. The final state is a row's last h: at its last token forwards, at its
 * first backwards. */
#include "network/layers.h"
#include "network/recurrent.h"

static void forward(const kernels *k, const cell_operands *o)
{
    k->gru_forward(o);
}

static void backward(const kernels *k, const cell_gradients *g)
{
    k->gru_backward(g);
}

static const cell gru = {.name = "gru",
                         .gates = 3,
                         .bias_start = INITIAL_ZERO,
                         .reset_after = true,
                         .forward = forward,
                         .backward = backward};

const layer_class gru_layer = {.keyword = "gru", .type = "GRU", RECURRENT, .cell = &gru, .directions = 1};
const layer_class bigru_layer = {.keyword = "bigru", .type = "Bidirectional", RECURRENT, .cell = &gru, .directions = 2};
