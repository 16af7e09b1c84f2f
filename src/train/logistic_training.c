#include "train/logistic_training.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/network.h"
#include "train/row_metrics.h"
#include "train/row_targets.h"

heed_status logistic_training_check(const heed_train_options *o, const char *name, heed_error *error)
{
    const char *found = o->vectors != NULL ? "--vectors" : o->init_from != NULL ? "--init-from" : NULL;
    if (found == NULL)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "%s: the architecture is %s, which is trained without initial weights; leave the option out", found,
                name);
}

/* ---- weights */

/* weight [K]: the row's, times its label's; multilabel: times the label's only for outputs whose target is 1. */
static void fill_weight(float *weight, const training_data *d, const examples *e, uint32_t i, const float *target,
                        size_t outputs)
{
    double of_class = 1;
    if (d->class_weight != NULL && d->task == HEED_TASK_BINARY)
        of_class = d->class_weight[*target > 0];
    else if (d->class_weight != NULL && d->task == HEED_TASK_MULTICLASS)
        of_class = d->class_weight[e->labels[e->first_label[i]]];
    for (size_t k = 0; k < outputs; k++) {
        bool own = d->class_weight != NULL && d->task == HEED_TASK_MULTILABEL && target[k] > 0;
        weight[k] = (float)(e->weight[i] * (own ? d->class_weight[k] : of_class));
    }
}

static heed_status make_weights(float **out, const training_data *d, const float *target, size_t outputs,
                                heed_error *error)
{
    *out = memory_array(d->train.count * outputs, sizeof **out);
    for (uint32_t i = 0; i < d->train.count && *out != NULL; i++)
        fill_weight(*out + i * outputs, d, &d->train, i, target + i * outputs, outputs);
    return *out == NULL ? fail_memory(error, "training") : HEED_OK;
}

/* ---- memory */

/* Bytes, at most. */
static double needed_memory(const logistic_run *t, size_t features)
{
    size_t rows = t->data->train.count;
    if (t->kind->dense) /* the features are there twice: of all rows, and of those outside a fold */
        return linear_fit_dense_memory(features, t->outputs, rows, pool_threads(t->workers)) +
               2 * (double)rows * (double)features * sizeof(real);
    return (t->kind->in_span ? span_fit_memory : linear_fit_memory)(features, t->outputs, rows);
}

heed_status logistic_run_check_memory(logistic_run *t, size_t features, heed_error *error)
{
    static const double gigabyte = 1e9, much = 1e9;
    const logistic_kind *kind = t->kind;
    double needed = needed_memory(t, features), has = (double)memory_limit();
    char text[300];
    snprintf(text, sizeof text, "%s: %u outputs and %zu features (%s) need %.1f GB of memory", kind->name, t->outputs,
             features, kind->features, needed / gigabyte);
    if (has > 0 && needed > has)
        return fail(error, HEED_FAILED,
                    "%s, and there are %.1f GB; %s makes fewer features, and a network such as --architecture 'embed "
                    "64 | mean' needs less",
                    text, has / gigabyte, kind->fewer);
    if (needed > much)
        progress_warning(&t->progress, HEED_WARNING_MEMORY, text);
    return HEED_OK;
}

/* ---- fitting */

static int tell_pass(void *user, const linear_progress *p)
{
    logistic_run *t = user;
    uint64_t fits_left = t->fits_all > t->fits ? t->fits_all - t->fits - 1 : 0;
    uint64_t left = p->rows * (p->max_passes - p->pass) + t->data->train.count * fits_left * p->max_passes;
    t->all_passes = p->pass == p->max_passes;
    t->told = t->passed + p->rows * p->pass;
    const heed_keras_metrics so_far = {.loss = p->mean_loss, .accuracy = (double)p->correct / (double)p->rows};
    progress_tell(
        &t->progress,
        (heed_event){
            .stage = HEED_STAGE_TRAIN, .epoch = 1, .done = t->told, .total = t->told + left, .train = &so_far});
    return t->progress.stopped;
}

static heed_status fit_in_span(logistic_run *t, span_fit **span, logistic *fit, const linear_examples *rows,
                               linear_end end, heed_error *error)
{
    heed_status status = *span == NULL ? span_fit_new(span, fit, rows, t->workers, error) : HEED_OK;
    return status == HEED_OK ? span_fit_run(*span, end, &(linear_listener){tell_pass, t}, error) : status;
}

heed_status logistic_run_fit(logistic_run *t, span_fit **span, logistic *fit, const linear_examples *rows,
                             linear_end end, heed_error *error)
{
    if (t->fits == 0)
        t->progress.watch = stopwatch_start();
    heed_status status = t->kind->in_span
                             ? fit_in_span(t, span, fit, rows, end, error)
                             : linear_fit(fit, rows, end, t->workers, &(linear_listener){tell_pass, t}, error);
    t->fits++;
    t->passed = t->told;
    return status;
}

static heed_status fit_all_rows(logistic_run *t, heed_error *error)
{
    const linear_examples rows = feature_rows_examples(&t->rows, t->target, t->weight);
    span_fit *span = NULL;
    heed_status status = logistic_run_fit(t, &span, t->fit, &rows, t->kind->end, error);
    span_fit_free(span);
    return status;
}

/* What every kind needs. */
static heed_status prepare(logistic_run *t, heed_error *error)
{
    const training_data *d = t->data;
    training_result *r = t->result;
    heed_status status;
    TRY(pool_new(&t->workers, t->progress.context->options->threads, error));
    r->train = memory_array(1, sizeof *r->train);
    r->validation = memory_array(1, sizeof *r->validation);
    TRY(r->train == NULL || r->validation == NULL ? fail_memory(error, "training") : HEED_OK);
    TRY(row_targets_make(&t->target, d, &d->train, t->outputs, error));
    TRY(make_weights(&t->weight, d, t->target, t->outputs, error));
    TRY(t->kind->prepare(t, error));
done:
    return status;
}

static void tell_sizes(logistic_run *t)
{
    char sizes[100], note[256];
    uint32_t judged = t->crossfits ? t->result->held.count : training_data_validating(t->data);
    t->kind->tell_sizes(sizes, sizeof sizes, t->result->trained);
    snprintf(note, sizeof note, "%u training rows, %u %s; %s; %zu parameters", t->data->train.count, judged,
             t->crossfits ? "of them held out in turn" : "validation rows", sizes, logistic_parameters(t->fit));
    progress_note(&t->progress, note);
}

/* ---- metrics of the fitted model */

/* target NULL: rows with unknown labels, which have no loss and a wrong answer. */
static heed_status count_rows(keras_counts *sums, const logistic_run *t, const feature_rows *rows, const float *target,
                              heed_error *error)
{
    size_t outputs = t->outputs,
           shares = t->fit->softmax ? 1 : outputs; /* several sigmoids: the mean of their losses */
    const linear_examples e = feature_rows_examples(rows, target, NULL);
    size_t count = feature_rows_count(rows);
    float *probability = memory_array(count * outputs, sizeof *probability);
    double *loss = memory_array(count, sizeof *loss);
    heed_status status;
    TRY(probability == NULL || loss == NULL ? fail_memory(error, "figures") : HEED_OK);
    TRY(linear_score_rows(probability, loss, t->fit, &e, t->workers, error));
    for (size_t i = 0; i < count; i++)
        if (target == NULL)
            keras_counts_add_unknown(sums, probability + i * outputs, outputs);
        else
            row_metrics_add(sums, t->data->task, probability + i * outputs, target + i * outputs, outputs,
                            loss[i] / (double)shares);
done:
    free(probability);
    free(loss);
    return status;
}

static heed_status judge_training(logistic_run *t, heed_error *error)
{
    keras_counts sums;
    keras_counts_init(&sums);
    heed_status status = count_rows(&sums, t, &t->rows, t->target, error);
    *t->result->train = keras_counts_result(&sums);
    return status;
}

static heed_status count_validation(keras_counts *sums, const logistic_run *t, heed_error *error)
{
    const training_data *d = t->data;
    const void *trained = t->result->trained;
    feature_rows rows = {0}, unknown = {0};
    float *target = NULL;
    heed_status status;
    TRY(row_targets_make(&target, d, &d->validation, t->outputs, error));
    TRY(t->kind->rows(&rows, trained, &d->validation, t->workers, error));
    TRY(t->kind->rows(&unknown, trained, &d->unknown, t->workers, error));
    TRY(count_rows(sums, t, &rows, target, error));
    TRY(count_rows(sums, t, &unknown, NULL, error));
    keras_counts_add_missed(sums, d->missed);
done:
    feature_rows_release(&rows);
    feature_rows_release(&unknown);
    free(target);
    return status;
}

static heed_status judge_validation(logistic_run *t, heed_error *error)
{
    uint32_t rows = training_data_validating(t->data);
    stopwatch training = t->progress.watch;
    keras_counts sums;
    keras_counts_init(&sums);
    t->progress.watch = stopwatch_start();
    heed_status status = count_validation(&sums, t, error);
    *t->result->validation = keras_counts_result(&sums);
    if (status == HEED_OK && rows > 0)
        progress_tell(&t->progress,
                      (heed_event){.stage = HEED_STAGE_VALIDATE, .epoch = 1, .done = rows, .total = rows});
    t->progress.watch = training;
    return status;
}

static void end_epoch(logistic_run *t)
{
    training_result *r = t->result;
    if (t->all_passes)
        snprintf(r->ending, sizeof r->ending,
                 "the largest number of passes ended the training before it had converged");
    progress_end_only_epoch(&t->progress, r);
}

heed_status logistic_training_run(training_result *out, const training_context *context, const logistic_kind *kind,
                                  heed_error *error)
{
    const training_data *d = context->data;
    logistic_run t = {.data = d,
                      .progress = {.context = context, .epochs = 1, .watch = stopwatch_start()},
                      .result = out,
                      .outputs = task_outputs(d->task, d->label_count),
                      .kind = kind,
                      .fits_all = 1,
                      .crossfits = context->crossfits};
    heed_status status;
    if (!t.crossfits)
        TRY(progress_tell_baseline(&t.progress, NULL, error));
    TRY(prepare(&t, error));
    if (t.crossfits)
        TRY(progress_tell_baseline(&t.progress, &out->held, error));
    tell_sizes(&t);
    if (!context->only_held) {
        TRY(fit_all_rows(&t, error));
        TRY(judge_training(&t, error));
    }
    if (!t.crossfits)
        TRY(judge_validation(&t, error));
    end_epoch(&t);
    if (t.progress.stopped)
        status = fail(error, HEED_STOPPED, "stopped after the last pass");
done:
    out->stopped = t.progress.stopped;
    pool_free(t.workers);
    feature_rows_release(&t.rows);
    free(t.target);
    free(t.weight);
    return status;
}
