/* The states that the rows of a training have, if its network reads those of an encoder. They are computed once for all
 * trainings of a corpus where it keeps them, else for each batch; the bits are the same. */
#ifndef TRAIN_TRAINING_STATES_H
#define TRAIN_TRAINING_STATES_H

#include "model/row_encoding.h"
#include "train/training_progress.h"

/* All zero: the network reads words. */
typedef struct training_states {
    real *const *kept;      /* [rows of the corpus]: of the corpus; NULL: it keeps none, */
    size_t width;           /* E of those */
    row_encoding *computed; /* and these are, by its encoder or by one that learns */
} training_states;

/* Computes those of the training's rows, if the corpus keeps them. A network on words needs none. HEED_STOPPED: by the
 * listener. */
heed_status training_states_init(training_states *out, training_progress *p, pool *workers, heed_error *error);
/* Those of an encoder that learns, with its weights of each moment; it is borrowed. */
heed_status training_states_of(training_states *out, const shared_encoder *e, uint32_t room, pool *workers,
                               heed_error *error);
void training_states_release(training_states *s);
/* Gives rows, whose numbers are those of the corpus, their states; they live until the next call. */
heed_status training_states_give(training_states *s, batch_row *rows, size_t count, heed_error *error);
/* Whether the rows have states. */
bool training_states_used(const training_states *s);

#endif
