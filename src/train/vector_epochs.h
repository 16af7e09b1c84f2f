/* word2vec over a text that can be gone through any number of times, wherever its words come from. */
#ifndef TRAIN_VECTOR_EPOCHS_H
#define TRAIN_VECTOR_EPOCHS_H

#include "heed.h"

typedef struct word_stream {
    void *context;
    /* Back to the first word. */
    heed_status (*rewind)(void *context, heed_error *error);
    /* The next numbers, at most ROUND_WORDS, as word2vec_round takes them; count 0 after the last. */
    heed_status (*next)(uint32_t *out, size_t *count, void *context, heed_error *error);
    const uint64_t *counts; /* [words]: how often the text has each word, none 0 */
    uint32_t words;
    uint64_t tokens;    /* of the text, those without a vector too */
    const char *advice; /* what to do about vectors that did not stay finite */
} word_stream;

/* Whether these stages of cleaning make words: HEED_USAGE if a whole text would be one. */
heed_status vector_text_check(const heed_text_options *text, heed_error *error);
/* The vectors [words][dimensions] after all epochs; free() releases them. options have been checked. The listener gets
 * HEED_STAGE_WORDS. HEED_BAD_DATA: numbers that became infinite; HEED_STOPPED; and what the stream returns. */
heed_status vector_epochs_run(float **out, const word_stream *text, const heed_vectors_options *options,
                              const heed_listener *listener, heed_error *error);

#endif
