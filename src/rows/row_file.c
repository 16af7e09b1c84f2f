#include "rows/row_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/status.h"
#include "rows/delimited_rows.h"
#include "rows/folder_rows.h"
#include "rows/line_rows.h"
#include "rows/row_window.h"
#include "rows/text_lines.h"

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

static heed_format format_of(const char *path)
{
    static const struct {
        const char *extension;
        heed_format format;
    } known[] = {{".tsv", HEED_FORMAT_TSV},      {".tab", HEED_FORMAT_TSV},      {".csv", HEED_FORMAT_CSV},
                 {".jsonl", HEED_FORMAT_JSONL},  {".json", HEED_FORMAT_JSONL},   {".ndjson", HEED_FORMAT_JSONL},
                 {".ft", HEED_FORMAT_FASTTEXT}};
    struct stat about;
    if (strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return HEED_FORMAT_FOLDER;
    size_t size = strlen(path);
    if (source_has_extension(path, size, ".gz"))
        size -= strlen(".gz");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (source_has_extension(path, size, known[i].extension))
            return known[i].format;
    return HEED_FORMAT_LINES;
}

heed_status row_file_open(row_file *f, const char *path, const heed_rows_options *options, heed_error *error)
{
    f->name = source_title(path);
    f->options = *options;
    f->format = options->format != HEED_FORMAT_AUTO ? options->format : format_of(path);
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
        status = source_open(&f->input, path, options->encoding, error);
    if (status == HEED_OK && row_is_delimited(f))
        status = delimited_rows_open(f, error); /* may complete the options */
    if (status == HEED_OK)
        status = label_rules_init(&f->rules, &f->options, error);
    if (status != HEED_OK)
        return status;
    if (row_is_delimited(f))
        return delimited_rows_resolve(f, error);
    return f->format == HEED_FORMAT_FOLDER ? folder_rows_open(f, error) : line_rows_open(f, error);
}

heed_status row_file_next(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error)
{
    heed_status status;
    if (row_is_delimited(f))
        status = delimited_rows_next(f, wait, outcome, out, error);
    else if (f->format == HEED_FORMAT_FOLDER)
        status = folder_rows_next(f, outcome, out, error);
    else
        status = line_rows_next(f, wait, outcome, out, error);
    if (status == HEED_OK && *outcome == ROW_END && f->row == 0)
        return row_without_rows(f, error);
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
    if (!row_is_delimited(f)) {
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
