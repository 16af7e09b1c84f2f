#include "train/training_table.h"

#include "model/classifier_table.h"
#include "network/architecture.h"
#include "train/part_training.h"
#include "train/recipe_training.h"
#include "train/sum_training.h"

const training_class *training_class_of(const char *architecture)
{
    if (architecture_recipe_of(architecture) != RECIPE_NONE)
        return &recipe_training;
    return classifier_class_of(architecture) == sum_training.classifier ? &sum_training
                                                                        : part_training_of(architecture);
}
