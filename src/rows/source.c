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
    writer_release(&s->bytes);
    free(s->block);
    s->block = NULL;
}

const char *source_title(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Not tolower, which depends on the caller's locale. */
static char small_letter(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool source_has_extension(const char *name, size_t size, heed_bytes extension)
{
    size_t same = 0;
    if (size <= extension.size)
        return false;
    while (same < extension.size && small_letter(name[size - extension.size + same]) == extension.data[same])
        same++;
    return same == extension.size;
}

/* Opens what is at the path. */
static heed_status open_path(source *s, const char *path, struct stat *about, heed_error *error)
{
    s->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0 || fstat(s->fd, about) != 0)
        return fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s", s->name, strerror(errno));
    if (S_ISDIR(about->st_mode))
        return fail(error, HEED_BAD_DATA, "%s: a folder, expected a file; --format folder reads a folder", s->name);
    if (s->fd == STDIN_FILENO || !source_has_extension(path, strlen(path), bytes_of(".gz")))
        return HEED_OK;
    s->gz = gzip_open(s->fd);
    return s->gz == NULL ? fail_memory(error, s->name) : HEED_OK;
}

heed_status source_open(source *s, const char *path, heed_encoding encoding, heed_error *error)
{
    source_close(s);
    writer_clear(&s->bytes);
    *s = (source){.name = source_title(path), .fd = -1, .encoding = encoding, .bytes = s->bytes, .block = s->block};
    if (s->block == NULL && (s->block = memory_array(BLOCK, 1)) == NULL)
        return fail_memory(error, s->name);
    struct stat about = {0};
    heed_status status = open_path(s, path, &about, error);
    if (status != HEED_OK)
        source_close(s);
    s->live = !S_ISREG(about.st_mode) && s->gz == NULL;
    return status;
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

/* Looks at the first bytes of a file: returns how many to drop, or fails if it cannot be read as text. */
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

/* Reads into the block until there is something; at the beginning of the file, as much as look_at_begin needs. */
static heed_status read_block(source *s, size_t *have, heed_error *error)
{
    heed_status status;
    size_t got = 0;
    *have = 0;
    do {
        status = (s->gz != NULL ? read_gzip : read_plain)(s, s->block + *have, BLOCK - *have, &got, error);
        *have += got;
        s->ended = got == 0;
    } while (status == HEED_OK && !s->begun && !s->ended && *have < 3 &&
             memchr("\xEF\xFF\xFE\x1F", s->block[0], 4) != NULL);
    return status;
}

/* The window moves to the front of its memory. */
static void move_window(source *s)
{
    size_t left = s->bytes.size - s->begin;
    if (s->begin > 0 && left > 0)
        memmove(s->bytes.data, s->bytes.data + s->begin, left);
    s->bytes.size = left;
    s->begin = 0;
}

heed_status source_fill(source *s, heed_error *error)
{
    heed_status status;
    size_t have = 0, drop = 0;
    TRY(read_block(s, &have, error));
    if (!s->begun)
        TRY(look_at_begin(s, have, &drop, error));
    s->marked = s->begun ? s->marked : drop > 0;
    s->begun = true;
    move_window(s);
    encoding_append(&s->bytes, s->encoding, s->block + drop, have - drop);
    return writer_check(&s->bytes, error);
done:
    return status;
}

bool source_waits(const source *s, int milliseconds)
{
    struct pollfd one = {.fd = s->fd, .events = POLLIN};
    return s->live && !s->ended && poll(&one, 1, milliseconds) == 0;
}

heed_status source_recode(source *s, heed_encoding encoding, heed_error *error)
{
    writer recoded = {0};
    heed_bytes window = source_window(s);
    encoding_append(&recoded, encoding, window.data, window.size);
    writer_release(&s->bytes);
    s->bytes = recoded;
    s->begin = 0;
    s->encoding = encoding;
    return writer_check(&recoded, error);
}
