/* GRU layers, one-directional and bidirectional (Cho et al. 2014, section 2.3), as Keras's GRU with reset_after,
 * return_sequences and return_state: the reset gate comes after the recurrent product, which has a bias of its own.
 *
 *   x[t] [D], W [D][3U], U [U][3U], b [2][3U]; h[t] [U]; input and inner [3U] have a part for each gate: z, r, g
 *   out [P][U], or [P][2U] with the forward direction first
 *
 *   forward    input = x[t] W + b[0]        inner = h[t-1] U + b[1]
 *              z = sigmoid(input_z + inner_z)   r = sigmoid(input_r + inner_r)   g = tanh(input_g + r * inner_g)
 *              h[t] = z * h[t-1] + (1 - z) * g
 *   backward   dh = dout[t] + dh[t] from step t + 1, or from the final state at a row's last step
 *              dinput_z = dh * (h[t-1] - g) * z * (1 - z)        dinput_g = dh * (1 - z) * (1 - g^2)
 *              dinput_r = dinput_g * inner_g * r * (1 - r)       dinner = dinput_z, dinput_r, dinput_g * r
 *              dh[t-1] = dh * z + dinner U'
 *              dU += h[t-1]' dinner        db[1] += sum of dinner
 *              dW += x' dinput             db[0] += sum of dinput        dx += dinput W'
 *
 * The cell's step is a kernel (gru_forward, gru_backward in math/kernels_plain.c); the products with W and U', the
 * steps and recurrent dropout are recurrent.c's. The final state is a row's last h: at its last token forwards, at its
 * first token backwards. */
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
