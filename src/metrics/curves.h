/* What scores of yes-or-no questions are worth: ROC and precision-recall curves and their areas, calibration, Brier
 * score; the definitions are scikit-learn's. */
#ifndef METRICS_CURVES_H
#define METRICS_CURVES_H

#include "heed.h"

/* A row: how sure the yes is, and whether it is right. */
typedef struct scored {
    float score;
    bool is_positive;
} scored;

/* ROC: x false positive rate, y true positive rate. Precision-recall: x recall, y precision. The points answer yes from
 * threshold on. */
typedef struct curve {
    size_t count;
    double *x, *y, *threshold; /* [count], owned */
    double area;
} curve;

typedef struct curve_areas {
    double roc;               /* NaN where rows are of one kind alone */
    double average_precision; /* NaN without positive rows */
} curve_areas;

/* One of the equal parts of [0, 1] that scores fall into: above its lower end, up to its upper one. */
typedef struct calibration_bin {
    uint64_t rows, positives;
    double sum; /* of the scores */
} calibration_bin;

/* Sorts items by falling score, as the three below want them. Equal scores are one step of a curve, in any order. */
void scored_sort(scored *items, size_t count);
/* roc_curve with drop_intermediate: thresholds fall from infinity, points inside straight runs are left out. x or y is
 * NaN where there are no negatives or no positives, and area then too (roc_auc_score). */
heed_status roc_curve(curve *out, const scored *sorted, size_t count, heed_error *error);
/* precision_recall_curve: thresholds rise, and behind them stands the point of recall 0 and precision 1, at infinity.
 * area is average_precision_score; without positives every recall is 1 and area 0. */
heed_status precision_recall_curve(curve *out, const scored *sorted, size_t count, heed_error *error);
/* The areas alone. */
curve_areas curve_areas_of(const scored *sorted, size_t count);
void curve_release(curve *c);

/* brier_score_loss: the mean squared distance of scores to 1 or 0. */
double brier_score(const scored *items, size_t count);
/* The bin of a score, from 0. */
size_t calibration_bin_of(double score, size_t bin_count);
/* calibration_curve with uniform bins: fills bins[bin_count]; a bin without rows is none of its points. */
void calibration_fill(calibration_bin *bins, size_t bin_count, const scored *items, size_t count);
/* Expected calibration error (Guo et al. 2017, equation 3): the mean over rows of how far their bin's mean score is
 * from its share of positives. */
double calibration_error(const calibration_bin *bins, size_t bin_count);

#endif
