#include "linear/ngram_rows.h"

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

/* ---- the values of a part */

heed_status ngram_rows_scale(float *scale, const ngrams *features, const sparse_rows *rows, sparse_part part,
                             uint32_t min_count, heed_error *error)
{
    size_t count = ngrams_count(features);
    uint32_t least = min_count > 1 ? min_count : 1, *having = memory_array(count, sizeof *having);
    if (having == NULL)
        return fail_memory(error, "features");
    for (uint32_t i = 0; i < part.count; i++)
        for (uint32_t j = 0; j < rows->size[part.rows[i]]; j++)
            having[rows->values[rows->first[part.rows[i]] + j].index]++;
    for (size_t f = 0; f < count; f++)
        scale[f] = having[f] < least ? 0 : ngrams_idf(part.count, having[f]) / features->idf[f];
    free(having);
    return HEED_OK;
}

heed_status ngram_rows_weigh(sparse_rows *out, const float *scale, const sparse_rows *rows, sparse_part part,
                             heed_error *error)
{
    heed_status status = sparse_rows_take(out, rows, part, error);
    for (uint32_t i = 0; i < part.count && status == HEED_OK; i++) {
        sparse_value *row = out->values + out->first[i];
        uint32_t kept = 0;
        for (uint32_t j = 0; j < out->size[i]; j++)
            if (scale[row[j].index] > 0)
                row[kept++] = (sparse_value){row[j].index, row[j].value * scale[row[j].index]};
        out->size[i] = kept;
        sparse_to_length_one(row, kept);
    }
    return status;
}
