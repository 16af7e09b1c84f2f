/* Training of the wide model: it learns n-grams, chooses what the architecture leaves open, and finds the one best
 * solution, which counts as one epoch. */
#ifndef TRAIN_WIDE_TRAINING_H
#define TRAIN_WIDE_TRAINING_H

#include "train/training_class.h"

extern const training_class wide_training;

#endif
