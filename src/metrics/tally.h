/* The input of the metrics of an evaluation: its rows, each counted as often as its weight says. */
#ifndef METRICS_TALLY_H
#define METRICS_TALLY_H

#include "metrics/evaluation.h"
#include "metrics/questions.h"

typedef struct tally {
    const heed_evaluation *e;
    const uint32_t *weight; /* [rows], with the number of rows as their sum; NULL: each row once */
    uint64_t
        known_rows; /* of them those whose label the model has, with their weights: what probabilities are judged by */
    const label_counts *counts;
    const curve_areas *areas;               /* [label_count]: of each label against the rest */
    curve_areas all_areas;                  /* of all questions together; only if each row counts once */
    scores averages[AVERAGE_COUNT];         /* of the counts */
    calibration_bin bins[CALIBRATION_BINS]; /* of the most likely predictions */
    double distance; /* squared difference of probabilities and 0 or 1: the mean over known rows */
} tally;

/* Fills the averages from the counts. */
void tally_average(tally *t);
/* The tally with each row of an evaluation once. The evaluation has its counts; areas [label_count] are filled. */
heed_status tally_rows(tally *t, heed_evaluation *e, heed_error *error);

#endif
