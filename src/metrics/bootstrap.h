/* Intervals by the bootstrap over rows (Efron & Tibshirani 1993, chapter 13: percentiles), and by the paired one of the
 * differences between contenders that answered the same rows. */
#ifndef METRICS_BOOTSTRAP_H
#define METRICS_BOOTSTRAP_H

#include "base/pool.h"
#include "metrics/label_lists.h"

/* How often a resample holds each row, and what it counts by label. */
typedef struct resample {
    size_t rows, labels;
    uint32_t *weight;                    /* [rows] */
    uint64_t *right, *wanted, *answered; /* [labels]: rows where truth and answer, truth, the answer have it */
} resample;

typedef struct figure_pair {
    double accuracy, macro_f1;
} figure_pair;

/* False for want of memory; release it in any case. */
bool resample_init(resample *s, size_t rows, size_t labels);
void resample_release(resample *s);
/* Draws as many rows as there are, with replacement: a function of seed and number alone. */
void resample_draw(resample *s, uint64_t seed, uint32_t number);
/* Accuracy and macro F1, as bootstrap_differences has them, of the drawn rows. */
figure_pair resample_measure(resample *s, const label_lists *truth, const label_lists *answer, bool several);
/* The 2.5% and 97.5% percentiles of those values that are not NaN, NaN where none is; puts values in another order. */
void bootstrap_interval(double *low, double *high, double *values, size_t count);

/* What several trials answered to the same rows. */
typedef struct answered {
    size_t rows, labels;
    label_lists truth;
    const label_lists *answers; /* [trials] */
    const size_t *first_trial;  /* [contenders + 1]: the trials of a contender stand together */
    size_t contenders;
    bool several;               /* any number of labels a row */
} answered;

/* Differences of each contender to the first, [contenders]: of accuracy (all labels of a row right) and macro F1 (as
 * scikit-learn: of the labels that occur, as truth or answer; where rows have several, of all labels), each the mean
 * over a contender's trials. A resample draws as many rows as there are, and for each contender as many of its trials,
 * with replacement; low and high are the 2.5% and 97.5% percentiles over the resamples. Bits do not depend on the
 * pool. */
heed_status bootstrap_differences(heed_difference *accuracy, heed_difference *macro_f1, const answered *a,
                                  unsigned resamples, uint64_t seed, pool *workers, heed_error *error);

#endif
