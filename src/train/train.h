/* Training on a corpus: checks, models, folds. */
#ifndef TRAIN_TRAIN_H
#define TRAIN_TRAIN_H

#include "train/training_class.h"

/* Refuses a corpus or options that cannot be used for training; sorts the corpus's labels. */
heed_status train_check(heed_corpus *corpus, const heed_train_options *options, heed_error *error);
/* HEED_USAGE for an encoder that the architecture does not use: a mistake, unless others are compared with it. */
heed_status train_check_encoder(const heed_corpus *corpus, const heed_train_options *options, heed_error *error);
/* Reports what looks wrong with the labels, before anything is trained; once for the rows that the corpus has. They are
 * sorted (train_check). tells_rare: rare labels too. HEED_STOPPED: by the listener. */
heed_status train_judge_labels(heed_corpus *corpus, const heed_listener *listener, bool tells_rare, heed_error *error);
/* The model of a run without folds. HEED_STOPPED also gives a model if an epoch was complete. */
heed_status train_model(heed_model **out, heed_corpus *corpus, const training_data *data,
                        const heed_train_options *options, const heed_listener *listener, heed_error *error);

#endif
