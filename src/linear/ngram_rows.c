#include "linear/ngram_rows.h"

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
heed_status ngram_rows_make(sparse_rows *out, const ngrams *features, const examples *rows, pool *workers,
                            heed_error *error)
{
    heed_status status = sparse_rows_init(out, rows->count, 2 * rows->first[rows->count], "the rows' features", error);
    if (status != HEED_OK)
        return status;
    rows_filling f = {out, features, rows};
    pool_run(workers, (rows->count + TASK_ROWS - 1) / TASK_ROWS, fill_rows, &f);
    return HEED_OK;
}
