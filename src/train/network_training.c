#include "train/network_training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "model/network_classifier.h"
#include "network/scorer.h"
#include "train/mean_weights.h"
#include "train/row_metrics.h"
#include "train/schedule.h"
#include "train/trainer.h"
#include "train/training_progress.h"
#include "train/training_words.h"
#include "train/warm_start.h"

enum { SCORED_ROWS = 500, MAX_BROKEN_STEPS = 10 };

/* The state of a run. */
typedef struct network_run {
    const training_data *data;
    const heed_train_options *options;
    training_progress progress;
    training_result *result;
    trained_network *trained; /* of the result; its weights are those of the epoch kept so far */
    pool *workers;
    trainer *trainer;
    scorer *scorer;
    batch_row *rows;    /* [max(batch size, SCORED_ROWS)] */
    float *probability; /* [the same][outputs] */
    float *target;      /* [outputs]: zeros between uses */
    uint32_t *order;    /* [training rows]: this epoch's */
    mean_weights mean;
    const real *judged; /* the weights that the epoch is judged by: those after its last step, or their mean */
    double best_loss;
    char ending[80]; /* why training ends before its last epoch; empty: it goes on */
    schedule plan;
    unsigned waited, halvings, broken_steps;
    unsigned broken_epochs; /* in a row, without a finite validation loss */
} network_run;

/* ---- rows */

/* Validation counts every row equally. */
static batch_row example_row(const network_run *t, const examples *e, uint32_t i)
{
    uint32_t count;
    const uint32_t *labels = examples_labels(e, i, &count);
    batch_row row = {.ids = e->ids + e->first[i],
                     .length = (int)(e->first[i + 1] - e->first[i]),
                     .number = e->row[i],
                     .weight = e == &t->data->train ? &e->weight[i] : NULL};
    if (t->data->task == HEED_TASK_MULTILABEL) {
        row.label = count;
        row.labels = labels;
    } else {
        row.label = t->data->task == HEED_TASK_BINARY ? *labels == t->data->positive : *labels;
    }
    return row;
}

/* Sets the targets of the row's labels to value. */
static void set_target(const network_run *t, const batch_row *row, float value)
{
    switch (t->data->task) {
    case HEED_TASK_BINARY:
        t->target[0] = value * (float)row->label;
        break;
    case HEED_TASK_MULTICLASS:
        t->target[row->label] = value;
        break;
    case HEED_TASK_MULTILABEL:
        for (uint32_t i = 0; i < row->label; i++)
            t->target[row->labels[i]] = value;
        break;
    }
}

/* loss: the sum of the rows' losses. */
static void add_metrics(const network_run *t, keras_counts *f, int count, double loss)
{
    size_t outputs = t->trained->net->spec.outputs;
    for (int i = 0; i < count; i++) {
        const float *probability = t->probability + (size_t)i * outputs;
        set_target(t, &t->rows[i], 1);
        row_metrics_add(f, t->data->task, probability, t->target, outputs, i == 0 ? loss : 0);
        set_target(t, &t->rows[i], 0);
    }
}

static void tell_rows(network_run *t, heed_event event, const keras_counts *f)
{
    if (!progress_due(&t->progress, event.done, event.total))
        return;
    heed_keras_metrics so_far;
    if (f != NULL) {
        so_far = keras_counts_result(f);
        event.train = &so_far;
    }
    progress_tell(&t->progress, event);
}

/* ---- numbers that are not finite */

/* What to try: steps that are too large, unless it is weights that make them large. */
static const char *way_out(char out[160], const network_run *t)
{
    enum { LARGE_WEIGHT = 1000 };
    const heed_train_options *o = t->options;
    if (t->data->largest_weight > LARGE_WEIGHT)
        snprintf(out, 160,
                 "give smaller weights to rows and labels (the largest is %g), or lower --learning-rate (now %g)",
                 t->data->largest_weight, o->learning_rate);
    else
        snprintf(out, 160, "lower --learning-rate (now %g)%s", o->learning_rate,
                 o->clip_norm > 0 ? "" : ", or limit the gradients with --clip-norm 1");
    return out;
}

/* ---- an epoch */

/* The learning rate of the batch that begins with row number `first` of the epoch. */
static double step_rate(const network_run *t, unsigned epoch, uint32_t first)
{
    uint64_t before = (uint64_t)(epoch - 1) * t->plan.epoch_steps;
    return schedule_rate(&t->plan, before + first / t->options->batch_size, t->halvings);
}

/* The optimiser's step on t->rows [count]. A batch whose loss or gradient is not finite is skipped. */
static heed_status train_batch(network_run *t, unsigned epoch, int count, double rate, keras_counts *f,
                               heed_error *error)
{
    double loss;
    char way[160];
    trainer_gradient(t->trainer, t->rows, count, epoch, &loss, t->probability);
    if (trainer_finite(t->trainer)) {
        trainer_update(t->trainer, rate);
        add_metrics(t, f, count, loss);
        t->broken_steps = 0;
    } else if (++t->broken_steps == MAX_BROKEN_STEPS) {
        return fail(error, HEED_BAD_DATA, "epoch %u: the loss of %d batches in a row was not a finite number; %s",
                    epoch, MAX_BROKEN_STEPS, way_out(way, t));
    }
    return HEED_OK;
}

static void shuffle_rows(network_run *t, unsigned epoch)
{
    uint32_t count = t->data->train.count;
    for (uint32_t i = 0; i < count; i++)
        t->order[i] = i;
    random_shuffle(t->order, count, (random_key){t->options->seed, RANDOM_SHUFFLE, 0, epoch, 0});
}

static void add_to_mean(network_run *t, uint32_t first)
{
    if (mean_weights_want(&t->mean, first / t->options->batch_size + 1, t->plan.epoch_steps))
        mean_weights_add(&t->mean, trainer_weights(t->trainer));
}

/* Rows in the order of this epoch, batch by batch. */
static heed_status train_epoch(network_run *t, unsigned epoch, heed_keras_metrics *out, heed_error *error)
{
    const examples *e = &t->data->train;
    keras_counts f;
    char way[160];
    heed_status status = HEED_OK;
    keras_counts_init(&f);
    shuffle_rows(t, epoch);
    mean_weights_begin(&t->mean);
    t->progress.watch = stopwatch_start();
    for (uint32_t first = 0; first < e->count && !t->progress.stopped; first += t->options->batch_size) {
        uint32_t rest = e->count - first;
        int count = (int)(rest < t->options->batch_size ? rest : t->options->batch_size);
        for (int i = 0; i < count; i++)
            t->rows[i] = example_row(t, e, t->order[first + (uint32_t)i]);
        TRY(train_batch(t, epoch, count, step_rate(t, epoch, first), &f, error));
        add_to_mean(t, first);
        const heed_event event = {
            .stage = HEED_STAGE_TRAIN, .epoch = epoch, .done = first + (uint64_t)count, .total = e->count};
        tell_rows(t, event, &f);
    }
    *out = keras_counts_result(&f);
    if (f.rows == 0 && !t->progress.stopped)
        status = fail(error, HEED_BAD_DATA, "epoch %u: no batch had a finite loss; %s", epoch, way_out(way, t));
done:
    return status;
}

/* Rows with unknown labels have no loss; their answers are wrong. */
static void add_unknown(const network_run *t, keras_counts *f, int count)
{
    size_t outputs = t->trained->net->spec.outputs;
    for (int i = 0; i < count; i++)
        keras_counts_add_unknown(f, t->probability + (size_t)i * outputs, outputs);
}

static void validate_rows(network_run *t, const real *weights, keras_counts *f, unsigned epoch, const examples *e)
{
    for (uint32_t first = 0; first < e->count; first += SCORED_ROWS) {
        int count = (int)(e->count - first < SCORED_ROWS ? e->count - first : SCORED_ROWS);
        double loss;
        for (int i = 0; i < count; i++)
            t->rows[i] = example_row(t, e, first + (uint32_t)i);
        scorer_run(t->scorer, weights, t->rows, count, t->probability, &loss);
        if (e == &t->data->unknown)
            add_unknown(t, f, count);
        else
            add_metrics(t, f, count, loss);
        const heed_event event = {
            .stage = HEED_STAGE_VALIDATE, .epoch = epoch, .done = first + (uint64_t)count, .total = e->count};
        tell_rows(t, event, NULL);
    }
}

static void validate(network_run *t, const real *weights, unsigned epoch, heed_keras_metrics *out)
{
    keras_counts f;
    keras_counts_init(&f);
    t->progress.watch = stopwatch_start();
    validate_rows(t, weights, &f, epoch, &t->data->validation);
    validate_rows(t, weights, &f, epoch, &t->data->unknown);
    keras_counts_add_missed(&f, t->data->missed);
    *out = keras_counts_result(&f);
}

/* Of the weights and their mean those with the smaller loss; without validation rows the mean. */
static void validate_epoch(network_run *t, unsigned epoch, heed_keras_metrics *out)
{
    heed_keras_metrics of_mean;
    t->judged = trainer_weights(t->trainer);
    validate(t, t->judged, epoch, out);
    if (t->mean.points == 0)
        return;
    validate(t, t->mean.mean, epoch, &of_mean);
    if (t->data->validation.count > 0 && !(of_mean.loss < out->loss))
        return;
    t->judged = t->mean.mean;
    *out = of_mean;
}

/* ---- all epochs */

/* Whether this epoch is the best one so far; without validation rows every epoch is. Keeps its weights if they are the
 * ones to be kept. */
static bool judge_epoch(network_run *t, unsigned epoch)
{
    training_result *r = t->result;
    double loss = r->validation[epoch - 1].loss;
    bool better = t->data->validation.count == 0 || (isfinite(loss) && !(loss >= t->best_loss));
    if (better)
        t->best_loss = loss;
    t->waited = better ? 0 : t->waited + 1;
    t->broken_epochs = better || isfinite(loss) ? 0 : t->broken_epochs + 1;
    t->halvings += !better;
    r->epochs_run = epoch;
    if (better || t->options->keep == HEED_KEEP_LAST) {
        memcpy(t->trained->weights, t->judged, t->trained->net->weight_count * sizeof(real));
        r->epoch_kept = epoch;
        r->mean_kept = t->judged == t->mean.mean;
    }
    return better;
}

/* Sets t->ending if training ends after this epoch although more epochs were asked for. */
static void end_early(network_run *t)
{
    unsigned patience = t->options->patience;
    const char *plural = patience == 1 ? "" : "s";
    if (patience == 0 || t->waited < patience)
        return;
    if (t->broken_epochs >= patience)
        snprintf(t->ending, sizeof t->ending, "%u epoch%s without a finite validation loss", patience, plural);
    else
        snprintf(t->ending, sizeof t->ending, "%u epoch%s without a better one", patience, plural);
}

/* What a person should know of how it ended. failed: in an epoch after the last complete one. */
static void tell_ending(network_run *t, bool failed)
{
    training_result *r = t->result;
    bool judged = t->data->validation.count > 0 && t->progress.epochs > 1;
    const char *text = failed                ? "the loss was no finite number any more, which ended the training"
                       : t->progress.stopped ? "the training was stopped"
                       : judged && t->waited == 0 && t->ending[0] == '\0'
                           ? "the best epoch was the last: try more --epochs"
                           : "";
    if (t->ending[0] != '\0' && !failed && !t->progress.stopped)
        snprintf(r->ending, sizeof r->ending, "%s ended the training", t->ending);
    else
        snprintf(r->ending, sizeof r->ending, "%s", text);
}

/* Whether the weights that were kept are those of an epoch's end or their mean. */
static void tell_mean(network_run *t)
{
    const training_result *r = t->result;
    char note[120];
    if (t->mean.mean == NULL || r->epochs_run == 0)
        return;
    snprintf(note, sizeof note, "the weights of epoch %u are %s", r->epoch_kept,
             r->mean_kept ? "the mean over its last steps" : "those at its end: their mean had a larger loss");
    progress_note(&t->progress, note);
}

/* Trains an epoch and judges it, unless the listener stops it before its end. */
static heed_status run_epoch(network_run *t, unsigned epoch, heed_error *error)
{
    training_result *r = t->result;
    stopwatch whole = stopwatch_start();
    trainer_freeze(t->trainer, epoch <= r->frozen_epochs);
    heed_status status = train_epoch(t, epoch, &r->train[epoch - 1], error);
    if (status != HEED_OK || t->progress.stopped)
        return status;
    validate_epoch(t, epoch, &r->validation[epoch - 1]);
    bool better = judge_epoch(t, epoch);
    if (epoch < t->progress.epochs)
        end_early(t);
    t->progress.watch = whole;
    progress_tell(&t->progress, (heed_event){.stage = HEED_STAGE_EPOCH,
                                             .epoch = epoch,
                                             .train = &r->train[epoch - 1],
                                             .validation = &r->validation[epoch - 1],
                                             .best = better,
                                             .note = t->ending[0] != '\0' ? t->ending : NULL});
    return HEED_OK;
}

/* A complete epoch is better than none: if a later one fails, only the listener gets the message. */
static heed_status run_epochs(network_run *t, heed_error *error)
{
    unsigned epochs = t->progress.epochs;
    training_result *r = t->result;
    char way[160];
    heed_status status = HEED_OK;
    t->best_loss = INFINITY;
    for (unsigned epoch = 1; epoch <= epochs && status == HEED_OK && !t->progress.stopped && t->ending[0] == '\0';
         epoch++)
        status = run_epoch(t, epoch, error);
    if (status != HEED_OK && r->epochs_run == 0)
        return status;
    if (status != HEED_OK)
        progress_warning(&t->progress, HEED_WARNING_EPOCH_FAILED,
                         error == NULL ? "the loss is not a finite number" : error->message);
    if (r->epochs_run > 0 && r->epoch_kept == 0)
        return fail(error, HEED_BAD_DATA, "the validation loss was not a finite number in any of %u epochs; %s",
                    r->epochs_run, way_out(way, t));
    tell_ending(t, status != HEED_OK);
    tell_mean(t);
    return t->progress.stopped ? fail(error, HEED_STOPPED, "stopped after %u of %u epochs", r->epochs_run, epochs)
                               : HEED_OK;
}

/* ---- a whole run */

static heed_status allocate_rows(network_run *t, heed_error *error)
{
    unsigned batch = t->options->batch_size, epochs = t->options->epochs;
    size_t rows = batch > SCORED_ROWS ? batch : SCORED_ROWS, outputs = t->trained->net->spec.outputs;
    training_result *r = t->result;
    t->rows = memory_array(rows, sizeof *t->rows);
    t->probability = memory_array(rows * outputs, sizeof *t->probability);
    t->target = memory_array(outputs, sizeof *t->target);
    t->order = memory_array(t->data->train.count, sizeof *t->order);
    r->train = memory_array(epochs, sizeof *r->train);
    r->validation = memory_array(epochs, sizeof *r->validation);
    return t->rows && t->probability && t->target && t->order && r->train && r->validation
               ? HEED_OK
               : fail_memory(error, "training");
}

static heed_status prepare(network_run *t, const heed_corpus *corpus, heed_error *error)
{
    const training_data *d = t->data;
    const heed_train_options *o = t->options;
    const network_spec spec = {.architecture = o->architecture,
                               .vocabulary = d->words.size,
                               .window = d->window.length,
                               .outputs = task_outputs(d->task, d->label_count),
                               .mask = o->mask,
                               .pad_behind = corpus->options.pad == HEED_PAD_POST,
                               .task = d->task};
    const trainer_options with = {.batch_rows = (int)(o->batch_size < d->train.count ? o->batch_size : d->train.count),
                                  .seed = o->seed,
                                  .optimizer = {o->optimizer, o->weight_decay, o->momentum, o->clip_norm}};
    heed_status status;
    t->plan = (schedule){o->schedule, o->learning_rate, o->warmup, o->epochs,
                         (d->train.count + o->batch_size - 1) / o->batch_size};
    TRY(trained_network_new(&t->trained, &spec, error));
    t->result->trained = t->trained;
    TRY(pool_new(&t->workers, o->threads, error));
    TRY(trainer_new(&t->trainer, t->trained->net, t->workers, &with, error));
    TRY(scorer_new(&t->scorer, t->trained->net, t->workers, SCORED_ROWS, error));
    TRY(trained_network_allocate(t->trained, error));
    TRY(mean_weights_init(&t->mean, o->average_weights, t->trained->net->weight_count, error));
    TRY(allocate_rows(t, error));
    trainer_shape_loss(t->trainer, o->label_smoothing, d->class_weight);
done:
    return status;
}

/* An embedding that is random after all is not frozen. */
static heed_status start_from_vectors(network_run *t, heed_error *error)
{
    const training_context *c = t->progress.context;
    const embedding_start start = {trainer_weights(t->trainer), t->trained->net, &t->data->words, &t->data->train,
                                   c->corpus};
    pretrained *p = &t->result->pretrained;
    t->result->frozen_epochs = t->options->frozen_epochs;
    if (t->options->vectors == NULL)
        return HEED_OK;
    heed_status status = pretrained_load(p, &start, t->options, c->listener, error);
    if (status != HEED_OK)
        return status;
    if (p->few_rows && t->options->init_from == NULL)
        t->result->frozen_epochs = 0;
    trainer_restart(t->trainer);
    if (p->few_rows)
        progress_warning(&t->progress, HEED_WARNING_VECTORS, p->note);
    else
        progress_note(&t->progress, p->note);
    return HEED_OK;
}

static heed_status start_from_model(network_run *t, const heed_corpus *corpus, heed_error *error)
{
    const training_data *d = t->data;
    const warm_start start = {.weights = trainer_weights(t->trainer),
                              .net = t->trained->net,
                              .words = &d->words,
                              .labels = {corpus->labels, d->label_count, d->positive}};
    char note[WARM_START_NOTE];
    if (t->options->init_from == NULL)
        return HEED_OK;
    heed_status status = warm_start_weights(note, &start, t->options->init_from, error);
    if (status != HEED_OK)
        return status;
    trainer_restart(t->trainer);
    progress_note(&t->progress, note);
    return HEED_OK;
}

static void tell_sizes(network_run *t)
{
    const training_data *d = t->data;
    char note[256];
    snprintf(note, sizeof note,
             "%u training rows, %u validation rows; vocabulary of %u, texts of at most %u tokens; %zu parameters",
             d->train.count, training_data_validating(d), d->words.size, d->window.length,
             t->trained->net->weight_count);
    progress_note(&t->progress, note);
}

static void release(network_run *t)
{
    trainer_free(t->trainer);
    scorer_free(t->scorer);
    pool_free(t->workers);
    free(t->rows);
    free(t->probability);
    free(t->target);
    free(t->order);
    mean_weights_release(&t->mean);
}

/* How many there are at most. */
static unsigned epochs_of(const training_context *c)
{
    return c->last_epoch > 0 && c->last_epoch < c->options->epochs ? c->last_epoch : c->options->epochs;
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    network_run t = {.data = context->data,
                     .options = context->options,
                     .progress = {.context = context, .epochs = epochs_of(context), .watch = stopwatch_start()},
                     .result = out};
    heed_status status;
    TRY(prepare(&t, context->corpus, error));
    TRY(start_from_model(&t, context->corpus, error));
    TRY(start_from_vectors(&t, error));
    tell_sizes(&t);
    TRY(progress_tell_baseline(&t.progress, NULL, error));
    TRY(run_epochs(&t, error));
done:
    out->stopped = t.progress.stopped;
    release(&t);
    return status;
}

const training_class network_training = {
    .classifier = &network_classifier, .find_words = find_frequent_words, .run = run};
