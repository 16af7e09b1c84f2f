/* An embedding that starts from pre-trained word vectors. */
#ifndef TRAIN_PRETRAINED_H
#define TRAIN_PRETRAINED_H

#include "data/examples.h"
#include "network/network.h"

/* What the vectors cover. */
typedef struct pretrained {
    uint64_t words;     /* of the vocabulary */
    double token_share; /* of the training rows' tokens, as the network reads them */
    char digest[33];    /* XXH3-128 of the file's bytes, unpacked */
    char note[512];     /* all this in one line */
} pretrained;

/* The embedding that starts from vectors; everything is borrowed. */
typedef struct embedding_start {
    real *weights; /* of the network */
    const network *net;
    const vocabulary *words;
    const examples *train; /* rows of these words */
} embedding_start;

/* Overwrites the embedding's rows of the words that the file has. Errors: HEED_USAGE if the vectors and the embedding
 * differ in width, and those of vectors_read. */
heed_status pretrained_load(pretrained *out, const embedding_start *start, const char *path,
                            const heed_listener *listener, heed_error *error);

#endif
