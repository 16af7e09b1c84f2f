/* A file, pipe, standard input or .gz, read through a window that slides over its bytes as UTF-8. */
#ifndef ROWS_SOURCE_H
#define ROWS_SOURCE_H

#include "base/writer.h"

typedef struct source {
    const char *name;    /* for messages; borrowed */
    int fd;              /* -1 while closed */
    struct gzFile_s *gz; /* names ending in .gz */
    heed_encoding encoding;
    bool live;     /* a pipe or terminal: reading may have to wait */
    bool begun;    /* the first bytes were looked at */
    bool marked;   /* they were a byte order mark */
    bool ended;    /* the window has the last bytes */
    uint64_t done; /* bytes of the file (compressed, for .gz) that were read */
    writer bytes;  /* the window is what comes from `begin` on */
    size_t begin;
    char *block; /* as read, before it becomes UTF-8 */
} source;

/* The name of a path in messages: "-" is standard input. */
const char *source_title(const char *path);
/* Whether a name of `size` bytes ends with this extension (".gz"), in capitals or not. */
bool source_has_extension(const char *name, size_t size, heed_bytes extension);

void source_init(source *s);
void source_release(source *s);
/* Opens a file ("-": standard input) instead of the previous one; the memory is reused. HEED_BAD_DATA if it cannot be
 * opened. */
heed_status source_open(source *s, const char *path, heed_encoding encoding, heed_error *error);
/* Closes the file; the window stays. */
void source_close(source *s);
/* Reads once and appends to the window; from a pipe, what is available. Moves the window. A UTF-8 byte order mark is
 * dropped; UTF-16 and gzip data are refused (HEED_BAD_DATA). */
heed_status source_fill(source *s, heed_error *error);
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
