/* Training that starts from a model: its words keep their ids, and its weights are taken over by name. */
#ifndef TRAIN_WARM_START_H
#define TRAIN_WARM_START_H

#include "model/model.h"
#include "network/network.h"

/* The known words in their order, and after them the fresh ones, up to max_words ids in all (0: no limit). Errors:
 * HEED_USAGE where the two are vocabularies of different kinds. */
heed_status warm_start_words(vocabulary *out, const vocabulary *known, const vocabulary *fresh, uint32_t max_words,
                             heed_error *error);

/* The labels of the network to be trained. */
typedef struct labelling {
    const char *const *names; /* sorted bytewise */
    uint32_t count, positive;
} labelling;

/* The network that starts from a model; all of it borrowed. */
typedef struct warm_start {
    real *weights; /* of the network */
    const network *net;
    const vocabulary *words; /* begins with the model's */
    labelling labels;
} warm_start;

enum { WARM_START_NOTE = 256 };

/* Overwrites what the model knows of the network's weights: parameters of the same name and shape; of the embedding the
 * rows of the model's words; of positions those that both have; of the output the columns of its labels. The others
 * stay as they are. note: all this in one line. Errors: HEED_USAGE for a model that is not a network, and where the
 * embedding or every layer after it is of another shape, so that next to nothing would be taken over. */
heed_status warm_start_weights(char note[WARM_START_NOTE], const warm_start *start, const heed_model *from,
                               heed_error *error);

#endif
