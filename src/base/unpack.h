/* A compressed file as uncompressed bytes: gzip, and zstd if heed was built with libzstd. */
#ifndef BASE_UNPACK_H
#define BASE_UNPACK_H

#include "heed.h"

typedef enum packing { PACKED_NOT, PACKED_GZIP, PACKED_ZSTD } packing;

/* Begins as {0}. */
typedef struct unpacker {
    struct gzFile_s *gzip; /* one of the two, or none */
    struct zstd_file *zstd;
} unpacker;

/* What the end of a name says (".gz", in capitals or not), and how many bytes that end has. */
packing packing_of_name(size_t *extension, const char *name, size_t size);

/* Reads an open file from its current position; data of another kind are read unchanged. False: no memory, fd stays
 * open. PACKED_ZSTD needs zstd_is_built_in. */
bool unpack_open(unpacker *u, int fd, packing how);
static inline bool unpack_is_open(const unpacker *u)
{
    return u->gzip != NULL || u->zstd != NULL;
}
/* At most size bytes, which are less than 2^31; *got is 0 at the end. After a failure *why is the reason, or NULL if
 * the file ends inside its data: HEED_FAILED for reading, HEED_BAD_DATA for the data. */
heed_status unpack_read(unpacker *u, char *data, size_t size, size_t *got, const char **why);
/* How many (compressed) bytes of the file were read. */
uint64_t unpack_offset(const unpacker *u);
/* Closes the descriptor as well, if it is open. */
void unpack_close(unpacker *u);

#endif
