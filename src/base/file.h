/* Whole files: read with a cap, written so that the name holds the old bytes or the new ones. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "heed.h"

/* Reads a regular file of at most `limit` bytes; a NUL stands behind the data. free() releases it. HEED_BAD_DATA for
 * one that is not there or is no such file, HEED_FAILED where reading it or memory fails. */
heed_status file_read(char **out, size_t *size, const char *path, size_t limit, heed_error *error);
/* Temporary file beside it, fsync, rename, fsync of the folder. An existing file stays on any failure. A symbolic link
 * stays one: what it points to, in the end, is replaced or made. */
heed_status file_write(const char *path, const char *data, size_t size, heed_error *error);

#endif
