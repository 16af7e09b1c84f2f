#include "rows/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/gzip.h"
#include "base/memory.h"
#include "base/status.h"
#include "rows/encoding.h"

enum { BLOCK = 128 << 10 };

void source_init(source *s)
{
    *s = (source){.fd = -1};
}

void source_close(source *s)
{
    if (s->gz != NULL)
        gzip_close(s->gz); /* closes the descriptor as well */
    else if (s->fd > STDIN_FILENO)
        close(s->fd);
    s->gz = NULL;
    s->fd = -1;
}

void source_release(source *s)
{
    source_close(s);
    buffer_release(&s->bytes);
    free(s->block);
    s->block = NULL;
}

const char *source_title(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* By hand: what a capital letter is must not depend on the caller's locale. */
static char small_letter(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool source_has_extension(const char *name, size_t size, const char *extension)
{
    size_t length = strlen(extension), same = 0;
    if (size <= length)
        return false;
    while (same < length && small_letter(name[size - length + same]) == extension[same])
        same++;
    return same == length;
}

heed_status source_open(source *s, const char *path, heed_encoding encoding, heed_error *error)
{
    const char *name = source_title(path);
    source_close(s);
    buffer_clear(&s->bytes);
    *s = (source){.name = name, .fd = -1, .encoding = encoding, .bytes = s->bytes, .block = s->block};
    if (s->block == NULL && (s->block = memory_array(BLOCK, 1)) == NULL)
        return fail_memory(error, name);
    s->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (s->fd < 0 || fstat(s->fd, &about) != 0) {
        heed_status status = fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s", name, strerror(errno));
        source_close(s);
        return status;
    }
    if (S_ISDIR(about.st_mode)) {
        source_close(s);
        return fail(error, HEED_BAD_DATA, "%s: a folder, expected a file; --format folder reads a folder", name);
    }
    if (s->fd != STDIN_FILENO && source_has_extension(path, strlen(path), ".gz")) {
        s->gz = gzip_open(s->fd);
        if (s->gz == NULL) {
            source_close(s);
            return fail_memory(error, name);
        }
    }
    s->live = !S_ISREG(about.st_mode) && s->gz == NULL;
    return HEED_OK;
}

static heed_status read_gzip(source *s, char *data, size_t size, size_t *got, heed_error *error)
{
    const char *why = NULL;
    heed_status status = gzip_read(s->gz, data, size, got, &why);
    if (status != HEED_OK)
        return fail(error, status, "%s: cannot be unpacked: %s", s->name, why != NULL ? why : "it ends too early");
    s->done = gzip_offset(s->gz);
    return HEED_OK;
}

static heed_status read_plain(source *s, char *data, size_t size, size_t *got, heed_error *error)
{
    ssize_t count;
    do
        count = read(s->fd, data, size);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return fail(error, HEED_FAILED, "%s: cannot be read: %s", s->name, strerror(errno));
    *got = (size_t)count;
    s->done += *got;
    return HEED_OK;
}

/* Looks at the first bytes of a file: how many to drop, or what it is that cannot be read. */
static heed_status look_at_begin(const source *s, size_t size, size_t *drop, heed_error *error)
{
    const char *b = s->block;
    *drop = size >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (size >= 2 && (memcmp(b, "\xFF\xFE", 2) == 0 || memcmp(b, "\xFE\xFF", 2) == 0))
        return fail(error, HEED_BAD_DATA,
                    "%s:1: found a UTF-16 byte order mark, expected UTF-8; convert it: iconv -f UTF-16 -t UTF-8",
                    s->name);
    if (size >= 2 && memcmp(b, "\x1F\x8B", 2) == 0)
        return fail(error, HEED_BAD_DATA,
                    "%s:1: found gzip data, expected text; give the file a name ending in .gz, or use zcat", s->name);
    return HEED_OK;
}

heed_status source_fill(source *s, heed_error *error)
{
    size_t have = 0, drop = 0, got = 0;
    heed_status status = HEED_OK;
    do {
        status = s->gz != NULL ? read_gzip(s, s->block + have, BLOCK - have, &got, error)
                               : read_plain(s, s->block + have, BLOCK - have, &got, error);
        if (status != HEED_OK)
            return status;
        have += got;
        s->ended = got == 0;
    } while (!s->begun && !s->ended && have < 3 && memchr("\xEF\xFF\xFE\x1F", s->block[0], 4) != NULL);
    if (!s->begun)
        status = look_at_begin(s, have, &drop, error);
    s->begun = true;
    if (status != HEED_OK)
        return status;
    size_t left = s->bytes.size - s->begin;
    if (s->begin > 0 && left > 0)
        memmove(s->bytes.data, s->bytes.data + s->begin, left);
    s->bytes.size = left;
    s->begin = 0;
    return encoding_append(&s->bytes, s->encoding, s->block + drop, have - drop, error);
}

bool source_waits(const source *s, int milliseconds)
{
    struct pollfd one = {.fd = s->fd, .events = POLLIN};
    return s->live && !s->ended && poll(&one, 1, milliseconds) == 0;
}

heed_status source_recode(source *s, heed_encoding encoding, heed_error *error)
{
    buffer recoded = {0};
    heed_bytes window = source_window(s);
    heed_status status = encoding_append(&recoded, encoding, window.data, window.size, error);
    if (status != HEED_OK) {
        buffer_release(&recoded);
        return status;
    }
    buffer_release(&s->bytes);
    s->bytes = recoded;
    s->begin = 0;
    s->encoding = encoding;
    return HEED_OK;
}
