/* Training of the linear model: it learns features and finds the one best solution, which counts as one epoch. The
 * listener gets HEED_STAGE_TRAIN after each pass over the rows, and HEED_STAGE_EPOCH at the end. HEED_STOPPED leaves no
 * model unless it came with the last event. */
#ifndef TRAIN_LINEAR_TRAINING_H
#define TRAIN_LINEAR_TRAINING_H

#include "train/training_class.h"

extern const training_class linear_training;

#endif
