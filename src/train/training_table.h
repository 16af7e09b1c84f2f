/* How the kinds of classifiers are trained: a row for each row of classifier_table.c. */
#ifndef TRAIN_TRAINING_TABLE_H
#define TRAIN_TRAINING_TABLE_H

#include "train/training_class.h"

/* The training of the kind that an architecture names, even if its numbers are wrong. */
const training_class *training_class_of(const char *architecture);

#endif
