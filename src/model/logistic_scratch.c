#include "model/logistic_scratch.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* Of one thread. */
typedef struct scratch_lane {
    sparse_value *values;
    unsigned char *places;
    size_t capacity, place_capacity;
    double *z; /* [K] */
} scratch_lane;

typedef struct logistic_scratch {
    const void *trained;
    const logistic *fit;
    const feature_reader *reader;
    pool *workers;
    scratch_lane *lanes; /* [threads] */
    /* of the current run */
    const batch_row *rows;
    float *probability; /* [count][K], or NULL and */
    double *logits;     /* [count][K] */
} logistic_scratch;

heed_status logistic_scratch_new(void **out, const heed_model *model, const feature_reader *reader, pool *workers,
                                 heed_error *error)
{
    logistic_scratch *s = *out = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a classifier");
    *s = (logistic_scratch){
        .trained = model->trained, .fit = reader->fit(model->trained), .reader = reader, .workers = workers};
    s->lanes = memory_array(pool_threads(workers), sizeof *s->lanes);
    bool fine = s->lanes != NULL;
    for (unsigned i = 0; fine && i < pool_threads(workers); i++)
        fine = (s->lanes[i].z = memory_array(s->fit->outputs, sizeof *s->lanes[i].z)) != NULL;
    return fine ? HEED_OK : fail_memory(error, "a classifier");
}

void logistic_scratch_free(void *scratch)
{
    logistic_scratch *s = scratch;
    if (s == NULL)
        return;
    for (unsigned i = 0; s->lanes != NULL && i < pool_threads(s->workers); i++) {
        free(s->lanes[i].values);
        free(s->lanes[i].places);
        free(s->lanes[i].z);
    }
    free(s->lanes);
    free(s);
}

static void score_row(void *context, size_t number, unsigned worker)
{
    const logistic_scratch *s = context;
    const batch_row *row = &s->rows[number];
    scratch_lane *lane = &s->lanes[worker];
    size_t count = s->reader->read(s->trained, row, lane->places, lane->values);
    if (s->probability != NULL) {
        logistic_score(s->fit, lane->values, count, NULL, lane->z, s->probability + number * s->fit->outputs);
        return;
    }
    logistic_logits(s->fit, lane->values, count, s->logits + number * s->fit->outputs);
}

/* Every thread gets room for the row with the most features in advance, so that no task can fail. */
static heed_status run(logistic_scratch *s, const batch_row *rows, size_t count, heed_error *error)
{
    size_t longest = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++) {
        size_t room = s->reader->room(s->trained, &rows[i]);
        longest = room > longest ? room : longest;
    }
    for (unsigned i = 0; i < pool_threads(s->workers); i++) {
        scratch_lane *lane = &s->lanes[i];
        TRY(memory_grow(&lane->values, &lane->capacity, longest, sizeof *lane->values, error));
        if (s->reader->place_size > 0)
            TRY(memory_grow(&lane->places, &lane->place_capacity, longest, s->reader->place_size, error));
    }
    s->rows = rows;
    pool_run(s->workers, count, score_row, s);
    status = pool_check(s->workers, error);
done:
    return status;
}

heed_status logistic_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability,
                                   heed_error *error)
{
    logistic_scratch *s = scratch;
    s->probability = probability;
    return run(s, rows, count, error);
}

heed_status logistic_scratch_logits(void *scratch, const batch_row *rows, size_t count, double *logits,
                                    heed_error *error)
{
    logistic_scratch *s = scratch;
    s->probability = NULL;
    s->logits = logits;
    return run(s, rows, count, error);
}
