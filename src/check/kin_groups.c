#include "check/kin_groups.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/disjoint_sets.h"
#include "base/memory.h"
#include "base/status.h"
#include "check/check_rows.h"
#include "check/copy_groups.h"

typedef struct kin {
    const heed_check *check;
    disjoint_sets rows;
} kin;

static void join(kin *k, uint32_t one, uint32_t other)
{
    disjoint_sets_join(&k->rows, one, other, k->check->row_count);
}

/* Rows of each group of equal texts, and of those that are nearly equal. */
static void join_texts(kin *k, const copy_groups *g)
{
    const heed_check *c = k->check;
    const row_groups *by = &c->by_group;
    for (uint32_t group = 0; group < c->groups.count; group++)
        for (uint32_t i = by->first[group]; i < by->first[group + 1]; i++)
            if (!row_is_empty(&c->rows[by->rows[i]]))
                join(k, by->rows[by->first[group]], by->rows[i]);
    for (size_t i = 0; i < g->near.count; i++)
        join(k, by->rows[by->first[g->near.items[i].one]], by->rows[by->first[g->near.items[i].other]]);
}

typedef struct column_row {
    uint64_t column;
    uint32_t row;
} column_row;

static int by_column(const void *a, const void *b)
{
    const column_row *x = a, *y = b;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static heed_status join_columns(kin *k, heed_error *error)
{
    const heed_check *c = k->check;
    size_t count = 0;
    column_row *rows = memory_array(c->row_count, sizeof *rows);
    if (rows == NULL)
        return fail_memory(error, "groups");
    for (size_t i = 0; i < c->row_count; i++)
        if (c->rows[i].column != 0)
            rows[count++] = (column_row){c->rows[i].column, (uint32_t)i};
    qsort(rows, count, sizeof *rows, by_column);
    for (size_t i = 1; i < count; i++)
        if (rows[i].column == rows[i - 1].column)
            join(k, rows[i - 1].row, rows[i].row);
    free(rows);
    return HEED_OK;
}

/* The digest of a row's normalised text; of an empty text by its place. */
static uint64_t digest_of(const heed_check *c, uint32_t row)
{
    uint64_t digest = XXH3_64bits(&row, sizeof row);
    if (!row_is_empty(&c->rows[row]))
        memcpy(&digest, intern_word(&c->groups, c->rows[row].group).data, sizeof digest);
    return digest;
}

/* A set has the least digest of its rows, whatever their order. */
static void number(uint64_t *out, kin *k)
{
    size_t count = k->check->row_count;
    for (uint32_t i = 0; i < count; i++)
        out[i] = UINT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *least = &out[disjoint_sets_first(&k->rows, i)], digest = digest_of(k->check, i);
        *least = digest < *least ? digest : *least;
    }
    for (uint32_t i = 0; i < count; i++)
        out[i] = out[disjoint_sets_first(&k->rows, i)];
}

heed_status kin_groups_find(uint64_t **out, heed_check *check, pool *workers, heed_error *error)
{
    kin k = {.check = check};
    copy_groups groups = {0};
    heed_status status;
    *out = memory_array(check->row_count, sizeof **out);
    TRY(!disjoint_sets_init(&k.rows, check->row_count) || *out == NULL ? fail_memory(error, "groups") : HEED_OK);
    TRY(text_spool_finish(&check->texts, error));
    TRY(check_rows_group(check, error));
    TRY(copy_groups_init(&groups, check, workers, error));
    join_texts(&k, &groups);
    TRY(join_columns(&k, error));
    number(*out, &k);
done:
    if (status != HEED_OK) {
        free(*out);
        *out = NULL;
    }
    copy_groups_release(&groups);
    disjoint_sets_release(&k.rows);
    return status;
}
