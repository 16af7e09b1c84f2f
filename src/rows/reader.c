#include "options/option_structs.h"
#include "rows/reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/path.h"
#include "base/status.h"
#include "options/row_path.h"
#include "rows/columns.h"
#include "rows/input_file.h"
#include "rows/rows_options.h"

enum { MANY_ROWS = 100000 }; /* of an input without a known end: only then may it be given up before its end */

typedef struct input_path {
    char *name;
    row_path said; /* its encoding, if the path says one; name is without it */
    uint64_t size; /* of a regular file */
    bool regular;  /* can be opened and read without waiting */
    bool ends;     /* a file or a folder */
} input_path;

struct heed_reader {
    heed_rows_options options;
    input_path *path; /* [path_count] */
    size_t path_count, path_next;
    input_file file;
    bool is_open;
    uint64_t done;          /* bytes of the files before this one */
    uint64_t rows, skipped; /* in all files; rows: good and bad */
    uint64_t unlabelled;    /* rows left out because they have no label */
    bool any_bad;           /* any number of rows may be bad */
    heed_error first_skipped;
    uint64_t misfits; /* files in another encoding than they should be */
    heed_error first_misfit;
    heed_status broken; /* the status with which reading ended, returned from then on */
    heed_error why;
    heed_record record;    /* the last one given out */
    heed_reader_info info; /* the last one given out */
};

/* Ends all reading with this status; r->why has the message. */
static void break_off(heed_reader *r, heed_status status)
{
    r->broken = status;
    if (r->is_open)
        input_file_close(&r->file);
    r->is_open = false;
}

/* Counts a file whose encoding was found to be another one. */
static void note_misfit(heed_reader *r)
{
    heed_error *note = &r->file.source.note;
    if (note->message[0] == '\0')
        return;
    if (r->misfits++ == 0)
        r->first_misfit = *note;
    note->message[0] = '\0';
}

static void open_next(heed_reader *r)
{
    r->done += input_file_done(&r->file);
    r->is_open = true;
    const input_path *path = &r->path[r->path_next++];
    heed_rows_options options = r->options;
    if (path->said.encoded)
        options.encoding = path->said.encoding;
    heed_status status = input_file_open(&r->file, path->name, &options, path->said.encoded, &r->why);
    note_misfit(r);
    if (status != HEED_OK)
        break_off(r, status);
}

static heed_status tell_why(const heed_reader *r, heed_status status, heed_error *error)
{
    if (error != NULL)
        *error = r->why;
    return status;
}

static heed_status copy_paths(heed_reader *r, const char *const *paths, size_t count, heed_error *error)
{
    r->path = memory_array(count, sizeof *r->path);
    if (r->path == NULL)
        return fail_memory(error, "paths");
    for (; r->path_count < count; r->path_count++) {
        input_path *path = &r->path[r->path_count];
        path->said = row_path_of(paths[r->path_count]);
        path->name = memory_copy(paths[r->path_count], path->said.size);
        if (path->name == NULL)
            return fail_memory(error, "paths");
        const char *name = path->name;
        struct stat about;
        bool there = strcmp(name, "-") == 0 ? fstat(0, &about) == 0 : stat(name, &about) == 0;
        path->regular = there && S_ISREG(about.st_mode);
        path->ends = path->regular || (there && S_ISDIR(about.st_mode));
        path->size = path->regular && about.st_size > 0 ? (uint64_t)about.st_size : 0;
    }
    return HEED_OK;
}

/* like: says the encoding, as if the path did; NULL: the path does. */
static heed_status open_paths(heed_reader **out, const char *const *paths, size_t count,
                              const heed_rows_options *options, const row_path *like, heed_error *error)
{
    *out = NULL;
    if (count == 0)
        return fail(error, HEED_USAGE, "no file to read, expected at least one; - is standard input");
    heed_reader *r = memory_array(1, sizeof *r);
    if (r == NULL)
        return fail_memory(error, "a reader");
    heed_status status;
    heed_rows_options given;
    input_file_init(&r->file);
    TRY(options_take(HEED_OPTIONS_ROWS, &given, options, error));
    TRY(rows_options_copy(&r->options, &given, error));
    TRY(copy_paths(r, paths, count, error));
    if (like != NULL) {
        r->path[0].said.encoded = like->encoded;
        r->path[0].said.encoding = like->encoding;
    }
    open_next(r);
    TRY(tell_why(r, r->broken, error));
    *out = r;
    return HEED_OK;
done:
    heed_reader_free(r);
    return status;
}

heed_status heed_reader_open(heed_reader **out, const char *const *paths, size_t count,
                             const heed_rows_options *options, heed_error *error)
{
    return open_paths(out, paths, count, options, NULL, error);
}

heed_status reader_open_like(heed_reader **out, const heed_reader *reader, size_t number, const char *path,
                             heed_format format, heed_error *error)
{
    heed_rows_options options = reader->options;
    options.format = format;
    return open_paths(out, &path, 1, &options, &reader->path[number].said, error);
}

/* Where the bad rows are must not matter, so the share is that of all rows; only an input that may never end is judged
 * before its end. */
static bool too_many_skipped(const heed_reader *r, bool at_end)
{
    bool endless = false;
    for (size_t i = 0; i < r->path_count && !at_end; i++)
        endless = endless || !r->path[i].ends;
    return !r->any_bad && (at_end || (endless && r->rows >= MANY_ROWS)) && r->skipped > r->rows / 100;
}

static void fail_skipped(heed_reader *r)
{
    fail(&r->why, HEED_BAD_DATA, "skipped %llu of %llu rows as bad, expected at most 1%%; the first: %s",
         (unsigned long long)r->skipped, (unsigned long long)r->rows, r->first_skipped.message);
    break_off(r, HEED_BAD_DATA);
}

static void skip_bad_row(heed_reader *r)
{
    if (r->skipped++ == 0)
        r->first_skipped = r->why;
    if (too_many_skipped(r, false))
        fail_skipped(r);
}

static void end_reading(heed_reader *r)
{
    if (too_many_skipped(r, true)) {
        fail_skipped(r);
        return;
    }
    r->why = (heed_error){{0}};
    break_off(r, HEED_END);
}

/* The next record of the open file, or the reason why there is none. */
static record_outcome take_next(heed_reader *r, bool wait, heed_record *out)
{
    record_outcome outcome = input_file_next(&r->file, wait, out, &r->why);
    note_misfit(r);
    r->unlabelled += r->file.record.unlabelled;
    r->file.record.unlabelled = 0;
    r->rows += outcome == RECORD_TAKEN || outcome == RECORD_DROPPED || outcome == RECORD_BAD;
    if (outcome == RECORD_FAILED) {
        break_off(r, r->file.record.status);
    } else if (outcome == RECORD_END) {
        input_file_close(&r->file);
        r->is_open = false;
    } else if (outcome == RECORD_BAD && r->options.on_bad_row == HEED_BAD_ROW_IS_SKIPPED) {
        skip_bad_row(r);
        outcome = r->options.bad_rows_too ? RECORD_TAKEN : RECORD_DROPPED;
        if (r->options.bad_rows_too)
            input_file_empty(&r->file, r->why.message);
    }
    return outcome;
}

static heed_status next(heed_reader *r, bool wait, bool *got, heed_record *out, heed_error *error)
{
    *got = false;
    while (r->broken == HEED_OK) {
        record_outcome outcome = RECORD_DROPPED;
        if (r->is_open)
            outcome = take_next(r, wait, out);
        else if (r->path_next == r->path_count)
            end_reading(r);
        else if (wait || r->path[r->path_next].regular)
            open_next(r);
        else
            outcome = RECORD_WAITS;
        *got = outcome == RECORD_TAKEN;
        if (outcome == RECORD_TAKEN || outcome == RECORD_WAITS)
            return HEED_OK;
        if (outcome == RECORD_BAD)
            return tell_why(r, HEED_BAD_DATA, error); /* reading may go on after it */
    }
    return tell_why(r, r->broken, error);
}

heed_status reader_next(heed_reader *reader, heed_record *out, heed_error *error)
{
    bool got;
    return next(reader, true, &got, out, error);
}

heed_status heed_reader_next(const heed_record **out, heed_reader *reader, heed_error *error)
{
    heed_status status = reader_next(reader, &reader->record, error);
    *out = status == HEED_OK ? &reader->record : NULL;
    return status;
}

heed_status reader_poll(heed_reader *reader, bool *got, heed_record *out, heed_error *error)
{
    return next(reader, false, got, out, error);
}

bool reader_takes_multilabel(const heed_reader *reader)
{
    return reader->options.label_separator != NULL;
}

heed_bytes reader_header(const heed_reader *reader)
{
    return input_file_header(&reader->file);
}

size_t reader_path_number(const heed_reader *reader)
{
    return reader->path_next - 1;
}

const char *reader_path(const heed_reader *reader)
{
    return reader->path[reader->path_next - 1].name;
}

const char *reader_place(const heed_reader *reader)
{
    return reader->file.record.place;
}

bool reader_reads(const heed_reader *reader, const char *path)
{
    for (size_t i = 0; i < reader->path_count; i++)
        if (path_same_file(reader->path[i].name, path))
            return true;
    return false;
}

heed_bytes reader_label_header(const heed_reader *reader)
{
    size_t count = 0;
    uint64_t number = 0;
    const char *column = reader->options.label_column;
    const heed_bytes *names = input_file_columns(&reader->file, &count);
    bool numbered = column != NULL && number_parse_whole(&number, bytes_of(column)) && number >= 1 && number <= count;
    for (size_t i = 0; numbered && i < count; i++)
        numbered = !bytes_same(names[i], bytes_of(column)); /* a name comes before a number */
    return numbered && !reader->options.no_header ? names[number - 1] : (heed_bytes){NULL, 0};
}

heed_bytes reader_label_column(const heed_reader *reader)
{
    size_t count = 0;
    const input_file *f = &reader->file;
    const heed_bytes *names = input_file_columns(f, &count);
    bool keyed = f->format == HEED_FORMAT_JSONL || f->class->delimiter != '\0';
    if (keyed && f->options.label_column != NULL)
        return bytes_of(f->options.label_column);
    for (const char *const *known = columns_default_label; keyed && *known != NULL; known++)
        for (size_t i = 0; i < count; i++)
            if (bytes_same(names[i], bytes_of(*known)))
                return names[i];
    return (heed_bytes){NULL, 0};
}

bool heed_reader_ready(const heed_reader *reader)
{
    if (reader->is_open)
        return input_file_ready(&reader->file);
    return reader->broken != HEED_OK || reader->path_next == reader->path_count ||
           reader->path[reader->path_next].regular;
}

void reader_give_bad_rows(heed_reader *reader)
{
    reader->any_bad = reader->options.bad_rows_too = true;
    reader->options.on_bad_row = HEED_BAD_ROW_IS_SKIPPED;
}

uint64_t reader_skipped(const heed_reader *reader)
{
    return reader->skipped;
}

uint64_t reader_progress(const heed_reader *reader, uint64_t *total)
{
    bool known = true;
    uint64_t sum = 0;
    for (size_t i = 0; i < reader->path_count; i++) {
        known = known && reader->path[i].regular;
        sum += reader->path[i].size;
    }
    *total = known ? sum : 0;
    return reader->done + input_file_done(&reader->file);
}

heed_status reader_tell(const heed_reader *reader, heed_stage stage, const heed_listener *listener, stopwatch *watch,
                        const char *stopped, heed_error *error)
{
    if (listener == NULL || !stopwatch_due(watch))
        return HEED_OK;
    heed_event event = {.stage = stage, .seconds = stopwatch_seconds(watch)};
    event.done = reader_progress(reader, &event.total);
    return listener->on_event(listener->user, &event) == 0 ? HEED_OK : fail(error, HEED_STOPPED, "%s", stopped);
}

const heed_reader_info *heed_reader_describe(heed_reader *reader)
{
    heed_reader_info *info = &reader->info;
    info->columns = input_file_columns(&reader->file, &info->column_count);
    info->format = reader->file.format;
    info->quoting = input_file_quoting(&reader->file);
    info->skipped = reader->skipped;
    info->unlabelled = reader->unlabelled;
    info->delimiter = reader->file.delimiter;
    info->byte_order_mark = reader->file.source.marked;
    info->separator_line = reader->file.head;
    info->line_end = reader->file.first_end;
    info->first_skipped = reader->first_skipped.message;
    info->encoding = reader->file.source.encoding;
    info->misfits = reader->misfits;
    info->first_misfit = reader->first_misfit.message;
    info->done = reader_progress(reader, &info->total);
    return info;
}

void heed_reader_free(heed_reader *reader)
{
    if (reader == NULL)
        return;
    input_file_release(&reader->file);
    for (size_t i = 0; i < reader->path_count; i++)
        free(reader->path[i].name);
    free(reader->path);
    options_release(HEED_OPTIONS_ROWS, &reader->options);
    free(reader);
}
