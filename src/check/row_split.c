#include "check/row_split.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "check/check_rows.h"
#include "check/kin_groups.h"
#include "data/shares.h"

/* ---- labels */

/* The labels of rows as shares_assign wants them. */
typedef struct row_labels {
    uint32_t *labels;
    size_t count, capacity;
    size_t *first; /* [rows + 1] */
} row_labels;

/* Appends the labels of a set, each of which has a NUL after it. */
static heed_status labels_add(row_labels *out, heed_split *s, uint32_t set, heed_error *error)
{
    heed_status status = HEED_OK;
    heed_bytes left = set == NO_LABEL ? (heed_bytes){"", 0} : intern_word(&s->check->label_sets, set);
    while (left.size > 0) {
        heed_bytes label = {left.data, strlen(left.data)};
        TRY(memory_grow(&out->labels, &out->capacity, out->count + 1, sizeof *out->labels, error));
        TRY(intern_put(&out->labels[out->count++], &s->labels, label, error));
        left = (heed_bytes){left.data + label.size + 1, left.size - label.size - 1};
    }
done:
    return status;
}

static heed_status labels_collect(row_labels *out, heed_split *s, heed_error *error)
{
    const heed_check *c = s->check;
    heed_status status = HEED_OK;
    out->first = memory_array(c->row_count + 1, sizeof *out->first);
    if (out->first == NULL)
        return fail_memory(error, "labels");
    for (size_t i = 0; i < c->row_count && status == HEED_OK; i++) {
        status = labels_add(out, s, c->rows[i].label, error);
        out->first[i + 1] = out->count;
    }
    return status;
}

typedef struct named_label {
    heed_bytes name;
    uint32_t number;
} named_label;

static int by_name(const void *a, const void *b)
{
    return bytes_compare(((const named_label *)a)->name, ((const named_label *)b)->name);
}

static heed_status labels_sort(heed_split *s, heed_error *error)
{
    uint32_t count = s->labels.count;
    named_label *sorted = memory_array(count, sizeof *sorted);
    s->rank = memory_array(count, sizeof *s->rank);
    s->names = memory_array(count, sizeof *s->names);
    s->counts = memory_array((s->shares.count + 1) * ((size_t)count + 1), sizeof *s->counts);
    bool fine = sorted != NULL && s->rank != NULL && s->names != NULL && s->counts != NULL;
    for (uint32_t i = 0; i < count && fine; i++)
        sorted[i] = (named_label){intern_word(&s->labels, i), i};
    if (fine)
        qsort(sorted, count, sizeof *sorted, by_name);
    for (uint32_t i = 0; i < count && fine; i++) {
        s->rank[sorted[i].number] = i;
        s->names[i] = memory_copy(sorted[i].name.data, sorted[i].name.size);
        fine = s->names[i] != NULL;
    }
    free(sorted);
    return fine ? HEED_OK : fail_memory(error, "labels");
}

/* ---- parts */

static uint64_t *counts_of(const heed_split *s, size_t part)
{
    return s->counts + part * s->labels.count;
}

static void labels_count(heed_split *s, const row_labels *l)
{
    for (size_t i = 0; i < l->count; i++)
        counts_of(s, s->shares.count)[s->rank[l->labels[i]]]++;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The groups of a part are those of its rows, sorted; scratch [rows]. */
static uint64_t groups_count(const heed_split *s, const uint64_t *group, uint32_t part, uint64_t *scratch)
{
    size_t rows = 0;
    uint64_t groups = 0;
    for (size_t i = 0; i < s->check->row_count; i++)
        if (s->part[i] == part)
            scratch[rows++] = group[i];
    qsort(scratch, rows, sizeof *scratch, by_value);
    for (size_t i = 0; i < rows; i++)
        groups += i == 0 || scratch[i] != scratch[i - 1];
    return groups;
}

static heed_status parts_describe(heed_split *s, const row_labels *l, const uint64_t *group, heed_error *error)
{
    uint64_t *scratch = memory_array(s->check->row_count, sizeof *scratch);
    s->parts = memory_array(s->shares.count, sizeof *s->parts);
    s->paths = memory_array(s->shares.count, sizeof *s->paths);
    if (scratch == NULL || s->parts == NULL || s->paths == NULL) {
        free(scratch);
        return fail_memory(error, "parts");
    }
    for (size_t i = 0; i < s->check->row_count; i++) {
        s->parts[s->part[i]].rows++;
        for (size_t k = l->first[i]; k < l->first[i + 1]; k++)
            counts_of(s, s->part[i])[s->rank[l->labels[k]]]++;
    }
    for (uint32_t p = 0; p < s->shares.count; p++) {
        s->parts[p].name = s->shares.name[p];
        s->parts[p].groups = groups_count(s, group, p, scratch);
        s->parts[p].label_rows = counts_of(s, p);
        s->info.groups += s->parts[p].groups;
    }
    free(scratch);
    s->info.rows = s->check->row_count;
    s->info.part_count = s->shares.count;
    s->info.parts = s->parts;
    s->info.label_count = s->labels.count;
    s->info.labels = (const char *const *)s->names;
    return HEED_OK;
}

static heed_status parts_check(const heed_split *s, heed_error *error)
{
    for (size_t p = 0; p < s->shares.count; p++)
        if (s->parts[p].rows == 0)
            return fail(error, HEED_BAD_DATA,
                        "split: found %llu rows in %llu groups that stay together, with %zu labels, expected enough of "
                        "them for each part to have a row: none is left for '%s'",
                        (unsigned long long)s->info.rows, (unsigned long long)s->info.groups, s->info.label_count,
                        s->parts[p].name);
    return HEED_OK;
}

static heed_status rows_divide(heed_split *s, uint64_t seed, unsigned threads, heed_error *error)
{
    heed_check *c = s->check;
    row_labels l = {0};
    uint64_t *group = NULL;
    pool *workers = NULL;
    heed_status status;
    TRY(pool_new(&workers, threads, error));
    TRY(kin_groups_find(&group, c, workers, error));
    TRY(labels_collect(&l, s, error));
    TRY(labels_sort(s, error));
    labels_count(s, &l);
    shared_rows rows = {group,        l.labels,       l.first, s->rank, counts_of(s, s->shares.count),
                        c->row_count, s->labels.count};
    s->part = memory_array(c->row_count, sizeof *s->part);
    TRY(s->part == NULL ? fail_memory(error, "parts") : HEED_OK);
    TRY(shares_assign(s->part, &rows, s->shares.share, s->shares.count, seed, error));
    TRY(parts_describe(s, &l, group, error));
    status = parts_check(s, error);
done:
    pool_free(workers);
    free(group);
    free(l.labels);
    free(l.first);
    return status;
}

/* ---- a split */

heed_status heed_split_new(heed_split **out, heed_reader *reader, const char *parts, uint64_t seed, unsigned threads,
                           const heed_listener *listener, heed_error *error)
{
    *out = NULL;
    heed_split *s = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a split");
    heed_status status;
    TRY(share_list_read(&s->shares, parts, error));
    TRY(intern_init(&s->labels, error));
    TRY(heed_check_new(&s->check, error));
    TRY(check_rows_read(s->check, reader, HEED_PART_TRAIN, threads, listener, error));
    if (s->check->row_count == 0)
        TRY(fail(error, HEED_BAD_DATA, "split: found no rows"));
    TRY(rows_divide(s, seed, threads, error));
    *out = s;
    return HEED_OK;
done:
    heed_split_free(s);
    return status;
}

const heed_split_info *heed_split_describe(const heed_split *split)
{
    return &split->info;
}

size_t heed_split_part_of(const heed_split *split, uint64_t row)
{
    return row < split->info.rows ? split->part[row] : split->info.part_count;
}

static void texts_free(char **texts, size_t count)
{
    for (size_t i = 0; texts != NULL && i < count; i++)
        free(texts[i]);
    free(texts);
}

void heed_split_free(heed_split *split)
{
    if (split == NULL)
        return;
    texts_free(split->paths, split->shares.count);
    texts_free(split->names, split->labels.count);
    heed_check_free(split->check);
    intern_release(&split->labels);
    share_list_release(&split->shares);
    free(split->part);
    free(split->rank);
    free(split->counts);
    free(split->parts);
    free(split);
}
