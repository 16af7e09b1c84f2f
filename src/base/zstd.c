#include "base/zstd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

bool zstd_begins(heed_bytes begin)
{
    const unsigned char *b = (const unsigned char *)begin.data;
    bool skippable = begin.size >= 4 && (b[0] & 0xF0) == 0x50 && memcmp(b + 1, "\x2A\x4D\x18", 3) == 0;
    return skippable || (begin.size >= 4 && memcmp(b, "\x28\xB5\x2F\xFD", 4) == 0);
}

#ifdef HEED_ZSTD

#include <zstd.h>
#include <zstd_errors.h>

enum { BLOCK = 128 << 10 };

struct zstd_file {
    int fd;
    ZSTD_DStream *stream;
    char block[BLOCK];
    ZSTD_inBuffer in; /* what of the block is not unpacked yet */
    uint64_t offset;
    bool begun, direct, ended; /* direct: not compressed */
    bool inside;               /* a frame has begun and not ended */
};

bool zstd_is_built_in(void)
{
    return true;
}

struct zstd_file *zstd_open(int fd)
{
    struct zstd_file *z = memory_array(1, sizeof *z);
    if (z != NULL && (z->stream = ZSTD_createDStream()) != NULL) {
        z->fd = fd;
        z->in.src = z->block;
        return z;
    }
    free(z);
    return NULL;
}

/* Reads into what is free after the first `have` bytes of the block. */
static bool read_some(struct zstd_file *z, size_t have)
{
    ssize_t count;
    do
        count = read(z->fd, z->block + have, BLOCK - have);
    while (count < 0 && errno == EINTR);
    z->ended = count == 0;
    z->in.size = have + (count > 0 ? (size_t)count : 0);
    z->in.pos = 0;
    z->offset += count > 0 ? (uint64_t)count : 0;
    return count >= 0;
}

static bool begin(struct zstd_file *z)
{
    enum { MARK = 4 };
    bool fine = true;
    while (fine && !z->ended && z->in.size < MARK)
        fine = read_some(z, z->in.size);
    z->begun = fine;
    z->direct = !zstd_begins((heed_bytes){z->block, z->in.size});
    return fine;
}

static heed_status unpack(struct zstd_file *z, ZSTD_outBuffer *out, const char **why)
{
    size_t left = ZSTD_decompressStream(z->stream, out, &z->in);
    if (ZSTD_isError(left)) {
        *why = ZSTD_getErrorName(left);
        return ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation ? HEED_FAILED : HEED_BAD_DATA;
    }
    z->inside = left != 0;
    return HEED_OK;
}

static void copy(struct zstd_file *z, ZSTD_outBuffer *out)
{
    size_t left = z->in.size - z->in.pos, size = left < out->size ? left : out->size;
    memcpy(out->dst, z->block + z->in.pos, size);
    z->in.pos += size;
    out->pos = size;
}

heed_status zstd_read(struct zstd_file *z, char *data, size_t size, size_t *got, const char **why)
{
    ZSTD_outBuffer out = {data, size, 0};
    heed_status status = HEED_OK;
    bool fine = z->begun || begin(z);
    *why = NULL;
    while (fine && status == HEED_OK && out.pos == 0) {
        bool empty = z->in.pos == z->in.size;
        if (empty && !z->ended) {
            fine = read_some(z, 0);
        } else if (empty && (z->direct || !z->inside)) {
            break;
        } else if (z->direct) {
            copy(z, &out);
        } else {
            status = unpack(z, &out, why); /* at the end of the file too: it may have kept back what did not fit */
            if (status == HEED_OK && empty && out.pos == 0 && z->inside)
                status = HEED_BAD_DATA; /* the file ends inside its data */
        }
    }
    if (!fine) {
        status = HEED_FAILED;
        *why = strerror(errno);
    }
    *got = status == HEED_OK ? out.pos : 0;
    return status;
}

uint64_t zstd_offset(const struct zstd_file *z)
{
    return z->offset;
}

void zstd_close(struct zstd_file *z)
{
    if (z == NULL)
        return;
    close(z->fd);
    ZSTD_freeDStream(z->stream);
    free(z);
}

#else

bool zstd_is_built_in(void)
{
    return false;
}

struct zstd_file *zstd_open(int fd)
{
    (void)fd;
    return NULL;
}

heed_status zstd_read(struct zstd_file *z, char *data, size_t size, size_t *got, const char **why)
{
    (void)z;
    (void)data;
    (void)size;
    *got = 0;
    *why = "this heed was built without libzstd";
    return HEED_BAD_DATA;
}

uint64_t zstd_offset(const struct zstd_file *z)
{
    (void)z;
    return 0;
}

void zstd_close(struct zstd_file *z)
{
    (void)z;
}

#endif
