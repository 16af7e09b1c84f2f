/* Intervals of an evaluation (heed_evaluation_bootstrap). */
#ifndef METRICS_EVALUATION_BOOTSTRAP_H
#define METRICS_EVALUATION_BOOTSTRAP_H

#include "metrics/evaluation.h"

/* Whether a bootstrap of so many resamples has intervals of areas, and with several labels per row of the calibration
 * error: each takes a pass over the rows for each label in each resample, too long for thousands of labels. */
bool bootstrap_has_areas(const heed_evaluation *e, unsigned resamples);

#endif
