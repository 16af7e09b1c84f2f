/* How good the probabilities of yes-or-no questions are: Brier score and calibration, as scikit-learn defines them. */
#ifndef METRICS_CALIBRATION_H
#define METRICS_CALIBRATION_H

#include "metrics/curves.h"

enum { CALIBRATION_BINS = 15 };

/* One of the equal parts of [0, 1] that scores fall into: above its lower end, up to its upper one. */
typedef struct calibration_bin {
    uint64_t rows, positives;
    double sum; /* of the scores */
} calibration_bin;

/* brier_score_loss: the mean squared difference between scores and 1 or 0. */
double brier_score(const scored *items, size_t count);
/* The bin of a score, from 0. */
size_t calibration_bin_of(double score, size_t bin_count);
/* Counts an item in its bin so many times. */
static inline void calibration_put(calibration_bin *bin, scored item, uint32_t times)
{
    bin->rows += times;
    bin->positives += item.is_positive ? times : 0;
    bin->sum += times * (double)item.score;
}
/* calibration_curve with uniform bins: fills bins[bin_count]; a bin without rows is not one of its points. */
void calibration_fill(calibration_bin *bins, size_t bin_count, const scored *items, size_t count);
/* Expected calibration error (Guo et al. 2017, equation 3): the mean over rows of the difference between mean score and
 * share of positives in their bin. */
double calibration_error(const calibration_bin *bins, size_t bin_count);

#endif
