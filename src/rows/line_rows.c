#include "rows/line_rows.h"

#include "base/status.h"
#include "rows/row_build.h"
#include "rows/row_window.h"
#include "rows/text_lines.h"

heed_status line_rows_next(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error)
{
    for (;;) {
        heed_bytes window = source_window(&f->input), line;
        size_t next;
        if (f->discarding) {
            if (row_window_discard(f)) {
                *outcome = row_too_long(f, error);
                return HEED_OK;
            }
        } else if (text_line_find(&line, &next, window.data, window.size, f->input.ended)) {
            source_take(&f->input, next);
            f->line = f->next_line++;
            if (f->format != HEED_FORMAT_LINES && text_line_is_blank(line))
                continue;
            f->row++;
            return row_build_line(f, line, outcome, out, error);
        } else if (f->input.ended) {
            *outcome = ROW_END;
            return HEED_OK;
        } else if (window.size > ROW_BYTES) {
            row_window_begin_discarding(f);
            continue;
        }
        bool came;
        heed_status status = row_window_read_on(f, wait, &came, error);
        if (status != HEED_OK || !came) {
            *outcome = ROW_WAITS;
            return status;
        }
    }
}

heed_status line_rows_open(row_file *f, heed_error *error)
{
    if (f->options.need_label && f->format == HEED_FORMAT_LINES)
        return fail(error, HEED_USAGE,
                    "%s: found lines of text without labels, expected a file with labels; see --format", f->name);
    if (f->input.live)
        return HEED_OK;
    bool came;
    heed_status status = row_window_read_on(f, true, &came, error);
    if (status != HEED_OK)
        return status;
    heed_bytes window = source_window(&f->input), line;
    if (f->input.ended && window.size == 0)
        return row_without_rows(f, error);
    size_t next;
    char why[JSON_ERROR_TEXT_LENGTH];
    json_t *object;
    if (f->format == HEED_FORMAT_JSONL && text_line_find(&line, &next, window.data, window.size, f->input.ended) &&
        json_line_parse(&object, why, line) == JSON_LINE_OBJECT) {
        status = row_build_check_keys(f, object, error);
        json_decref(object);
    }
    return status;
}
