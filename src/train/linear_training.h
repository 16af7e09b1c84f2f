/* Training of the linear model. */
#ifndef TRAIN_LINEAR_TRAINING_H
#define TRAIN_LINEAR_TRAINING_H

#include "train/training.h"

/* Refuses (HEED_USAGE) options of networks that would be lost on a linear model. */
heed_status linear_check_options(const heed_train_options *options, heed_error *error);

/* Learns features and weights, which counts as one epoch: out gets the model, and figures of one row. The listener
 * hears HEED_STAGE_TRAIN after each pass over the rows, and HEED_STAGE_EPOCH at the end. HEED_STOPPED leaves no
 * model, but where it came with the last event. */
heed_status linear_training_run(training_result *out, const training_data *data, const heed_corpus *corpus,
                                const heed_train_options *options, unsigned fold, unsigned folds,
                                const heed_listener *listener, heed_error *error);

#endif
