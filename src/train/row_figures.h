/* Keras's figures of a training's rows. */
#ifndef TRAIN_ROW_FIGURES_H
#define TRAIN_ROW_FIGURES_H

#include "metrics/figures.h"

/* Adds a row of a task: probabilities and targets [outputs]. */
static inline void row_figures_add(figures *f, heed_task task, const float *probability, const float *target,
                                   size_t outputs, double loss)
{
    if (task == HEED_TASK_MULTILABEL)
        figures_add_several(f, probability, target, outputs, loss);
    else
        figures_add(f, probability, target, outputs, loss);
}

#endif
