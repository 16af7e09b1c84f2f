#include "base/gzip.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

enum { BLOCK = 128 << 10 };

struct gzFile_s *gzip_open(int fd)
{
    gzFile gz = gzdopen(fd, "rb");
    if (gz != NULL)
        gzbuffer(gz, BLOCK);
    return gz;
}

heed_status gzip_read(struct gzFile_s *gz, char *data, size_t size, size_t *got, const char **why)
{
    int count = gzread(gz, data, (unsigned)size), code = Z_OK;
    const char *message = gzerror(gz, &code);
    *got = 0;
    *why = code == Z_ERRNO ? strerror(errno) : code == Z_BUF_ERROR ? NULL : message;
    if (count < 0 || code == Z_BUF_ERROR) /* the latter: the file ends inside its data */
        return code == Z_ERRNO || code == Z_MEM_ERROR ? HEED_FAILED : HEED_BAD_DATA;
    *got = (size_t)count;
    return HEED_OK;
}

uint64_t gzip_offset(struct gzFile_s *gz)
{
    z_off_t offset = gzoffset(gz);
    return offset > 0 ? (uint64_t)offset : 0;
}

bool gzip_is_packed(struct gzFile_s *gz)
{
    return gzdirect(gz) == 0;
}

void gzip_close(struct gzFile_s *gz)
{
    if (gz != NULL)
        gzclose(gz);
}
