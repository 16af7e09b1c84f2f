#include "train/part_training.h"

#include "model/part_table.h"
#include "train/encoder_training.h"
#include "train/linear_training.h"
#include "train/network_training.h"
#include "train/wide_training.h"

static const training_class *const classes[] = {&linear_training, &wide_training, &encoder_training, &states_training,
                                                &network_training};

const training_class *part_training_of(const char *architecture)
{
    const classifier_class *classifier = part_class_of(architecture);
    size_t i = 0;
    while (classes[i]->classifier != classifier)
        i++;
    return classes[i];
}
