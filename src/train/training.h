/* A training run of any kind of classifier. */
#ifndef TRAIN_TRAINING_H
#define TRAIN_TRAINING_H

#include "train/training_result.h"

/* Refuses options that cannot be used; the message names the option. */
heed_status train_options_check(const heed_train_options *options, heed_error *error);
/* Trains. HEED_STOPPED also gives a usable result if an epoch was complete. */
heed_status training_run(training_result *out, const training_context *context, heed_error *error);
/* Whether training_data_make gives the same for both. Every option that it reads is compared here. */
bool training_data_alike(const heed_train_options *a, const heed_train_options *b);

#endif
