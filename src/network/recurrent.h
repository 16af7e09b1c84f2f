/* Recurrent layers (recurrent.c), without what a cell computes in a step (lstm.c, gru.c). A layer has one or two
 * directions; the weights and slots of the second follow those of the first.
 *
 * G: columns of a cell's kernels, a multiple of the units U. */
#ifndef NETWORK_RECURRENT_H
#define NETWORK_RECURRENT_H

#include "network/builder.h"
#include "network/recurrent_walk.h"

/* A kind of cell: h[t] from x[t] W + b and h[t-1] U. */
typedef struct cell {
    const char *name; /* layers are called name_0, bi_name_0 */
    int gates;        /* G, in units */
    initial bias_start;
    bool keeps_c; /* it has a state c besides h: an LSTM */
    /* A GRU with Keras's reset_after: h[t-1] U has a bias of its own, and its last gate a gradient of its own; and the
     * cell's backward step leaves in dh what reaches h[t-1] directly. */
    bool reset_after;
    void (*forward)(const kernels *k, const cell_operands *o);
    void (*backward)(const kernels *k, const cell_gradients *g);
} cell;

/* Weights of a direction: [D][G], [U][G], and [G], or with a bias of the recurrent product [2][G]. */
enum { CELL_KERNEL, CELL_RECURRENT, CELL_BIAS, CELL_WEIGHTS };

/* The rest of a recurrent layer's class, which adds its words, cell and directions. */
#define RECURRENT                                                                                                      \
    .usage = "UNITS", .stage = STAGE_ENCODER, SIZES(1, 1),                                                             \
    .named = {[RECURRENT_DROPOUT] = {"recurrent-dropout", "RATE", 0, 0.95}}, .build = recurrent_build,                 \
    .forward = recurrent_forward, .backward = recurrent_backward

void recurrent_build(builder *b, layer *l);
void recurrent_forward(const layer *l, pass *p);
void recurrent_backward(const layer *l, pass *p);

#endif
