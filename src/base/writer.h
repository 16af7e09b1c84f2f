/* Bytes written one after the other, to memory or to a file. A writer keeps its first failure, writes nothing from then
 * on, and reports it at the end: code that writes a long text tests once, not on every line. */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include <stdio.h>

#include "heed.h"

typedef struct writer {
    char *data; /* in memory: what was written, NULL if nothing was */
    size_t size, capacity;
    size_t limit; /* 0: none; writing past it is HEED_BAD_DATA */
    FILE *file;   /* the file to write to; NULL: memory */
    /* Writes what is for the file, in another form, into another writer; NULL: as it is. For terminals (escape.h):
     * characters are then written whole. */
    void (*filter)(struct writer *w, heed_bytes bytes);
    int problem; /* errno of the first write that failed: ENOMEM without memory, EFBIG past the limit; 0: none */
} writer;

/* Releases the memory; limit and file stay. */
void writer_release(writer *w);
/* Empties the memory, which is kept for reuse, and clears the failure. */
void writer_clear(writer *w);

void writer_bytes(writer *w, const char *data, size_t size);
void writer_text(writer *w, const char *text);
void writer_byte(writer *w, char byte);
void writer_repeat(writer *w, char byte, size_t count);
/* printf with a decimal point in every locale. */
void writer_print(writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for size more bytes in memory, after what is there, for the caller to fill and to add to w->size; NULL on
 * failure. */
char *writer_reserve(writer *w, size_t size);
/* Records a failure of something that was to be written; the first one counts. */
void writer_fail(writer *w, int problem);

/* HEED_OK, or the first failure: HEED_BAD_DATA past the limit, HEED_FAILED otherwise. */
heed_status writer_check(const writer *w, heed_error *error);
/* Hands over the memory with a NUL after it, free() releases it, and leaves the writer empty. NULL and 0 (size may be
 * NULL) if writing failed. */
heed_status writer_take(writer *w, char **out, size_t *size, heed_error *error);

static inline heed_bytes bytes_of(const char *text)
{
    return (heed_bytes){text, __builtin_strlen(text)};
}
static inline bool bytes_same(heed_bytes a, heed_bytes b)
{
    return a.size == b.size && (a.size == 0 || __builtin_memcmp(a.data, b.data, a.size) == 0);
}
/* Below, at or above 0: in the order of bytes, what is the begin of another before it. */
static inline int bytes_compare(heed_bytes a, heed_bytes b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared > 0 ? __builtin_memcmp(a.data, b.data, shared) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

#endif
