/* Reads a file compressed by zstd as uncompressed bytes, if heed was built with libzstd: as gzip.h. */
#ifndef BASE_ZSTD_H
#define BASE_ZSTD_H

#include "heed.h"

struct zstd_file;

/* Whether heed was built with libzstd. */
bool zstd_is_built_in(void);
/* Whether a file that begins with these bytes is compressed. */
bool zstd_begins(heed_bytes begin);
/* Reads an open file from its current position; data that is not compressed are read unchanged. NULL: no memory, or not
 * built with libzstd; fd stays open. */
struct zstd_file *zstd_open(int fd);
/* At most size bytes; *got is 0 at the end. After a failure *why is the reason, or NULL if the file ends inside its
 * data: HEED_FAILED for reading, HEED_BAD_DATA for the data. */
heed_status zstd_read(struct zstd_file *z, char *data, size_t size, size_t *got, const char **why);
/* How many (compressed) bytes of the file were read. */
uint64_t zstd_offset(const struct zstd_file *z);
/* Closes the descriptor as well; NULL is accepted. */
void zstd_close(struct zstd_file *z);

#endif
