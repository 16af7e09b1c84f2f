/* The trials of a comparison: each is one training, and the predictions of its model for the measured rows. */
#ifndef EXPERIMENT_COMPARISON_TRIALS_H
#define EXPERIMENT_COMPARISON_TRIALS_H

#include "base/pool.h"
#include "experiment/comparison.h"
#include "experiment/measured_rows.h"

typedef struct comparison_trials {
    heed_comparison *result;       /* borrowed; its contenders and trials are listed */
    const heed_listener *listener; /* borrowed; NULL: none */
    measured_rows rows;
    label_lists *answers; /* [trials]: for the measured rows; none for a trial without metrics */
    pool *workers;
    unsigned done; /* trials that were run, including failed ones */
} comparison_trials;

/* Divides the rows; corpus is borrowed. Release it in any case. */
heed_status comparison_trials_init(comparison_trials *t, heed_comparison *result, heed_corpus *corpus,
                                   const heed_listener *listener, heed_error *error);
void comparison_trials_release(comparison_trials *t);
/* Runs all of them; one that fails is kept with its message. HEED_STOPPED if the listener stops it: finished trials are
 * complete. */
heed_status comparison_trials_run(comparison_trials *t, heed_error *error);

#endif
