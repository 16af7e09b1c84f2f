/* Labels of validation and test rows that no training row has: a model does not have them. */
#ifndef TRAIN_PART_LABELS_H
#define TRAIN_PART_LABELS_H

#include "data/corpus.h"

/* Tells the listener (NULL: nobody) which labels rows set to this part have and rows that may train do not, and what is
 * over which rows: HEED_WARNING_UNKNOWN_LABELS. HEED_BAD_DATA if these rows have no other labels (with fewer than two
 * labels to learn, the training is what fails). The corpus's labels are sorted. */
heed_status part_labels_check(const heed_corpus *corpus, heed_part part, const heed_listener *listener,
                              heed_error *error);

#endif
