#include "base/unpack.h"

#include <strings.h>

#include "base/gzip.h"
#include "base/zstd.h"

packing packing_of_name(size_t *extension, const char *name, size_t size)
{
    *extension = 0;
    if (size > 3 && strncasecmp(name + size - 3, ".gz", 3) == 0) {
        *extension = 3;
        return PACKED_GZIP;
    }
    if (size > 4 && strncasecmp(name + size - 4, ".zst", 4) == 0) {
        *extension = 4;
        return PACKED_ZSTD;
    }
    return PACKED_NOT;
}

bool unpack_open(unpacker *u, int fd, packing how)
{
    u->gzip = how == PACKED_GZIP ? gzip_open(fd) : NULL;
    u->zstd = how == PACKED_ZSTD ? zstd_open(fd) : NULL;
    return unpack_is_open(u);
}

heed_status unpack_read(unpacker *u, char *data, size_t size, size_t *got, const char **why)
{
    return u->zstd != NULL ? zstd_read(u->zstd, data, size, got, why) : gzip_read(u->gzip, data, size, got, why);
}

uint64_t unpack_offset(const unpacker *u)
{
    return u->zstd != NULL ? zstd_offset(u->zstd) : gzip_offset(u->gzip);
}

void unpack_close(unpacker *u)
{
    gzip_close(u->gzip);
    zstd_close(u->zstd);
    *u = (unpacker){0};
}
