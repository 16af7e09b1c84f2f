/* Names of columns and keys, as options give them and as files have them. */
#ifndef ROWS_COLUMN_NAMES_H
#define ROWS_COLUMN_NAMES_H

#include "base/writer.h"

enum { COLUMNS_TEXT = 64 }; /* text columns, at most */

/* Whether the input that `user` stands for has a column of this name. */
typedef bool column_there(const void *user, heed_bytes name);

/* Divides the list "title,body" into names[COLUMNS_TEXT]. A name that the input has stays whole, commas and all; where
 * several begin at one place, the longest counts. HEED_USAGE for too many names, or an empty one. */
heed_status column_names_split(heed_bytes *names, size_t *count, const char *list, column_there *there,
                               const void *user, heed_error *error);

#endif
