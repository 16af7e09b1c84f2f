/* The learning rate as a pure function of the step. */
#ifndef TRAIN_SCHEDULE_H
#define TRAIN_SCHEDULE_H

#include "heed.h"

typedef struct schedule {
    heed_schedule kind;
    double learning_rate;
    double warmup; /* epochs, also fractions */
    unsigned epochs;
    uint64_t epoch_steps; /* steps of an epoch, 1 or more */
} schedule;

/* The learning rate of step number `step`, from 0 through all epochs; schedule.c has the formulas. The number of
 * warm-up steps is rounded. halvings: so far, of HEED_SCHEDULE_PLATEAU. */
double schedule_rate(const schedule *s, uint64_t step, unsigned halvings);

#endif
