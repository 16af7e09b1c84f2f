/* --vectors self: skip-gram vectors of the vocabulary's words, learned from the training rows and no others. */
#ifndef TRAIN_OWN_VECTORS_H
#define TRAIN_OWN_VECTORS_H

#include "data/examples.h"
#include "vectors/vectors.h"

enum { FEWEST_ROWS_TO_LEARN_FROM = 500 };

/* What they are learned from, borrowed, and how. */
typedef struct own_text {
    const heed_corpus *corpus; /* which keeps them for further trainings */
    const examples *rows;
    const vocabulary *words;
    uint32_t width;
    uint64_t seed;
    unsigned threads;
} own_text;

/* Whole texts are read, not only what fits into the network's window. Only words that the rows have get a vector, the
 * digest is of the vectors. The same bits whatever the number of threads. The listener gets HEED_STAGE_WORDS, unless
 * vectors of the same rows, words, width and seed were learned before. HEED_USAGE: whole texts as words; HEED_BAD_DATA:
 * vectors that are not finite; HEED_STOPPED. Release out; it is empty after a failure. */
heed_status own_vectors_learn(vectors *out, const own_text *text, const heed_listener *listener, heed_error *error);

#endif
