/* Files without a name, for what does not fit into memory. */
#ifndef BASE_TEMPORARY_H
#define BASE_TEMPORARY_H

#include <stdio.h>

#include "heed.h"

/* Opens a file for reading and writing in TMPDIR, or else /tmp. It is unlinked at once, so that it disappears with the
 * program, however that ends. what: it is for, such as "the words". */
heed_status temporary_open(FILE **out, const char *what, heed_error *error);
/* The message (of errno) if it cannot be "written" or "read". */
heed_status temporary_fail(const char *what, const char *done, heed_error *error);

#endif
