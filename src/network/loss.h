/* Probabilities and loss from the logits, which keeps both exact where a probability is near 0 or 1.
 *
 *   one of two:      p = sigmoid(z)   loss = w b(z, y)                     b: binary cross-entropy
 *   one of K:        p = softmax(z)   loss = w (log sum exp z - sum of y z)      cross-entropy
 *   any of K:        p = sigmoid(z)   loss = mean over K of w b(z, y), each output with a weight of its own
 *   b(z, y) = max(z, 0) - z y + log(1 + exp(-|z|))
 *   dz = w (p - y) / rows of the batch, for any of K divided by K too
 *
 * As in Keras, weighted losses are divided by the number of rows, not by the sum of the weights. */
#ifndef NETWORK_LOSS_H
#define NETWORK_LOSS_H

#include <stdbool.h>

#include "math/real.h"

typedef struct loss_rows {
    bool sigmoids; /* or else a softmax */
    int rows, outputs;
    const real *target, *weight; /* [rows][outputs]; target NULL: there is no loss */
} loss_rows;

/* probability [rows][outputs] of logits z [rows][outputs]. Returns the sum of the rows' losses. */
double loss_forward(const loss_rows *l, const real *z, real *probability);
/* dz [rows][outputs]. row_share: 1 / rows of the batch. */
void loss_backward(const loss_rows *l, double row_share, const real *probability, real *dz);

#endif
