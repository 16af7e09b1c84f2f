/* How an encoder that learns is trained: a rule by the number of rows, the same for all data. */
#ifndef TRAIN_FINE_TUNING_H
#define TRAIN_FINE_TUNING_H

#include "heed.h"

typedef struct fine_tuning {
    heed_train_options options; /* those of the training, with what the rule says in their place */
    double encoder_rate;        /* learning rate of the encoder's weights; options.learning_rate: of the layers on it */
} fine_tuning;

/* For so many training rows. What is asked for stays (encoder_epochs, encoder_rate, learning_rate). */
fine_tuning fine_tuning_of(const heed_train_options *options, uint32_t rows);

#endif
