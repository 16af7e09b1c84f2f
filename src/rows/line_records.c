#include "rows/line_records.h"

#include "base/status.h"
#include "rows/line_scan.h"
#include "rows/line_window.h"
#include "rows/record_build.h"

static bool is_passed_over(const input_file *f, heed_bytes line)
{
    return !f->class->keeps_blank_lines && text_line_is_blank(line);
}

static record_outcome begin_record(input_file *f, heed_bytes line)
{
    f->record.row++;
    record_begin(&f->record, line);
    if (line.size > RECORD_BYTES)
        return line_window_too_long(f);
    record_check_utf8(&f->record, line);
    return f->record.outcome;
}

record_outcome line_records_next(input_file *f, bool wait, heed_bytes *line)
{
    for (;;) {
        heed_bytes window = source_window(&f->source);
        size_t next;
        record_outcome outcome = RECORD_WAITS;
        if (f->discarding) {
            outcome = line_window_discard(f);
        } else if (text_line_find(line, &next, window.data, window.size, f->source.ended)) {
            source_take(&f->source, next);
            f->record.line = f->next_line++;
            if (is_passed_over(f, *line))
                continue;
            return begin_record(f, *line);
        } else if (f->source.ended) {
            return RECORD_END;
        } else if (window.size > RECORD_BYTES) {
            line_window_begin_discarding(f);
            continue;
        }
        if (outcome == RECORD_WAITS)
            outcome = line_window_read_on(f, wait);
        if (outcome != RECORD_TAKEN)
            return outcome;
    }
}

bool line_records_ready(const input_file *f)
{
    heed_bytes window = source_window(&f->source), line;
    size_t next;
    if (f->discarding)
        return line_window_ends_discarding(f);
    for (; text_line_find(&line, &next, window.data, window.size, false);
         window = (heed_bytes){window.data + next, window.size - next})
        if (!is_passed_over(f, line))
            return true;
    return false;
}

static heed_status refuse_unlabelled(const input_file *f)
{
    return fail(f->record.error, HEED_USAGE,
                "%s: found lines of text without labels, expected a file with labels; see --format", f->name);
}

heed_status line_records_open(input_file *f, heed_bytes *first)
{
    heed_status status;
    *first = (heed_bytes){NULL, 0};
    TRY(input_file_begin(f, f->path, "the first line"));
    TRY(label_rules_init(&f->record.rules, &f->options, f->record.error));
    bool lacks_labels = f->options.need_label && f->class->has_no_labels;
    if (f->source.live && (!lacks_labels || source_is_terminal(&f->source)))
        return lacks_labels ? refuse_unlabelled(f) : HEED_OK;
    if (line_window_read_on(f, true) == RECORD_FAILED)
        return f->record.status;
    if (lacks_labels) /* said after a look at what the file is, as a workbook has labels */
        return refuse_unlabelled(f);
    heed_bytes window = source_window(&f->source);
    size_t next;
    if (f->source.ended && window.size == 0)
        return input_file_without_records(f);
    if (!text_line_find(first, &next, window.data, window.size, f->source.ended))
        *first = (heed_bytes){NULL, 0};
done:
    return status;
}
