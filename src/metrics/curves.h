/* How well scores put the positives before the negatives: ROC and precision-recall curves and their areas, as
 * scikit-learn defines them. */
#ifndef METRICS_CURVES_H
#define METRICS_CURVES_H

#include "heed.h"

/* A row: the probability of yes, and whether yes is right. */
typedef struct scored {
    float score;
    bool is_positive;
} scored;

/* ROC: x false positive rate, y true positive rate. Precision-recall: x recall, y precision. At each point the
 * prediction is yes from threshold on. */
typedef struct curve {
    size_t count;
    double *x, *y, *threshold; /* [count], owned */
    double area;
} curve;

typedef struct curve_areas {
    double roc;               /* NaN if all rows are positive or all negative */
    double average_precision; /* NaN without positive rows */
} curve_areas;

/* The running sums of the areas, score by score. */
typedef struct area_sums {
    uint64_t hits, alarms; /* positives and negatives so far */
    double twice_won;      /* always whole numbers */
    double precisions;
} area_sums;

/* Sorts items by decreasing score, as the functions below need them. Equal scores are one step of a curve, in any
 * order.
 */
void scored_sort(scored *items, size_t count);
typedef heed_status curve_maker(curve *out, const scored *sorted, size_t count, heed_error *error);
/* roc_curve with drop_intermediate: thresholds fall from infinity, points inside straight runs are left out. x or y is
 * NaN if there are no negatives or no positives, and area then too (roc_auc_score). */
heed_status roc_curve(curve *out, const scored *sorted, size_t count, heed_error *error);
/* precision_recall_curve: thresholds rise, and after them comes the point of recall 0 and precision 1, at infinity.
 * area is average_precision_score; without positives every recall is 1 and area 0. */
heed_status precision_recall_curve(curve *out, const scored *sorted, size_t count, heed_error *error);
/* Only the areas. */
curve_areas curve_areas_of(const scored *sorted, size_t count);
/* The same over steps, one for each distinct score, that the caller counts: hits and alarms are the positives and
 * negatives of this score or a higher one. ROC area by trapezoids: the share of the pairs of a positive and a negative
 * in which the positive scores higher, equal scores counting half. Average precision: precision at each step, weighted
 * by the recall that it adds. */
static inline void area_sums_step(area_sums *a, uint64_t hits, uint64_t alarms)
{
    a->twice_won += (double)(alarms - a->alarms) * (double)(a->hits + hits);
    if (hits > a->hits)
        a->precisions += (double)(hits - a->hits) * ((double)hits / (double)(hits + alarms));
    a->hits = hits;
    a->alarms = alarms;
}
curve_areas area_sums_end(const area_sums *a);
void curve_release(curve *c);

#endif
