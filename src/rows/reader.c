#include "rows/reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/status.h"
#include "rows/row_window.h"
#include "rows/rows_options.h"

enum { FEW_ROWS = 100 }; /* before so many rows the share of bad ones says nothing */

typedef struct input_path {
    char *name;
    uint64_t size; /* of a regular file */
    bool regular;  /* can be opened and read without waiting */
} input_path;

struct heed_reader {
    heed_rows_options options;
    char *strings;    /* of the options */
    input_path *path; /* [path_count] */
    size_t path_count, path_next;
    row_file file;
    bool is_open;
    uint64_t done;          /* bytes of the files before this one */
    uint64_t rows, skipped; /* in all files; rows: good and bad */
    heed_error first_skipped;
    heed_status broken; /* what reading ended with, told again and again */
    heed_error why;
};

/* The end of all reading for this reason. */
static heed_status break_off(heed_reader *r, heed_status status, heed_error *error)
{
    r->broken = status;
    if (r->is_open)
        row_file_close(&r->file);
    r->is_open = false;
    if (error != NULL)
        *error = r->why;
    return status;
}

static heed_status open_next(heed_reader *r, heed_error *error)
{
    r->done += row_file_done(&r->file);
    r->is_open = true;
    heed_status status = row_file_open(&r->file, r->path[r->path_next++].name, &r->options, &r->why);
    return status == HEED_OK ? HEED_OK : break_off(r, status, error);
}

static heed_status copy_paths(heed_reader *r, const char *const *paths, size_t count, heed_error *error)
{
    r->path = memory_array(count, sizeof *r->path);
    if (r->path == NULL)
        return fail_memory(error, "paths");
    for (; r->path_count < count; r->path_count++) {
        input_path *path = &r->path[r->path_count];
        const char *name = paths[r->path_count];
        path->name = memory_copy(name, strlen(name));
        if (path->name == NULL)
            return fail_memory(error, "paths");
        struct stat about;
        bool there = strcmp(name, "-") == 0 ? fstat(0, &about) == 0 : stat(name, &about) == 0;
        path->regular = there && S_ISREG(about.st_mode);
        path->size = path->regular && about.st_size > 0 ? (uint64_t)about.st_size : 0;
    }
    return HEED_OK;
}

heed_status heed_reader_open(heed_reader **out, const char *const *paths, size_t count,
                             const heed_rows_options *options, heed_error *error)
{
    *out = NULL;
    if (count == 0)
        return fail(error, HEED_USAGE, "no file to read, expected at least one; - is standard input");
    heed_reader *r = memory_array(1, sizeof *r);
    if (r == NULL)
        return fail_memory(error, "a reader");
    heed_status status = row_file_init(&r->file, error);
    if (status == HEED_OK)
        status = rows_options_copy(&r->options, &r->strings, options, error);
    if (status == HEED_OK)
        status = copy_paths(r, paths, count, error);
    if (status == HEED_OK)
        status = open_next(r, error);
    if (status != HEED_OK) {
        heed_reader_free(r);
        return status;
    }
    *out = r;
    return HEED_OK;
}

static bool too_many_skipped(const heed_reader *r, bool at_end)
{
    return (at_end || r->rows >= FEW_ROWS) && r->skipped > r->rows / 100;
}

static heed_status fail_skipped(heed_reader *r, heed_error *error)
{
    fail(&r->why, HEED_BAD_DATA, "skipped %llu of %llu rows as bad, expected at most 1%%; the first: %s",
         (unsigned long long)r->skipped, (unsigned long long)r->rows, r->first_skipped.message);
    return break_off(r, HEED_BAD_DATA, error);
}

/* A bad row either fails, and reading may go on behind it, or is counted. */
static heed_status meet_bad_row(heed_reader *r, heed_error *error)
{
    if (r->options.on_bad_row == HEED_BAD_ROW_FAILS) {
        if (error != NULL)
            *error = r->why;
        return HEED_BAD_DATA;
    }
    if (r->skipped++ == 0)
        r->first_skipped = r->why;
    return too_many_skipped(r, false) ? fail_skipped(r, error) : HEED_OK;
}

static heed_status end_reading(heed_reader *r, heed_error *error)
{
    if (too_many_skipped(r, true))
        return fail_skipped(r, error);
    r->why = (heed_error){{0}};
    return break_off(r, HEED_END, NULL);
}

static heed_status next(heed_reader *r, bool wait, bool *got, heed_record *out, heed_error *error)
{
    *got = false;
    while (r->broken == HEED_OK) {
        heed_status status = HEED_OK;
        if (!r->is_open) {
            if (r->path_next == r->path_count)
                return end_reading(r, error);
            if (!wait && !r->path[r->path_next].regular)
                return HEED_OK;
            status = open_next(r, error);
            if (status != HEED_OK)
                return status;
        }
        row_outcome outcome = ROW_END;
        status = row_file_next(&r->file, wait, &outcome, out, &r->why);
        if (status != HEED_OK)
            return break_off(r, status, error);
        r->rows += outcome == ROW_TAKEN || outcome == ROW_DROPPED || outcome == ROW_BAD;
        *got = outcome == ROW_TAKEN;
        if (outcome == ROW_TAKEN || outcome == ROW_WAITS)
            return HEED_OK;
        if (outcome == ROW_BAD && (status = meet_bad_row(r, error)) != HEED_OK)
            return status;
        if (outcome == ROW_END) {
            row_file_close(&r->file);
            r->is_open = false;
        }
    }
    return break_off(r, r->broken, error);
}

heed_status heed_reader_next(heed_reader *reader, heed_record *out, heed_error *error)
{
    bool got;
    return next(reader, true, &got, out, error);
}

heed_status reader_poll(heed_reader *reader, bool *got, heed_record *out, heed_error *error)
{
    return next(reader, false, got, out, error);
}

bool reader_takes_several(const heed_reader *reader)
{
    return reader->options.label_separator != NULL;
}

bool heed_reader_ready(const heed_reader *reader)
{
    if (reader->is_open)
        return row_file_ready(&reader->file);
    return reader->broken != HEED_OK || reader->path_next == reader->path_count ||
           reader->path[reader->path_next].regular;
}

const heed_bytes *heed_reader_columns(const heed_reader *reader, size_t *count)
{
    *count = reader->file.names != NULL ? reader->file.column_count : 0;
    return reader->file.names;
}

heed_format heed_reader_format(const heed_reader *reader)
{
    return reader->file.format;
}

heed_quoting heed_reader_quoting(const heed_reader *reader)
{
    return row_is_delimited(&reader->file) ? reader->file.dialect.quoting : HEED_QUOTING_NONE;
}

uint64_t heed_reader_skipped(const heed_reader *reader, const char **first)
{
    if (first != NULL)
        *first = reader->first_skipped.message;
    return reader->skipped;
}

uint64_t heed_reader_progress(const heed_reader *reader, uint64_t *total)
{
    bool known = true;
    uint64_t sum = 0;
    for (size_t i = 0; i < reader->path_count; i++) {
        known = known && reader->path[i].regular;
        sum += reader->path[i].size;
    }
    if (total != NULL)
        *total = known ? sum : 0;
    return reader->done + row_file_done(&reader->file);
}

void heed_reader_free(heed_reader *reader)
{
    if (reader == NULL)
        return;
    row_file_release(&reader->file);
    for (size_t i = 0; i < reader->path_count; i++)
        free(reader->path[i].name);
    free(reader->path);
    free(reader->strings);
    free(reader);
}
