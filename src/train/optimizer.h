/* How a gradient moves the weights; optimizer.c has the formulas. The caller gives the learning rate of every step
 * (train/schedule.h). */
#ifndef TRAIN_OPTIMIZER_H
#define TRAIN_OPTIMIZER_H

#include "network/network.h"

typedef struct optimizer_options {
    heed_optimizer kind;
    double weight_decay; /* AdamW's */
    double momentum;     /* SGD's */
    double clip_norm;    /* 0: no clipping */
} optimizer_options;

typedef struct optimizer {
    const network *net; /* whose weights it moves; NULL: others', one range at a time, without optimizer_decay */
    const kernels *kernels;
    optimizer_options options;
    real *moment1; /* m, or v of SGD [weight_count] */
    real *moment2; /* v [weight_count]; NULL for SGD */
} optimizer;

/* One step of a part of the weights; all zero before the first. */
typedef struct optimizer_step {
    uint64_t number; /* from 1 */
    real rate;       /* Adam's rate, or SGD's lr */
    real kept;       /* 1 - lr decay */
    real shrink;     /* the factor of clipping; 1: the gradient is short enough */
} optimizer_step;

/* Weights that an optimizer moves, and their moments [count]; moment2 NULL: there is none. */
typedef struct moved_weights {
    real *weights, *moment1, *moment2;
    size_t count;
} moved_weights;

/* net is borrowed. */
heed_status optimizer_init(optimizer *out, const network *net, const optimizer_options *options, heed_error *error);
void optimizer_release(optimizer *o);
/* Forgets all steps. */
void optimizer_restart(optimizer *o);

/* The step after `number` others. square_norm: |g|^2 of the whole gradient. */
optimizer_step optimizer_step_of(const optimizer *o, uint64_t number, double learning_rate, double square_norm);

/* AdamW's decay of weights first ... first + count - 1. Once per step, before optimizer_move. */
void optimizer_decay(const optimizer *o, const optimizer_step *step, size_t first, size_t count, real *weights);
/* Moves weights first ... first + count - 1 by their gradient [count], which is clipped in place; NULL: 0. */
void optimizer_move(const optimizer *o, const optimizer_step *step, size_t first, size_t count, real *gradient,
                    real *weights);

#endif
