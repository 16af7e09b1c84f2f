/* The contents of a comparison: its contenders and their trials, from which text, JSON and CSV are made. */
#ifndef EXPERIMENT_COMPARISON_H
#define EXPERIMENT_COMPARISON_H

#include "heed.h"

enum { MAX_SEEDS = 1000 }; /* and so trials per contender */

struct heed_comparison {
    heed_contender *contenders;
    heed_train_options *options; /* [contender_count]: of their trials; architecture is owned */
    char **names;                /* [contender_count] */
    size_t contender_count;
    heed_trial *trials;              /* grouped by contender, in the order of their seeds */
    char **problems;                 /* [trial_count], NULL if there is none */
    heed_keras_metrics *validations; /* [trial_count]: the trials' */
    size_t trial_count;
    heed_comparison_info info;
    uint64_t rows, seeds;
    bool measured_validation; /* there was no test part */
    unsigned resamples;
};

#endif
