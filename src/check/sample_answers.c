#include "check/sample_answers.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/sample_features.h"
#include "linear/linear_fit.h"

enum { FOLDS = 3, PASSES = 40 };

#define STRENGTH 10.0 /* C, that of architecture "linear" */
#define TOLERANCE 1e-4

/* The rows of a fold, or those of the others, with their targets. */
typedef struct fold_side {
    uint32_t *numbers; /* in the sample */
    uint32_t count;
    sparse_rows rows;
    float *target; /* [count][outputs] */
} fold_side;

typedef struct fitting {
    const check_sample *sample;
    const heed_check *check;
    const sample_features *features;
    pool *workers;
    uint32_t outputs;
} fitting;

static unsigned fold_of(const fitting *f, uint32_t i)
{
    uint64_t h = (f->check->rows[f->sample->rows[i]].group + UINT64_C(1)) * 0x9E3779B97F4A7C15u;
    return (unsigned)((h >> 32) * FOLDS >> 32);
}

static void side_release(fold_side *side)
{
    free(side->numbers);
    free(side->target);
    sparse_rows_release(&side->rows);
}

static heed_status side_make(fold_side *out, const fitting *f, unsigned fold, bool held, heed_error *error)
{
    const check_sample *s = f->sample;
    *out = (fold_side){.numbers = memory_array(s->count, sizeof *out->numbers),
                       .target = memory_array((size_t)s->count, f->outputs * sizeof *out->target)};
    if (out->numbers == NULL || out->target == NULL)
        return fail_memory(error, "a fold");
    for (uint32_t i = 0; i < s->count; i++) {
        if ((fold_of(f, i) == fold) != held)
            continue;
        if (f->outputs == 1)
            out->target[out->count] = (float)s->classes[i];
        else
            out->target[(size_t)out->count * f->outputs + s->classes[i]] = 1;
        out->numbers[out->count++] = i;
    }
    return sparse_rows_take(&out->rows, &f->features->rows, (sparse_part){out->numbers, out->count}, error);
}

static heed_status fold_answer(float *out, const fitting *f, unsigned fold, heed_error *error)
{
    fold_side train = {0}, held = {0};
    logistic model = {0};
    float *probability = NULL;
    double *loss = NULL;
    heed_status status;
    TRY(side_make(&train, f, fold, false, error));
    TRY(side_make(&held, f, fold, true, error));
    if (train.count == 0 || held.count == 0)
        goto done;
    TRY(logistic_init(&model, f->features->count, f->outputs, f->outputs > 1, error));
    model.strength = STRENGTH;
    const linear_examples fitted = {.rows = &train.rows, .target = train.target};
    const linear_examples answered = {.rows = &held.rows, .target = held.target};
    TRY(linear_fit(&model, &fitted, (linear_end){TOLERANCE, PASSES}, f->workers, NULL, error));
    probability = memory_array((size_t)held.count, f->outputs * sizeof *probability);
    loss = memory_array(held.count, sizeof *loss);
    TRY(probability == NULL || loss == NULL ? fail_memory(error, "a fold") : HEED_OK);
    TRY(linear_score_rows(probability, loss, &model, &answered, f->workers, error));
    for (uint32_t i = 0; i < held.count; i++)
        memcpy(out + (size_t)held.numbers[i] * f->outputs, probability + (size_t)i * f->outputs,
               f->outputs * sizeof *out);
done:
    side_release(&train);
    side_release(&held);
    logistic_release(&model);
    free(probability);
    free(loss);
    return status;
}

heed_status sample_answers_make(float **out, const check_sample *s, const heed_check *check, unsigned kinds,
                                pool *workers, heed_error *error)
{
    sample_features features = {.count = 0};
    fitting f = {s, check, &features, workers, s->class_count > 2 ? s->class_count : 1};
    heed_status status;
    *out = memory_array((size_t)s->count, f.outputs * sizeof **out);
    TRY(*out == NULL ? fail_memory(error, "answers") : HEED_OK);
    TRY(sample_features_make(&features, s, check, kinds, workers, error));
    for (unsigned fold = 0; fold < FOLDS && features.count > 0; fold++)
        TRY(fold_answer(*out, &f, fold, error));
done:
    sample_features_release(&features);
    return status;
}
