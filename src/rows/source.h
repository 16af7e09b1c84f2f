/* A file, pipe or standard input, compressed or not, read through a window that slides over its bytes as UTF-8. */
#ifndef ROWS_SOURCE_H
#define ROWS_SOURCE_H

#include "base/unpack.h"
#include "base/writer.h"

/* How a source is read. */
typedef struct source_way {
    heed_encoding encoding;
    bool exact;        /* the file is in this encoding, whatever its bytes say */
    const char *first; /* what its first line is, for messages: "the header" */
    const char *given; /* what the user named: the file, or its folder; borrowed */
} source_way;

typedef struct source {
    const char *name; /* for messages; borrowed */
    const char *path;
    const char *given; /* of the way */
    int fd;            /* -1 while closed */
    unpacker file;     /* open for names ending in .gz and .zst */
    heed_encoding encoding;
    const char *first; /* of the way */
    bool live;         /* a pipe or terminal: reading may have to wait */
    bool begun;        /* the first bytes were looked at */
    bool marked;       /* they were a byte order mark */
    bool ended;        /* the window has the last bytes */
    bool is_utf8;      /* it was looked at, and has letters beyond ASCII in UTF-8 */
    bool looking;      /* so far all bytes are ASCII, and the others can be looked at before they are read */
    uint64_t done;     /* bytes of the file (compressed, for .gz) that were read */
    writer bytes;      /* the window is what comes from `begin` on */
    size_t begin;
    char *block;     /* as read, before it becomes UTF-8 */
    size_t kept;     /* bytes in it that are too few to know what they are */
    heed_error note; /* the bytes are in another encoding than they should be: what was done; "" */
} source;

/* The name of a path in messages: "-" is standard input. */
const char *source_title(const char *path);
/* Whether a name of `size` bytes ends with this extension (".csv"), in capitals or not. */
bool source_has_extension(const char *name, size_t size, heed_bytes extension);

void source_init(source *s);
void source_release(source *s);
/* Opens a file ("-": standard input) instead of the previous one; the memory is reused, the path is borrowed.
 * HEED_BAD_DATA if it cannot be opened. A regular file that is not `exact` is looked at as a whole where its first byte
 * beyond ASCII is: one that cannot be UTF-8 is read as windows-1252, and source.note says so. */
heed_status source_open(source *s, const char *path, source_way way, heed_error *error);
/* Closes the file; the window stays. */
void source_close(source *s);
/* Reads once and appends to the window; from a pipe, what is available. The first bytes are kept until it is clear what
 * they are. Moves the window. A UTF-8 byte order mark is dropped; UTF-16 and files that are not text are refused
 * (HEED_BAD_DATA). */
heed_status source_fill(source *s, heed_error *error);
/* Whether a person types it. */
bool source_is_terminal(const source *s);
/* Whether the next fill would have to wait longer than this. */
bool source_waits(const source *s, int milliseconds);
/* The window, which was treated as UTF-8 so far, and all that follows have another encoding. */
heed_status source_recode(source *s, heed_encoding encoding, heed_error *error);

static inline heed_bytes source_window(const source *s)
{
    return (heed_bytes){s->bytes.data == NULL ? "" : s->bytes.data + s->begin, s->bytes.size - s->begin};
}
/* Consumes the first `size` bytes of the window; they stay in memory until the next fill. */
static inline void source_take(source *s, size_t size)
{
    s->begin += size;
}

#endif
