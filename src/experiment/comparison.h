/* What a comparison holds: its contenders and their trials, for the text, the JSON and the CSV made of them. */
#ifndef EXPERIMENT_COMPARISON_H
#define EXPERIMENT_COMPARISON_H

#include "heed.h"

enum { MAX_SEEDS = 1000 }; /* and so trials of a contender */

struct heed_comparison {
    heed_contender *contenders;
    heed_train_options *options; /* [contender_count]: of their trials; architecture is owned */
    char **names;                /* [contender_count] */
    size_t contender_count;
    heed_trial *trials; /* a contender's together, in the order of their seeds */
    char **problems;    /* [trial_count], NULL if there is none */
    size_t trial_count;
    uint64_t rows, seeds;
    bool measured_validation; /* there was no test part */
    unsigned resamples;
};

#endif
