/* The rows of a split as training data. */
#ifndef TRAIN_TRAINING_DATA_H
#define TRAIN_TRAINING_DATA_H

#include "train/training_class.h"

/* The rows of a split as data for trainings of a class. words: the vocabulary, which is copied; NULL: the class finds
 * it. */
heed_status training_data_make(training_data *out, const training_class *class, const heed_corpus *corpus,
                               const split *parts, const heed_train_options *options, const vocabulary *words,
                               heed_error *error);
void training_data_release(training_data *data);
/* HEED_USAGE for an architecture with an encoder, or stretches, where the corpus has none, and for stretches of a
 * network.
 */
heed_status training_data_check_encoder(const heed_corpus *corpus, const char *architecture, heed_error *error);

#endif
