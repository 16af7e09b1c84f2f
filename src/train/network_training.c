#include "train/network_training.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "base/status.h"
#include "model/encoder_spec.h"
#include "model/network_classifier.h"
#include "train/checkpoint.h"
#include "train/logistic_training.h"
#include "train/network_run.h"
#include "train/row_metrics.h"
#include "train/training_words.h"

enum { MAX_BROKEN_STEPS = 10 };

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
    return schedule_rate(&t->plan, before + first / t->options->batch_size, t->state.halvings);
}

/* Both rates rise and fall together. */
static double encoder_rate(const network_run *t, double rate)
{
    return t->options->learning_rate > 0 ? t->tuning.encoder_rate * (rate / t->options->learning_rate) : 0;
}

/* The optimiser's step on t->rows [count]. A batch whose loss or gradient is not finite is skipped. */
static heed_status train_batch(network_run *t, unsigned epoch, int count, double rate, keras_counts *f,
                               heed_error *error)
{
    double loss;
    char way[160];
    heed_status status = t->encoder != NULL ? encoder_trainer_forward(t->encoder, t->rows, count, error)
                                            : training_states_give(&t->states, t->rows, (size_t)count, error);
    if (status != HEED_OK)
        return status;
    trainer_gradient(t->trainer, t->rows, count, epoch, &loss, t->probability);
    trainer_add_norm(t->trainer, t->encoder != NULL ? encoder_trainer_backward(t->encoder) : 0);
    if (trainer_finite(t->trainer)) {
        if (t->encoder != NULL)
            encoder_trainer_update(t->encoder, encoder_rate(t, rate), trainer_square_norm(t->trainer));
        trainer_update(t->trainer, rate);
        add_metrics(t, f, count, loss);
        t->state.broken_steps = 0;
    } else if (++t->state.broken_steps == MAX_BROKEN_STEPS) {
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
    run_state *at = &t->state;
    char way[160];
    heed_status status = HEED_OK;
    shuffle_rows(t, epoch);
    if (at->first == 0)
        mean_weights_begin(&t->mean);
    t->progress.watch = stopwatch_start();
    while (at->first < e->count && !t->progress.stopped) {
        uint32_t rest = e->count - at->first;
        int count = (int)(rest < t->options->batch_size ? rest : t->options->batch_size);
        for (int i = 0; i < count; i++)
            t->rows[i] = example_row(t, e, t->order[at->first + (uint32_t)i]);
        TRY(train_batch(t, epoch, count, step_rate(t, epoch, at->first), &at->counts, error));
        add_to_mean(t, at->first);
        at->first += (uint32_t)count;
        const heed_event event = {.stage = HEED_STAGE_TRAIN, .epoch = epoch, .done = at->first, .total = e->count};
        tell_rows(t, event, &at->counts);
        checkpoint_write(t, false);
    }
    *out = keras_counts_result(&at->counts);
    if (at->counts.rows == 0 && !t->progress.stopped)
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

static heed_status validate_rows(network_run *t, const real *weights, keras_counts *f, unsigned epoch,
                                 const examples *e, heed_error *error)
{
    heed_status status = HEED_OK;
    for (uint32_t first = 0; first < e->count; first += SCORED_ROWS) {
        int count = (int)(e->count - first < SCORED_ROWS ? e->count - first : SCORED_ROWS);
        double loss;
        for (int i = 0; i < count; i++)
            t->rows[i] = example_row(t, e, first + (uint32_t)i);
        TRY(training_states_give(&t->states, t->rows, (size_t)count, error));
        scorer_run(t->scorer, weights, t->rows, count, t->probability, &loss);
        if (e == &t->data->unknown)
            add_unknown(t, f, count);
        else
            add_metrics(t, f, count, loss);
        const heed_event event = {
            .stage = HEED_STAGE_VALIDATE, .epoch = epoch, .done = first + (uint64_t)count, .total = e->count};
        tell_rows(t, event, NULL);
    }
done:
    return status;
}

static heed_status validate(network_run *t, const real *weights, unsigned epoch, heed_keras_metrics *out,
                            heed_error *error)
{
    keras_counts f;
    heed_status status;
    keras_counts_init(&f);
    t->progress.watch = stopwatch_start();
    TRY(validate_rows(t, weights, &f, epoch, &t->data->validation, error));
    TRY(validate_rows(t, weights, &f, epoch, &t->data->unknown, error));
    keras_counts_add_missed(&f, t->data->missed);
    *out = keras_counts_result(&f);
done:
    return status;
}

/* Of the weights and their mean those with the smaller loss; without validation rows the mean. */
static heed_status validate_epoch(network_run *t, unsigned epoch, heed_keras_metrics *out, heed_error *error)
{
    heed_keras_metrics of_mean;
    heed_status status;
    t->judged = trainer_weights(t->trainer);
    TRY(validate(t, t->judged, epoch, out, error));
    if (t->mean.points == 0)
        return HEED_OK;
    TRY(validate(t, t->mean.mean, epoch, &of_mean, error));
    if (t->data->validation.count > 0 && !(of_mean.loss < out->loss))
        return HEED_OK;
    t->judged = t->mean.mean;
    *out = of_mean;
done:
    return status;
}

/* ---- all epochs */

/* Whether this epoch is the best one so far; without validation rows every epoch is. Keeps its weights if they are the
 * ones to be kept. */
static bool judge_epoch(network_run *t, unsigned epoch)
{
    training_result *r = t->result;
    double loss = r->validation[epoch - 1].loss;
    bool better = t->data->validation.count == 0 || (isfinite(loss) && !(loss >= t->state.best_loss));
    if (better)
        t->state.best_loss = loss;
    t->state.waited = better ? 0 : t->state.waited + 1;
    t->state.broken_epochs = better || isfinite(loss) ? 0 : t->state.broken_epochs + 1;
    t->state.halvings += !better;
    r->epochs_run = epoch;
    if (better || t->options->keep == HEED_KEEP_LAST) {
        memcpy(t->trained->weights, t->judged, t->trained->net->weight_count * sizeof(real));
        if (t->encoder != NULL)
            encoder_trainer_keep(t->encoder);
        r->epoch_kept = epoch;
        r->mean_kept = t->judged == t->mean.mean;
    }
    return better;
}

/* Sets t->state.ending if training ends after this epoch although more epochs were asked for. */
static void end_early(network_run *t)
{
    unsigned patience = t->options->patience;
    const char *plural = patience == 1 ? "" : "s";
    if (patience == 0 || t->state.waited < patience)
        return;
    if (t->state.broken_epochs >= patience)
        snprintf(t->state.ending, sizeof t->state.ending, "%u epoch%s without a finite validation loss", patience,
                 plural);
    else
        snprintf(t->state.ending, sizeof t->state.ending, "%u epoch%s without a better one", patience, plural);
}

/* What a person should know of how it ended. failed: in an epoch after the last complete one. */
static void tell_ending(network_run *t, bool failed)
{
    training_result *r = t->result;
    bool judged = t->data->validation.count > 0 && t->progress.epochs > 1;
    const char *text = failed                ? "the loss was no finite number any more, which ended the training"
                       : t->progress.stopped ? "the training was stopped"
                       : judged && t->state.waited == 0 && t->state.ending[0] == '\0'
                           ? "the best epoch was the last: try more --epochs"
                           : "";
    if (t->state.ending[0] != '\0' && !failed && !t->progress.stopped)
        snprintf(r->ending, sizeof r->ending, "%s ended the training", t->state.ending);
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

static void begin_epoch(network_run *t, unsigned epoch)
{
    t->state.epoch = epoch;
    t->state.first = 0;
    keras_counts_init(&t->state.counts);
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
    status = validate_epoch(t, epoch, &r->validation[epoch - 1], error);
    if (status != HEED_OK)
        return status;
    bool better = judge_epoch(t, epoch);
    if (epoch < t->progress.epochs)
        end_early(t);
    begin_epoch(t, epoch + 1);
    t->progress.watch = whole;
    progress_tell(&t->progress, (heed_event){.stage = HEED_STAGE_EPOCH,
                                             .epoch = epoch,
                                             .train = &r->train[epoch - 1],
                                             .validation = &r->validation[epoch - 1],
                                             .best = better,
                                             .note = t->state.ending[0] != '\0' ? t->state.ending : NULL});
    return HEED_OK;
}

/* A complete epoch is better than none: if a later one fails, only the listener gets the message. */
static heed_status run_epochs(network_run *t, heed_error *error)
{
    unsigned epochs = t->progress.epochs;
    training_result *r = t->result;
    char way[160];
    heed_status status = HEED_OK;
    while (t->state.epoch <= epochs && status == HEED_OK && !t->progress.stopped && t->state.ending[0] == '\0')
        status = run_epoch(t, t->state.epoch, error);
    if (status == HEED_OK)
        checkpoint_write(t, true);
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

/* ---- how long it will take */

/* The gradients of the first batch, which move nothing; *tokens: of its rows. */
static heed_status try_batch(network_run *t, size_t *tokens, heed_error *error)
{
    const examples *e = &t->data->train;
    const uint32_t count = e->count < t->options->batch_size ? e->count : t->options->batch_size;
    double loss;
    for (uint32_t i = 0; i < count; i++)
        t->rows[i] = example_row(t, e, i);
    *tokens = e->first[count] + count * tokenizer_around(encoder_trainer_encoder(t->encoder)->words);
    heed_status status = encoder_trainer_forward(t->encoder, t->rows, (int)count, error);
    if (status != HEED_OK)
        return status;
    trainer_gradient(t->trainer, t->rows, (int)count, 1, &loss, t->probability);
    encoder_trainer_backward(t->encoder);
    return HEED_OK;
}

/* By the second of two tries, as the first one also finds memory. Nothing but this note depends on the clock. */
static heed_status tell_time(network_run *t, heed_error *error)
{
    static const double LONG = 3;
    const examples *e = &t->data->train;
    const double all = (double)e->first[e->count] +
                       (double)e->count * (double)tokenizer_around(encoder_trainer_encoder(t->encoder)->words);
    size_t tokens;
    char note[100];
    heed_status status;
    TRY(try_batch(t, &tokens, error));
    stopwatch watch = stopwatch_start();
    TRY(try_batch(t, &tokens, error));
    double seconds = stopwatch_seconds(&watch) * (all / (double)tokens) * t->progress.epochs;
    if (seconds >= LONG) {
        snprintf(note, sizeof note, "that takes about %d:%02d minutes", (int)seconds / 60, (int)seconds % 60);
        progress_note(&t->progress, note);
    }
done:
    return status;
}

/* ---- a whole run */

/* How many there are at most. */
static unsigned epochs_of(const training_context *c, const heed_train_options *options)
{
    return c->last_epoch > 0 && c->last_epoch < options->epochs ? c->last_epoch : options->epochs;
}

/* What the encoder has learned goes with the network. */
static heed_status take_encoder(network_run *t, heed_error *error)
{
    return t->encoder == NULL || t->result->epochs_run == 0
               ? HEED_OK
               : encoder_trainer_take(&t->result->encoder, t->encoder, error);
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    network_run t = {.data = context->data,
                     .options = context->options,
                     .progress = {.context = context, .watch = stopwatch_start()},
                     .result = out};
    heed_status status, taken;
    if (architecture_trains_encoder(context->options->architecture)) {
        t.tuning = fine_tuning_of(context->options, context->data->train.count);
        t.options = &t.tuning.options;
    }
    t.progress.epochs = epochs_of(context, t.options);
    TRY(network_run_prepare(&t, error));
    TRY(t.encoder != NULL ? tell_time(&t, error) : HEED_OK);
    TRY(progress_tell_baseline(&t.progress, NULL, error));
    t.state.best_loss = INFINITY;
    begin_epoch(&t, 1);
    TRY(checkpoint_begin(&t, error));
    status = run_epochs(&t, error);
    taken = take_encoder(&t, status == HEED_OK ? error : NULL);
    status = taken == HEED_OK ? status : taken;
done:
    out->stopped = t.progress.stopped;
    network_run_release(&t);
    return status;
}

const training_class network_training = {
    .classifier = &network_classifier, .starts = true, .find_words = find_frequent_words, .run = run};

static heed_status check_states(const heed_train_options *options, heed_error *error)
{
    return logistic_training_check(options, states_classifier.name, error);
}

const training_class states_training = {
    .classifier = &states_classifier, .check = check_states, .find_words = find_no_words, .run = run};
