#include "check/sample_features.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/row_features.h"
#include "linear/ngrams.h"

enum {
    TASK_ROWS = 16,
    LEAST_ROWS = 3, /* with a feature */
    SLOT_BITS = 22, /* features are told apart by so many bits of their digests */
    SLOTS = 1 << SLOT_BITS
};

/* ---- reading */

typedef struct reading {
    const check_sample *sample;
    const heed_check *check;
    unsigned kinds;
    row_words *words; /* of each thread */
    row_features *all;
    heed_status *status; /* of each task */
    heed_error *error;
} reading;

static void read_some(void *context, size_t task, unsigned worker)
{
    const reading *r = context;
    for (size_t i = task * TASK_ROWS; i < (task + 1) * TASK_ROWS && i < r->sample->count; i++) {
        if (r->status[task] == HEED_OK)
            r->status[task] = row_features_read(&r->all[i], &r->words[worker], r->check, r->sample->rows[i], r->kinds,
                                                &r->error[task]);
        row_features_shrink(&r->all[i]);
    }
}

heed_status sample_features_read(row_features **out, const check_sample *s, const heed_check *check, unsigned kinds,
                                 pool *workers, heed_error *error)
{
    size_t tasks = ((size_t)s->count + TASK_ROWS - 1) / TASK_ROWS;
    unsigned threads = pool_threads(workers);
    reading r = {.sample = s, .check = check, .kinds = kinds, .status = memory_array(tasks, sizeof *r.status)};
    heed_status status;
    r.error = memory_array(tasks, sizeof *r.error);
    r.all = *out = memory_array(s->count, sizeof *r.all);
    TRY(r.status == NULL || r.error == NULL || r.all == NULL ? fail_memory(error, "features") : HEED_OK);
    TRY(row_words_all(&r.words, threads, error));
    pool_run(workers, tasks, read_some, &r);
    for (size_t i = 0; i < tasks; i++)
        TRY(r.status[i] == HEED_OK ? HEED_OK : fail(error, r.status[i], "%s", r.error[i].message));
done:
    row_words_free_all(r.words, threads);
    free(r.status);
    free(r.error);
    return status;
}

void sample_features_free(row_features *all, const check_sample *s)
{
    for (uint32_t i = 0; all != NULL && i < s->count; i++)
        row_features_release(&all[i]);
    free(all);
}

/* ---- numbers */

/* How many rows have each feature; then its number, from 1, or 0. */
static size_t slots_number(uint32_t *slots, float *idf, const row_features *all, uint32_t count)
{
    size_t features = 0;
    for (uint32_t i = 0; i < count; i++)
        for (size_t k = 0; k < all[i].count; k++)
            slots[all[i].items[k] & (SLOTS - 1)]++;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        uint32_t rows = slots[slot] < count ? slots[slot] : count;
        slots[slot] = rows >= LEAST_ROWS ? (uint32_t)++features : 0;
        if (rows >= LEAST_ROWS && idf != NULL)
            idf[features - 1] = ngrams_idf(count, rows);
    }
    return features;
}

static void row_fill(sparse_rows *out, uint32_t row, size_t at, const row_features *f, const uint32_t *slots,
                     const float *idf)
{
    sparse_value *to = out->values + at;
    uint32_t size = 0;
    for (size_t k = 0; k < f->count; k++) {
        uint32_t number = slots[f->items[k] & (SLOTS - 1)];
        if (number > 0)
            to[size++] = (sparse_value){number - 1, idf[number - 1]};
    }
    sparse_to_length_one(to, size);
    out->first[row] = at;
    out->size[row] = size;
}

heed_status sample_features_make(sample_features *out, const check_sample *s, const heed_check *check, unsigned kinds,
                                 pool *workers, heed_error *error)
{
    row_features *all = NULL;
    uint32_t *slots = memory_array(SLOTS, sizeof *slots);
    float *idf = memory_array(SLOTS, sizeof *idf);
    size_t values = 0, at = 0;
    heed_status status;
    *out = (sample_features){.count = 0};
    TRY(slots == NULL || idf == NULL ? fail_memory(error, "features") : HEED_OK);
    TRY(sample_features_read(&all, s, check, kinds, workers, error));
    out->count = slots_number(slots, idf, all, s->count);
    for (uint32_t i = 0; i < s->count; i++)
        values += all[i].count;
    TRY(sparse_rows_init(&out->rows, s->count, values, "features", error));
    for (uint32_t i = 0; i < s->count; i++) {
        row_fill(&out->rows, i, at, &all[i], slots, idf);
        at += out->rows.size[i];
    }
done:
    sample_features_free(all, s);
    free(slots);
    free(idf);
    return status;
}

void sample_features_release(sample_features *f)
{
    sparse_rows_release(&f->rows);
}
