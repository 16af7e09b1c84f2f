#include "rows/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_kind.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "base/zstd.h"
#include "options/choices.h"
#include "options/row_path.h"
#include "rows/encoding.h"
#include "rows/survey.h"
#include "rows/wide_text.h"

enum { BLOCK = 128 << 10 };

void source_init(source *s)
{
    *s = (source){.fd = -1};
}

void source_close(source *s)
{
    if (unpack_is_open(&s->file))
        unpack_close(&s->file); /* closes the descriptor as well */
    else if (s->fd > STDIN_FILENO)
        close(s->fd);
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

bool source_has_extension(const char *name, size_t size, heed_bytes extension)
{
    size_t same = 0;
    if (size <= extension.size)
        return false;
    while (same < extension.size && ascii_lower(name[size - extension.size + same]) == extension.data[same])
        same++;
    return same == extension.size;
}

/* How the file of this name is compressed, if heed can read that. */
static packing packing_of(const char *path)
{
    size_t extension;
    packing how = packing_of_name(&extension, path, strlen(path));
    return how == PACKED_ZSTD && !zstd_is_built_in() ? PACKED_NOT : how;
}

/* Opens what is at the path. */
static heed_status open_path(source *s, const char *path, struct stat *about, heed_error *error)
{
    s->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0 || fstat(s->fd, about) != 0)
        return fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s%s", s->name, strerror(errno), row_path_hint(path));
    if (S_ISDIR(about->st_mode))
        return fail(error, HEED_BAD_DATA, "%s: a folder, expected a file; --format folder reads a folder", s->name);
    packing how = s->fd == STDIN_FILENO ? PACKED_NOT : packing_of(path);
    if (how == PACKED_NOT || unpack_open(&s->file, s->fd, how))
        return HEED_OK;
    return fail_memory(error, s->name);
}

heed_status source_open(source *s, const char *path, source_way way, heed_error *error)
{
    source_close(s);
    writer_clear(&s->bytes);
    *s = (source){.name = source_title(path),
                  .path = path,
                  .given = way.given,
                  .fd = -1,
                  .encoding = way.encoding,
                  .first = way.first,
                  .bytes = s->bytes,
                  .block = s->block};
    if (s->block == NULL && (s->block = memory_array(BLOCK, 1)) == NULL)
        return fail_memory(error, s->name);
    struct stat about = {0};
    heed_status status = open_path(s, path, &about, error);
    if (status != HEED_OK)
        source_close(s);
    s->live = !S_ISREG(about.st_mode) && !unpack_is_open(&s->file);
    s->looking = S_ISREG(about.st_mode) && !way.exact;
    return status;
}

static heed_status read_packed(source *s, char *data, size_t size, size_t *got, heed_error *error)
{
    const char *why = NULL;
    heed_status status = unpack_read(&s->file, data, size, got, &why);
    if (status != HEED_OK)
        return fail(error, status, "%s: cannot be unpacked: %s", s->name, why != NULL ? why : "it ends too early");
    s->done = unpack_offset(&s->file);
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

/* ---- the first bytes */

static heed_status refuse_marked(const source *s, const char *encoding, heed_error *error)
{
    return fail(error, HEED_BAD_DATA,
                "%s:1: found a %s byte order mark, expected UTF-8; convert it: iconv -f %s -t UTF-8", s->name, encoding,
                encoding);
}

static heed_status refuse_wide(const source *s, heed_bytes begin, wide_text wide, heed_error *error)
{
    const char *nul = memchr(begin.data, '\0', begin.size);
    return fail(error, HEED_BAD_DATA,
                "%s:1: found a NUL byte at byte %zu of %s, expected text; UTF-%s? convert it: iconv -f %s -t "
                "UTF-8",
                s->name, (size_t)(nul - begin.data) + 1, s->first, wide >= WIDE_UTF32LE ? "32" : "16",
                wide_text_name(wide));
}

static bool begins(heed_bytes bytes, const char *mark, size_t size)
{
    return bytes.size >= size && memcmp(bytes.data, mark, size) == 0;
}

/* Whether more bytes could change what look_at_begin finds. */
static bool begin_is_open(const source *s, heed_bytes begin)
{
    return file_kind_is_open(begin) || (begin.size < 4 && strchr("\xEF\xFF\xFE", begin.data[0]) != NULL) ||
           wide_text_look(begin, s->encoding, false) == WIDE_OPEN;
}

/* Looks at the first bytes of a file: returns how many to drop, or fails if it cannot be read as text. */
static heed_status look_at_begin(const source *s, heed_bytes begin, size_t *drop, heed_error *error)
{
    const file_kind *kind = file_kind_of(begin);
    wide_text wide = wide_text_look(begin, s->encoding, true);
    *drop = begin.size - utf8_unmarked(begin).size;
    if (begins(begin, "\xFF\xFE\0\0", 4) || begins(begin, "\0\0\xFE\xFF", 4))
        return refuse_marked(s, "UTF-32", error);
    if (begins(begin, "\xFF\xFE", 2) || begins(begin, "\xFE\xFF", 2))
        return refuse_marked(s, "UTF-16", error);
    if (kind != NULL)
        return file_kind_refuse(kind, s->name, FILE_OF_ROWS, error);
    return wide == WIDE_NOT ? HEED_OK : refuse_wide(s, begin, wide, error);
}

/* ---- bytes beyond ASCII */

/* Reads from `at` of a plain file; a compressed one is read from its beginning, as only ASCII comes before `at`. */
static void survey_rest(survey *found, const source *s, char *block, uint64_t at)
{
    unpacker again = {0};
    int fd = unpack_is_open(&s->file) ? open(s->path, O_RDONLY | O_CLOEXEC) : -1;
    bool packed = fd >= 0 && unpack_open(&again, fd, packing_of(s->path)), ended = !packed && unpack_is_open(&s->file);
    for (size_t have = 0, got = 0; !ended && !survey_is_clear(found);) {
        const char *why;
        ssize_t count = packed ? -1 : pread(s->fd, block + have, BLOCK - have, (off_t)at);
        if (packed && unpack_read(&again, block + have, BLOCK - have, &got, &why) == HEED_OK)
            count = (ssize_t)got;
        ended = count <= 0; /* a failure of reading is told when these bytes are read */
        at += ended ? 0 : (size_t)count;
        have += ended ? 0 : (size_t)count;
        size_t taken = survey_take(found, (heed_bytes){block, have}, ended);
        memmove(block, block + taken, have - taken);
        have -= taken;
    }
    if (packed)
        unpack_close(&again);
    else if (fd >= 0)
        close(fd);
}

/* place: of the first byte beyond ASCII. */
static void judge(source *s, const survey *found, uint64_t place)
{
    const char *name = names_of(&encoding_names, s->encoding);
    s->is_utf8 = found->characters >= found->invalid || survey_is_mixed(found);
    if (s->encoding == HEED_UTF8 && survey_is_windows_1252(found)) {
        s->encoding = HEED_WINDOWS_1252;
        fail(&s->note, HEED_OK,
             "%s: found 0x%02X at byte %llu, which is not UTF-8; the file is read as windows-1252; to name another "
             "encoding: %s:latin-1, or convert it: iconv -f ENCODING -t UTF-8",
             s->name, found->first_byte, (unsigned long long)(place + found->first + 1), s->given);
    } else if (s->encoding != HEED_UTF8 && survey_is_utf8(found)) {
        fail(&s->note, HEED_OK,
             "%s: found UTF-8 with letters beyond ASCII; it is read as %s all the same; to read it as UTF-8: %s:utf-8",
             s->name, name, s->given);
    } else if (s->encoding != HEED_UTF8 && survey_is_mixed(found)) {
        fail(&s->note, HEED_OK,
             "%s: found letters in UTF-8 among others; all of it is read as %s: are there rows in two encodings?",
             s->name, name);
    }
}

/* The first byte beyond ASCII, in the last `size` bytes read, decides how it and all that follow are read: what was
 * read before is the same in every encoding. */
static heed_status look_further(source *s, const char *data, size_t size, heed_error *error)
{
    survey found = {0};
    size_t run = utf8_ascii(data, size);
    if (run == size)
        return HEED_OK;
    s->looking = false;
    bool packed = unpack_is_open(&s->file);
    off_t here = packed ? 0 : lseek(s->fd, 0, SEEK_CUR);
    uint64_t place = packed || here < 0 ? 0 : (uint64_t)here - (size - run);
    char *block = memory_array(BLOCK, 1);
    if (block == NULL)
        return fail_memory(error, s->name);
    survey_rest(&found, s, block, place);
    free(block);
    judge(s, &found, place);
    return HEED_OK;
}

/* ---- reading */

/* The window moves to the front of its memory. */
static void move_window(source *s)
{
    size_t left = s->bytes.size - s->begin;
    if (s->begin > 0 && left > 0)
        memmove(s->bytes.data, s->bytes.data + s->begin, left);
    s->bytes.size = left;
    s->begin = 0;
}

/* The next bytes of the file come after those that are kept in the block. */
static heed_status read_block(source *s, heed_error *error)
{
    size_t got = 0;
    heed_status status =
        (unpack_is_open(&s->file) ? read_packed : read_plain)(s, s->block + s->kept, BLOCK - s->kept, &got, error);
    s->kept += got;
    s->ended = got == 0;
    return status;
}

heed_status source_fill(source *s, heed_error *error)
{
    heed_status status;
    size_t drop = 0;
    TRY(read_block(s, error));
    heed_bytes read = {s->block, s->kept};
    if (!s->begun && !s->ended && begin_is_open(s, read))
        return HEED_OK;
    if (!s->begun && read.size > 0)
        TRY(look_at_begin(s, read, &drop, error));
    s->marked = s->begun ? s->marked : drop > 0;
    s->begun = true;
    s->kept = 0;
    s->looking = s->looking && (drop == 0 || s->encoding != HEED_UTF8); /* a byte order mark says it */
    if (s->looking)
        TRY(look_further(s, read.data + drop, read.size - drop, error));
    move_window(s);
    encoding_append(&s->bytes, s->encoding, read.data + drop, read.size - drop);
    return writer_check(&s->bytes, error);
done:
    return status;
}

bool source_is_terminal(const source *s)
{
    return isatty(s->fd) == 1;
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
