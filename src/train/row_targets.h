/* What each output of a model should be for each row. */
#ifndef TRAIN_ROW_TARGETS_H
#define TRAIN_ROW_TARGETS_H

#include "train/training_class.h"

/* *out [e->count][outputs]: 1 for the labels of a row, and 0; of two labels for the positive one. free() releases it.
 */
heed_status row_targets_make(float **out, const training_data *data, const examples *e, size_t outputs,
                             heed_error *error);

#endif
