/* A text of any size as numbers on disk: it is read and cleaned once, and can be gone through any number of times. */
#ifndef TRAIN_WORD_SPOOL_H
#define TRAIN_WORD_SPOOL_H

#include <stdio.h>

#include "base/intern.h"

#define SPOOL_ROW_END UINT32_MAX

typedef struct word_spool {
    intern words;     /* every distinct word, by first occurrence */
    uint64_t *counts; /* [words] */
    size_t count_capacity;
    uint64_t tokens;
    FILE *file; /* a temporary one, without a name: the words' numbers, SPOOL_ROW_END after each row */
} word_spool;

/* Cleans all rows of a reader. Errors: those of heed_clean_rows; HEED_FAILED if the temporary file (in TMPDIR, or else
 * /tmp) cannot be made or the disk is full; HEED_STOPPED by the listener. Release out in any case. */
heed_status word_spool_fill(word_spool *out, heed_reader *reader, const heed_text_options *text, unsigned threads,
                            const heed_listener *listener, heed_error *error);
/* Back to the first number. */
heed_status word_spool_rewind(word_spool *spool, heed_error *error);
/* The next numbers, at most `room`; count 0 after the last. */
heed_status word_spool_next(uint32_t *out, size_t *count, size_t room, word_spool *spool, heed_error *error);
void word_spool_release(word_spool *spool);

#endif
