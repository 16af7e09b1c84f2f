#include "train/training_table.h"

#include "model/classifier_table.h"
#include "train/part_training.h"
#include "train/sum_training.h"

const training_class *training_class_of(const char *architecture)
{
    return classifier_class_of(architecture) == sum_training.classifier ? &sum_training
                                                                        : part_training_of(architecture);
}
