#include "rows/line_window.h"

#include <string.h>

/* The first line end in some bytes, or NULL. Formats with columns know all three kinds. */
static const char *find_end(const input_file *f, heed_bytes bytes)
{
    bool returns = f->class->delimiter != '\0';
    char end = !returns && f->line_end == '\r' ? '\r' : '\n';
    const char *first = bytes.size > 0 ? memchr(bytes.data, end, bytes.size) : NULL;
    size_t size = first != NULL ? (size_t)(first - bytes.data) : bytes.size;
    const char *before = returns && size > 0 ? memchr(bytes.data, '\r', size) : NULL;
    return before != NULL ? before : first;
}

record_outcome line_window_read_on(input_file *f, bool wait)
{
    for (;;) {
        if (!wait && source_waits(&f->source, 0))
            return RECORD_WAITS;
        size_t before = source_window(&f->source).size;
        heed_status status = source_fill(&f->source, f->record.error);
        if (status != HEED_OK)
            return record_fail(&f->record, status);
        heed_bytes window = source_window(&f->source), fresh = {window.data + before, window.size - before};
        if (f->source.ended || window.size > RECORD_BYTES || find_end(f, fresh) != NULL)
            return RECORD_TAKEN;
    }
}

void line_window_begin_discarding(input_file *f)
{
    f->discarding = true;
    f->record.row++;
    f->record.line = f->next_line++;
}

record_outcome line_window_discard(input_file *f)
{
    heed_bytes window = source_window(&f->source);
    const char *end = find_end(f, window);
    size_t size = end != NULL ? (size_t)(end - window.data) : window.size;
    bool half = size + 1 == window.size && *end == '\r' && !f->source.ended; /* a line feed may belong to it */
    if (end != NULL && !half)
        size += size + 1 < window.size && *end == '\r' && end[1] == '\n' ? 2 : 1;
    source_take(&f->source, size);
    f->discarding = (end == NULL || half) && !f->source.ended;
    return f->discarding ? RECORD_WAITS : line_window_too_long(f);
}

bool line_window_ends_discarding(const input_file *f)
{
    heed_bytes window = source_window(&f->source);
    const char *end = find_end(f, window);
    return end != NULL && (*end == '\n' || end + 1 < window.data + window.size);
}

record_outcome line_window_too_long(input_file *f)
{
    f->record.line_end = f->first_end;
    f->record.outcome = RECORD_TAKEN;
    if (f->record.out != NULL) /* it is not the header */
        record_begin(&f->record, (heed_bytes){"", 0});
    return record_refuse(&f->record, "found a line of more than %d bytes, expected fewer", RECORD_BYTES);
}
