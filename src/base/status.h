/* Failing with one line of detail. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "heed.h"

/* Writes the message (one line: newlines and control characters become '?') and returns status, so that a caller can
 * `return fail(...)`. error may be NULL. */
heed_status fail(heed_error *error, heed_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The message if memory cannot be allocated; what names what it is for. */
heed_status fail_memory(heed_error *error, const char *what);
/* The message if an input cannot be opened or read because of problem (an errno): HEED_FAILED without memory, otherwise
 * HEED_BAD_DATA. cannot: such as "cannot be opened". */
heed_status fail_input(heed_error *error, const char *path, const char *cannot, int problem);

/* Error handling in a function of several steps: the first failure jumps to `done`, where everything that the function
 * owns is released and `status` returned. Objects that are built piece by piece, such as a writer, keep their failure
 * instead and are asked once. */
#define TRY(step)                                                                                                      \
    do {                                                                                                               \
        status = (step);                                                                                               \
        if (status != HEED_OK)                                                                                         \
            goto done;                                                                                                 \
    } while (0)

#endif
