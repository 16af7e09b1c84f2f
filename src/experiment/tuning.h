/* The contents of a search. */
#ifndef EXPERIMENT_TUNING_H
#define EXPERIMENT_TUNING_H

#include "experiment/trials.h"

enum { MAX_RUNGS = 3 };

struct heed_tuning {
    heed_tune_options options; /* what it points to is borrowed */
    trial_options base;        /* of all trials, except the options with ranges */
    range_list ranges;
    unsigned epochs[MAX_RUNGS], rung_count;
    trial_table table;
    char **best_values;         /* of the best trial; its options borrow them */
    trial_options best_options; /* base with these values */
    heed_tuning_info info;
};

/* Fills info, when the trials are complete. */
heed_status tuning_fill_info(heed_tuning *tuning, heed_error *error);

/* The value by which a trial is ranked: lower is better; infinite for one that failed or does not have this metric. */
double tuning_score(const heed_tuning *tuning, const heed_tune_trial *trial);
/* The longest training of each trial that did not fail there, later rungs before earlier ones, best first; free()
 * releases the list. NULL: no memory. */
const heed_tune_trial **tuning_ranked(const heed_tuning *tuning, size_t *count);

#endif
