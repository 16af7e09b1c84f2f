/* Failing with one line of detail. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "heed.h"

/* Writes the message (one line: newlines and control characters become '?') and returns status, so that a caller can
 * `return fail(...)`. error may be NULL. */
heed_status fail(heed_error *error, heed_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The message for memory that cannot be had; what names the thing. */
heed_status fail_memory(heed_error *error, const char *what);

#endif
