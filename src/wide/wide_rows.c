#include "wide/wide_rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/ngrams.h"

enum { TASK_ROWS = 64 };

/* ---- which features a row has */

typedef struct rows_filling {
    sparse_rows *out;
    const wide_features *features;
    const examples *rows;
    wide_place **places; /* [threads]: for the longest row each */
} rows_filling;

static wide_text text_of(const examples *e, size_t row)
{
    return (wide_text){e->ids + e->first[row], e->first[row + 1] - e->first[row], e->spelling};
}

static void fill_rows(void *context, size_t task, unsigned worker)
{
    const rows_filling *f = context;
    size_t last = (task + 1) * TASK_ROWS < f->rows->count ? (task + 1) * TASK_ROWS : f->rows->count;
    for (size_t i = task * TASK_ROWS; i < last; i++)
        f->out->size[i] = (uint32_t)wide_features_row(f->features, text_of(f->rows, i), f->places[worker],
                                                      f->out->values + f->out->first[i]);
}

static heed_status allocate_places(rows_filling *f, size_t longest, unsigned threads, heed_error *error)
{
    f->places = memory_array(threads, sizeof *f->places);
    bool fine = f->places != NULL;
    for (unsigned i = 0; i < threads && fine; i++)
        fine = (f->places[i] = memory_scratch(longest, sizeof **f->places)) != NULL;
    return fine ? HEED_OK : fail_memory(error, "the rows' features");
}

/* Each row gets as much room as it may need, so that all can be filled in parallel. */
heed_status wide_rows_make(sparse_rows *out, const wide_features *f, const examples *rows, pool *workers,
                           heed_error *error)
{
    unsigned threads = pool_threads(workers);
    rows_filling filling = {out, f, rows, NULL};
    size_t room = 0, longest = 0;
    heed_status status;
    *out = (sparse_rows){0};
    for (uint32_t i = 0; i < rows->count; i++) {
        size_t more = wide_features_room(f, text_of(rows, i));
        room += more;
        longest = more > longest ? more : longest;
    }
    TRY(allocate_places(&filling, longest, threads, error));
    TRY(sparse_rows_init(out, rows->count, room, "the rows' features", error));
    for (uint32_t i = 1; i < rows->count; i++)
        out->first[i] = out->first[i - 1] + wide_features_room(f, text_of(rows, i - 1));
    pool_run(workers, (rows->count + TASK_ROWS - 1) / TASK_ROWS, fill_rows, &filling);
done:
    for (unsigned i = 0; filling.places != NULL && i < threads; i++)
        free(filling.places[i]);
    free(filling.places);
    return status;
}

/* ---- their weights */

/* having [F]: the part's rows that have each feature; positive [F]: those of label 1 among them, unless it is NULL. */
static void count_rows(uint32_t *having, uint32_t *positive, const sparse_rows *rows, sparse_part part,
                       const float *target)
{
    for (uint32_t i = 0; i < part.count; i++) {
        uint32_t row = part.rows[i];
        const sparse_value *v = rows->values + rows->first[row];
        bool is_positive = positive != NULL && target[row] > 0;
        for (uint32_t j = 0; j < rows->size[row]; j++) {
            having[v[j].index]++;
            if (is_positive)
                positive[v[j].index]++;
        }
    }
}

static void fill_idf(float *scale, const uint32_t *having, size_t count, uint32_t rows)
{
    for (size_t i = 0; i < count; i++)
        scale[i] = having[i] == 0 ? 0 : ngrams_idf(rows, having[i]);
}

/* Of one kind of n-grams. */
static void fill_ratio(float *scale, const uint32_t *having, const uint32_t *positive, size_t count)
{
    double p = 0, q = 0;
    for (size_t i = 0; i < count; i++)
        if (having[i] > 0) {
            p += 1.0 + positive[i];
            q += 1.0 + (having[i] - positive[i]);
        }
    for (size_t i = 0; i < count; i++)
        scale[i] =
            having[i] == 0 ? 0 : (float)(log((1.0 + positive[i]) / (1.0 + (having[i] - positive[i]))) - log(p / q));
}

heed_status wide_scale(float *scale, const wide_features *f, const wide_spec *spec, const sparse_rows *rows,
                       sparse_part part, const float *target, heed_error *error)
{
    size_t count = wide_features_count(f), words = wide_features_words(f);
    bool ratio = spec->weight == WIDE_RATIO;
    uint32_t *having = memory_array(count, sizeof *having);
    uint32_t *positive = memory_array(ratio ? count : 0, sizeof *positive);
    heed_status status = having == NULL || positive == NULL ? fail_memory(error, "features") : HEED_OK;
    if (status == HEED_OK) {
        count_rows(having, ratio ? positive : NULL, rows, part, target);
        for (size_t i = 0; i < count; i++)
            having[i] = having[i] < spec->min_count ? 0 : having[i];
        if (ratio) {
            fill_ratio(scale, having, positive, words);
            fill_ratio(scale + words, having + words, positive + words, count - words);
        } else {
            fill_idf(scale, having, count, part.count);
        }
    }
    free(having);
    free(positive);
    return status;
}

/* ---- the rows' values */

heed_status wide_rows_weigh(sparse_rows *out, const wide_features *f, const float *scale, const sparse_rows *rows,
                            sparse_part part, heed_error *error)
{
    heed_status status = sparse_rows_take(out, rows, part, error);
    for (uint32_t i = 0; i < part.count && status == HEED_OK; i++)
        out->size[i] = (uint32_t)wide_weigh(f, scale, out->values + out->first[i], out->size[i]);
    return status;
}
