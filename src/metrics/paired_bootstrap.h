/* Differences between contenders that were measured on the same rows, with intervals by the paired bootstrap. */
#ifndef METRICS_PAIRED_BOOTSTRAP_H
#define METRICS_PAIRED_BOOTSTRAP_H

#include "base/pool.h"
#include "metrics/label_lists.h"

/* The predictions of several trials for the same rows. */
typedef struct answered {
    size_t rows, labels;
    label_lists truth;
    const label_lists *answers; /* [trials] */
    const size_t *first_trial;  /* [contenders + 1]: the trials of a contender follow each other */
    size_t contenders;
    bool several; /* any number of labels per row */
} answered;

/* Differences of each contender from the first, [contenders]: of accuracy (all labels of a row right) and macro F1 (as
 * in scikit-learn: of the labels that occur as true or predicted label; with several labels per row, of all), each the
 * mean over a contender's trials. A resample draws as many rows as there are, and for each contender as many trials as
 * it has, with replacement; low and high are the 2.5% and 97.5% percentiles over the resamples. Bits do not depend on
 * the pool. */
heed_status bootstrap_differences(heed_interval *accuracy, heed_interval *macro_f1, const answered *a,
                                  unsigned resamples, uint64_t seed, pool *workers, heed_error *error);

#endif
