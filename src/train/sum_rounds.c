#include "train/sum_rounds.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "metrics/answer.h"
#include "model/classifier.h"

static heed_status allocate(sum_rounds *r, heed_error *error)
{
    size_t numbers = r->held->count * r->outputs, unknown = r->context->data->unknown.count * r->outputs;
    bool fine = (r->found = memory_array(r->held->count, sizeof *r->found)) != NULL;
    fine = (r->place = memory_array(r->context->corpus->row_count, sizeof *r->place)) != NULL && fine;
    for (uint32_t p = 0; p < r->parts && fine; p++) {
        r->z[p] = memory_array(numbers, sizeof(double));
        r->unknown_z[p] = memory_array(unknown, sizeof(double));
        fine = r->z[p] != NULL && r->unknown_z[p] != NULL;
    }
    for (uint32_t i = 0; i < r->held->count && fine; i++)
        r->place[r->held->row[i]] = i;
    return fine ? HEED_OK : fail_memory(error, "the logits of held-out rows");
}

void sum_rounds_release(sum_rounds *r)
{
    for (uint32_t p = 0; p < r->parts; p++) {
        free(r->z[p]);
        free(r->unknown_z[p]);
        part_fit_release(&r->fits[p]);
    }
    free(r->found);
    free(r->place);
    *r = (sum_rounds){.parts = 0};
}

/* ---- a round */

/* The part's logits of the rows that were held out. */
static heed_status take_logits(sum_rounds *r, uint32_t part, pool *workers, heed_error *error)
{
    const part_fit *fit = &r->fits[part];
    const examples *rows = &fit->data.validation;
    size_t K = r->outputs;
    double *z = memory_array(rows->count * K, sizeof *z);
    heed_status status;
    TRY(z == NULL ? fail_memory(error, "the logits of held-out rows") : HEED_OK);
    TRY(example_logits(z, fit->model, rows, workers, error));
    for (uint32_t i = 0; i < rows->count; i++) {
        uint32_t place = r->place[rows->row[i]];
        r->found[place] = true;
        for (size_t k = 0; k < K; k++)
            r->z[part][place * K + k] = z[i * K + k];
    }
    TRY(example_logits(r->unknown_z[part], fit->model, &fit->data.unknown, workers, error));
done:
    free(z);
    return status;
}

static heed_status run_round(sum_rounds *r, const split *parts, heed_error *error)
{
    pool *workers = NULL;
    heed_status status;
    TRY(pool_new(&workers, r->context->options->threads, error));
    for (uint32_t p = 0; p < r->parts; p++) {
        part_fit_release(&r->fits[p]);
        TRY(part_fit_run(&r->fits[p], &r->orders[p], r->context->corpus, parts, NULL, error));
        r->kept[p] += r->fits[p].model->config.training.epoch_kept;
        TRY(take_logits(r, p, workers, error));
    }
    r->rounds++;
done:
    pool_free(workers);
    return status;
}

/* ---- which rows */

/* The rows that validate, known labels or not. */
static heed_status given_split(split *out, const training_data *d, heed_error *error)
{
    uint32_t known = 0, unknown = 0, count = training_data_validating(d);
    *out = (split){.train = d->train.row,
                   .train_count = d->train.count,
                   .validation = memory_array(count, sizeof *out->validation),
                   .validation_count = count};
    if (out->validation == NULL)
        return fail_memory(error, "a split");
    for (uint32_t i = 0; i < count; i++) {
        bool first = unknown == d->unknown.count ||
                     (known < d->validation.count && d->validation.row[known] < d->unknown.row[unknown]);
        out->validation[i] = first ? d->validation.row[known++] : d->unknown.row[unknown++];
    }
    return HEED_OK;
}

static heed_status run_given(sum_rounds *r, heed_error *error)
{
    split parts;
    heed_status status = given_split(&parts, r->context->data, error);
    if (status == HEED_OK)
        status = run_round(r, &parts, error);
    free(parts.validation);
    return status;
}

static heed_status run_fold(sum_rounds *r, const folded_rows *rows, uint32_t fold, heed_error *error)
{
    split parts;
    heed_status status = inner_split(&parts, r->context->corpus, rows, fold, error);
    if (status == HEED_OK && parts.validation_count > 0)
        status = run_round(r, &parts, error);
    split_release(&parts);
    return status;
}

static heed_status run_folds(sum_rounds *r, heed_error *error)
{
    const examples *e = r->held;
    uint32_t *fold = memory_array(e->count, sizeof *fold), rounds = e->count > CROSSFIT_ROWS ? 1 : HELD_FOLDS;
    const folded_rows rows = {e->row, fold, e->count};
    heed_status status;
    TRY(fold == NULL ? fail_memory(error, "folds") : HEED_OK);
    TRY(split_within(fold, r->context->corpus, e->row, e->count, HELD_FOLDS, r->context->options->seed, error));
    for (uint32_t i = 0; i < rounds; i++)
        TRY(run_fold(r, &rows, i, error));
    if (r->rounds == 0)
        status = fail(error, HEED_BAD_DATA,
                      "found too few different texts per label to hold some out for the weights of the parts, expected "
                      "at least two of one label; use one part, such as --architecture wide");
done:
    free(fold);
    return status;
}

heed_status sum_rounds_run(sum_rounds *out, const training_context *context, const part_order *orders, uint32_t parts,
                           heed_error *error)
{
    const training_data *d = context->data;
    bool given = d->validation.count > 0;
    *out = (sum_rounds){.context = context,
                        .parts = parts,
                        .orders = orders,
                        .held = given ? &d->validation : &d->train,
                        .outputs = task_outputs(d->task, d->label_count)};
    heed_status status = allocate(out, error);
    if (status != HEED_OK)
        return status;
    return given ? run_given(out, error) : run_folds(out, error);
}
