/* How each kind of part is trained (model/part_table.h). */
#ifndef TRAIN_PART_TRAINING_H
#define TRAIN_PART_TRAINING_H

#include "train/training_class.h"

/* The class that trains the architecture of one part; never NULL. */
const training_class *part_training_of(const char *architecture);

#endif
