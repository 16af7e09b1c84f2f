/* Texts of rows in a temporary file. */
#ifndef CHECK_TEXT_SPOOL_H
#define CHECK_TEXT_SPOOL_H

#include <stdio.h>

#include "base/writer.h"

typedef struct text_spool {
    FILE *file;
    uint64_t size;
} text_spool;

/* HEED_FAILED if the file cannot be made. Release it in any case. */
heed_status text_spool_init(text_spool *out, heed_error *error);
void text_spool_release(text_spool *spool);
/* Writes a text; *at is its place. HEED_FAILED if the disk is full. */
heed_status text_spool_add(uint64_t *at, text_spool *spool, heed_bytes text, heed_error *error);
/* To be called after the last text. */
heed_status text_spool_finish(text_spool *spool, heed_error *error);
/* Replaces the memory of `out` by a text; any number of threads may read at the same time. */
heed_status text_spool_read(writer *out, const text_spool *spool, uint64_t at, size_t size, heed_error *error);

#endif
