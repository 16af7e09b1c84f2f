/* Whole files: read with a limit, and replaced so that a name always has either the old bytes or the new ones. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdio.h>

#include "heed.h"

/* Reads a regular file of at most `limit` bytes; a NUL follows the data. free() releases it. HEED_BAD_DATA if it does
 * not exist or is not such a file, HEED_FAILED if reading or memory fails. */
heed_status file_read(char **out, size_t *size, const char *path, size_t limit, heed_error *error);

/* The same for a file named by a person, which may be a pipe: read to its end, which may take long. */
heed_status file_read_stream(char **out, size_t *size, const char *path, size_t limit, heed_error *error);

/* A file being written: an existing file of its name stays until replacement_commit. */
typedef struct replacement {
    FILE *file;       /* to write to; NULL: not begun, or ended */
    const char *name; /* as the caller gave it; borrowed */
    char *target;     /* the file that is replaced: what name points to if it is a link */
    char *aside;      /* the temporary file, renamed to target at the end; NULL: target is a device or a pipe */
} replacement;

/* Begins a temporary file in the folder of what path points to. A symbolic link is kept: the file that it finally
 * points to is replaced or created. Devices and pipes are opened. name is borrowed. */
heed_status replacement_begin(replacement *r, const char *path, heed_error *error);
/* fsync, close, rename, fsync of the folder. An existing file stays on any failure. */
heed_status replacement_commit(replacement *r, heed_error *error);
/* Discards what was begun and not committed; else does nothing. */
void replacement_abandon(replacement *r);

/* Checks before long work that a file of this name can be created or replaced: HEED_FAILED if not. */
heed_status file_check_writable(const char *path, heed_error *error);
/* All of it at once. */
heed_status file_write(const char *path, const char *data, size_t size, heed_error *error);

#endif
