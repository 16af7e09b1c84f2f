/* TSV and CSV: opens a file, reads its header, then its records. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "rows/columns.h"
#include "options/choices.h"
#include "options/option_checks.h"
#include "rows/dialect.h"
#include "rows/formats.h"
#include "rows/line_window.h"
#include "rows/record_build.h"
#include "rows/tutorial.h"

typedef struct delimited_state {
    dialect dialect;
    delimited_record parsed, ahead;                                      /* ahead: only looked at */
    heed_bytes field[DELIMITED_COLUMNS], ahead_field[DELIMITED_COLUMNS]; /* of these two */
    char head[16];                                                       /* the line sep=; with its end, or "" */
    bool after_return;   /* a carriage return ended the last record: a line feed here belongs to it */
    size_t column_count; /* 0: an empty file */
    heed_bytes *names;   /* [column_count], in name_bytes; NULL without a header */
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
    return dialect_parse(&s->dialect, &s->parsed, window.data, window.size, f->source.ended);
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
    check_fields(f, r);
    if (f->source.live && s->parsed.lines == 1 && s->parsed.field_count == s->column_count)
        row_shape_learn(&s->dialect.swallow.shape, s->field, s->column_count);
    if (r->outcome != RECORD_TAKEN)
        return r->outcome;
    take_columns(s, r);
    return record_finish(r);
}

/* Whether the bytes hold a whole record. Only the extent is needed, unless it depends on a quote. */
static bool is_complete(delimited_state *s, heed_bytes window)
{
    delimited_record *r = &s->ahead;
    r->field = NULL;
    delimited_result result =
        delimited_parse(r, &s->dialect.by[dialect_quoting(&s->dialect)], window.data, window.size, false);
    if (s->dialect.automatic && r->quoted) {
        r->field = s->ahead_field;
        result = dialect_parse(&s->dialect, r, window.data, window.size, false);
    }
    return result == DELIMITED_RECORD || result == DELIMITED_OPEN_QUOTE;
}

static bool delimited_ready(const input_file *f)
{
    return f->discarding ? line_window_ends_discarding(f) : is_complete(f->state, source_window(&f->source));
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

static dialect_sample sample_of(const input_file *f)
{
    heed_bytes window = source_window(&f->source);
    size_t size = window.size < DELIMITED_SAMPLE ? window.size : DELIMITED_SAMPLE;
    return (dialect_sample){{window.data, size}, f->source.ended && size == window.size, f->options.no_header};
}

/* Finds the first record under this dialect and counts its columns: none in an empty file. */
static heed_status parse_first(input_file *f, char delimiter, heed_quoting quoting)
{
    delimited_state *s = f->state;
    dialect_set(&s->dialect, delimiter, quoting);
    if (!f->source.live)
        dialect_choose(&s->dialect, &s->parsed, sample_of(f));
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

/* Waits until the window has the first line that is not blank, and a byte after it. */
static heed_status read_first_line(input_file *f, heed_bytes *line)
{
    for (;;) {
        heed_bytes window = source_window(&f->source);
        size_t begin = 0;
        while (begin < window.size && (window.data[begin] == '\n' || window.data[begin] == '\r'))
            begin++;
        size_t end = begin;
        while (end < window.size && window.data[end] != '\n' && window.data[end] != '\r')
            end++;
        *line = (heed_bytes){window.data + begin, end - begin};
        if (f->source.ended || window.size >= DELIMITED_SAMPLE || end + 1 < window.size ||
            (end < window.size && window.data[end] == '\n'))
            return HEED_OK;
        if (line_window_read_on(f, true) == RECORD_FAILED)
            return f->record.status;
    }
}

/* Takes the first line if it only says what separates fields, as Excel writes it: sep=; */
static char take_separator(input_file *f, heed_bytes line)
{
    delimited_state *s = f->state;
    heed_bytes window = source_window(&f->source);
    size_t quote = line.size == sizeof "\"sep=;\"" - 1 && line.data[0] == '"' && line.data[line.size - 1] == '"';
    char separator[2] = {line.size > quote + 4 ? line.data[quote + 4] : '\0', '\0'};
    if (line.size != 5 + 2 * quote || strncasecmp(line.data + quote, "sep=", 4) != 0 || delimiter_of(separator) == '\0')
        return '\0';
    size_t size = (size_t)(line.data - window.data) + line.size;
    uint64_t lines = delimited_line_ends(window.data, size) + 1;
    if (size < window.size)
        size += window.data[size] == '\r' && size + 1 < window.size && window.data[size + 1] == '\n' ? 2 : 1;
    snprintf(s->head, sizeof s->head, "%.*s", (int)(window.data + size - line.data), line.data);
    take_parsed(f, size, lines);
    return separator[0];
}

/* ---- which delimiter */

/* Whether the columns that the options need are there if this is the delimiter, by which the sample was tried. */
static bool has_columns(const input_file *f, const dialect_sample *sample, char delimiter, size_t count)
{
    delimited_state *s = f->state;
    delimited_dialect by;
    columns found;
    delimited_dialect_init(&by, delimiter, s->dialect.automatic ? HEED_QUOTING_MINIMAL : dialect_quoting(&s->dialect));
    if (delimited_parse(&s->ahead, &by, sample->bytes.data, sample->bytes.size, sample->at_end) != DELIMITED_RECORD ||
        count > DELIMITED_COLUMNS)
        return false;
    column_names has = {f->name, f->options.no_header ? NULL : s->ahead.field, count};
    return columns_resolve(&found, &f->options, f->record.rules.rated, has, NULL) == HEED_OK;
}

/* How well the delimiter suits: 4 if all rows have as many fields as the first, 3 for at least half of them, 2 more if
 * the columns are there. One column suits any file, so it counts little. -1: more bytes are needed. */
static int rate_delimiter(const input_file *f, char delimiter)
{
    delimited_state *s = f->state;
    dialect_sample sample = sample_of(f);
    size_t columns, most = f->source.live ? 2 : SIZE_MAX;
    double share;
    dialect_set(&s->dialect, delimiter, f->options.quoting);
    if (!f->source.live)
        dialect_choose(&s->dialect, &s->parsed, sample);
    if (!dialect_try(&columns, &share, &s->dialect, sample, most))
        return -1;
    s->ahead.field = s->ahead_field;
    int rating = share >= 1 ? 4 : share >= 0.5 ? 3 : 0;
    if (columns < 2)
        rating = share >= 1 ? 2 : 0;
    return rating + (columns > 1) + 2 * has_columns(f, &sample, delimiter, columns);
}

static bool has_delimiter(heed_bytes line, char delimiter)
{
    return line.size > 0 && memchr(line.data, delimiter, line.size) != NULL;
}

/* Of those in the first line; 0: more bytes are needed. */
static char best_delimiter(const input_file *f, heed_bytes line, char own)
{
    char best = own;
    int most = rate_delimiter(f, own);
    for (const char *d = dialect_delimiters; *d != '\0' && most >= 0; d++) {
        int rating = *d == own || !has_delimiter(line, *d) ? 0 : rate_delimiter(f, *d);
        if (rating < 0)
            return '\0';
        if (rating > most) {
            best = *d;
            most = rating;
        }
    }
    return most < 0 ? '\0' : best;
}

/* The delimiter of this file: the one that was given, or that its first line says, or the best. Of a pipe its header is
 * looked at, and, only if that leaves a choice, its first row. Without a header and without the number of a column one
 * column is the text. */
static heed_status find_delimiter(input_file *f, char *out)
{
    char own = f->class->delimiter, given = delimiter_of(f->options.delimiter), best = '\0';
    bool choice = false;
    heed_bytes line;
    heed_status status;
    TRY(read_first_line(f, &line));
    char said = take_separator(f, line);
    *out = given != '\0' ? given : said != '\0' ? said : own;
    if (given != '\0' || said != '\0' || (f->options.no_header && f->options.text_columns == NULL))
        return HEED_OK;
    for (const char *d = dialect_delimiters; *d != '\0'; d++)
        choice = choice || (*d != own && has_delimiter(line, *d));
    while (choice && best == '\0' && source_window(&f->source).size <= DELIMITED_SAMPLE) {
        TRY(read_first_line(f, &line));
        best = best_delimiter(f, line, own);
        if (best == '\0' && line_window_read_on(f, true) == RECORD_FAILED)
            return f->record.status;
    }
    *out = best != '\0' ? best : own;
done:
    return status;
}

/* Consumes the header, which was parsed. */
static heed_status take_names(input_file *f)
{
    delimited_state *s = f->state;
    const delimited_record *parsed = &s->parsed;
    heed_bytes line = {source_window(&f->source).data + parsed->begin, parsed->end - parsed->begin};
    if (s->column_count == 0 || f->options.no_header)
        return HEED_OK;
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
    char delimiter;
    s->parsed.field = s->field;
    TRY(source_open(&f->source, f->path, f->options.encoding, error));
    TRY(read_sample(f));
    TRY(learn_tutorial(f, f->options.delimiter != NULL ? delimiter_of(f->options.delimiter) : f->class->delimiter));
    TRY(label_rules_init(&f->record.rules, &f->options, error));
    TRY(find_delimiter(f, &delimiter));
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

static void delimited_release(void *state)
{
    delimited_state *s = state;
    dialect_release(&s->dialect);
    delimited_record_release(&s->parsed);
    delimited_record_release(&s->ahead);
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
