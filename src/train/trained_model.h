/* From a training's result to a model. */
#ifndef TRAIN_TRAINED_MODEL_H
#define TRAIN_TRAINED_MODEL_H

#include "train/training_class.h"

/* A model without thresholds. Moves what was learnt and the history out of the result. */
heed_status trained_model_make(heed_model **out, const training_context *context, training_result *result,
                               heed_error *error);

#endif
