/* What the metrics of an evaluation are computed from: its rows counted, each as often as its weight says. */
#ifndef METRICS_TALLY_H
#define METRICS_TALLY_H

#include "metrics/evaluation.h"
#include "metrics/questions.h"

typedef struct tally {
    const heed_evaluation *e;
    const uint32_t *weight; /* [rows], as many in all as there are rows; NULL: each row once */
    const label_counts *counts;
    const curve_areas *areas;               /* [label_count]: of each label against the rest */
    curve_areas all_areas;                  /* of all questions together; only if each row counts once */
    scores averages[AVERAGE_COUNT];         /* of the counts */
    calibration_bin bins[CALIBRATION_BINS]; /* of the likeliest answers */
    double distance;                        /* of probabilities to 0 and 1, squared: the mean over rows */
} tally;

/* Fills the averages from the counts. */
void tally_average(tally *t);
/* Each row of an evaluation once. Its counts are there; its areas [label_count] are filled. */
heed_status tally_rows(tally *t, heed_evaluation *e, heed_error *error);

#endif
