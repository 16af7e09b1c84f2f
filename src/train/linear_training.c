#include "train/linear_training.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/linear_fit.h"
#include "model/linear_classifier.h"
#include "network/architecture.h"
#include "network/network.h"
#include "train/row_metrics.h"
#include "train/training_progress.h"
#include "train/training_words.h"

/* The state of a run. */
typedef struct linear_run {
    const training_data *data;
    training_progress progress;
    training_result *result;
    linear *trained; /* that of the result */
    pool *workers;
    sparse_rows rows;       /* training */
    float *target, *weight; /* [training rows][K] */
    bool all_passes;        /* it took as many as it may take */
} linear_run;

static heed_status check(const heed_train_options *o, heed_error *error)
{
    const char *found = o->vectors != NULL ? "--vectors" : o->init_from != NULL ? "--init-from" : NULL;
    if (found == NULL)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "%s: the architecture is linear, which is trained without initial weights; leave the option out",
                found);
}

/* ---- targets and weights */

/* target [K]: 0 or 1 for each output. */
static void fill_target(float *target, const training_data *d, const examples *e, uint32_t i)
{
    uint32_t count;
    const uint32_t *labels = examples_labels(e, i, &count);
    if (d->task == HEED_TASK_BINARY)
        *target = *labels == d->positive;
    else
        for (uint32_t j = 0; j < count; j++)
            target[labels[j]] = 1;
}

static heed_status make_targets(float **out, const training_data *d, const examples *e, size_t outputs,
                                heed_error *error)
{
    *out = outputs <= SIZE_MAX / ((size_t)e->count + 1) ? memory_array(e->count * outputs, sizeof **out) : NULL;
    for (uint32_t i = 0; i < e->count && *out != NULL; i++)
        fill_target(*out + i * outputs, d, e, i);
    return *out == NULL ? fail_memory(error, "training") : HEED_OK;
}

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

/* Says how much a model of many labels needs before it takes it, and does not begin what cannot end. */
static heed_status check_memory(linear_run *t, const ngrams *features, size_t outputs, heed_error *error)
{
    static const double gigabyte = 1e9, much = 1e9;
    const training_data *d = t->data;
    double needed = linear_fit_memory(ngrams_count(features), outputs, d->train.count), has = (double)memory_limit();
    char text[300];
    snprintf(text, sizeof text,
             "linear: %zu outputs and %zu features (words and pairs of words) need %.1f GB of memory", outputs,
             (size_t)ngrams_count(features), needed / gigabyte);
    if (has > 0 && needed > has)
        return fail(error, HEED_FAILED,
                    "%s, and there are %.1f GB; a higher --min-count or lower --max-words makes fewer features, and a "
                    "network such as --architecture 'embed 64 | mean' needs less",
                    text, has / gigabyte);
    if (needed > much)
        progress_warning(&t->progress, HEED_WARNING_MEMORY, text);
    return HEED_OK;
}

/* ---- fitting */

/* Features, weights of 0, and the training rows. */
static heed_status prepare(linear_run *t, const training_context *c, heed_error *error)
{
    const training_data *d = t->data;
    training_result *r = t->result;
    uint32_t outputs = task_outputs(d->task, d->label_count);
    ngrams features = {0};
    double strength;
    heed_status status;
    TRY(architecture_parse_linear(&strength, NULL, c->options->architecture, error));
    TRY(pool_new(&t->workers, c->options->threads, error));
    TRY(ngrams_learn(&features, &d->train, &d->words, c->corpus->options.min_count, error));
    status = check_memory(t, &features, outputs, error);
    if (status != HEED_OK) {
        ngrams_release(&features);
        return status;
    }
    TRY(linear_new(&t->trained, &features, outputs, d->task == HEED_TASK_MULTICLASS, error));
    t->trained->strength = strength;
    r->trained = t->trained;
    r->train = memory_array(1, sizeof *r->train);
    r->validation = memory_array(1, sizeof *r->validation);
    TRY(r->train == NULL || r->validation == NULL ? fail_memory(error, "training") : HEED_OK);
    TRY(make_targets(&t->target, d, &d->train, outputs, error));
    TRY(make_weights(&t->weight, d, t->target, outputs, error));
    TRY(sparse_rows_make(&t->rows, &t->trained->features, &d->train, t->workers, error));
done:
    return status;
}

static void tell_sizes(linear_run *t)
{
    const ngrams *features = &t->trained->features;
    char note[256];
    snprintf(note, sizeof note, "%u training rows, %u validation rows; %u words, %u bigrams; %zu parameters",
             t->data->train.count, training_data_validating(t->data), features->words, features->bigrams,
             linear_parameters(t->trained));
    progress_note(&t->progress, note);
}

static int tell_pass(void *user, const linear_progress *p)
{
    linear_run *t = user;
    uint64_t rows = t->rows.count;
    t->all_passes = p->pass == p->max_passes;
    const heed_keras_metrics so_far = {.loss = p->mean_loss, .accuracy = (double)p->correct / (double)rows};
    progress_tell(&t->progress, (heed_event){.stage = HEED_STAGE_TRAIN,
                                             .epoch = 1,
                                             .done = p->pass * rows,
                                             .total = p->max_passes * rows,
                                             .train = &so_far});
    return t->progress.stopped;
}

static heed_status fit(linear_run *t, heed_error *error)
{
    const linear_examples rows = {&t->rows, t->target, t->weight};
    t->progress.watch = stopwatch_start();
    return linear_fit(t->trained, &rows, t->workers, &(linear_listener){tell_pass, t}, error);
}

/* ---- metrics of the fitted model */

/* target NULL: rows with unknown labels, which have no loss and a wrong answer. */
static heed_status count_rows(keras_counts *sums, const linear_run *t, const sparse_rows *rows, const float *target,
                              heed_error *error)
{
    const linear *l = t->trained;
    size_t outputs = l->outputs, shares = l->softmax ? 1 : outputs; /* several sigmoids: the mean of their losses */
    const linear_examples e = {.rows = rows, .target = target};
    float *probability = memory_array(rows->count * outputs, sizeof *probability);
    double *loss = memory_array(rows->count, sizeof *loss);
    heed_status status;
    TRY(probability == NULL || loss == NULL ? fail_memory(error, "figures") : HEED_OK);
    TRY(linear_score_rows(probability, loss, l, &e, t->workers, error));
    for (size_t i = 0; i < rows->count; i++)
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

static heed_status judge_training(linear_run *t, heed_error *error)
{
    keras_counts sums;
    keras_counts_init(&sums);
    heed_status status = count_rows(&sums, t, &t->rows, t->target, error);
    *t->result->train = keras_counts_result(&sums);
    return status;
}

static heed_status count_validation(keras_counts *sums, const linear_run *t, heed_error *error)
{
    const training_data *d = t->data;
    const ngrams *features = &t->trained->features;
    sparse_rows rows = {0}, unknown = {0};
    float *target = NULL;
    heed_status status;
    TRY(make_targets(&target, d, &d->validation, t->trained->outputs, error));
    TRY(sparse_rows_make(&rows, features, &d->validation, t->workers, error));
    TRY(sparse_rows_make(&unknown, features, &d->unknown, t->workers, error));
    TRY(count_rows(sums, t, &rows, target, error));
    TRY(count_rows(sums, t, &unknown, NULL, error));
    keras_counts_add_missed(sums, d->missed);
done:
    sparse_rows_release(&rows);
    sparse_rows_release(&unknown);
    free(target);
    return status;
}

static heed_status judge_validation(linear_run *t, heed_error *error)
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

static void end_epoch(linear_run *t)
{
    training_result *r = t->result;
    r->epochs_run = r->epoch_kept = 1;
    if (t->all_passes)
        snprintf(r->ending, sizeof r->ending,
                 "the largest number of passes ended the training before it had converged");
    progress_tell(
        &t->progress,
        (heed_event){
            .stage = HEED_STAGE_EPOCH, .epoch = 1, .train = r->train, .validation = r->validation, .best = true});
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    linear_run t = {.data = context->data,
                    .progress = {.context = context, .epochs = 1, .watch = stopwatch_start()},
                    .result = out};
    heed_status status;
    TRY(progress_tell_baseline(&t.progress, error));
    TRY(prepare(&t, context, error));
    tell_sizes(&t);
    TRY(fit(&t, error));
    TRY(judge_training(&t, error));
    TRY(judge_validation(&t, error));
    end_epoch(&t);
    if (t.progress.stopped)
        status = fail(error, HEED_STOPPED, "stopped after the last pass");
done:
    out->stopped = t.progress.stopped;
    pool_free(t.workers);
    sparse_rows_release(&t.rows);
    free(t.target);
    free(t.weight);
    return status;
}

const training_class linear_training = {.classifier = &linear_classifier,
                                        .deterministic = true,
                                        .check = check,
                                        .find_words = find_words_by_rows,
                                        .run = run};
