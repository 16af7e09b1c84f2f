/* How an encoder that learns is trained: a rule by the number of rows, the same for all data. */
#ifndef TRAIN_FINE_TUNING_H
#define TRAIN_FINE_TUNING_H

#include "encoder/encoder_config.h"

typedef struct fine_tuning {
    heed_train_options options; /* those of the training, with what the rule says in their place */
    double encoder_rate;        /* learning rate of the encoder's weights; options.learning_rate: of the layers on it */
} fine_tuning;

/* For so many training rows. What is asked for stays (encoder_epochs, encoder_rate). */
fine_tuning fine_tuning_of(const heed_train_options *options, uint32_t rows);

/* Multiplications of a whole training on so many tokens in each epoch, of texts of so many in the mean: counted, not
 * timed. */
double fine_tuning_work(const heed_train_options *options, const encoder_config *c, uint32_t rows, double tokens);

#endif
