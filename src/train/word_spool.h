/* A text of any size as numbers on disk: read and cleaned once, gone through any number of times. */
#ifndef TRAIN_WORD_SPOOL_H
#define TRAIN_WORD_SPOOL_H

#include <stdio.h>

#include "base/intern.h"

#define SPOOL_ROW_END UINT32_MAX

typedef struct word_spool {
    intern words;     /* every distinct word, by first sight */
    uint64_t *counts; /* [words] */
    size_t count_capacity;
    uint64_t tokens;
    FILE *file; /* a temporary one, without a name: the words' numbers, SPOOL_ROW_END after each row */
} word_spool;

/* Cleans all the rows of a reader. Errors: those of heed_clean_rows; HEED_FAILED where the temporary file (TMPDIR, else
 * /tmp) cannot be made or is full; HEED_STOPPED, the listener. out is to be released in any case. */
heed_status word_spool_fill(word_spool *out, heed_reader *reader, const heed_text_options *text, unsigned threads,
                            const heed_listener *listener, heed_error *error);
/* Back to the first number. */
heed_status word_spool_rewind(word_spool *spool, heed_error *error);
/* The next numbers, at most `room`; count 0 after the last. */
heed_status word_spool_next(uint32_t *out, size_t *count, size_t room, word_spool *spool, heed_error *error);
void word_spool_release(word_spool *spool);

#endif
