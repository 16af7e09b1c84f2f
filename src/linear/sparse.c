#include "linear/sparse.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

enum { TASK_ROWS = 64 };

typedef struct rows_filling {
    sparse_rows *out;
    const ngrams *features;
    const examples *rows;
} rows_filling;

static void fill_rows(void *context, size_t task, unsigned worker)
{
    const rows_filling *f = context;
    (void)worker;
    size_t last = (task + 1) * TASK_ROWS < f->rows->count ? (task + 1) * TASK_ROWS : f->rows->count;
    for (size_t i = task * TASK_ROWS; i < last; i++) {
        size_t begin = f->rows->first[i], length = f->rows->first[i + 1] - begin;
        f->out->first[i] = 2 * begin;
        f->out->size[i] = (uint32_t)ngrams_row(f->features, f->rows->ids + begin, length, f->out->values + 2 * begin);
    }
}

/* Each row gets as much room as it may need, so that all can be filled in parallel. */
heed_status sparse_rows_make(sparse_rows *out, const ngrams *features, const examples *rows, pool *workers,
                             heed_error *error)
{
    *out = (sparse_rows){.count = rows->count,
                         .values = malloc((2 * rows->first[rows->count] + 1) * sizeof *out->values),
                         .first = memory_array(rows->count, sizeof *out->first),
                         .size = memory_array(rows->count, sizeof *out->size)};
    if (out->values == NULL || out->first == NULL || out->size == NULL) {
        sparse_rows_release(out);
        return fail_memory(error, "the rows' features");
    }
    rows_filling f = {out, features, rows};
    pool_run(workers, (rows->count + TASK_ROWS - 1) / TASK_ROWS, fill_rows, &f);
    return HEED_OK;
}

void sparse_rows_release(sparse_rows *rows)
{
    free(rows->values);
    free(rows->first);
    free(rows->size);
    *rows = (sparse_rows){0};
}

heed_status sparse_transpose(sparse_columns *out, const sparse_rows *rows, size_t features, heed_error *error)
{
    size_t total = 0;
    for (uint32_t r = 0; r < rows->count; r++)
        total += rows->size[r];
    *out = (sparse_columns){.count = features,
                            .values = memory_array(total, sizeof *out->values),
                            .first = memory_array(features + 2, sizeof *out->first)};
    if (out->values == NULL || out->first == NULL) {
        sparse_columns_release(out);
        return fail_memory(error, "the features' rows");
    }
    size_t *next = out->first + 1; /* where a feature's next row goes; in the end, where it ends */
    for (uint32_t r = 0; r < rows->count; r++)
        for (uint32_t i = 0; i < rows->size[r]; i++)
            next[rows->values[rows->first[r] + i].index + 1]++;
    for (size_t f = 0; f < features; f++)
        next[f + 1] += next[f];
    for (uint32_t r = 0; r < rows->count; r++)
        for (uint32_t i = 0; i < rows->size[r]; i++) {
            sparse_value v = rows->values[rows->first[r] + i];
            out->values[next[v.index]++] = (sparse_value){r, v.value};
        }
    return HEED_OK;
}

void sparse_columns_release(sparse_columns *columns)
{
    free(columns->values);
    free(columns->first);
    *columns = (sparse_columns){0};
}
