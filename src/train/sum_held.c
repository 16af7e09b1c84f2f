#include "train/sum_held.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/logistic.h"
#include "train/row_metrics.h"
#include "train/row_targets.h"

/* Of the penalty (sum_weights.h), chosen on training rows of TREC, SST-2 and WordNet's definitions: with 50 held-out
 * rows as with 1,000. */
static const double strength = 10;
static const double first_alone[MOST_PARTS] = {1};

void sum_held_release(sum_held *h)
{
    for (size_t p = 0; p < MOST_FITS; p++)
        free(h->z[p]);
    free(h->row);
    free(h->sum);
    free(h->target);
    *h = (sum_held){.count = 0};
}

/* ---- the rows */

static heed_status allocate(sum_held *h, const sum_fits *r, heed_error *error)
{
    for (uint32_t i = 0; i < r->held->count; i++)
        h->count += r->answered[i] == r->parts;
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
static heed_status gather(sum_held *h, const sum_fits *r, heed_error *error)
{
    size_t K = r->outputs, at = 0;
    float *target = NULL;
    heed_status status;
    TRY(allocate(h, r, error));
    TRY(row_targets_make(&target, r->context->data, r->held, K, error));
    for (uint32_t i = 0; i < r->held->count; i++) {
        if (r->answered[i] < r->parts)
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

/* The metrics of held-out rows by the logits z [count][K], and of the rows with unknown labels by the weights w. */
static heed_status measure(heed_keras_metrics *out, const sum_fits *r, const logit_rows *rows, const double *z,
                           const logit_rows *unknown, const double *w, heed_error *error)
{
    static const double one = 1;
    const training_data *d = r->context->data;
    logit_rows known = *rows;
    keras_counts sums;
    heed_status status;
    known.z = &z;
    known.parts = 1;
    keras_counts_init(&sums);
    TRY(add_rows(&sums, d->task, &known, &one, error));
    TRY(add_rows(&sums, d->task, unknown, w, error));
    keras_counts_add_missed(&sums, d->missed);
    *out = keras_counts_result(&sums);
done:
    return status;
}

/* The sum is measured by weights without the row; on rows with unknown labels, on which none are fitted, by those of
 * all rows. */
static heed_status measure_all(sum_held *h, const sum_fits *r, const logit_rows *rows, heed_error *error)
{
    static const double one = 1;
    logit_rows unknown = *rows;
    heed_status status;
    unknown.z = (const double *const *)r->unknown_z;
    unknown.count = r->context->data->unknown.count;
    unknown.target = NULL;
    TRY(measure(&h->metrics, r, rows, h->sum, &unknown, h->weights, error));
    unknown.parts = 1;
    for (uint32_t p = 0; p < r->parts; p++, unknown.z++)
        TRY(measure(&h->alone[p], r, rows, h->z[p], &unknown, &one, error));
done:
    return status;
}

heed_status sum_held_judge(sum_held *out, const sum_fits *r, uint32_t summed, heed_error *error)
{
    const weight_prior prior = {first_alone, strength};
    heed_status status;
    *out = (sum_held){.count = 0};
    TRY(gather(out, r, error));
    const logit_rows rows = {.z = (const double *const *)out->z,
                             .target = out->target,
                             .count = out->count,
                             .outputs = r->outputs,
                             .parts = summed,
                             .softmax = r->context->data->task == HEED_TASK_MULTICLASS};
    TRY(sum_weights_fit(out->weights, &rows, &prior, error));
    TRY(sum_weights_crossfit(out->sum, &rows, &prior, error));
    TRY(measure_all(out, r, &rows, error));
done:
    return status;
}

heed_status sum_held_keep(held_out *out, sum_held *h, const sum_fits *r, uint32_t parts, heed_error *error)
{
    size_t K = r->outputs;
    bool softmax = r->context->data->task == HEED_TASK_MULTICLASS;
    double *z = parts == 1 ? h->z[0] : h->sum;
    *out = (held_out){.probability = memory_array(h->count * K, sizeof *out->probability)};
    if (out->probability == NULL)
        return fail_memory(error, "held-out rows");
    for (size_t i = 0; i < h->count; i++)
        logistic_link(z + i * K, K, softmax, NULL, NULL);
    for (size_t i = 0; i < h->count * K; i++)
        out->probability[i] = (float)z[i];
    out->row = h->row;
    out->count = (uint32_t)h->count;
    h->row = NULL;
    return HEED_OK;
}
