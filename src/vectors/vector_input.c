#include "vectors/vector_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/gzip.h"
#include "base/memory.h"
#include "base/status.h"

enum { DEFLATE_RATIO = 1032 }; /* no byte of deflate unpacks to more */

static heed_status prepare(vector_input *in, const char *name, heed_error *error)
{
    *in = (vector_input){.name = name, .most = UINT64_MAX};
    in->block = memory_array(VECTOR_WINDOW, 1);
    in->digest = XXH3_createState();
    if (in->block == NULL || in->digest == NULL) {
        vector_input_release(in);
        return fail_memory(error, name);
    }
    XXH3_128bits_reset(in->digest);
    return HEED_OK;
}

heed_status vector_input_open(vector_input *in, const char *path, const heed_listener *listener, heed_error *error)
{
    heed_status status = prepare(in, path, error);
    if (status != HEED_OK)
        return status;
    in->listener = listener;
    in->watch = stopwatch_start();
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0 || S_ISDIR(about.st_mode)) {
        status = fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s", path, fd < 0 ? strerror(errno) : "not a file");
        goto failed;
    }
    in->gz = gzip_open(fd); /* what is not gzip passes as it is */
    if (in->gz == NULL) {
        status = fail_memory(error, path);
        goto failed;
    }
    if (S_ISREG(about.st_mode) && about.st_size > 0) {
        uint64_t ratio = gzip_is_packed(in->gz) ? DEFLATE_RATIO : 1;
        in->size = (uint64_t)about.st_size;
        in->most = in->size > UINT64_MAX / ratio ? UINT64_MAX : in->size * ratio;
    }
    return HEED_OK;
failed:
    if (fd >= 0)
        close(fd);
    vector_input_release(in);
    return status;
}

heed_status vector_input_memory(vector_input *in, heed_bytes data, size_t piece, const char *name, heed_error *error)
{
    heed_status status = prepare(in, name, error);
    in->memory = data;
    in->piece = piece;
    in->size = in->most = data.size;
    return status;
}

void vector_input_release(vector_input *in)
{
    gzip_close(in->gz);
    free(in->block);
    XXH3_freeState(in->digest);
    *in = (vector_input){0};
}

/* ---- filling */

static heed_status read_gz(vector_input *in, char *to, size_t room, size_t *got, heed_error *error)
{
    const char *why = NULL;
    heed_status status = gzip_read(in->gz, to, room, got, &why);
    if (status != HEED_OK)
        return fail(error, status, "%s: cannot be read: %s", in->name,
                    why != NULL ? why : "the gzip data ends too early");
    return HEED_OK;
}

static void read_memory(vector_input *in, char *to, size_t room, size_t *got)
{
    *got = in->memory.size < room ? in->memory.size : room;
    *got = *got < in->piece ? *got : in->piece;
    if (*got > 0)
        memcpy(to, in->memory.data, *got);
    in->memory.data += *got;
    in->memory.size -= *got;
}

/* At most ten times a second. */
static heed_status tell(vector_input *in, heed_error *error)
{
    if (in->listener == NULL || in->gz == NULL || !stopwatch_due(&in->watch))
        return HEED_OK;
    heed_event event = {.stage = HEED_STAGE_READ,
                        .done = gzip_offset(in->gz),
                        .total = in->size,
                        .seconds = stopwatch_seconds(&in->watch)};
    return in->listener->tell(in->listener->user, &event) == 0
               ? HEED_OK
               : fail(error, HEED_STOPPED, "stopped while reading %s", in->name);
}

heed_status vector_input_fill(vector_input *in, heed_error *error)
{
    size_t left = in->end - in->begin, got = 0;
    if (in->begin > 0 && left > 0)
        memmove(in->block, in->block + in->begin, left);
    in->begin = 0;
    in->end = left;
    heed_status status = HEED_OK;
    if (in->gz != NULL)
        status = read_gz(in, in->block + left, VECTOR_WINDOW - left, &got, error);
    else
        read_memory(in, in->block + left, VECTOR_WINDOW - left, &got);
    if (status != HEED_OK)
        return status;
    XXH3_128bits_update(in->digest, in->block + left, got);
    in->end += got;
    in->ended = got == 0;
    return tell(in, error);
}

heed_status vector_input_need(vector_input *in, size_t size, heed_error *error)
{
    heed_status status = HEED_OK;
    while (status == HEED_OK && in->end - in->begin < size && !in->ended)
        status = vector_input_fill(in, error);
    return status;
}

heed_status vector_input_require(vector_input *in, size_t size, const char *what, heed_error *error)
{
    heed_status status = vector_input_need(in, size, error);
    if (status == HEED_OK && in->end - in->begin < size)
        return fail(error, HEED_BAD_DATA, "%s: it ends inside %s; is it cut short?", in->name, what);
    return status;
}

/* ---- lines */

/* Passes over the rest of a line that the window cannot hold. */
static heed_status pass_line(vector_input *in, heed_error *error)
{
    for (;;) {
        heed_bytes window = vector_input_window(in);
        const char *end = memchr(window.data, '\n', window.size);
        vector_input_take(in, end == NULL ? window.size : (size_t)(end - window.data) + 1);
        if (end != NULL || in->ended)
            return HEED_OK;
        heed_status status = vector_input_fill(in, error);
        if (status != HEED_OK)
            return status;
    }
}

heed_status vector_input_line(vector_input *in, heed_bytes *line, heed_error *error)
{
    for (size_t seen = 0;;) {
        heed_bytes window = vector_input_window(in);
        const char *end = memchr(window.data + seen, '\n', window.size - seen);
        if (end == NULL && in->ended && window.size == 0)
            return HEED_END;
        if (end != NULL || in->ended) {
            size_t size = end == NULL ? window.size : (size_t)(end - window.data);
            *line = (heed_bytes){window.data, size};
            vector_input_take(in, size + (end != NULL));
            return HEED_OK;
        }
        if (window.size == VECTOR_WINDOW) {
            *line = (heed_bytes){NULL, 0};
            return pass_line(in, error);
        }
        seen = window.size;
        heed_status status = vector_input_fill(in, error);
        if (status != HEED_OK)
            return status;
    }
}
