#include "vectors/vector_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/gzip.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/zstd.h"

enum { DEFLATE_RATIO = 1032 }; /* deflate cannot expand a byte to more */

static heed_status prepare(vector_input *in, const char *name, heed_error *error)
{
    *in = (vector_input){.name = name, .most = UINT64_MAX, .error = error};
    in->block = memory_array(VECTOR_WINDOW, 1);
    in->digest = XXH3_createState();
    if (in->block == NULL || in->digest == NULL) {
        vector_input_release(in);
        return fail_memory(error, name);
    }
    XXH3_128bits_reset(in->digest);
    return HEED_OK;
}

static void note_size(vector_input *in, const struct stat *about)
{
    if (!S_ISREG(about->st_mode) || about->st_size <= 0)
        return;
    uint64_t ratio = in->file.zstd != NULL ? UINT64_MAX : gzip_is_packed(in->file.gzip) ? DEFLATE_RATIO : 1;
    in->size = (uint64_t)about->st_size;
    in->most = in->size > UINT64_MAX / ratio ? UINT64_MAX : in->size * ratio;
}

/* By content. What a pipe has is unknown before it is read: it may be plain or gzip. */
static packing packing_of(int fd)
{
    char begin[4];
    ssize_t size = zstd_is_built_in() ? pread(fd, begin, sizeof begin, 0) : -1;
    return size > 0 && zstd_begins((heed_bytes){begin, (size_t)size}) ? PACKED_ZSTD : PACKED_GZIP;
}

heed_status vector_input_open(vector_input *in, const char *path, const heed_listener *listener, heed_error *error)
{
    int fd = -1;
    struct stat about;
    heed_status status;
    TRY(prepare(in, path, error));
    in->listener = listener;
    in->watch = stopwatch_start();
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0 || S_ISDIR(about.st_mode))
        TRY(fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s", path, fd < 0 ? strerror(errno) : "not a file"));
    if (!unpack_open(&in->file, fd, packing_of(fd)))
        TRY(fail_memory(error, path));
    note_size(in, &about);
    return HEED_OK;
done:
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
    unpack_close(&in->file);
    free(in->block);
    XXH3_freeState(in->digest);
    *in = (vector_input){0};
}

/* ---- failing */

void vector_input_fail(vector_input *in, heed_status status, const char *format, ...)
{
    if (!vector_input_fine(in))
        return;
    char message[sizeof in->error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    in->status = fail(in->error, status, "%s", message);
}

void vector_input_fail_memory(vector_input *in)
{
    if (vector_input_fine(in))
        in->status = fail_memory(in->error, in->name);
}

bool vector_input_grow(vector_input *in, void *block, size_t *capacity, size_t needed, size_t size)
{
    if (memory_grow(block, capacity, needed, size, NULL) != HEED_OK)
        vector_input_fail_memory(in);
    return vector_input_fine(in);
}

/* ---- filling */

static size_t read_file(vector_input *in, char *to, size_t room)
{
    const char *why = NULL;
    size_t got = 0;
    heed_status status = unpack_read(&in->file, to, room, &got, &why);
    if (status == HEED_OK)
        return got;
    vector_input_fail(in, status, "%s: cannot be read: %s", in->name,
                      why != NULL             ? why
                      : in->file.zstd != NULL ? "the zstd data ends too early"
                                              : "the gzip data ends too early");
    return 0;
}

static size_t read_memory(vector_input *in, char *to, size_t room)
{
    size_t got = in->memory.size < room ? in->memory.size : room;
    got = got < in->piece ? got : in->piece;
    if (got > 0)
        memcpy(to, in->memory.data, got);
    in->memory.data += got;
    in->memory.size -= got;
    return got;
}

/* At most ten times a second. */
static void tell(vector_input *in)
{
    if (in->listener == NULL || !unpack_is_open(&in->file) || !stopwatch_due(&in->watch))
        return;
    heed_event event = {.stage = HEED_STAGE_READ,
                        .done = unpack_offset(&in->file),
                        .total = in->size,
                        .seconds = stopwatch_seconds(&in->watch)};
    if (in->listener->on_event(in->listener->user, &event) != 0)
        vector_input_fail(in, HEED_STOPPED, "stopped while reading %s", in->name);
}

bool vector_input_fill(vector_input *in)
{
    size_t left = in->end - in->begin;
    if (!vector_input_fine(in))
        return false;
    if (in->begin > 0 && left > 0)
        memmove(in->block, in->block + in->begin, left);
    size_t got = (unpack_is_open(&in->file) ? read_file : read_memory)(in, in->block + left, VECTOR_WINDOW - left);
    XXH3_128bits_update(in->digest, in->block + left, got);
    in->begin = 0;
    in->end = left + got;
    in->ended = got == 0;
    tell(in);
    return vector_input_fine(in);
}

bool vector_input_need(vector_input *in, size_t size)
{
    while (in->end - in->begin < size && !in->ended && vector_input_fill(in))
        ;
    return vector_input_fine(in);
}

bool vector_input_require(vector_input *in, size_t size, const char *what)
{
    if (vector_input_need(in, size) && in->end - in->begin < size)
        vector_input_fail(in, HEED_BAD_DATA, "%s: it ends inside %s; is it cut short?", in->name, what);
    return vector_input_fine(in);
}

/* ---- lines */

/* Skips the rest of a line that is longer than the window. */
static bool pass_line(vector_input *in)
{
    for (;;) {
        heed_bytes window = vector_input_window(in);
        const char *end = memchr(window.data, '\n', window.size);
        vector_input_take(in, end == NULL ? window.size : (size_t)(end - window.data) + 1);
        if (end != NULL || in->ended)
            return true;
        if (!vector_input_fill(in))
            return false;
    }
}

bool vector_input_line(vector_input *in, heed_bytes *line)
{
    for (size_t seen = 0; vector_input_fine(in);) {
        heed_bytes window = vector_input_window(in);
        const char *end = memchr(window.data + seen, '\n', window.size - seen);
        if (end == NULL && in->ended && window.size == 0)
            return false;
        if (end != NULL || in->ended) {
            size_t size = end == NULL ? window.size : (size_t)(end - window.data);
            *line = (heed_bytes){window.data, size};
            vector_input_take(in, size + (end != NULL));
            return true;
        }
        if (window.size == VECTOR_WINDOW) {
            *line = (heed_bytes){NULL, 0};
            return pass_line(in);
        }
        seen = window.size;
        vector_input_fill(in);
    }
    return false;
}
