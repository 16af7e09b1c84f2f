#include "text/trace.h"

#include <stdlib.h>

#include "base/memory.h"

void trace_clear(trace *t, size_t source_size)
{
    t->count = 0;
    t->source_size = source_size;
    t->failed = false;
}

void trace_release(trace *t)
{
    free(t->pieces);
    *t = (trace){0};
}

void trace_add(trace *t, trace_piece piece)
{
    if (piece.begin == piece.end)
        return;
    if (memory_grow(&t->pieces, &t->capacity, t->count + 1, sizeof *t->pieces, NULL) == HEED_OK)
        t->pieces[t->count++] = piece;
    else
        t->failed = true;
}

static bool is_copy(const trace_piece *piece)
{
    return piece->end - piece->begin == piece->to - piece->from;
}

/* The piece with byte `at` of the result; NULL after the last one. */
static const trace_piece *seek(trace_cursor *cursor, size_t at)
{
    const trace *t = cursor->trace;
    while (cursor->at < t->count && t->pieces[cursor->at].end <= at)
        cursor->at++;
    return cursor->at < t->count ? &t->pieces[cursor->at] : NULL;
}

void trace_seek(trace_cursor *cursor, size_t *begin, size_t *end)
{
    size_t from = *begin, to = *end;
    const trace_piece *piece = seek(cursor, from);
    *begin = piece == NULL ? cursor->trace->source_size : piece->from;
    if (piece != NULL && is_copy(piece))
        *begin += from - piece->begin;
    *end = *begin;
    if (to > from && (piece = seek(cursor, to - 1)) != NULL)
        *end = is_copy(piece) ? piece->from + (to - piece->begin) : piece->to;
}
