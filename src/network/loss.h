/* Probabilities and loss of a chunk's rows; loss.c has the formulas. */
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
