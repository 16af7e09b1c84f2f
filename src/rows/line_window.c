#include "rows/line_window.h"

#include <string.h>

static bool has_byte(heed_bytes bytes, char byte)
{
    return bytes.size > 0 && memchr(bytes.data, byte, bytes.size) != NULL;
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
        if (f->source.ended || window.size > RECORD_BYTES || has_byte(fresh, '\n') ||
            (f->class->delimiter != '\0' && has_byte(fresh, '\r')))
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
    const char *end = window.size > 0 ? memchr(window.data, '\n', window.size) : NULL;
    source_take(&f->source, end != NULL ? (size_t)(end - window.data) + 1 : window.size);
    f->discarding = end == NULL && !f->source.ended;
    return f->discarding ? RECORD_WAITS : line_window_too_long(f);
}

bool line_window_ends_discarding(const input_file *f)
{
    return has_byte(source_window(&f->source), '\n');
}

record_outcome line_window_too_long(input_file *f)
{
    f->record.outcome = RECORD_TAKEN;
    return record_refuse(&f->record, "found a line of more than %d bytes, expected fewer", RECORD_BYTES);
}
