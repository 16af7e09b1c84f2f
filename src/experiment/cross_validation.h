/* heed_cross_validate: each part of the rows validates a training on the others. */
#ifndef EXPERIMENT_CROSS_VALIDATION_H
#define EXPERIMENT_CROSS_VALIDATION_H

#include "heed.h"

struct heed_folds {
    unsigned count;
    heed_fold *items;               /* [count] */
    heed_keras_metrics *validation; /* [count]: the items' */
};

#endif
