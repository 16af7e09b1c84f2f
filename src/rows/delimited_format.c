/* TSV and CSV: opens a file, reads its header, then its records. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "rows/columns.h"
#include "rows/delimited.h"
#include "rows/formats.h"
#include "rows/line_window.h"
#include "rows/record_build.h"
#include "rows/tutorial.h"

enum { PAUSE = 200 }; /* milliseconds without input after which a pipe's sample is used as it is */

typedef struct delimited_state {
    delimited_dialect dialect;
    delimited_record parsed;
    heed_bytes field[DELIMITED_COLUMNS]; /* of the parsed record */
    bool after_return;                   /* a carriage return ended the last record: a line feed here belongs to it */
    size_t column_count;                 /* 0: an empty file */
    heed_bytes *names;                   /* [column_count], in name_bytes; NULL without a header */
    writer name_bytes;
    columns columns;
} delimited_state;

/* ---- records in the window */

/* Parses the contents of the window without consuming them. */
static delimited_result parse_window(input_file *f)
{
    delimited_state *s = f->state;
    heed_bytes window = source_window(&f->source);
    if (s->after_return && window.size > 0) {
        s->after_return = false;
        source_take(&f->source, window.data[0] == '\n');
        window = source_window(&f->source);
    }
    return delimited_parse(&s->parsed, &s->dialect, window.data, window.size, f->source.ended);
}

static void take_parsed(input_file *f, size_t size, uint64_t lines)
{
    if (size > 0)
        ((delimited_state *)f->state)->after_return = source_window(&f->source).data[size - 1] == '\r';
    f->next_line += lines;
    source_take(&f->source, size);
}

static record_outcome fail_open_quote(input_file *f)
{
    const delimited_record *parsed = &((delimited_state *)f->state)->parsed;
    const char *data = source_window(&f->source).data;
    uint64_t line =
        f->next_line + parsed->blank_lines + delimited_line_ends(data + parsed->begin, parsed->quote - parsed->begin);
    return record_fail(
        &f->record,
        fail(f->record.error, HEED_BAD_DATA,
             "%s:%" PRIu64 ": row %" PRIu64
             ": found an opening quote without a closing one within %d bytes, expected its end; see --quoting",
             f->name, line, f->record.row + 1, DELIMITED_FIELD));
}

/* Looks for the next record in the window; RECORD_WAITS: more bytes are needed. */
static record_outcome look_at_window(input_file *f)
{
    delimited_state *s = f->state;
    if (f->discarding)
        return line_window_discard(f);
    switch (parse_window(f)) {
    case DELIMITED_RECORD:
        return RECORD_TAKEN;
    case DELIMITED_END:
        return RECORD_END;
    case DELIMITED_OPEN_QUOTE:
        return fail_open_quote(f);
    case DELIMITED_NO_MEMORY:
        return record_fail(&f->record, fail_memory(f->record.error, f->name));
    case DELIMITED_MORE:
        break;
    }
    take_parsed(f, s->parsed.begin, s->parsed.blank_lines);
    if (source_window(&f->source).size <= RECORD_BYTES)
        return RECORD_WAITS;
    line_window_begin_discarding(f);
    return line_window_discard(f);
}

/* The next record, parsed but not consumed; RECORD_BAD if it is too long. */
static record_outcome find_record(input_file *f, bool wait)
{
    for (;;) {
        record_outcome outcome = look_at_window(f);
        if (outcome != RECORD_WAITS)
            return outcome;
        outcome = line_window_read_on(f, wait);
        if (outcome != RECORD_TAKEN)
            return outcome;
    }
}

/* ---- a record */

static void check_fields(const delimited_state *s, record_draft *r)
{
    const delimited_record *parsed = &s->parsed;
    heed_bytes line = r->out->line;
    if (line.size > RECORD_BYTES)
        record_refuse(r, "found a row of %zu bytes, expected at most %d", line.size, RECORD_BYTES);
    const char *nul = memchr(line.data, '\0', line.size);
    if (nul != NULL)
        record_refuse(
            r, "found a NUL byte at byte %zu of the row, expected text; UTF-16? convert it: iconv -f UTF-16 -t UTF-8",
            (size_t)(nul - line.data) + 1);
    record_check_utf8(r, line);
    if (parsed->field_count != s->column_count)
        record_refuse(r, "found %zu field%s, expected %zu; a delimiter or a quote inside a field? see --quoting",
                      parsed->field_count, parsed->field_count == 1 ? "" : "s", s->column_count);
    for (size_t i = 0; r->outcome == RECORD_TAKEN && line.size > RECORD_TEXT && i < parsed->field_count; i++)
        if (parsed->field[i].size > RECORD_TEXT)
            record_refuse(r,
                          "found a field of %zu bytes, expected at most %d; a quote that is not closed? see --quoting",
                          parsed->field[i].size, RECORD_TEXT);
}

static heed_bytes column(const delimited_state *s, size_t index)
{
    return index == COLUMN_NONE ? (heed_bytes){NULL, 0} : s->parsed.field[index];
}

static void take_columns(const delimited_state *s, record_draft *r)
{
    const columns *c = &s->columns;
    for (size_t i = 0; i < c->text_count; i++)
        record_text(r, column(s, c->text[i]));
    r->out->fields = s->parsed.field;
    r->out->field_count = s->parsed.field_count;
    r->out->id = column(s, c->id);
    r->out->split = column(s, c->split);
    r->out->group = column(s, c->group);
    if (c->weight != COLUMN_NONE)
        record_weight(r, column(s, c->weight));
    record_label_by_rules(r, column(s, c->label), column(s, c->rated));
}

static record_outcome delimited_next(input_file *f, bool wait)
{
    delimited_state *s = f->state;
    record_draft *r = &f->record;
    record_outcome outcome = find_record(f, wait);
    if (outcome != RECORD_TAKEN)
        return outcome;
    const char *data = source_window(&f->source).data;
    r->row++;
    r->line = f->next_line + s->parsed.blank_lines;
    take_parsed(f, s->parsed.next, s->parsed.blank_lines + s->parsed.lines);
    record_begin(r, (heed_bytes){data + s->parsed.begin, s->parsed.end - s->parsed.begin});
    check_fields(s, r);
    if (r->outcome != RECORD_TAKEN)
        return r->outcome;
    take_columns(s, r);
    return record_finish(r);
}

static bool delimited_ready(const input_file *f)
{
    const delimited_state *s = f->state;
    heed_bytes window = source_window(&f->source);
    return f->discarding ? line_window_ends_discarding(f)
                         : delimited_is_complete(&s->dialect, window.data, window.size);
}

/* ---- dialect and header */

/* Fills the window with the sample for guessing the quoting. If a pipe pauses, the sample ends: someone may be waiting
 * for output.
 */
static heed_status read_sample(input_file *f)
{
    size_t most = f->options.quoting == HEED_QUOTING_AUTO ? DELIMITED_SAMPLE : 1;
    if (line_window_read_on(f, true) == RECORD_FAILED)
        return f->record.status;
    heed_status status = HEED_OK;
    while (status == HEED_OK && !f->source.ended && source_window(&f->source).size < most &&
           !source_waits(&f->source, PAUSE))
        status = source_fill(&f->source, f->record.error);
    return status;
}

/* Finds the first record under this quoting and counts its columns: none in an empty file. */
static heed_status parse_first(input_file *f, heed_quoting quoting)
{
    delimited_state *s = f->state;
    delimited_dialect_init(&s->dialect, f->class->delimiter, quoting);
    record_outcome outcome = find_record(f, true);
    if (outcome == RECORD_FAILED)
        return f->record.status;
    if (outcome == RECORD_BAD)
        return HEED_BAD_DATA;
    s->column_count = outcome == RECORD_END ? 0 : s->parsed.field_count;
    if (outcome == RECORD_END)
        return input_file_without_records(f);
    if (s->column_count > DELIMITED_COLUMNS)
        return fail(f->record.error, HEED_BAD_DATA, "%s:1: found %zu columns, expected at most %d", f->name,
                    s->column_count, DELIMITED_COLUMNS);
    return HEED_OK;
}

/* For the tutorial's three files the header completes the options. */
static heed_status learn_tutorial(input_file *f)
{
    const delimited_state *s = f->state;
    if (!f->options.tutorial || f->options.no_header)
        return HEED_OK;
    heed_status status = parse_first(f, HEED_QUOTING_MINIMAL);
    if (status != HEED_OK)
        return status;
    heed_encoding before = f->options.encoding;
    tutorial_complete(&f->options, s->parsed.field, s->column_count);
    return f->options.encoding != before ? source_recode(&f->source, f->options.encoding, f->record.error) : HEED_OK;
}

static heed_quoting choose_quoting(input_file *f)
{
    delimited_state *s = f->state;
    heed_bytes window = source_window(&f->source);
    size_t size = window.size < DELIMITED_SAMPLE ? window.size : DELIMITED_SAMPLE;
    if (f->options.quoting != HEED_QUOTING_AUTO)
        return f->options.quoting;
    return delimited_guess(&s->parsed, f->class->delimiter, window.data, size, f->source.ended && size == window.size);
}

/* Consumes the header, which was parsed. */
static heed_status keep_names(input_file *f)
{
    delimited_state *s = f->state;
    const delimited_record *parsed = &s->parsed;
    heed_bytes line = {source_window(&f->source).data + parsed->begin, parsed->end - parsed->begin};
    if (s->column_count == 0 || f->options.no_header)
        return HEED_OK;
    const char *nul = memchr(line.data, '\0', line.size);
    if (nul != NULL)
        return fail(
            f->record.error, HEED_BAD_DATA,
            "%s:1: found a NUL byte at byte %zu of the header, expected text; UTF-16? convert it: iconv -f UTF-16 "
            "-t UTF-8",
            f->name, (size_t)(nul - line.data) + 1);
    if (utf8_check(line.data, line.size) != line.size)
        return fail(f->record.error, HEED_BAD_DATA,
                    "%s:1: found invalid UTF-8 in the header, expected UTF-8; other encodings: --encoding windows-1252 "
                    "or latin-1",
                    f->name);
    char *to = writer_reserve(&s->name_bytes, line.size + 1);
    s->names = memory_array(s->column_count, sizeof *s->names);
    if (s->names == NULL || to == NULL)
        return fail_memory(f->record.error, f->name);
    for (size_t i = 0; i < s->column_count; i++) {
        s->names[i] = (heed_bytes){s->name_bytes.data + s->name_bytes.size, parsed->field[i].size};
        writer_bytes(&s->name_bytes, parsed->field[i].data, parsed->field[i].size); /* into what was reserved */
    }
    take_parsed(f, parsed->next, parsed->blank_lines + parsed->lines);
    return HEED_OK;
}

/* In a regular file a header without rows is detected at once. */
static heed_status check_rows(input_file *f)
{
    const delimited_state *s = f->state;
    if (f->source.live || s->names == NULL)
        return HEED_OK;
    delimited_result result = parse_window(f);
    if (result == DELIMITED_MORE && source_window(&f->source).size < DELIMITED_SAMPLE) {
        if (line_window_read_on(f, true) == RECORD_FAILED)
            return f->record.status;
        result = parse_window(f);
    }
    return result == DELIMITED_END ? input_file_without_records(f) : HEED_OK;
}

static heed_status delimited_open(input_file *f)
{
    delimited_state *s = f->state;
    heed_error *error = f->record.error;
    heed_status status;
    s->parsed.field = s->field;
    TRY(input_file_begin(f, f->path, f->options.no_header ? "the first row" : "the header"));
    TRY(read_sample(f));
    TRY(learn_tutorial(f));
    TRY(parse_first(f, choose_quoting(f)));
    TRY(keep_names(f));
    TRY(label_rules_init(&f->record.rules, &f->options, error));
    if (s->column_count == 0)
        return HEED_OK;
    column_names has = {f->name, s->names, s->column_count};
    TRY(columns_resolve(&s->columns, &f->options, f->record.rules.rated, has, error));
    return check_rows(f);
done:
    return status;
}

/* ---- the classes */

static const heed_bytes *delimited_columns(const input_file *f, size_t *count)
{
    const delimited_state *s = f->state;
    *count = s->names == NULL ? 0 : s->column_count;
    return s->names;
}

static heed_quoting delimited_quoting(const input_file *f)
{
    return ((const delimited_state *)f->state)->dialect.quoting;
}

static void delimited_release(void *state)
{
    delimited_state *s = state;
    delimited_record_release(&s->parsed);
    free(s->names);
    writer_release(&s->name_bytes);
}

#define DELIMITED_CLASS(separator)                                                                                     \
    {                                                                                                                  \
        .delimiter = separator, .state_size = sizeof(delimited_state), .open = delimited_open, .next = delimited_next, \
        .ready = delimited_ready, .columns = delimited_columns, .quoting = delimited_quoting,                          \
        .release = delimited_release                                                                                   \
    }
const format_class tsv_format = DELIMITED_CLASS('\t');
const format_class csv_format = DELIMITED_CLASS(',');
