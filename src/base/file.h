/* Whole files: read with a cap, replaced so that the name holds the old bytes or the new ones. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdio.h>

#include "heed.h"

/* Reads a regular file of at most `limit` bytes; a NUL stands after the data. free() releases it. HEED_BAD_DATA for
 * one that is not there or is no such file, HEED_FAILED where reading it or memory fails. */
heed_status file_read(char **out, size_t *size, const char *path, size_t limit, heed_error *error);

/* The same for a file that a person names, which may be a pipe: read to its end, which may be long in coming. */
heed_status file_read_stream(char **out, size_t *size, const char *path, size_t limit, heed_error *error);

/* A file on its way: what has its name stays until replacement_commit. */
typedef struct replacement {
    FILE *file;       /* to write to; NULL: nothing was begun, or it has ended */
    const char *name; /* as the caller has it; borrowed */
    char *target;     /* what gets replaced: the file that links at the end of name point to */
    char *aside;      /* what is written until it gets the name of target; NULL: a device or a pipe is written to */
} replacement;

/* Begins a temporary file in the folder of what path points to. A symbolic link stays one: what it points to, in the
 * end, is replaced or made. Devices and pipes are opened. name is borrowed. */
heed_status replacement_begin(replacement *r, const char *path, heed_error *error);
/* fsync, close, rename, fsync of the folder. An existing file stays on any failure. */
heed_status replacement_commit(replacement *r, heed_error *error);
/* Gives up what was begun and not committed; nothing to do otherwise. */
void replacement_abandon(replacement *r);

/* Whether a file of this name can be made or replaced, to be known before long work: HEED_FAILED if not. */
heed_status file_check_writable(const char *path, heed_error *error);
/* All of it at once. */
heed_status file_write(const char *path, const char *data, size_t size, heed_error *error);

#endif
