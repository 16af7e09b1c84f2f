#include "train/training_table.h"

#include "model/classifier_table.h"
#include "train/linear_training.h"
#include "train/network_training.h"
#include "train/wide_training.h"

static const training_class *const classes[] = {&linear_training, &wide_training, &network_training};

const training_class *training_class_of(const char *architecture)
{
    const classifier_class *classifier = classifier_class_of(architecture);
    size_t i = 0;
    while (classes[i]->classifier != classifier)
        i++;
    return classes[i];
}

unsigned training_epochs(const heed_train_options *options)
{
    return training_class_of(options->architecture)->deterministic ? 1 : options->epochs;
}
