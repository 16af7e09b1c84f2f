/* How a gradient moves the weights: Adam, AdamW, gradient descent with momentum.
 *
 * AdamW's decay spares biases, the weights of layer norms, and the embedding's row of padding. The learning rate is the
 * caller's, step by step (train/schedule.h). */
#ifndef TRAIN_OPTIMIZER_H
#define TRAIN_OPTIMIZER_H

#include "network/network.h"

typedef struct optimizer_options {
    heed_optimizer kind;
    double weight_decay; /* AdamW's */
    double momentum;     /* SGD's */
    double clip_norm;    /* 0: never */
} optimizer_options;

typedef struct optimizer {
    const network *net;
    optimizer_options options;
    real *moment1; /* [weight_count]; SGD's velocity */
    real *moment2; /* [weight_count]; NULL for SGD */
} optimizer;

/* One step of a part of the weights; zeros before its first. */
typedef struct optimizer_step {
    uint64_t number; /* from 1 */
    real rate;       /* the learning rate, with Adam's corrections for moments that start at 0 */
    real kept;       /* what AdamW's decay leaves of a weight */
    real shrink;     /* what gradients are multiplied by to be as short as clip_norm allows; 1: as they are */
} optimizer_step;

/* net is borrowed. */
heed_status optimizer_init(optimizer *out, const network *net, const optimizer_options *options, heed_error *error);
void optimizer_release(optimizer *o);
/* Forgets all steps. */
void optimizer_restart(optimizer *o);

/* The step after `number` others. square_norm: of the whole gradient; where its norm is above clip_norm, the gradient
 * is shortened to that (Pascanu et al. 2013, algorithm 1). */
optimizer_step optimizer_step_of(const optimizer *o, uint64_t number, double learning_rate, double square_norm);

/* Weights first ... first + count - 1 lose their decay; once a step, beside optimizer_move. */
void optimizer_decay(const optimizer *o, const optimizer_step *step, size_t first, size_t count, real *weights);
/* Moves weights first ... first + count - 1 by their gradient [count], which is shrunk in place; NULL is one of 0. */
void optimizer_move(const optimizer *o, const optimizer_step *step, size_t first, size_t count, real *gradient,
                    real *weights);

#endif
