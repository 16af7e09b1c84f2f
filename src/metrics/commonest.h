/* The labels that most rows have: what always answering them reaches is the baseline of accuracy. */
#ifndef METRICS_COMMONEST_H
#define METRICS_COMMONEST_H

#include "metrics/evaluation.h"

typedef struct commonest {
    size_t row;    /* one that has them */
    uint64_t rows; /* how many have them */
} commonest;

/* Of one label a row the label with the most rows, the first of equals; of several the set of labels, of equals the one
 * that is first without its labels. Needs the evaluation's counts. */
heed_status commonest_find(commonest *out, const heed_evaluation *e, heed_error *error);

#endif
