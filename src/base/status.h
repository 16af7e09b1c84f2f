/* Failing with one line of detail. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "heed.h"

/* Writes the message (one line: newlines and control characters become '?') and returns status, so that a caller can
 * `return fail(...)`. error may be NULL. */
heed_status fail(heed_error *error, heed_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The message for memory that cannot be had; what names the thing. */
heed_status fail_memory(heed_error *error, const char *what);

/* The one way to give up in a function of several steps: the first one that fails ends it at `done`, where what it owns
 * is released and `status` returned. A thing that is built or written piece by piece keeps its failure itself instead
 * (a writer, say), and is asked once. */
#define TRY(step)                                                                                                      \
    do {                                                                                                               \
        status = (step);                                                                                               \
        if (status != HEED_OK)                                                                                         \
            goto done;                                                                                                 \
    } while (0)

#endif
