/* Training of logistic regression on the features of a pretrained encoder, which are computed once for all trainings of
 * a corpus. C is chosen by a cross-fit where the architecture leaves it open. */
#ifndef TRAIN_ENCODER_TRAINING_H
#define TRAIN_ENCODER_TRAINING_H

#include "train/training_class.h"

extern const training_class encoder_training;

#endif
