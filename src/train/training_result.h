/* What a training made, until it is a model. */
#ifndef TRAIN_TRAINING_RESULT_H
#define TRAIN_TRAINING_RESULT_H

#include "train/training_class.h"

void training_result_release(training_result *result);

#endif
