/* The results of a comparison: spreads over the seeds, and differences from the first contender. */
#ifndef EXPERIMENT_OUTCOME_H
#define EXPERIMENT_OUTCOME_H

#include "experiment/comparison_trials.h"

/* Fills the contenders' numbers from the trials that have metrics. */
heed_status outcome_find(const comparison_trials *t, heed_error *error);

#endif
