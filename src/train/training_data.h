/* The rows of a split as training data. */
#ifndef TRAIN_TRAINING_DATA_H
#define TRAIN_TRAINING_DATA_H

#include "train/training_class.h"

heed_status training_data_make(training_data *out, heed_corpus *corpus, const split *parts,
                               const heed_train_options *options, heed_error *error);
/* Whether training_data_make gives the same for both. Every option that it reads is compared here. */
bool training_data_alike(const heed_train_options *a, const heed_train_options *b);
void training_data_release(training_data *data);

#endif
