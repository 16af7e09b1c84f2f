/* Training by a recipe: what it chooses is trained, and measured beside linear on the same rows. */
#ifndef TRAIN_RECIPE_TRAINING_H
#define TRAIN_RECIPE_TRAINING_H

#include "train/training_class.h"

extern const training_class recipe_training;

#endif
