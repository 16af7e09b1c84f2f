#include "train/training.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "network/architecture.h"
#include "model/trained_network.h"
#include "train/linear_training.h"
#include "train/warm_start.h"

enum { SCORED_ROWS = 500, MOST_BROKEN_STEPS = 10 };

/* The state of a run. */
typedef struct training {
    const training_data *data;
    const heed_train_options *options;
    const heed_listener *listener;
    training_result *result;
    pool *workers;
    trainer *trainer;
    scorer *scorer;
    batch_row *rows;    /* [max(batch size, SCORED_ROWS)] */
    float *probability; /* [the same][outputs] */
    float *target;      /* [outputs]: zeros between uses */
    uint32_t *order;    /* [training rows]: this epoch's */
    real *best;         /* [weights]: of the best epoch so far */
    double best_loss;
    schedule plan;
    unsigned fold, folds, waited, halvings, broken_steps;
    stopwatch watch; /* of the stage at hand */
} training;

heed_status train_options_check(const heed_train_options *o, heed_error *error)
{
    const struct {
        const char *name;
        double found, low, high;
    } fields[] = {{"epochs", o->epochs, 1, 65535},
                  {"batch-size", o->batch_size, 1, 65536},
                  {"learning-rate", o->learning_rate, 1e-9, 1e3},
                  {"weight-decay", o->weight_decay, 0, 1},
                  {"momentum", o->momentum, 0, 0.9999},
                  {"clip-norm", o->clip_norm, 0, 1e9},
                  {"warmup", o->warmup, 0, 65535},
                  {"threads", o->threads, 0, 256},
                  {"patience", o->patience, 0, 65535},
                  {"validation", o->validation == HEED_VALIDATION_NONE ? 0.5 : o->validation_fraction, 0.0001, 0.9999}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!(fields[i].found >= fields[i].low && fields[i].found <= fields[i].high))
            return fail(error, HEED_USAGE, "--%s: found %g, expected %g to %g", fields[i].name, fields[i].found,
                        fields[i].low, fields[i].high);
    if (o->seed > INT64_MAX) /* JSON's whole numbers end there */
        return fail(error, HEED_USAGE, "--seed: found %" PRIu64 ", expected at most %" PRId64, o->seed, INT64_MAX);
    if (o->validation < HEED_VALIDATION_FRACTION || o->validation > HEED_VALIDATION_NONE || o->keep < HEED_KEEP_BEST ||
        o->keep > HEED_KEEP_LAST)
        return fail(error, HEED_USAGE,
                    "training option validation or keep: found %d and %d; heed_preset_train sets them",
                    (int)o->validation, (int)o->keep);
    if (!(o->label_smoothing >= 0 && o->label_smoothing < 1))
        return fail(error, HEED_USAGE, "--label-smoothing: found %g, expected a share from 0 to less than 1",
                    o->label_smoothing);
    if (o->optimizer < HEED_OPTIMIZER_ADAM || o->optimizer > HEED_OPTIMIZER_SGD ||
        o->schedule < HEED_SCHEDULE_CONSTANT || o->schedule > HEED_SCHEDULE_PLATEAU)
        return fail(error, HEED_USAGE,
                    "training option optimizer or schedule: found %d and %d; heed_preset_train sets them",
                    (int)o->optimizer, (int)o->schedule);
    if (o->vectors != NULL && o->init_from != NULL)
        return fail(error, HEED_USAGE, "found --vectors and --init-from, expected one of them to start from");
    if (o->vectors == NULL && o->init_from == NULL && o->frozen_epochs > 0)
        return fail(error, HEED_USAGE,
                    "--freeze: found without --vectors, expected a file of word vectors to keep as they are");
    return architecture_is_linear(o->architecture) ? linear_check_options(o, error) : HEED_OK;
}

/* ---- telling */

static void tell(training *t, heed_event event)
{
    event.epochs = t->options->epochs;
    event.fold = t->fold;
    event.folds = t->folds;
    event.seconds = stopwatch_seconds(&t->watch);
    if (t->listener != NULL && t->listener->tell(t->listener->user, &event) != 0)
        t->result->stopped = true;
}

/* At most ten times a second. */
static void tell_rows(training *t, heed_stage stage, unsigned epoch, uint64_t done, uint64_t total, const figures *f)
{
    if (t->listener == NULL || (!stopwatch_due(&t->watch) && done < total))
        return;
    heed_event event = {.stage = stage, .epoch = epoch, .done = done, .total = total};
    if (f != NULL)
        event.train = figures_result(f);
    tell(t, event);
}

static void tell_note(training *t)
{
    char note[256];
    const network *net = t->result->net;
    snprintf(note, sizeof note, "%u rows train, %u validate; %u ids, window %u; %zu parameters",
             t->data->train.count, t->data->validation.count, t->data->words.size, t->data->window, net->weight_count);
    tell(t, (heed_event){.stage = HEED_STAGE_NOTE, .note = note});
}

/* What the validation accuracy has to be measured against: always giving the commonest label, or of several labels
 * those that more than half of the rows have. */
static void write_baseline(char *note, size_t size, const training_data *d, const uint32_t *rows,
                           const heed_corpus *corpus)
{
    uint32_t commonest = 0, count = d->validation.count;
    double right = 0;
    for (uint32_t i = 0; i < d->label_count; i++) {
        commonest = rows[i] > rows[commonest] ? i : commonest;
        right += rows[i] > count - rows[i] ? rows[i] : count - rows[i];
    }
    if (d->task == HEED_TASK_MULTILABEL)
        snprintf(note, size, "validation: answering the same labels always has accuracy %.4f at best, label by label",
                 right / ((double)count * d->label_count));
    else
        snprintf(note, size, "validation: always answering '%.60s' has accuracy %.4f", corpus->labels[commonest],
                 (double)rows[commonest] / count);
}

static heed_status tell_baseline(training *t, const heed_corpus *corpus, heed_error *error)
{
    const examples *e = &t->data->validation;
    char note[256] = "too few different texts to keep some for validation: no epoch can be judged";
    if (e->count == 0) {
        if (t->options->validation != HEED_VALIDATION_NONE)
            tell(t, (heed_event){.stage = HEED_STAGE_NOTE, .note = note});
        if (t->options->schedule == HEED_SCHEDULE_PLATEAU)
            tell(t, (heed_event){.stage = HEED_STAGE_NOTE,
                                 .note = "no validation rows: the plateau schedule leaves the learning rate as it is"});
        return HEED_OK;
    }
    uint32_t *rows = memory_array(t->data->label_count, sizeof *rows);
    if (rows == NULL)
        return fail_memory(error, "labels");
    for (size_t i = 0; i < e->first_label[e->count]; i++)
        rows[e->labels[i]]++;
    write_baseline(note, sizeof note, t->data, rows, corpus);
    free(rows);
    tell(t, (heed_event){.stage = HEED_STAGE_NOTE, .note = note});
    return HEED_OK;
}

/* ---- rows */

/* Validation counts every row equally. */
static batch_row example_row(const training *t, const examples *e, uint32_t i)
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

static void set_target(const training *t, const batch_row *row, float value)
{
    bool binary = t->data->task == HEED_TASK_BINARY, several = t->data->task == HEED_TASK_MULTILABEL;
    for (uint32_t i = 0; several && i < row->label; i++)
        t->target[row->labels[i]] = value;
    if (!several)
        t->target[binary ? 0 : row->label] = binary ? value * (float)row->label : value;
}

static void add_figures(const training *t, figures *f, int count, double loss)
{
    size_t outputs = t->result->net->spec.outputs;
    for (int i = 0; i < count; i++) {
        const float *probability = t->probability + (size_t)i * outputs;
        double part = i == 0 ? loss : 0; /* one sum a batch */
        set_target(t, &t->rows[i], 1);
        if (t->data->task == HEED_TASK_MULTILABEL)
            figures_add_several(f, probability, t->target, outputs, part);
        else
            figures_add(f, probability, t->target, outputs, part);
        set_target(t, &t->rows[i], 0);
    }
}

/* ---- epochs */

/* The learning rate of the batch that begins with row number `first` of the epoch. */
static double step_rate(const training *t, unsigned epoch, uint32_t first)
{
    uint64_t before = (uint64_t)(epoch - 1) * t->plan.epoch_steps;
    return schedule_rate(&t->plan, before + first / t->options->batch_size, t->halvings);
}

/* Rows in the order of this epoch, batch by batch. A batch whose loss or gradient is no finite number is left out. */
static heed_status train_epoch(training *t, unsigned epoch, heed_figures *out, heed_error *error)
{
    const examples *e = &t->data->train;
    figures f;
    figures_init(&f);
    for (uint32_t i = 0; i < e->count; i++)
        t->order[i] = i;
    random_shuffle(t->order, e->count, (random_key){t->options->seed, RANDOM_SHUFFLE, 0, epoch, 0});
    t->watch = stopwatch_start();
    for (uint32_t first = 0; first < e->count && !t->result->stopped; first += t->options->batch_size) {
        uint32_t rest = e->count - first;
        int count = (int)(rest < t->options->batch_size ? rest : t->options->batch_size);
        double loss;
        for (int i = 0; i < count; i++)
            t->rows[i] = example_row(t, e, t->order[first + (uint32_t)i]);
        trainer_gradient(t->trainer, t->rows, count, epoch, &loss, t->probability);
        if (trainer_finite(t->trainer)) {
            trainer_update(t->trainer, step_rate(t, epoch, first));
            add_figures(t, &f, count, loss);
            t->broken_steps = 0;
        } else if (++t->broken_steps == MOST_BROKEN_STEPS) {
            return fail(
                error, HEED_BAD_DATA,
                "epoch %u: the loss of %d batches in a row was no finite number; lower --learning-rate (now %g)", epoch,
                MOST_BROKEN_STEPS, t->options->learning_rate);
        }
        tell_rows(t, HEED_STAGE_TRAIN, epoch, first + (uint64_t)count, e->count, &f);
    }
    *out = figures_result(&f);
    if (f.rows == 0 && !t->result->stopped)
        return fail(error, HEED_BAD_DATA,
                    "epoch %u: the loss of no batch was a finite number; lower --learning-rate (now %g)", epoch,
                    t->options->learning_rate);
    return HEED_OK;
}

static void validate(training *t, unsigned epoch, heed_figures *out)
{
    const examples *e = &t->data->validation;
    const real *weights = trainer_weights(t->trainer);
    figures f;
    figures_init(&f);
    t->watch = stopwatch_start();
    for (uint32_t first = 0; first < e->count; first += SCORED_ROWS) {
        int count = (int)(e->count - first < SCORED_ROWS ? e->count - first : SCORED_ROWS);
        double loss;
        for (int i = 0; i < count; i++)
            t->rows[i] = example_row(t, e, first + (uint32_t)i);
        scorer_run(t->scorer, weights, t->rows, count, t->probability, &loss);
        add_figures(t, &f, count, loss);
        tell_rows(t, HEED_STAGE_VALIDATE, epoch, first + (uint64_t)count, e->count, NULL);
    }
    *out = figures_result(&f);
}

/* Whether this epoch is the one to keep so far. Without validation rows the last one is. */
static bool note_epoch(training *t, unsigned epoch)
{
    training_result *r = t->result;
    double loss = r->validation[epoch - 1].loss;
    bool better = t->data->validation.count == 0 || (isfinite(loss) && !(loss >= t->best_loss));
    bool keep = better || t->options->keep == HEED_KEEP_LAST;
    if (better)
        t->best_loss = loss;
    t->waited = better ? 0 : t->waited + 1;
    t->halvings += !better;
    r->epochs_run = epoch;
    if (keep) {
        memcpy(t->best, trainer_weights(t->trainer), r->net->weight_count * sizeof *t->best);
        r->epoch_kept = epoch;
    }
    return better;
}

static heed_status run_epochs(training *t, heed_error *error)
{
    training_result *r = t->result;
    heed_status status = HEED_OK;
    t->best_loss = INFINITY;
    for (unsigned epoch = 1; epoch <= t->options->epochs && !r->stopped; epoch++) {
        stopwatch whole = stopwatch_start();
        trainer_freeze(t->trainer, epoch <= t->options->frozen_epochs);
        status = train_epoch(t, epoch, &r->train[epoch - 1], error);
        if (status != HEED_OK || r->stopped)
            break;
        validate(t, epoch, &r->validation[epoch - 1]);
        bool better = note_epoch(t, epoch);
        t->watch = whole; /* the whole epoch's seconds */
        tell(t, (heed_event){.stage = HEED_STAGE_EPOCH,
                             .epoch = epoch,
                             .train = r->train[epoch - 1],
                             .validation = r->validation[epoch - 1],
                             .best = better});
        if (t->options->patience > 0 && t->waited >= t->options->patience)
            break;
    }
    if (status != HEED_OK && r->epochs_run > 0) { /* an epoch that stands is better than none */
        tell(t, (heed_event){.stage = HEED_STAGE_NOTE,
                             .note = error == NULL ? "the loss is no finite number" : error->message});
        status = HEED_OK;
    }
    if (status == HEED_OK && r->epochs_run > 0 && r->epoch_kept == 0)
        return fail(error, HEED_BAD_DATA,
                    "the validation loss was no finite number in any of %u epochs; lower --learning-rate (now %g)",
                    r->epochs_run, t->options->learning_rate);
    return status == HEED_OK && r->stopped
               ? fail(error, HEED_STOPPED, "stopped after %u of %u epochs", r->epochs_run, t->options->epochs)
               : status;
}

/* ---- a whole run */

static heed_status allocate(training *t, const heed_corpus *corpus, heed_error *error)
{
    const training_data *d = t->data;
    const heed_train_options *o = t->options;
    training_result *r = t->result;
    size_t rows = o->batch_size > SCORED_ROWS ? o->batch_size : SCORED_ROWS;
    int batch_rows = (int)(o->batch_size < d->train.count ? o->batch_size : d->train.count);
    network_spec spec = {.architecture = o->architecture,
                         .vocabulary = d->words.size,
                         .window = d->window,
                         .outputs = task_outputs(d->task, d->label_count),
                         .mask = o->mask,
                         .pad_behind = corpus->options.pad == HEED_PAD_BEHIND,
                         .task = d->task};
    trainer_options with = {batch_rows, o->seed, {o->optimizer, o->weight_decay, o->momentum, o->clip_norm}, 0};
    t->plan = (schedule){o->schedule, o->learning_rate, o->warmup, o->epochs,
                         (d->train.count + o->batch_size - 1) / o->batch_size};
    trained_network *n;
    heed_status status = trained_network_new(&n, &spec, error);
    if (status == HEED_OK) {
        r->net = n->net;
        free(n);
    }
    if (status == HEED_OK)
        status = pool_new(&t->workers, o->threads, error);
    if (status == HEED_OK)
        status = trainer_new(&t->trainer, r->net, t->workers, &with, error);
    if (status == HEED_OK)
        status = scorer_new(&t->scorer, r->net, t->workers, SCORED_ROWS, error);
    if (status != HEED_OK)
        return status;
    trainer_shape_loss(t->trainer, o->label_smoothing, d->class_weight);
    t->rows = memory_array(rows, sizeof *t->rows);
    t->probability = memory_array(rows * spec.outputs, sizeof *t->probability);
    t->target = memory_array(spec.outputs, sizeof *t->target);
    t->order = memory_array(d->train.count, sizeof *t->order);
    t->best = r->weights = memory_aligned(r->net->weight_count, sizeof *t->best);
    r->train = memory_array(o->epochs, sizeof *r->train);
    r->validation = memory_array(o->epochs, sizeof *r->validation);
    bool fine = t->rows && t->probability && t->target && t->order && t->best && r->train && r->validation;
    return fine ? HEED_OK : fail_memory(error, "training");
}

static heed_status start_from_vectors(training *t, heed_error *error)
{
    training_result *r = t->result;
    heed_status status = pretrained_load(&r->pretrained, trainer_weights(t->trainer), r->net, &t->data->words,
                                         &t->data->train, t->options->vectors, t->listener, error);
    if (status != HEED_OK)
        return status;
    trainer_restart(t->trainer);
    tell(t, (heed_event){.stage = HEED_STAGE_NOTE, .note = r->pretrained.note});
    return HEED_OK;
}

static heed_status start_from_model(training *t, const heed_corpus *corpus, heed_error *error)
{
    training_result *r = t->result;
    char note[256];
    const labelling labels = {corpus->labels, t->data->label_count, t->data->positive};
    heed_status status = warm_start_weights(note, sizeof note, trainer_weights(t->trainer), r->net, &t->data->words,
                                            &labels, t->options->init_from, error);
    if (status != HEED_OK)
        return status;
    trainer_restart(t->trainer);
    tell(t, (heed_event){.stage = HEED_STAGE_NOTE, .note = note});
    return HEED_OK;
}

static heed_status run_network(training *t, const heed_corpus *corpus, heed_error *error)
{
    heed_status status = allocate(t, corpus, error);
    if (status == HEED_OK && t->options->init_from != NULL)
        status = start_from_model(t, corpus, error);
    if (status == HEED_OK && t->options->vectors != NULL)
        status = start_from_vectors(t, error);
    if (status == HEED_OK)
        tell_note(t);
    if (status == HEED_OK && t->folds == 0)
        status = tell_baseline(t, corpus, error);
    return status == HEED_OK ? run_epochs(t, error) : status;
}

static heed_status run_linear(training *t, const heed_corpus *corpus, heed_error *error)
{
    heed_status status = t->folds == 0 ? tell_baseline(t, corpus, error) : HEED_OK;
    return status == HEED_OK ? linear_training_run(t->result, t->data, corpus, t->options, t->fold, t->folds,
                                                   t->listener, error)
                             : status;
}

heed_status training_run(training_result *out, const training_data *data, const heed_corpus *corpus,
                         const heed_train_options *options, unsigned fold, unsigned folds,
                         const heed_listener *listener, heed_error *error)
{
    *out = (training_result){0};
    training t = {.data = data, .options = options, .listener = listener, .result = out, .fold = fold, .folds = folds};
    t.watch = stopwatch_start();
    heed_status status = train_options_check(options, error);
    if (status == HEED_OK)
        status = architecture_is_linear(options->architecture) ? run_linear(&t, corpus, error)
                                                               : run_network(&t, corpus, error);
    trainer_free(t.trainer);
    scorer_free(t.scorer);
    pool_free(t.workers);
    free(t.rows);
    free(t.probability);
    free(t.target);
    free(t.order);
    if (status != HEED_OK && status != HEED_STOPPED)
        training_result_release(out);
    return status;
}

void training_result_release(training_result *result)
{
    linear_free(result->linear);
    network_free(result->net);
    free(result->weights);
    free(result->train);
    free(result->validation);
    *result = (training_result){0};
}
