/* Keras's metrics of a training's rows. */
#ifndef TRAIN_ROW_METRICS_H
#define TRAIN_ROW_METRICS_H

#include "metrics/keras_metrics.h"

/* Adds a row of a task: probabilities and targets [outputs]. */
static inline void row_metrics_add(keras_counts *f, heed_task task, const float *probability, const float *target,
                                   size_t outputs, double loss)
{
    if (task == HEED_TASK_MULTILABEL)
        keras_counts_add_multilabel(f, probability, target, outputs, loss);
    else
        keras_counts_add(f, probability, target, outputs, loss);
}

#endif
