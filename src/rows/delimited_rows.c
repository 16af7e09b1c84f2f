#include "rows/delimited_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "rows/row_build.h"
#include "rows/row_window.h"
#include "rows/tutorial.h"

enum { PAUSE = 200 }; /* milliseconds without input after which a pipe's sample is taken as it is */

/* Parses what the window holds, without taking more than blank lines. */
static heed_status parse_window(row_file *f, delimited_result *result, heed_error *error)
{
    heed_bytes window = source_window(&f->input);
    if (f->after_return && window.size > 0) {
        f->after_return = false;
        source_take(&f->input, window.data[0] == '\n');
        window = source_window(&f->input);
    }
    heed_status status = delimited_record_reserve(&f->parsed, window.size, error);
    if (status == HEED_OK)
        *result = delimited_parse(&f->parsed, &f->dialect, window.data, window.size, f->input.ended);
    return status;
}

static void take_parsed(row_file *f, size_t size, uint64_t lines)
{
    if (size > 0)
        f->after_return = source_window(&f->input).data[size - 1] == '\r';
    f->next_line += lines;
    source_take(&f->input, size);
}

static heed_status fail_open_quote(const row_file *f, heed_error *error)
{
    const delimited_record *parsed = &f->parsed;
    const char *data = source_window(&f->input).data;
    uint64_t line =
        f->next_line + parsed->blank_lines + delimited_line_ends(data + parsed->begin, parsed->quote - parsed->begin);
    return fail(error, HEED_BAD_DATA,
                "%s:%" PRIu64 ": row %" PRIu64
                ": found a quote that opens here and is not closed within %d bytes, expected its end; see --quoting",
                f->name, line, f->row + 1, DELIMITED_FIELD);
}

/* The next record into f->parsed; ROW_TAKEN, ROW_WAITS, ROW_END, or ROW_BAD for one that is too long. It stays in the
 * window. */
static heed_status find_record(row_file *f, bool wait, row_outcome *outcome, heed_error *error)
{
    for (;;) {
        delimited_result result = DELIMITED_MORE;
        heed_status status = HEED_OK;
        if (!f->discarding)
            status = parse_window(f, &result, error);
        else if (row_window_discard(f)) {
            *outcome = row_too_long(f, error);
            return HEED_OK;
        }
        if (status != HEED_OK)
            return status;
        if (result == DELIMITED_OPEN_QUOTE)
            return fail_open_quote(f, error);
        if (result != DELIMITED_MORE) {
            *outcome = result == DELIMITED_RECORD ? ROW_TAKEN : ROW_END;
            return HEED_OK;
        }
        if (!f->discarding) {
            take_parsed(f, f->parsed.begin, f->parsed.blank_lines);
            if (source_window(&f->input).size > ROW_BYTES) {
                row_window_begin_discarding(f);
                continue;
            }
        }
        bool came;
        status = row_window_read_on(f, wait, &came, error);
        if (status != HEED_OK || !came) {
            *outcome = ROW_WAITS;
            return status;
        }
    }
}

heed_status delimited_rows_next(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error)
{
    heed_status status = find_record(f, wait, outcome, error);
    if (status != HEED_OK || *outcome != ROW_TAKEN)
        return status;
    const char *data = source_window(&f->input).data;
    f->row++;
    f->line = f->next_line + f->parsed.blank_lines;
    take_parsed(f, f->parsed.next, f->parsed.blank_lines + f->parsed.lines);
    return row_build_delimited(f, data, outcome, out, error);
}

/* Fills the window with what quoting is guessed from. A pipe that pauses has shown enough: someone waits for answers.
 */
static heed_status read_sample(row_file *f, size_t most, heed_error *error)
{
    bool came;
    heed_status status = row_window_read_on(f, true, &came, error);
    while (status == HEED_OK && !f->input.ended && source_window(&f->input).size < most &&
           !source_waits(&f->input, PAUSE))
        status = source_fill(&f->input, error);
    return status;
}

static heed_status keep_names(row_file *f, heed_error *error)
{
    const delimited_record *parsed = &f->parsed;
    const char *data = source_window(&f->input).data;
    if (utf8_check(data + parsed->begin, parsed->end - parsed->begin) != parsed->end - parsed->begin)
        return fail(error, HEED_BAD_DATA,
                    "%s:1: found invalid UTF-8 in the header, expected UTF-8; other encodings: --encoding windows-1252 "
                    "or latin-1",
                    f->name);
    buffer_clear(&f->name_bytes);
    free(f->names);
    f->names = memory_array(f->column_count, sizeof *f->names);
    if (f->names == NULL)
        return fail_memory(error, f->name);
    heed_status status = buffer_reserve(&f->name_bytes, parsed->end - parsed->begin + 1, error); /* never moves below */
    for (size_t i = 0; i < f->column_count && status == HEED_OK; i++) {
        f->names[i] = (heed_bytes){f->name_bytes.data + f->name_bytes.size, parsed->field[i].size};
        status = buffer_append(&f->name_bytes, parsed->field[i].data, parsed->field[i].size, error);
    }
    return status;
}

/* Finds the first record under this quoting and counts its columns: none in an empty file. */
static heed_status parse_first(row_file *f, heed_quoting quoting, heed_error *error)
{
    delimited_dialect_init(&f->dialect, f->format == HEED_FORMAT_TSV ? '\t' : ',', quoting);
    row_outcome outcome = ROW_END;
    heed_status status = find_record(f, true, &outcome, error);
    if (status != HEED_OK)
        return status;
    if (outcome == ROW_BAD)
        return HEED_BAD_DATA;
    f->column_count = outcome == ROW_END ? 0 : f->parsed.field_count;
    if (outcome == ROW_END)
        return row_without_rows(f, error);
    if (f->column_count > DELIMITED_COLUMNS)
        return fail(error, HEED_BAD_DATA, "%s:1: found %zu columns, expected at most %d", f->name, f->column_count,
                    DELIMITED_COLUMNS);
    return HEED_OK;
}

/* For the tutorial's three files the options are completed by what the header says. */
static heed_status learn_tutorial(row_file *f, heed_error *error)
{
    heed_status status = parse_first(f, HEED_QUOTING_MINIMAL, error);
    if (status != HEED_OK)
        return status;
    heed_encoding before = f->options.encoding;
    tutorial_complete(&f->options, f->parsed.field, f->column_count);
    return f->options.encoding != before ? source_recode(&f->input, f->options.encoding, error) : HEED_OK;
}

static heed_quoting guess_quoting(row_file *f)
{
    heed_bytes window = source_window(&f->input);
    size_t size = window.size < DELIMITED_SAMPLE ? window.size : DELIMITED_SAMPLE;
    return delimited_guess(&f->parsed, f->format == HEED_FORMAT_TSV ? '\t' : ',', window.data, size,
                           f->input.ended && size == window.size);
}

heed_status delimited_rows_open(row_file *f, heed_error *error)
{
    bool guess = f->options.quoting == HEED_QUOTING_AUTO;
    heed_status status = read_sample(f, guess ? DELIMITED_SAMPLE : 1, error);
    if (status == HEED_OK && f->options.tutorial && !f->options.no_header)
        status = learn_tutorial(f, error);
    if (status == HEED_OK)
        status = delimited_record_reserve(&f->parsed, source_window(&f->input).size, error);
    if (status != HEED_OK)
        return status;
    status = parse_first(f, f->options.quoting == HEED_QUOTING_AUTO ? guess_quoting(f) : f->options.quoting, error);
    if (status == HEED_OK && f->column_count > 0 && !f->options.no_header) {
        status = keep_names(f, error);
        if (status == HEED_OK)
            take_parsed(f, f->parsed.next, f->parsed.blank_lines + f->parsed.lines);
    }
    return status;
}

heed_status delimited_rows_resolve(row_file *f, heed_error *error)
{
    column_names has = {f->name, f->names, f->column_count};
    if (has.count == 0)
        return HEED_OK;
    heed_status status = columns_resolve(&f->columns, &f->options, f->rules.rated, has, error);
    if (status != HEED_OK || f->input.live || f->names == NULL)
        return status;
    delimited_result result = DELIMITED_MORE; /* a header without rows can be told from a regular file at once */
    bool came = true;
    status = parse_window(f, &result, error);
    if (status == HEED_OK && result == DELIMITED_MORE && source_window(&f->input).size < DELIMITED_SAMPLE) {
        status = row_window_read_on(f, true, &came, error);
        if (status == HEED_OK)
            status = parse_window(f, &result, error);
    }
    return status == HEED_OK && result == DELIMITED_END ? row_without_rows(f, error) : status;
}
