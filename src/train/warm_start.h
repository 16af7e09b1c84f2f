/* Training that starts from a model: its words keep their ids, and its weights are copied by name. */
#ifndef TRAIN_WARM_START_H
#define TRAIN_WARM_START_H

#include "model/model.h"
#include "network/network.h"

/* The known words in their order, then the fresh ones, up to max_words ids in all (0: no limit). Errors: HEED_USAGE if
 * the vocabularies are of different kinds. */
heed_status warm_start_words(vocabulary *out, const vocabulary *known, const vocabulary *fresh, uint32_t max_words,
                             heed_error *error);

/* The labels of the network to be trained. */
typedef struct labelling {
    const char *const *names; /* sorted bytewise */
    uint32_t count, positive;
} labelling;

/* The network that starts from a model; everything is borrowed. */
typedef struct warm_start {
    real *weights; /* of the network */
    const network *net;
    const vocabulary *words; /* begins with the model's */
    labelling labels;
} warm_start;

enum { WARM_START_NOTE = 256 };

/* Overwrites the network's weights that the model has too: parameters of the same name and shape; of the embedding the
 * rows of the model's words; of positions those that both have; of the output the columns of its labels. note: what was
 * copied, in one line. Errors: HEED_USAGE if the model is not a network, and if the embedding or every layer after it
 * has another shape, so that almost nothing could be copied. */
heed_status warm_start_weights(char note[WARM_START_NOTE], const warm_start *start, const heed_model *from,
                               heed_error *error);

#endif
