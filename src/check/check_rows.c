/* Digests, sketches and signs of texts are computed on all threads, then rows are added in order. */
#include "check/check_rows.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "check/min_hash.h"
#include "check/shingles.h"
#include "check/text_marks.h"
#include "data/text_digest.h"
#include "data/split_column.h"
#include "rows/reader.h"
#include "text/clean_pool.h"

/* A row as prepared by a thread. */
typedef struct prepared {
    uint64_t exact, normalised;
    shingles shingles;
    uint32_t sketch[SKETCH];
    uint32_t words;
    unsigned marks;
} prepared;

typedef struct adding {
    heed_check *check;
    heed_part part;
    const heed_listener *listener;
    heed_reader *reader;
    stopwatch watch;
    prepared rows[ROW_SLOTS];
} adding;

/* ---- on any thread */

static heed_status prepare_row(void *user, size_t slot, const heed_record *record, row_scratch *scratch,
                               heed_error *error)
{
    prepared *row = &((adding *)user)->rows[slot];
    size_t count;
    const heed_token *words = tokens_items(scratch->cleaned, &count);
    row->words = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    row->exact = XXH3_64bits(record->text.data, record->text.size);
    row->normalised = text_digest(record->text);
    row->marks = text_marks(record->text);
    heed_status status = shingles_make(&row->shingles, words, count, error);
    if (status != HEED_OK)
        return status;
    if (row->shingles.count > 0)
        min_hash_sketch(row->sketch, row->shingles.items, row->shingles.count);
    else
        min_hash_sketch(row->sketch, &row->normalised, 1); /* like no other text */
    return HEED_OK;
}

/* ---- in order */

static int by_bytes(const void *a, const void *b)
{
    return bytes_compare(*(const heed_bytes *)a, *(const heed_bytes *)b);
}

/* The number of a row's set of labels, whatever their order. */
static heed_status put_labels(uint32_t *out, heed_check *c, const heed_record *record, heed_error *error)
{
    *out = NO_LABEL;
    if (record->label_count == 0 && !c->several)
        return HEED_OK;
    heed_bytes *sorted = memory_array(record->label_count, sizeof *sorted);
    if (sorted == NULL)
        return fail_memory(error, "labels");
    for (size_t i = 0; i < record->label_count; i++)
        sorted[i] = record->labels[i];
    qsort(sorted, record->label_count, sizeof *sorted, by_bytes);
    writer_clear(&c->set_key);
    for (size_t i = 0; i < record->label_count; i++) {
        writer_bytes(&c->set_key, sorted[i].data, sorted[i].size);
        writer_byte(&c->set_key, '\0');
    }
    free(sorted);
    heed_status status = writer_check(&c->set_key, error);
    if (status == HEED_OK)
        status = intern_put(out, &c->label_sets, (heed_bytes){c->set_key.data, c->set_key.size}, error);
    return status;
}

/* The sketch of a group is that of its first row. */
static heed_status put_group(uint32_t *out, heed_check *c, const prepared *row, heed_error *error)
{
    uint32_t known = c->groups.count;
    heed_status status;
    TRY(intern_put(out, &c->groups, (heed_bytes){(const char *)&row->normalised, sizeof row->normalised}, error));
    if (c->groups.count == known)
        return HEED_OK;
    TRY(memory_grow(&c->sketches, &c->sketch_capacity, c->groups.count, sizeof row->sketch, error));
    memcpy(c->sketches + (size_t)known * SKETCH, row->sketch, sizeof row->sketch);
done:
    return status;
}

static heed_status add_row(adding *a, const prepared *row, const heed_record *record, heed_error *error)
{
    heed_check *c = a->check;
    checked added = {.exact = row->exact, .size = record->text.size, .words = row->words, .marks = row->marks};
    heed_part part = a->part;
    heed_status status;
    if (c->row_count == UINT32_MAX)
        return fail(error, HEED_BAD_DATA, "found more than %u rows, which is the most that can be checked", UINT32_MAX);
    if (part == HEED_PART_ANY && record->split.data != NULL)
        TRY(split_column_part(&part, record, error));
    added.open = part == HEED_PART_ANY;
    added.shown = (heed_checked_row){
        .part = part == HEED_PART_ANY ? HEED_PART_TRAIN : part, .row = record->row, .line_number = record->line_number};
    if (record->group.size > 0)
        added.column = XXH3_64bits(record->group.data, record->group.size);
    TRY(memory_grow(&c->rows, &c->row_capacity, c->row_count + 1, sizeof *c->rows, error));
    TRY(put_labels(&added.label, c, record, error));
    TRY(put_group(&added.group, c, row, error));
    TRY(intern_put(&added.file, &c->files, bytes_of(record->file), error));
    TRY(text_spool_add(&added.at, &c->texts, record->text, error));
    c->rows_of[part_of(&added)]++;
    c->rows[c->row_count++] = added;
done:
    return status;
}

static heed_status take_row(void *user, size_t slot, const heed_record *record, heed_error *error)
{
    adding *a = user;
    heed_status status = record->bad ? HEED_OK : add_row(a, &a->rows[slot], record, error);
    if (a->rows[slot].shingles.capacity > 1 << 16) /* a rare long text does not keep its memory */
        shingles_release(&a->rows[slot].shingles);
    return status == HEED_OK
               ? reader_tell(a->reader, HEED_STAGE_READ, a->listener, &a->watch, "stopped while reading", error)
               : status;
}

/* What the reader has found besides rows. */
static void note_reader(heed_check *c, heed_reader *reader)
{
    const heed_reader_info *info = heed_reader_describe(reader);
    if (c->bad == 0 && info->skipped > 0)
        fail(&c->first_bad, HEED_OK, "%s", info->first_skipped);
    c->bad += info->skipped;
    if (c->misfits == 0 && info->misfits > 0)
        fail(&c->first_misfit, HEED_OK, "%s", info->first_misfit);
    c->misfits += info->misfits;
}

heed_status check_rows_read(heed_check *check, heed_reader *reader, heed_part part, unsigned threads,
                            const heed_listener *listener, heed_error *error)
{
    bool several = reader_takes_multilabel(reader);
    if (check->finished)
        return fail(error, HEED_USAGE, "check: found rows after heed_check_finish, expected them before it");
    if ((unsigned)part > HEED_PART_TEST)
        return fail(error, HEED_USAGE, "check: found the number %d, expected a heed_part", (int)part);
    if (check->row_count > 0 && several != check->several)
        return fail(error, HEED_USAGE, "check: found a label separator for some of the inputs, expected it for all");
    adding *a = memory_array(1, sizeof *a);
    if (a == NULL)
        return fail_memory(error, "rows");
    a->check = check;
    a->part = part;
    a->listener = listener;
    a->reader = reader;
    a->watch = stopwatch_start();
    check->several = several;
    clean_pool work = {.prepare = prepare_row, .take = take_row, .take_beside = true, .user = a};
    heed_status status = clean_pool_run(reader, check->cleaner, threads, &work, error);
    note_reader(check, reader);
    for (size_t i = 0; i < ROW_SLOTS; i++)
        shingles_release(&a->rows[i].shingles);
    free(a);
    return status;
}

heed_status heed_check_add(heed_check *check, heed_reader *reader, heed_part part, unsigned threads,
                           const heed_listener *listener, heed_error *error)
{
    reader_give_bad_rows(reader);
    return check_rows_read(check, reader, part, threads, listener, error);
}

bool check_rows_has(const heed_check *check, size_t row, const heed_record *record)
{
    return row < check->row_count && check->rows[row].exact == XXH3_64bits(record->text.data, record->text.size);
}

/* By counting, in the order of the rows. */
heed_status check_rows_group(heed_check *c, heed_error *error)
{
    row_groups *by = &c->by_group;
    by->first = memory_array((size_t)c->groups.count + 2, sizeof *by->first);
    by->rows = memory_array(c->row_count, sizeof *by->rows);
    if (by->first == NULL || by->rows == NULL)
        return fail_memory(error, "copies");
    for (size_t i = 0; i < c->row_count; i++)
        by->first[c->rows[i].group + 2]++;
    for (uint32_t g = 0; g < c->groups.count; g++)
        by->first[g + 2] += by->first[g + 1];
    for (size_t i = 0; i < c->row_count; i++)
        by->rows[by->first[c->rows[i].group + 1]++] = (uint32_t)i;
    return HEED_OK;
}
