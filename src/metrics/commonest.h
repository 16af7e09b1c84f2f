/* The most frequent labels: predicting them always gives the baseline of accuracy. */
#ifndef METRICS_COMMONEST_H
#define METRICS_COMMONEST_H

#include "metrics/evaluation.h"

typedef struct commonest {
    size_t row;    /* one that has them */
    uint64_t rows; /* how many have them */
} commonest;

/* With one label per row the label with the most rows, the first of equals; with several the most frequent set of
 * labels, of equals the first in the order of flags. A label that the model does not
 * have cannot be predicted, so that it is left out (rows 0 if no row is left). Needs the evaluation's counts. */
heed_status commonest_find(commonest *out, const heed_evaluation *e, heed_error *error);

#endif
