/* What a search holds. */
#ifndef EXPERIMENT_TUNING_H
#define EXPERIMENT_TUNING_H

#include "experiment/trials.h"

enum { MAX_RUNGS = 3 };

struct heed_tuning {
    const heed_tune_options *options; /* borrowed */
    trial_options base;               /* of all trials, but for what ranges say */
    range_list ranges;
    unsigned epochs[MAX_RUNGS], rung_count;
    trial_table table;
    char **best_values; /* of the best trial, once asked for; what its options borrow */
};

/* What a trial is ranked by: less is better; infinite for one that failed or has no such figure. */
double tuning_score(const heed_tuning *tuning, const heed_tune_trial *trial);
/* The furthest training of each trial that did not fail there, of a later rung before an earlier one, best first;
 * free() releases the list. NULL: no memory. */
const heed_tune_trial **tuning_ranked(const heed_tuning *tuning, size_t *count);

#endif
