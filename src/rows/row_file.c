#include "rows/row_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "rows/row_build.h"
#include "rows/text_lines.h"
#include "rows/tutorial.h"

enum { PAUSE = 200 }; /* milliseconds without input after which a pipe's sample is taken as it is */

heed_status row_file_init(row_file *f, heed_error *error)
{
    *f = (row_file){0};
    source_init(&f->input);
    return delimited_record_init(&f->parsed, error);
}

void row_file_release(row_file *f)
{
    label_rules_release(&f->rules);
    source_release(&f->input);
    delimited_record_release(&f->parsed);
    free(f->names);
    buffer_release(&f->name_bytes);
    json_decref(f->object);
    label_folder_release(&f->folder);
    free(f->path);
    buffer_release(&f->text);
    buffer_release(&f->label);
}

void row_file_close(row_file *f)
{
    source_close(&f->input);
}

static bool is_delimited(const row_file *f)
{
    return f->format == HEED_FORMAT_TSV || f->format == HEED_FORMAT_CSV;
}

static heed_format format_of(const char *name)
{
    static const struct {
        const char *extension;
        heed_format format;
    } known[] = {{".tsv", HEED_FORMAT_TSV},
                 {".csv", HEED_FORMAT_CSV},
                 {".jsonl", HEED_FORMAT_JSONL},
                 {".ndjson", HEED_FORMAT_JSONL},
                 {".ft", HEED_FORMAT_FASTTEXT}};
    struct stat about;
    if (strcmp(name, "-") != 0 && stat(name, &about) == 0 && S_ISDIR(about.st_mode))
        return HEED_FORMAT_FOLDER;
    size_t size = strlen(name);
    if (size > 3 && strcmp(name + size - 3, ".gz") == 0)
        size -= 3;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i].extension);
        if (size > length && memcmp(name + size - length, known[i].extension, length) == 0)
            return known[i].format;
    }
    return HEED_FORMAT_LINES;
}

/* Nothing to learn from is an error; nothing to answer is answered by nothing. */
static heed_status check_without_rows(const row_file *f, heed_error *error)
{
    if (!f->options.need_label && f->format != HEED_FORMAT_FOLDER)
        return HEED_OK;
    if (f->format == HEED_FORMAT_FOLDER)
        return fail(
            error, HEED_BAD_DATA,
            "%s: found no sub-folder with files, expected a folder for each label and a file in it for each text",
            f->name);
    return fail(error, HEED_BAD_DATA, "%s: found %s, expected rows", f->name,
                f->names != NULL ? "a header but no rows" : "an empty file");
}

/* ---------------------------------------------------------------- reading on */

/* Reads until a line ends, the input does, or a record grows too long: short of that there is nothing new to find.
 * *came is false where that would mean waiting. */
static heed_status read_on(row_file *f, bool wait, bool *came, heed_error *error)
{
    for (;;) {
        *came = wait || !source_waits(&f->input, 0);
        if (!*came)
            return HEED_OK;
        size_t before = source_window(&f->input).size;
        heed_status status = source_fill(&f->input, error);
        heed_bytes window = source_window(&f->input);
        if (status != HEED_OK || f->input.ended || window.size > ROW_BYTES)
            return status;
        if (memchr(window.data + before, '\n', window.size - before) != NULL)
            return HEED_OK;
        if (is_delimited(f) && memchr(window.data + before, '\r', window.size - before) != NULL)
            return HEED_OK;
    }
}

/* Passes over the rest of a line that is too long; false where its end was not seen yet. */
static bool discard_line(row_file *f)
{
    heed_bytes window = source_window(&f->input);
    const char *end = window.size > 0 ? memchr(window.data, '\n', window.size) : NULL;
    source_take(&f->input, end != NULL ? (size_t)(end - window.data) + 1 : window.size);
    f->discarding = end == NULL && !f->input.ended;
    return !f->discarding;
}

static void begin_discarding(row_file *f)
{
    f->discarding = true;
    f->row++;
    f->line = f->next_line++;
}

static row_outcome bad_length(const row_file *f, heed_error *error)
{
    return row_bad(f, error, "found a line of more than %d bytes, expected fewer", ROW_BYTES);
}

/* ---------------------------------------------------------------- delimited */

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
        else if (discard_line(f)) {
            *outcome = bad_length(f, error);
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
                begin_discarding(f);
                continue;
            }
        }
        bool came;
        status = read_on(f, wait, &came, error);
        if (status != HEED_OK || !came) {
            *outcome = ROW_WAITS;
            return status;
        }
    }
}

static heed_status next_delimited(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error)
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
    heed_status status = read_on(f, true, &came, error);
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
        return check_without_rows(f, error);
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

static heed_status open_delimited(row_file *f, heed_error *error)
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

static heed_status resolve_delimited(row_file *f, heed_error *error)
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
        status = read_on(f, true, &came, error);
        if (status == HEED_OK)
            status = parse_window(f, &result, error);
    }
    return status == HEED_OK && result == DELIMITED_END ? check_without_rows(f, error) : status;
}

/* ---------------------------------------------------------------- lines */

static heed_status next_line(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error)
{
    for (;;) {
        heed_bytes window = source_window(&f->input), line;
        size_t next;
        if (f->discarding) {
            if (discard_line(f)) {
                *outcome = bad_length(f, error);
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
            begin_discarding(f);
            continue;
        }
        bool came;
        heed_status status = read_on(f, wait, &came, error);
        if (status != HEED_OK || !came) {
            *outcome = ROW_WAITS;
            return status;
        }
    }
}

/* A regular file shows its first line at once: keys that are not there, or nothing at all, are told early. */
static heed_status open_lines(row_file *f, heed_error *error)
{
    if (f->options.need_label && f->format == HEED_FORMAT_LINES)
        return fail(error, HEED_USAGE,
                    "%s: found lines of text without labels, expected a file with labels; see --format", f->name);
    if (f->input.live)
        return HEED_OK;
    bool came;
    heed_status status = read_on(f, true, &came, error);
    if (status != HEED_OK)
        return status;
    heed_bytes window = source_window(&f->input), line;
    if (f->input.ended && window.size == 0)
        return check_without_rows(f, error);
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

/* ---------------------------------------------------------------- folder */

static heed_status open_folder(row_file *f, heed_error *error)
{
    const char *path;
    heed_bytes label, id;
    heed_status status = label_folder_open(&f->folder, f->name, error);
    if (status == HEED_OK)
        status = label_folder_next(&f->folder, &path, &label, &id, error);
    if (status == HEED_END)
        return check_without_rows(f, error);
    return status == HEED_OK ? label_folder_open(&f->folder, f->name, error) : status;
}

static heed_status next_in_folder(row_file *f, row_outcome *outcome, heed_record *out, heed_error *error)
{
    const char *path;
    heed_bytes label, id;
    heed_status status = label_folder_next(&f->folder, &path, &label, &id, error);
    if (status == HEED_END) {
        *outcome = ROW_END;
        return HEED_OK;
    }
    if (status != HEED_OK)
        return status;
    free(f->path);
    f->path = memory_copy(path, strlen(path));
    if (f->path == NULL)
        return fail_memory(error, path);
    f->row++;
    f->line = 1;
    f->done_before += f->input.done;
    status = source_open(&f->input, f->path, f->options.encoding, error);
    while (status == HEED_OK && !f->input.ended && source_window(&f->input).size <= ROW_BYTES)
        status = source_fill(&f->input, error);
    if (status != HEED_OK)
        return status;
    heed_bytes text = source_window(&f->input);
    if (text.size > 0 && text.data[text.size - 1] == '\n')
        text.size--;
    if (text.size > 0 && text.data[text.size - 1] == '\r')
        text.size--;
    return row_build_text(f, text, label, id, outcome, out, error);
}

/* ---------------------------------------------------------------- all formats */

heed_status row_file_open(row_file *f, const char *name, const heed_rows_options *options, heed_error *error)
{
    f->name = name;
    f->options = *options;
    f->format = options->format != HEED_FORMAT_AUTO ? options->format : format_of(name);
    f->discarding = f->after_return = false;
    f->row = f->line = f->done_before = 0;
    f->input.done = 0;
    f->next_line = 1;
    free(f->names);
    f->names = NULL;
    f->column_count = f->text_key_count = 0;
    label_rules_release(&f->rules);
    heed_status status = HEED_OK;
    if (f->format == HEED_FORMAT_JSONL && options->text_columns != NULL)
        status = columns_split(f->text_keys, &f->text_key_count, options->text_columns, error);
    if (status == HEED_OK && f->format != HEED_FORMAT_FOLDER)
        status = source_open(&f->input, name, options->encoding, error);
    if (status == HEED_OK && is_delimited(f))
        status = open_delimited(f, error); /* may complete the options */
    if (status == HEED_OK)
        status = label_rules_init(&f->rules, &f->options, error);
    if (status != HEED_OK)
        return status;
    if (is_delimited(f))
        return resolve_delimited(f, error);
    return f->format == HEED_FORMAT_FOLDER ? open_folder(f, error) : open_lines(f, error);
}

heed_status row_file_next(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error)
{
    heed_status status;
    if (is_delimited(f))
        status = next_delimited(f, wait, outcome, out, error);
    else if (f->format == HEED_FORMAT_FOLDER)
        status = next_in_folder(f, outcome, out, error);
    else
        status = next_line(f, wait, outcome, out, error);
    if (status == HEED_OK && *outcome == ROW_END && f->row == 0)
        return check_without_rows(f, error);
    return status;
}

bool row_file_ready(const row_file *f)
{
    if (f->format == HEED_FORMAT_FOLDER || !f->input.live || f->input.ended)
        return true;
    heed_bytes window = source_window(&f->input), line;
    if (f->discarding)
        return window.size > 0 && memchr(window.data, '\n', window.size) != NULL;
    size_t next;
    if (!is_delimited(f)) {
        while (text_line_find(&line, &next, window.data, window.size, false)) {
            if (f->format == HEED_FORMAT_LINES || !text_line_is_blank(line))
                return true;
            window = (heed_bytes){window.data + next, window.size - next};
        }
        return false;
    }
    return delimited_is_complete(&f->dialect, window.data, window.size);
}

uint64_t row_file_done(const row_file *f)
{
    return f->done_before + f->input.done;
}
