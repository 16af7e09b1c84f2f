/* TSV and CSV: opens a file, reads its header, then its records. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "options/choices.h"
#include "options/option_checks.h"
#include "rows/delimited_state.h"
#include "rows/delimiter.h"
#include "rows/formats.h"
#include "rows/line_scan.h"
#include "rows/line_window.h"
#include "rows/record_build.h"
#include "rows/tutorial.h"

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
    return dialect_parse(&s->dialect, &s->parsed, window.data, window.size, f->source.ended);
}

static record_outcome fail_open_quote(input_file *f)
{
    const delimited_record *parsed = &((delimited_state *)f->state)->parsed;
    heed_bytes window = source_window(&f->source);
    uint64_t line = f->next_line + parsed->blank_lines +
                    delimited_line_ends(window.data + parsed->begin, parsed->quote - parsed->begin);
    char within[64];
    if (window.size - parsed->quote > DELIMITED_FIELD)
        snprintf(within, sizeof within, "within %d bytes", DELIMITED_FIELD);
    else
        snprintf(within, sizeof within, "before the end of the %s", f->source.live ? "input, a pipe" : "file");
    return record_fail(&f->record,
                       fail(f->record.error, HEED_BAD_DATA,
                            "%s:%" PRIu64 ": row %" PRIu64
                            ": found an opening quote without a closing one %s, expected its end; --quoting "
                            "none reads quotes as ordinary characters",
                            f->name, line, f->record.row + 1, within));
}

/* Whether the bytes end with the carriage return after the record, and a line feed may follow. In a file whose first
 * line ends in a carriage return alone none is waited for. */
static bool ends_in_half(const input_file *f, const delimited_record *r, heed_bytes window)
{
    return !f->source.ended && r->next == window.size && r->next > r->end && window.data[r->end] == '\r' &&
           r->next - r->end == 1 && strcmp(f->first_end, "\r") != 0;
}

/* Looks for the next record in the window; RECORD_WAITS: more bytes are needed. */
static record_outcome look_at_window(input_file *f)
{
    delimited_state *s = f->state;
    if (f->discarding)
        return line_window_discard(f);
    switch (parse_window(f)) {
    case DELIMITED_RECORD:
        return ends_in_half(f, &s->parsed, source_window(&f->source)) ? RECORD_WAITS : RECORD_TAKEN;
    case DELIMITED_END:
        return RECORD_END;
    case DELIMITED_OPEN_QUOTE:
        return fail_open_quote(f);
    case DELIMITED_NO_MEMORY:
        return record_fail(&f->record, fail_memory(f->record.error, f->name));
    case DELIMITED_MORE:
        break;
    }
    delimited_take(f, s->parsed.begin, s->parsed.blank_lines);
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

/* Says by what quoting the row would be right, or where a quote opens that reaches over line ends. */
static void refuse_count(delimited_state *s, record_draft *r, bool live)
{
    const delimited_record *parsed = &s->parsed;
    heed_bytes line = r->out->line;
    char hint[160] = "a delimiter or a quote inside a field? see --quoting";
    heed_quoting fits = parsed->quoted ? dialect_fitting(&s->dialect, line.data, line.size, true) : HEED_QUOTING_AUTO;
    bool reaches = parsed->quoted && delimited_line_ends(line.data, line.size) > 0;
    if (fits != HEED_QUOTING_AUTO && !(reaches && fits == HEED_QUOTING_NONE))
        snprintf(hint, sizeof hint, "--quoting %s reads this row%s", names_of(&quoting_names, fits),
                 live && r->options->quoting == HEED_QUOTING_AUTO
                     ? "; the rows before it in this pipe were read otherwise"
                     : "");
    else if (reaches)
        snprintf(hint, sizeof hint,
                 "a quote opens in line %" PRIu64 " and reaches over line ends; --quoting none reads it as an ordinary "
                 "character",
                 r->line + delimited_line_ends(line.data, parsed->quote - parsed->begin));
    record_refuse(r, "found %zu field%s, expected %zu; %s", parsed->field_count, parsed->field_count == 1 ? "" : "s",
                  s->column_count, hint);
}

static void check_fields(const input_file *f, record_draft *r)
{
    delimited_state *s = f->state;
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
        refuse_count(s, r, f->source.live);
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

static heed_bytes known_id(const delimited_state *s)
{
    heed_bytes id = s->columns.id < s->parsed.field_count ? column(s, s->columns.id) : (heed_bytes){"", 0};
    return utf8_check(id.data, id.size) == id.size && id.size <= RECORD_TEXT ? id : (heed_bytes){"", 0};
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
    delimited_take(f, s->parsed.next, s->parsed.blank_lines + s->parsed.lines);
    r->line_end = text_line_end_name(data + s->parsed.end, data + s->parsed.next);
    record_begin(r, (heed_bytes){data + s->parsed.begin, s->parsed.end - s->parsed.begin});
    check_fields(f, r);
    if (f->source.live && s->parsed.lines == 1 && s->parsed.field_count == s->column_count)
        row_shape_learn(&s->dialect.swallow.shape, s->field, s->column_count);
    if (r->outcome == RECORD_TAKEN) {
        take_columns(s, r);
        return record_finish(r);
    }
    if (s->columns.id != COLUMN_NONE) /* a bad row has one as well, as far as it can be read */
        r->out->id = known_id(s);
    return r->outcome;
}

/* Whether the bytes hold a whole record. Only the extent is needed, unless it depends on a quote. */
static bool is_complete(const input_file *f, heed_bytes window)
{
    delimited_state *s = f->state;
    delimited_record *r = &s->ahead;
    r->field = NULL;
    delimited_result result =
        delimited_parse(r, &s->dialect.by[dialect_quoting(&s->dialect)], window.data, window.size, false);
    if (result != DELIMITED_RECORD ? s->dialect.automatic && r->quoted
                                   : !dialect_is_sure(&s->dialect, r, window.data)) {
        r->field = s->ahead_field;
        result = dialect_parse(&s->dialect, r, window.data, window.size, false);
    }
    return (result == DELIMITED_RECORD && !ends_in_half(f, r, window)) || result == DELIMITED_OPEN_QUOTE;
}

static bool delimited_ready(const input_file *f)
{
    return f->discarding ? line_window_ends_discarding(f) : is_complete(f, source_window(&f->source));
}

/* ---- dialect and header */

/* Fills the window: with the sample of a file, and of a pipe with its first line. */
static heed_status read_sample(input_file *f)
{
    if (line_window_read_on(f, true) == RECORD_FAILED)
        return f->record.status;
    heed_status status = HEED_OK;
    while (status == HEED_OK && !f->source.live && !f->source.ended &&
           source_window(&f->source).size < DELIMITED_SAMPLE)
        status = source_fill(&f->source, f->record.error);
    return status;
}

/* Finds the first record under this dialect and counts its columns: none in an empty file. */
static heed_status parse_first(input_file *f, char delimiter, heed_quoting quoting)
{
    delimited_state *s = f->state;
    dialect_set(&s->dialect, delimiter, quoting);
    if (!f->source.live)
        dialect_choose(&s->dialect, &s->parsed, delimited_sample(f));
    record_outcome outcome = find_record(f, true);
    if (outcome == RECORD_FAILED)
        return f->record.status;
    if (outcome == RECORD_BAD)
        return HEED_BAD_DATA;
    s->dialect.columns = s->column_count = outcome == RECORD_END ? 0 : s->parsed.field_count;
    if (outcome == RECORD_END)
        return input_file_without_records(f);
    if (s->column_count > DELIMITED_COLUMNS)
        return fail(f->record.error, HEED_BAD_DATA, "%s:1: found %zu columns, expected at most %d", f->name,
                    s->column_count, DELIMITED_COLUMNS);
    return HEED_OK;
}

/* For the tutorial's three files the header completes the options. */
static heed_status learn_tutorial(input_file *f, char delimiter)
{
    const delimited_state *s = f->state;
    if (!f->options.tutorial || f->options.no_header)
        return HEED_OK;
    heed_status status = parse_first(f, delimiter, HEED_QUOTING_MINIMAL);
    if (status != HEED_OK)
        return status;
    heed_encoding before = f->options.encoding;
    tutorial_complete(&f->options, s->parsed.field, s->column_count);
    return f->options.encoding != before ? source_recode(&f->source, f->options.encoding, f->record.error) : HEED_OK;
}

/* Consumes the header, which was parsed. */
static heed_status take_names(input_file *f)
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
                    "%s:1: found invalid UTF-8 in the header, expected UTF-8" OTHER_ENCODINGS, f->name);
    char *to = writer_reserve(&s->name_bytes, line.size + 1);
    s->names = memory_array(s->column_count, sizeof *s->names);
    if (s->names == NULL || to == NULL)
        return fail_memory(f->record.error, f->name);
    for (size_t i = 0; i < s->column_count; i++) {
        s->names[i] = (heed_bytes){s->name_bytes.data + s->name_bytes.size, parsed->field[i].size};
        writer_bytes(&s->name_bytes, parsed->field[i].data, parsed->field[i].size); /* into what was reserved */
    }
    writer_bytes(&s->header, line.data, line.size);
    delimited_take(f, parsed->next, parsed->blank_lines + parsed->lines);
    return writer_check(&s->header, f->record.error);
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
    char delimiter;
    s->parsed.field = s->field;
    TRY(input_file_begin(f, f->path, f->options.no_header ? "the first row" : "the header"));
    TRY(read_sample(f));
    TRY(learn_tutorial(f, f->options.delimiter != NULL ? delimiter_of(f->options.delimiter) : f->class->delimiter));
    TRY(label_rules_init(&f->record.rules, &f->options, error));
    TRY(delimiter_find(f, &delimiter));
    f->delimiter = delimiter;
    TRY(parse_first(f, delimiter, f->options.quoting));
    TRY(take_names(f));
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
    return dialect_quoting(&((const delimited_state *)f->state)->dialect);
}

static heed_bytes delimited_header(const input_file *f)
{
    const delimited_state *s = f->state;
    return (heed_bytes){s->header.data, s->header.size};
}

static void delimited_release(void *state)
{
    delimited_state *s = state;
    dialect_release(&s->dialect);
    delimited_record_release(&s->parsed);
    delimited_record_release(&s->ahead);
    free(s->names);
    writer_release(&s->name_bytes);
    writer_release(&s->header);
}

#define DELIMITED_CLASS(separator)                                                                                     \
    {                                                                                                                  \
        .delimiter = separator, .state_size = sizeof(delimited_state), .open = delimited_open, .next = delimited_next, \
        .ready = delimited_ready, .columns = delimited_columns, .quoting = delimited_quoting,                          \
        .header = delimited_header, .release = delimited_release                                                       \
    }
const format_class tsv_format = DELIMITED_CLASS('\t');
const format_class csv_format = DELIMITED_CLASS(',');
