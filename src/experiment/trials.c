#include "experiment/trials.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "rows/reader.h"

/* The columns before and after those of the ranges. */
static const char *const before[] = {"rung", "trial", "epochs", "seed"};
static const char *const after[] = {"status",  "epoch_kept", "val_loss", "val_accuracy",
                                    "val_auc", "parameters", "seconds",  "problem"};
enum { BEFORE = sizeof before / sizeof *before, AFTER = sizeof after / sizeof *after };

double trials_number(double number)
{
    char text[40];
    snprintf(text, sizeof text, "%.6g", number); /* read back in the same locale */
    return strtod(text, NULL);
}

double trials_seconds(double seconds)
{
    return round(seconds * 1000) / 1000;
}

/* ---- writing */

static void header_print(writer *o, const range_list *ranges)
{
    for (size_t i = 0; i < BEFORE; i++)
        writer_print(o, "%s,", before[i]);
    for (size_t i = 0; i < ranges->count; i++)
        writer_print(o, "%s,", ranges->items[i].option->name);
    for (size_t i = 0; i < AFTER; i++)
        writer_print(o, "%s%c", after[i], i + 1 < AFTER ? ',' : '\n');
}

static void row_print(writer *o, const heed_tune_trial *row, uint64_t seed, char **values)
{
    char auc[NUMBER_TEXT];
    writer_print(o, "%u,%u,%u,%" PRIu64 ",", row->rung, row->number, row->epochs, seed);
    for (size_t i = 0; values[i] != NULL; i++) {
        escape_field(o, bytes_of(values[i]), ',');
        writer_byte(o, ',');
    }
    writer_print(o, "%s,", heed_status_name(row->status));
    if (row->status == HEED_OK)
        writer_print(o, "%u,%.6g,%.6g,%s,%" PRIu64, row->epoch_kept, row->loss, row->accuracy,
                     number_cell(auc, row->auc, 6), row->parameters);
    else
        writer_text(o, ",,,,");
    writer_print(o, ",%.3f,", row->seconds);
    if (row->problem != NULL)
        escape_field(o, bytes_of(row->problem), ',');
    writer_byte(o, '\n');
}

static void row_release(heed_tune_trial *row)
{
    free((void *)(uintptr_t)row->problem);
}

static heed_status row_keep(trial_table *t, heed_tune_trial row, heed_error *error)
{
    heed_tune_trial *rows = realloc(t->rows, (t->count + 1) * sizeof *rows);
    if (rows == NULL) {
        row_release(&row);
        return fail_memory(error, "the trials");
    }
    t->rows = rows;
    rows[t->count++] = row;
    return HEED_OK;
}

/* Begins or continues the file; without a trial there is none, so that a search that fails before its first one can be
 * repeated. */
static heed_status file_open(trial_table *t, heed_error *error)
{
    if (t->out.file != NULL)
        return HEED_OK;
    t->out.file = fopen(t->path, "abe");
    if (t->out.file == NULL)
        return fail(error, HEED_FAILED, "%s: cannot be written: %s", t->path, strerror(errno));
    if (!t->begun)
        header_print(&t->out, t->search.ranges);
    return HEED_OK;
}

heed_status trials_add(trial_table *t, heed_tune_trial row, heed_error *error)
{
    char **values = ranges_draw(t->search.ranges, t->search.seed, row.number);
    heed_status status = row_keep(t, row, error);
    if (status == HEED_OK && values == NULL)
        status = fail_memory(error, "the trials");
    if (status == HEED_OK)
        status = file_open(t, error);
    if (status == HEED_OK) {
        row_print(&t->out, &t->rows[t->count - 1], t->search.seed, values);
        if (fflush(t->out.file) != 0)
            writer_fail(&t->out, errno);
        if (t->out.problem != 0)
            status = fail(error, HEED_FAILED, "%s: cannot be written: %s", t->path, strerror(t->out.problem));
    }
    ranges_values_free(values);
    return status;
}

/* ---- an existing file */

heed_status trials_check(const char *path, bool resume, heed_error *error)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return file_check_writable(path, error);
    if (!S_ISREG(found.st_mode))
        return fail(error, HEED_USAGE, "--table: found '%s', which is not a file, expected one", path);
    if (found.st_size > 0 && !resume)
        return fail(error, HEED_USAGE,
                    "--table: %s exists already; --resume continues its search, another name begins a new one", path);
    if (access(path, R_OK | W_OK) != 0)
        return fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    return HEED_OK;
}

/* Whether the file begins with this header, and how many bytes of it are whole lines. A file with only the beginning of
 * a header has none. */
static bool lines_measure(FILE *file, const char *header, off_t *whole)
{
    const char *expected = header;
    off_t at = 0;
    *whole = 0;
    for (int c = getc(file); c != EOF; c = getc(file)) {
        if (*expected != '\0' && c != (unsigned char)*expected++)
            return false;
        at++;
        *whole = c == '\n' ? at : *whole;
    }
    return true;
}

/* Cuts off a line torn by a crash; t->begun says whether there is a header. */
static heed_status table_mend(trial_table *t, heed_error *error)
{
    char *header = NULL;
    size_t size = 0;
    off_t whole = 0;
    writer line = {0};
    FILE *file = NULL;
    heed_status status;
    header_print(&line, t->search.ranges);
    TRY(writer_take(&line, &header, &size, error));
    file = fopen(t->path, "rbe");
    if (file == NULL && errno != ENOENT)
        status = fail(error, HEED_FAILED, "%s: cannot be opened: %s", t->path, strerror(errno));
    else if (file != NULL && !lines_measure(file, header, &whole))
        status =
            fail(error, HEED_USAGE, "%s: the first line is not '%.*s': the table of another search; name another file",
                 t->path, (int)size - 1, header);
    else if (file != NULL && truncate(t->path, whole) != 0)
        status = fail(error, HEED_FAILED, "%s: cannot be written: %s", t->path, strerror(errno));
    t->begun = whole > 0;
done:
    if (file != NULL)
        fclose(file);
    writer_release(&line);
    free(header);
    return status;
}

/* ---- reading */

static bool field_is(heed_bytes field, const char *text)
{
    return field.size == strlen(text) && memcmp(field.data, text, field.size) == 0;
}

/* A field of the table as a number; empty is NaN. */
static bool field_number(double *out, heed_bytes field)
{
    *out = NAN;
    return field.size == 0 || field_is(field, "nan") || number_parse(out, field);
}

/* Empty is 0. */
static bool field_whole(uint64_t *out, heed_bytes field)
{
    *out = 0;
    return field.size == 0 || number_parse_whole(out, field);
}

static bool field_status(heed_status *out, heed_bytes field)
{
#define STATUS(name, code, meaning) name,
    static const heed_status known[] = {HEED_STATUSES(STATUS)};
#undef STATUS
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *name = heed_status_name(known[i]);
        *out = known[i];
        if (strlen(name) == field.size && memcmp(name, field.data, field.size) == 0)
            return true;
    }
    return false;
}

/* The results of a training, from the columns after those of the ranges. */
static bool outcome_read(heed_tune_trial *out, const heed_bytes *fields)
{
    uint64_t kept = 0;
    bool read = field_status(&out->status, fields[0]) && field_whole(&kept, fields[1]) &&
                field_number(&out->loss, fields[2]) && field_number(&out->accuracy, fields[3]) &&
                field_number(&out->auc, fields[4]) && field_whole(&out->parameters, fields[5]) &&
                field_number(&out->seconds, fields[6]) && out->seconds >= 0;
    out->epoch_kept = (unsigned)kept;
    if (read && fields[7].size > 0)
        read = (out->problem = memory_copy(fields[7].data, fields[7].size)) != NULL;
    return read;
}

/* Which training a row is about, and whether it belongs to this search. */
static heed_status place_check(heed_tune_trial *out, const trial_table *t, const heed_record *r, heed_error *error)
{
    const trial_search *s = &t->search;
    uint64_t rung = 0, number = 0, epochs = 0, seed = 0;
    if (!field_whole(&rung, r->fields[0]) || !field_whole(&number, r->fields[1]) ||
        !field_whole(&epochs, r->fields[2]) || !field_whole(&seed, r->fields[3]) || number < 1 || number > UINT32_MAX)
        return fail(error, HEED_BAD_DATA, "%s:%" PRIu64 ": not a row of a table of trials", t->path, r->line_number);
    if (seed != s->seed)
        return fail(error, HEED_USAGE,
                    "%s: row %" PRIu64 ": found the seed %" PRIu64 ", expected %" PRIu64
                    "; name another table, or search with --seed %" PRIu64,
                    t->path, r->row, seed, s->seed, seed);
    if (rung < 1 || rung > s->rung_count || epochs != s->rungs[rung - 1])
        return fail(error, HEED_USAGE,
                    "%s: row %" PRIu64 ": found %" PRIu64 " epochs in rung %" PRIu64
                    ", which this search does not have; is --epochs the same?",
                    t->path, r->row, epochs, rung);
    out->rung = (unsigned)rung;
    out->number = (unsigned)number;
    out->epochs = (unsigned)epochs;
    return HEED_OK;
}

static heed_status values_check(const trial_table *t, const heed_tune_trial *row, const heed_record *r,
                                heed_error *error)
{
    const range_list *ranges = t->search.ranges;
    char **values = ranges_draw(ranges, t->search.seed, row->number);
    heed_status status = values == NULL ? fail_memory(error, "the trials") : HEED_OK;
    for (size_t i = 0; i < ranges->count && status == HEED_OK; i++) {
        heed_bytes found = r->fields[BEFORE + i];
        if (!field_is(found, values[i]))
            status =
                fail(error, HEED_USAGE,
                     "%s: row %" PRIu64 ": found %s '%.*s', expected '%.200s': the ranges differ; name another table",
                     t->path, r->row, ranges->items[i].option->name, (int)(found.size < 200 ? found.size : 200),
                     found.data, values[i]);
    }
    ranges_values_free(values);
    return status;
}

static heed_status record_take(trial_table *t, const heed_record *r, heed_error *error)
{
    heed_tune_trial row = {.rung = 0};
    size_t expected = BEFORE + t->search.ranges->count + AFTER;
    heed_status status;
    if (r->field_count != expected)
        return fail(error, HEED_BAD_DATA, "%s:%" PRIu64 ": found %zu fields, expected %zu", t->path, r->line_number,
                    r->field_count, expected);
    TRY(place_check(&row, t, r, error));
    TRY(values_check(t, &row, r, error));
    if (outcome_read(&row, r->fields + BEFORE + t->search.ranges->count))
        return row_keep(t, row, error);
    status = fail(error, HEED_BAD_DATA, "%s:%" PRIu64 ": not a row of a table of trials", t->path, r->line_number);
done:
    row_release(&row);
    return status;
}

static heed_status rows_read(trial_table *t, heed_error *error)
{
    heed_rows_options options;
    heed_reader *reader = NULL;
    heed_record record;
    heed_rows_options_init(&options);
    options.format = HEED_FORMAT_CSV;
    options.quoting = HEED_QUOTING_MINIMAL;
    options.text_columns = "1";
    options.label_column = "";
    heed_status status = heed_reader_open(&reader, &t->path, 1, &options, error);
    while (status == HEED_OK && (status = reader_next(reader, &record, error)) == HEED_OK)
        status = record_take(t, &record, error);
    heed_reader_free(reader);
    return status == HEED_END ? HEED_OK : status;
}

/* ---- the table */

heed_status trials_open(trial_table *out, const char *path, trial_search search, heed_error *error)
{
    *out = (trial_table){.path = path, .search = search};
    heed_status status = table_mend(out, error);
    return status == HEED_OK && out->begun ? rows_read(out, error) : status;
}

const heed_tune_trial *trials_find(const trial_table *t, unsigned rung, unsigned number)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->rows[i].rung == rung && t->rows[i].number == number)
            return &t->rows[i];
    return NULL;
}

void trials_release(trial_table *t)
{
    for (size_t i = 0; i < t->count; i++)
        row_release(&t->rows[i]);
    free(t->rows);
    if (t->out.file != NULL)
        fclose(t->out.file);
    *t = (trial_table){.rows = NULL};
}
