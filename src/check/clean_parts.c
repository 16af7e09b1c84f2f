/* heed_check_write_clean: the files of the parts without rows that leak, and a list of these. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/status.h"
#include "check/check_rows.h"
#include "check/wording.h"
#include "options/row_path.h"
#include "rows/reader.h"
#include "rows/row_writer.h"

#define NO_PAIR UINT32_MAX

/* ---- why */

/* In the order in which they count. */
typedef enum reason_kind { OF_A_LATER_PART, OF_TWO_LABELS, OF_ITS_PART, REASON_KINDS } reason_kind;

static bool is_two_labels(const heed_finding *f)
{
    return strcmp(f->kind, "two-labels") == 0;
}

/* Texts that are nearly equal in one part stay. */
static bool gives_reason(const heed_check *c, const heed_finding *f, reason_kind kind)
{
    if (f->pair_count == 0)
        return false;
    if (is_two_labels(f))
        return kind == OF_TWO_LABELS;
    if (f->part != f->other_part)
        return kind == OF_A_LATER_PART;
    return kind == OF_ITS_PART && c->found.pairs[f->first_pair].likeness != HEED_LIKENESS_NEAR;
}

static void reasons_take(uint32_t *reasons, const heed_check *c, const heed_finding *f)
{
    for (size_t i = f->first_pair; i < f->first_pair + f->pair_count; i++) {
        const heed_checked_pair *pair = &c->found.pairs[i];
        if (reasons[pair->other] == NO_PAIR)
            reasons[pair->other] = (uint32_t)i;
        if (is_two_labels(f) && reasons[pair->one] == NO_PAIR)
            reasons[pair->one] = (uint32_t)i;
    }
}

/* The number of the pair for each row by which it is dropped; NO_PAIR: none; NULL: no memory. */
static uint32_t *reasons_find(const heed_check *check)
{
    uint32_t *reasons = memory_array(check->row_count, sizeof *reasons);
    for (size_t i = 0; i < check->row_count && reasons != NULL; i++)
        reasons[i] = NO_PAIR;
    for (reason_kind kind = 0; kind < REASON_KINDS && reasons != NULL; kind++)
        for (size_t i = 0; i < check->found.count; i++)
            if (gives_reason(check, &check->found.items[i].shown, kind))
                reasons_take(reasons, check, &check->found.items[i].shown);
    return reasons;
}

/* ---- what goes, as a list */

typedef struct cleaning {
    const heed_check *check;
    const heed_rows_options *options;
    const heed_corpus_files *files; /* [file_count] */
    size_t file_count;
    const char *folder;
    const heed_listener *listener;
    stopwatch watch;
    uint32_t *reasons;          /* [rows]: a pair of each */
    row_writer *writers;        /* [files * PARTS] */
    size_t begun;               /* of them */
    row_writer *of_part[PARTS]; /* those of the file that is read; NULL: none yet */
    const heed_corpus_files *reading;
    size_t number; /* of the file in them */
    size_t row;    /* the next row of the check */
    replacement list;
    writer line;
} cleaning;

static void write_row(writer *w, const heed_checked_row *row, char end)
{
    writer_text(w, part_word((unsigned)row->part - HEED_PART_TRAIN));
    writer_byte(w, '\t');
    escape_field(w, bytes_of(row->file), '\t');
    writer_print(w, "\t%llu\t%llu%c", (unsigned long long)row->line_number, (unsigned long long)row->row, end);
}

/* A pair of a finding is a number in its range. */
static bool pair_is_two_labels(const heed_check *c, uint32_t pair)
{
    for (size_t i = 0; i < c->found.count; i++) {
        const heed_finding *f = &c->found.items[i].shown;
        if (pair >= f->first_pair && pair < f->first_pair + f->pair_count)
            return is_two_labels(f);
    }
    return false;
}

/* Of a text with two labels that has no pair, as more than two rows have it, the others do. */
static const char *why(const cleaning *c, size_t row)
{
    static const char *const words[] = {"exact", "normalised", "near"};
    uint32_t pair = c->reasons[row];
    if (pair == NO_PAIR || pair_is_two_labels(c->check, pair))
        return "two-labels";
    return words[c->check->found.pairs[pair].likeness];
}

static void write_dropped(cleaning *c, size_t row)
{
    uint32_t number = c->reasons[row];
    writer *w = &c->line;
    writer_clear(w);
    write_row(w, &c->check->rows[row].shown, '\t');
    writer_print(w, "%s\t", why(c, row));
    if (number == NO_PAIR) {
        writer_text(w, "\t\t\t\n");
        return;
    }
    const heed_checked_pair *pair = &c->check->found.pairs[number];
    write_row(w, &c->check->rows[pair->one == row ? pair->other : pair->one].shown, '\n');
}

/* A bad row is no row of the check. */
static void write_bad(cleaning *c, const heed_record *record, heed_part part)
{
    heed_checked_row row = {.part = part == HEED_PART_ANY ? HEED_PART_TRAIN : part,
                            .file = record->file,
                            .row = record->row,
                            .line_number = record->line_number};
    writer_clear(&c->line);
    write_row(&c->line, &row, '\t');
    writer_text(&c->line, "bad\t\t\t\t\n");
}

static heed_status line_end(cleaning *c, heed_error *error)
{
    heed_status status = writer_check(&c->line, error);
    if (status == HEED_OK && fwrite(c->line.data, 1, c->line.size, c->list.file) != c->line.size)
        status = fail(error, HEED_FAILED, "%s: cannot be written: %s", c->list.name, strerror(errno));
    return status;
}

/* ---- files */

/* No file that was checked is replaced, whatever its part, and none is written twice. */
static heed_status path_check(const cleaning *c, const char *path, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i + 1 < c->begun && status == HEED_OK; i++)
        if (strcmp(c->writers[i].path, path) == 0)
            status = fail(error, HEED_USAGE,
                          "%s: rows of two files would have this name, as a split column and an option "
                          "both say that they are of this part; check them apart",
                          path);
    for (size_t i = 0; i < c->file_count && status == HEED_OK; i++)
        for (size_t k = 0; k < c->files[i].count && status == HEED_OK; k++) {
            char *file = row_path_file(c->files[i].paths[k]);
            if (file == NULL)
                status = fail_memory(error, path);
            else if (path_same_file(file, path))
                status =
                    fail(error, HEED_USAGE, "%s: is one of the files that are read, expected another folder", path);
            free(file);
        }
    return status;
}

/* "train", "validation-2": the part, and the number of the file if several were given together. */
static heed_status part_begin(cleaning *c, unsigned part, heed_reader *reader, heed_error *error)
{
    static const char *const words[PARTS] = {"train", "validation", "test"};
    char name[48];
    if (c->reading->count > 1)
        snprintf(name, sizeof name, "%s-%zu", words[part], c->number + 1);
    else
        snprintf(name, sizeof name, "%s", words[part]);
    row_writer *made = c->of_part[part] = &c->writers[c->begun++];
    heed_status status = row_writer_begin(made, c->folder, name, reader, error);
    return status == HEED_OK ? path_check(c, made->path, error) : status;
}

static heed_status record_take(cleaning *c, heed_reader *reader, const heed_record *record, heed_error *error)
{
    const heed_check *check = c->check;
    if (record->bad) {
        write_bad(c, record, c->reading->part);
        return line_end(c, error);
    }
    if (!check_rows_has(check, c->row, record))
        return fail(error, HEED_BAD_DATA,
                    "%s: has other rows than when it was checked, expected files that do not change", record->file);
    size_t row = c->row++;
    if (check->rows[row].shown.dropped) {
        write_dropped(c, row);
        return line_end(c, error);
    }
    unsigned part = part_of(&check->rows[row]);
    heed_status status = c->of_part[part] == NULL ? part_begin(c, part, reader, error) : HEED_OK;
    return status == HEED_OK ? row_writer_add(c->of_part[part], reader, record, error) : status;
}

/* A file whose part is known is written even if nothing is left of it. */
static heed_status file_write_clean(cleaning *c, heed_error *error)
{
    const heed_corpus_files *files = c->reading;
    heed_reader *reader = NULL;
    const heed_record *record;
    heed_status status;
    for (unsigned part = 0; part < PARTS; part++)
        c->of_part[part] = NULL;
    TRY(heed_reader_open(&reader, &files->paths[c->number], 1, c->options, error));
    reader_give_bad_rows(reader);
    TRY(part_begin(c, files->part == HEED_PART_ANY ? 0 : files->part - HEED_PART_TRAIN, reader, error));
    while ((status = heed_reader_next(&record, reader, error)) == HEED_OK) {
        TRY(record_take(c, reader, record, error));
        TRY(reader_tell(reader, HEED_STAGE_READ, c->listener, &c->watch, "stopped while writing", error));
    }
    if (status != HEED_END)
        goto done;
    status = HEED_OK;
    for (unsigned part = 0; part < PARTS; part++)
        if (c->of_part[part] != NULL)
            TRY(row_writer_check(c->of_part[part], reader, error));
done:
    heed_reader_free(reader);
    return status;
}

static heed_status files_write(cleaning *c, heed_error *error)
{
    static const char header[] = "part\tfile\tline\trow\twhy\tcopy_part\tcopy_file\tcopy_line\tcopy_row\n";
    heed_status status = HEED_OK;
    fputs(header, c->list.file);
    for (size_t i = 0; i < c->file_count; i++)
        for (c->reading = &c->files[i], c->number = 0; c->number < c->reading->count; c->number++)
            TRY(file_write_clean(c, error));
    if (c->row < c->check->row_count)
        TRY(fail(error, HEED_BAD_DATA,
                 "check: found %zu rows, and %zu when they were checked, expected files that do "
                 "not change",
                 c->row, c->check->row_count));
    for (size_t i = 0; i < c->begun; i++)
        TRY(row_writer_commit(&c->writers[i], error));
    status = replacement_commit(&c->list, error);
done:
    return status;
}

heed_status heed_check_write_clean(const heed_check *check, const heed_rows_options *rows,
                                   const heed_corpus_files *files, size_t count, const char *folder,
                                   const heed_listener *listener, heed_error *error)
{
    cleaning c = {.check = check,
                  .options = rows,
                  .files = files,
                  .file_count = count,
                  .folder = folder,
                  .listener = listener,
                  .watch = stopwatch_start()};
    size_t paths = 0;
    char *list = path_join(folder, "dropped.tsv");
    heed_status status;
    for (size_t i = 0; i < count; i++)
        paths += files[i].count;
    c.reasons = reasons_find(check);
    c.writers = memory_array(paths * PARTS, sizeof *c.writers);
    TRY(c.reasons == NULL || c.writers == NULL || list == NULL ? fail_memory(error, "clean parts") : HEED_OK);
    TRY(path_need_folder(folder, error));
    TRY(replacement_begin(&c.list, list, error));
    status = files_write(&c, error);
done:
    for (size_t i = 0; i < c.begun; i++)
        row_writer_release(&c.writers[i]);
    replacement_abandon(&c.list);
    writer_release(&c.line);
    free(c.writers);
    free(c.reasons);
    free(list);
    return status;
}
