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

/* What ends the lines of a file is known at its first line feed, or if none comes, at its end or after the longest
 * record that there can be: never by what has arrived so far. Until then there is no line. */
static char window_line_end(const input_file *f)
{
    heed_bytes window = source_window(&f->source);
    if (f->line_end != '\0')
        return f->line_end;
    bool longest = window.size > RECORD_BYTES;
    return longest || f->source.ended ? text_line_end(window.data, longest ? RECORD_BYTES + 1 : window.size) : '\n';
}

/* The first line of the window, without consuming it. */
static bool find_line(const input_file *f, heed_bytes *line, size_t *next)
{
    heed_bytes window = source_window(&f->source);
    return text_line_find(line, next, window.data, window.size, f->source.ended, window_line_end(f));
}

record_outcome line_records_next(input_file *f, bool wait, heed_bytes *line)
{
    for (;;) {
        heed_bytes window = source_window(&f->source);
        size_t next;
        record_outcome outcome = RECORD_WAITS;
        if (f->discarding) {
            outcome = line_window_discard(f);
        } else if (find_line(f, line, &next)) {
            f->line_end = window_line_end(f);
            f->record.line_end = text_line_end_name(line->data + line->size, window.data + next);
            if (f->next_line == 1)
                f->first_end = f->record.line_end;
            source_take(&f->source, next);
            f->record.line = f->next_line++;
            if (is_passed_over(f, *line))
                continue;
            return begin_record(f, *line);
        } else if (f->source.ended) {
            return RECORD_END;
        } else if (window.size > RECORD_BYTES) {
            f->line_end = window_line_end(f);
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
    for (char end = window_line_end(f); text_line_find(&line, &next, window.data, window.size, false, end);
         window = (heed_bytes){window.data + next, window.size - next})
        if (!is_passed_over(f, line))
            return true;
    return false;
}

static heed_status refuse_unlabelled(const input_file *f)
{
    return fail(f->record.error, HEED_USAGE,
                "%s: found lines of text, which have no labels, expected a file with labels; if it is one, say so: "
                "--format csv, tsv, jsonl or fasttext",
                f->name);
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
    size_t next;
    if (f->source.ended && source_window(&f->source).size == 0)
        return input_file_without_records(f);
    if (!find_line(f, first, &next))
        *first = (heed_bytes){NULL, 0};
done:
    return status;
}
