#include "model/linear_scratch.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/linear.h"

/* Of one thread. */
typedef struct linear_lane {
    sparse_value *values;
    size_t capacity;
    double *z; /* [K] */
} linear_lane;

typedef struct linear_scratch {
    const linear *model;
    pool *workers;
    linear_lane *lanes; /* [threads] */
    /* of the current run */
    const batch_row *rows;
    float *probability; /* [count][K], or NULL and */
    double *logits;     /* [count] of */
    uint32_t output;    /* this output */
} linear_scratch;

heed_status linear_scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error)
{
    const linear *l = model->trained;
    linear_scratch *s = *out = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a classifier");
    *s = (linear_scratch){.model = l, .workers = workers};
    s->lanes = memory_array(pool_threads(workers), sizeof *s->lanes);
    bool fine = s->lanes != NULL;
    for (unsigned i = 0; fine && i < pool_threads(workers); i++)
        fine = (s->lanes[i].z = memory_array(l->fit.outputs, sizeof *s->lanes[i].z)) != NULL;
    return fine ? HEED_OK : fail_memory(error, "a classifier");
}

void linear_scratch_free(void *scratch)
{
    linear_scratch *s = scratch;
    if (s == NULL)
        return;
    for (unsigned i = 0; s->lanes != NULL && i < pool_threads(s->workers); i++) {
        free(s->lanes[i].values);
        free(s->lanes[i].z);
    }
    free(s->lanes);
    free(s);
}

static void score_row(void *context, size_t number, unsigned worker)
{
    const linear_scratch *s = context;
    const batch_row *row = &s->rows[number];
    linear_lane *lane = &s->lanes[worker];
    size_t count = ngrams_row(&s->model->features, row->ids, (size_t)row->length, lane->values);
    if (s->probability != NULL) {
        logistic_score(&s->model->fit, lane->values, count, NULL, lane->z,
                       s->probability + number * s->model->fit.outputs);
        return;
    }
    logistic_logits(&s->model->fit, lane->values, count, lane->z);
    s->logits[number] = lane->z[s->output];
}

/* Every thread gets room for the longest row in advance, so that no task can fail. */
static heed_status run(linear_scratch *s, const batch_row *rows, size_t count, heed_error *error)
{
    size_t longest = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++)
        longest = (size_t)rows[i].length > longest ? (size_t)rows[i].length : longest;
    for (unsigned i = 0; i < pool_threads(s->workers); i++) {
        linear_lane *lane = &s->lanes[i];
        TRY(memory_grow(&lane->values, &lane->capacity, 2 * longest, sizeof *lane->values, error));
    }
    s->rows = rows;
    pool_run(s->workers, count, score_row, s);
done:
    return status;
}

heed_status linear_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability,
                                 heed_error *error)
{
    linear_scratch *s = scratch;
    s->probability = probability;
    return run(s, rows, count, error);
}

heed_status linear_scratch_logits(void *scratch, const batch_row *rows, size_t count, uint32_t output, double *logits,
                                  heed_error *error)
{
    linear_scratch *s = scratch;
    s->probability = NULL;
    s->logits = logits;
    s->output = output;
    return run(s, rows, count, error);
}
