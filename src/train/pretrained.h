/* An embedding that starts from word vectors: those of a file, or learned from the training rows. */
#ifndef TRAIN_PRETRAINED_H
#define TRAIN_PRETRAINED_H

#include "base/digest.h"
#include "data/examples.h"
#include "network/network.h"

/* What the vectors cover. */
typedef struct pretrained {
    uint64_t words;             /* of the vocabulary */
    double token_share;         /* of the training rows' tokens, as the network reads them */
    char digest[DIGEST_DIGITS]; /* XXH3-128 of the file's bytes, unpacked, or of the learned vectors; empty: none are
                                   used */
    bool few_rows;              /* there are too few to learn from */
    char note[512];             /* all this in one line */
} pretrained;

/* The embedding that starts from vectors; everything is borrowed. */
typedef struct embedding_start {
    real *weights; /* of the network */
    const network *net;
    const vocabulary *words;
    const examples *train; /* rows of these words */
    const heed_corpus *corpus;
} embedding_start;

/* Overwrites the embedding's rows of the words that have a vector; words of options->init_from keep theirs. Errors:
 * HEED_USAGE if the vectors and the embedding differ in width, and those of vectors_read and own_vectors_learn. */
heed_status pretrained_load(pretrained *out, const embedding_start *start, const heed_train_options *options,
                            const heed_listener *listener, heed_error *error);

#endif
