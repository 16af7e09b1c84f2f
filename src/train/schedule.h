/* The learning rate of every step, as a pure function of the step. */
#ifndef TRAIN_SCHEDULE_H
#define TRAIN_SCHEDULE_H

#include "heed.h"

typedef struct schedule {
    heed_schedule kind;
    double learning_rate;
    double warmup; /* epochs, or a part of one */
    unsigned epochs;
    uint64_t epoch_steps; /* steps of an epoch, 1 or more */
} schedule;

/* The learning rate of step number `step`, counted from 0 through all epochs.
 *
 * Warm-up: step s of the first W (the epochs of the warm-up in steps, rounded) has (s + 1) / W of what follows.
 * HEED_SCHEDULE_COSINE: (1 + cos(pi s / S)) / 2 of it, for step s of the S that are left (Loshchilov & Hutter 2017,
 * equation 5, one period). HEED_SCHEDULE_PLATEAU: half of it, as many times as `halvings` says. */
double schedule_rate(const schedule *s, uint64_t step, unsigned halvings);

#endif
