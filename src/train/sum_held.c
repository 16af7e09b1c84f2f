#include "train/sum_held.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/logistic.h"
#include "train/row_metrics.h"
#include "train/row_targets.h"

/* The penalty of the weights, in rows (sum_weights.h). */
static const double pseudo_rows = 20;
static const double first_alone[MOST_PARTS] = {1};

void sum_held_release(sum_held *h)
{
    for (size_t p = 0; p < MOST_PARTS; p++)
        free(h->z[p]);
    free(h->row);
    free(h->sum);
    free(h->target);
    *h = (sum_held){.count = 0};
}

/* ---- the rows */

static heed_status allocate(sum_held *h, const sum_rounds *r, heed_error *error)
{
    for (uint32_t i = 0; i < r->held->count; i++)
        h->count += r->found[i];
    size_t numbers = h->count * r->outputs;
    h->row = memory_array(h->count, sizeof *h->row);
    h->target = memory_array(numbers, sizeof *h->target);
    h->sum = memory_array(numbers, sizeof *h->sum);
    bool fine = h->row != NULL && h->target != NULL && h->sum != NULL;
    for (uint32_t p = 0; p < r->parts && fine; p++)
        fine = (h->z[p] = memory_array(numbers, sizeof(double))) != NULL;
    return fine ? HEED_OK : fail_memory(error, "held-out rows");
}

/* The rows that were held out, without the others. */
static heed_status gather(sum_held *h, const sum_rounds *r, heed_error *error)
{
    size_t K = r->outputs, at = 0;
    float *target = NULL;
    heed_status status;
    TRY(allocate(h, r, error));
    TRY(row_targets_make(&target, r->context->data, r->held, K, error));
    for (uint32_t i = 0; i < r->held->count; i++) {
        if (!r->found[i])
            continue;
        h->row[at] = i;
        memcpy(h->target + at * K, target + i * K, K * sizeof *target);
        for (uint32_t p = 0; p < r->parts; p++)
            memcpy(h->z[p] + at * K, r->z[p] + i * K, K * sizeof(double));
        at++;
    }
done:
    free(target);
    return status;
}

/* ---- figures */

/* Adds rows by the weights w; without targets: rows with unknown labels, whose answers are wrong. */
static heed_status add_rows(keras_counts *sums, heed_task task, const logit_rows *rows, const double *w,
                            heed_error *error)
{
    size_t K = rows->outputs;
    double *z = memory_array(K, sizeof *z), shares = rows->softmax ? 1 : (double)K;
    float *probability = memory_array(K, sizeof *probability);
    for (size_t i = 0; i < rows->count && z != NULL && probability != NULL; i++) {
        const float *target = rows->target == NULL ? NULL : rows->target + i * K;
        sum_row_logits(z, w, rows, i);
        double loss = logistic_link(z, K, rows->softmax, target, NULL) / shares; /* several sigmoids: their mean */
        for (size_t k = 0; k < K; k++)
            probability[k] = (float)z[k];
        if (target == NULL)
            keras_counts_add_unknown(sums, probability, K);
        else
            row_metrics_add(sums, task, probability, target, K, loss);
    }
    heed_status status = z == NULL || probability == NULL ? fail_memory(error, "figures") : HEED_OK;
    free(z);
    free(probability);
    return status;
}

heed_status logit_metrics(heed_keras_metrics *out, heed_task task, const logit_rows *rows, const double *w,
                          heed_error *error)
{
    keras_counts sums;
    keras_counts_init(&sums);
    heed_status status = add_rows(&sums, task, rows, w, error);
    *out = keras_counts_result(&sums);
    return status;
}

/* The sum is measured by weights without the row; on rows with unknown labels, on which none are fitted, by those of
 * all rows. */
static heed_status measure(sum_held *h, const sum_rounds *r, const logit_rows *rows, heed_error *error)
{
    static const double one = 1;
    const training_data *d = r->context->data;
    logit_rows summed = *rows, unknown = *rows;
    keras_counts sums;
    heed_status status;
    summed.z = (const double *const *)&h->sum;
    summed.parts = 1;
    unknown.z = (const double *const *)r->unknown_z;
    unknown.count = d->unknown.count;
    unknown.target = NULL;
    keras_counts_init(&sums);
    TRY(add_rows(&sums, d->task, &summed, &one, error));
    TRY(add_rows(&sums, d->task, &unknown, h->weights, error));
    keras_counts_add_missed(&sums, d->missed);
    h->metrics = keras_counts_result(&sums);
    TRY(logit_metrics(&h->first, d->task, rows, first_alone, error));
done:
    return status;
}

heed_status sum_held_judge(sum_held *out, const sum_rounds *r, heed_error *error)
{
    const weight_prior prior = {first_alone, pseudo_rows};
    heed_status status;
    *out = (sum_held){.count = 0};
    TRY(gather(out, r, error));
    const logit_rows rows = {.z = (const double *const *)out->z,
                             .target = out->target,
                             .count = out->count,
                             .outputs = r->outputs,
                             .parts = r->parts,
                             .softmax = r->context->data->task == HEED_TASK_MULTICLASS};
    TRY(sum_weights_fit(out->weights, &rows, &prior, error));
    TRY(sum_weights_crossfit(out->sum, &rows, &prior, error));
    TRY(measure(out, r, &rows, error));
done:
    return status;
}

heed_status sum_held_keep(held_out *out, sum_held *h, const sum_rounds *r, heed_error *error)
{
    size_t K = r->outputs;
    bool softmax = r->context->data->task == HEED_TASK_MULTICLASS;
    *out = (held_out){.probability = memory_array(h->count * K, sizeof *out->probability)};
    if (out->probability == NULL)
        return fail_memory(error, "held-out rows");
    for (size_t i = 0; i < h->count; i++)
        logistic_link(h->sum + i * K, K, softmax, NULL, NULL);
    for (size_t i = 0; i < h->count * K; i++)
        out->probability[i] = (float)h->sum[i];
    out->row = h->row;
    out->count = (uint32_t)h->count;
    h->row = NULL;
    return HEED_OK;
}
