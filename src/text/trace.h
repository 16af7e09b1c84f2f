/* Where the bytes of a changed text came from, so that the place of a token in the original text is known. */
#ifndef TEXT_TRACE_H
#define TEXT_TRACE_H

#include "heed.h"

/* Bytes [begin, end) of the result are bytes [from, to) of the source: copied one to one where both have the
 * same length, else replaced as a whole. */
typedef struct trace_piece {
    size_t begin, end, from, to;
} trace_piece;

/* Pieces in order; source bytes between them were removed. */
typedef struct trace {
    trace_piece *pieces;
    size_t count, capacity;
    size_t source_size;
    bool failed; /* memory for a piece was not available */
} trace;

void trace_clear(trace *t, size_t source_size);
void trace_release(trace *t);
/* Appends a piece; pieces without bytes of the result are skipped. */
void trace_add(trace *t, trace_piece piece);

/* Looks up places in increasing order. */
typedef struct trace_cursor {
    const trace *trace;
    size_t at;
} trace_cursor;

/* Turns [*begin, *end) of the result into the bytes of the source from its first character to its last. An empty range
 * becomes the empty one before the next character. */
void trace_seek(trace_cursor *cursor, size_t *begin, size_t *end);

/* The same; most ranges are within the current piece, which is a copy. */
static inline void trace_find(trace_cursor *cursor, size_t *begin, size_t *end)
{
    const trace_piece *piece = cursor->at < cursor->trace->count ? &cursor->trace->pieces[cursor->at] : NULL;
    if (piece != NULL && *begin >= piece->begin && *begin < piece->end && *end <= piece->end &&
        piece->end - piece->begin == piece->to - piece->from) {
        *begin += piece->from - piece->begin; /* modulo the range of size_t, if the text grew */
        *end += piece->from - piece->begin;
        return;
    }
    trace_seek(cursor, begin, end);
}

#endif
