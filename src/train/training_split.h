/* Which rows a training trains on, and which it is judged by. */
#ifndef TRAIN_TRAINING_SPLIT_H
#define TRAIN_TRAINING_SPLIT_H

#include "data/split.h"

/* Whether these options train on all rows and hold some out in turn: HEED_VALIDATION_AUTO, of a class that crossfits,
 * if no row is set to validate. */
bool training_crossfits(const heed_corpus *corpus, const heed_train_options *options);
/* The rows of a training: all that are open train if it crossfits, else as split_rows divides them, for
 * HEED_VALIDATION_AUTO by fraction. */
heed_status training_split(split *out, heed_corpus *corpus, const heed_train_options *options, heed_error *error);
/* For trainings that are measured on rows of their own, such as the trials of a comparison: what HEED_VALIDATION_AUTO
 * is for networks becomes that of all classes. */
void training_measure_apart(heed_train_options *options);

#endif
