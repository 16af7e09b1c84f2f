/* The bytes of a vector file, plain or compressed, through a window of fixed size that slides over them. The input
 * keeps the first failure, its own or that of code that reads vectors from it: nothing is read from then on, and the
 * caller asks once, at the end. */
#ifndef VECTORS_VECTOR_INPUT_H
#define VECTORS_VECTOR_INPUT_H

#include <xxhash.h>

#include "base/clock.h"
#include "base/unpack.h"
#include "heed.h"

enum { VECTOR_WINDOW = 1 << 20 };

typedef struct vector_input {
    const char *name;     /* borrowed */
    unpacker file;        /* open, unless the bytes come from memory */
    heed_bytes memory;    /* the rest of them */
    size_t piece;         /* at most so many at a time */
    uint64_t size;        /* size of the file as it is; 0: not known */
    uint64_t most;        /* upper limit of its uncompressed size; UINT64_MAX: not known */
    char *block;          /* [VECTOR_WINDOW] */
    size_t begin, end;    /* the window: block[begin] ... block[end - 1] */
    bool ended;           /* nothing comes after it */
    XXH3_state_t *digest; /* of what was read */
    const heed_listener *listener;
    stopwatch watch;
    heed_status status; /* the first failure, */
    heed_error *error;  /* and its message; NULL: not wanted */
} vector_input;

/* Errors: HEED_BAD_DATA for a file that cannot be opened, HEED_FAILED. listener may be NULL. error is used until the
 * input is released. */
heed_status vector_input_open(vector_input *in, const char *path, const heed_listener *listener, heed_error *error);
/* Bytes in memory, which come in pieces of at most `piece`. */
heed_status vector_input_memory(vector_input *in, heed_bytes data, size_t piece, const char *name, heed_error *error);
void vector_input_release(vector_input *in);

/* Keeps a failure, unless there was one before. */
void vector_input_fail(vector_input *in, heed_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void vector_input_fail_memory(vector_input *in);
/* Like memory_grow; without memory the input fails, and false is returned. */
bool vector_input_grow(vector_input *in, void *block, size_t *capacity, size_t needed, size_t size);

/* The functions below return false if the input has failed, now or before. */

/* Reads once after the window, which moves to the front of the block; it must not fill it. HEED_STOPPED: the listener.
 */
bool vector_input_fill(vector_input *in);
/* Fills until the window has `size` bytes (at most VECTOR_WINDOW) or the end. */
bool vector_input_need(vector_input *in, size_t size);
/* The same, but HEED_BAD_DATA if the file ends before; what names the missing part. */
bool vector_input_require(vector_input *in, size_t size, const char *what);
/* The next line without its LF; data NULL if it is longer than the window. False also after the last line. */
bool vector_input_line(vector_input *in, heed_bytes *line);

static inline bool vector_input_fine(const vector_input *in)
{
    return in->status == HEED_OK;
}
static inline heed_bytes vector_input_window(const vector_input *in)
{
    return (heed_bytes){in->block + in->begin, in->end - in->begin};
}
/* Consumes the first bytes of the window; they stay in memory until the next fill. */
static inline void vector_input_take(vector_input *in, size_t size)
{
    in->begin += size;
}

#endif
