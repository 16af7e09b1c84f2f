#include "train/linear_training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "network/architecture.h"
#include "linear/linear_fit.h"

typedef struct fitting {
    const training_data *data;
    const heed_train_options *options;
    const heed_listener *listener;
    unsigned fold, folds;
    training_result *result;
    pool *workers;
    sparse_rows rows;
    float *target, *weight; /* [training rows][K] */
    stopwatch watch;
} fitting;

heed_status linear_check_options(const heed_train_options *o, heed_error *error)
{
    const char *found = o->vectors != NULL ? "--vectors" : o->init_from != NULL ? "--init-from" : NULL;
    if (found == NULL)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "%s: found with --architecture linear, whose one best solution starts from nothing; leave it out",
                found);
}

/* ---- telling */

static void tell(fitting *f, heed_event event)
{
    event.epochs = 1;
    event.fold = f->fold;
    event.folds = f->folds;
    event.seconds = stopwatch_seconds(&f->watch);
    if (f->listener != NULL && f->listener->tell(f->listener->user, &event) != 0)
        f->result->stopped = true;
}

static void tell_note(fitting *f)
{
    char note[256];
    const linear *l = f->result->linear;
    snprintf(note, sizeof note, "%u rows train, %u validate; %u words, %u bigrams; %zu parameters",
             f->data->train.count, f->data->validation.count, l->features.words, l->features.bigrams,
             linear_parameters(l));
    tell(f, (heed_event){.stage = HEED_STAGE_NOTE, .note = note});
}

static int tell_pass(void *user, const linear_progress *p)
{
    fitting *f = user;
    uint64_t rows = f->rows.count;
    tell(f, (heed_event){.stage = HEED_STAGE_TRAIN,
                         .epoch = 1,
                         .done = p->pass * rows,
                         .total = p->max_passes * rows,
                         .train.loss = p->mean_loss,
                         .train.accuracy = (double)p->correct / (double)rows});
    return f->result->stopped;
}

/* ---- fitting */

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

/* weight [K]: of the row, times its label's; of several labels a row, of the outputs whose target is 1. */
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

/* Features, weights of 0, and the training rows. */
static heed_status prepare(fitting *f, const heed_corpus *corpus, heed_error *error)
{
    const training_data *d = f->data;
    training_result *r = f->result;
    ngrams features;
    double strength;
    heed_status status;
    TRY(architecture_parse_linear(&strength, NULL, f->options->architecture, error));
    TRY(pool_new(&f->workers, f->options->threads, error));
    TRY(ngrams_learn(&features, &d->train, &d->words, corpus->options.min_count, error));
    TRY(linear_new(&r->linear, &features, task_outputs(d->task, d->label_count), d->task == HEED_TASK_MULTICLASS,
                   error));
    r->linear->strength = strength;
    r->train = memory_array(1, sizeof *r->train);
    r->validation = memory_array(1, sizeof *r->validation);
    if (r->train == NULL || r->validation == NULL)
        return fail_memory(error, "training");
    TRY(make_targets(&f->target, d, &d->train, r->linear->outputs, error));
    TRY(make_weights(&f->weight, d, f->target, r->linear->outputs, error));
    TRY(sparse_rows_make(&f->rows, &r->linear->features, &d->train, f->workers, error));
done:
    return status;
}

static heed_status fit(fitting *f, heed_error *error)
{
    const linear_examples rows = {&f->rows, f->target, f->weight};
    f->watch = stopwatch_start();
    return linear_fit(f->result->linear, &rows, f->workers, &(linear_listener){tell_pass, f}, error);
}

/* ---- figures of the model as it is */

static heed_status figures_of(heed_figures *out, fitting *f, const sparse_rows *rows, const float *target,
                              heed_error *error)
{
    const linear *l = f->result->linear;
    size_t outputs = l->outputs, shares = l->softmax ? 1 : outputs; /* several sigmoids: the mean of their losses */
    float *probability = memory_array(rows->count * outputs, sizeof *probability);
    double *loss = memory_array(rows->count, sizeof *loss);
    figures sums;
    figures_init(&sums);
    heed_status status =
        probability == NULL || loss == NULL
            ? fail_memory(error, "figures")
            : linear_score_rows(probability, loss, l, &(linear_examples){rows, target, NULL}, f->workers, error);
    for (size_t i = 0; i < rows->count && status == HEED_OK; i++) {
        const float *found = probability + i * outputs, *wanted = target + i * outputs;
        if (f->data->task == HEED_TASK_MULTILABEL)
            figures_add_several(&sums, found, wanted, outputs, loss[i] / (double)shares);
        else
            figures_add(&sums, found, wanted, outputs, loss[i] / (double)shares);
    }
    *out = figures_result(&sums);
    free(probability);
    free(loss);
    return status;
}

static heed_status judge(fitting *f, heed_error *error)
{
    const training_data *d = f->data;
    const linear *l = f->result->linear;
    sparse_rows rows = {0};
    float *target = NULL;
    heed_status status = figures_of(f->result->train, f, &f->rows, f->target, error);
    if (status == HEED_OK)
        status = make_targets(&target, d, &d->validation, l->outputs, error);
    if (status == HEED_OK)
        status = sparse_rows_make(&rows, &l->features, &d->validation, f->workers, error);
    stopwatch training = f->watch;
    f->watch = stopwatch_start();
    if (status == HEED_OK)
        status = figures_of(f->result->validation, f, &rows, target, error);
    sparse_rows_release(&rows);
    free(target);
    if (status != HEED_OK)
        return status;
    f->result->epochs_run = f->result->epoch_kept = 1;
    if (d->validation.count > 0)
        tell(f,
             (heed_event){
                 .stage = HEED_STAGE_VALIDATE, .epoch = 1, .done = d->validation.count, .total = d->validation.count});
    f->watch = training;
    tell(f, (heed_event){.stage = HEED_STAGE_EPOCH,
                         .epoch = 1,
                         .train = *f->result->train,
                         .validation = *f->result->validation,
                         .best = true});
    return HEED_OK;
}

heed_status linear_training_run(training_result *out, const training_data *data, const heed_corpus *corpus,
                                const heed_train_options *options, unsigned fold, unsigned folds,
                                const heed_listener *listener, heed_error *error)
{
    fitting f = {.data = data, .options = options, .listener = listener, .fold = fold, .folds = folds, .result = out};
    f.watch = stopwatch_start();
    heed_status status = prepare(&f, corpus, error);
    if (status == HEED_OK)
        tell_note(&f);
    if (status == HEED_OK)
        status = fit(&f, error);
    if (status == HEED_OK)
        status = judge(&f, error);
    if (status == HEED_OK && out->stopped)
        status = fail(error, HEED_STOPPED, "stopped after the last pass");
    pool_free(f.workers);
    sparse_rows_release(&f.rows);
    free(f.target);
    free(f.weight);
    return status;
}
