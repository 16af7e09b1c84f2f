/* A file's bytes where the system keeps them: read on first use, shared by processes, given back when memory is short.
 */
#ifndef BASE_FILE_MAP_H
#define BASE_FILE_MAP_H

#include "heed.h"

/* Begins as {0}. */
typedef struct file_map {
    const char *data; /* begins at a page */
    size_t size;
} file_map;

/* A regular file of 1 to `limit` bytes, read-only. Nobody may shorten the file while it is mapped: reading past its end
 * would end the process. HEED_BAD_DATA if it does not exist or is not such a file, HEED_FAILED if the system refuses.
 */
heed_status file_map_open(file_map *out, const char *path, size_t limit, heed_error *error);
void file_map_close(file_map *m);

#endif
