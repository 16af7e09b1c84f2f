/* The search: rungs of trials, and one trial. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "experiment/tuning.h"
#include "model/model.h"
#include "options/choices.h"
#include "options/option_structs.h"
#include "train/training_split.h"

enum { ETA = 3, DEFAULT_TRIALS = 27, MAX_TRIALS = 100000, MAX_REPEATS = 1000 };

const names goal_names = NAMES("loss", "accuracy", "auc");

/* ---- the search */

/* The trials of a rung, in the order of their training. */
typedef struct rung {
    unsigned *numbers;
    unsigned count;
    double spent; /* seconds */
} rung;

/* A search that is under way. */
typedef struct searching {
    heed_tuning *tuning;
    const heed_listener *listener;
    heed_listener training_listener; /* passes on the stages of a trial */
    rung rungs[MAX_RUNGS];
    unsigned max_trials;
    unsigned number; /* the current trial */
    heed_corpus *corpus;
    char **read_as; /* the values with which the corpus was read; NULL: not read yet */
    bool stopped;   /* the listener wants to stop */
} searching;

static void note(searching *s, const char *text)
{
    const heed_event event = {.stage = HEED_STAGE_NOTE, .note = text};
    if (s->listener != NULL && s->listener->on_event(s->listener->user, &event) != 0)
        s->stopped = true;
}

/* A search has its own lines; stages of a training only show progress. */
static int training_told(void *user, const heed_event *event)
{
    searching *s = user;
    heed_event passed = *event;
    if (event->stage == HEED_STAGE_NOTE || s->listener == NULL)
        return 0;
    passed.trial = s->number;
    passed.trials = s->max_trials < MAX_TRIALS ? s->max_trials : s->number;
    return s->listener->on_event(s->listener->user, &passed);
}

/* ---- one trial */

/* Whether texts are read the same way with these values. */
static bool reads_alike(const range_list *ranges, char **a, char **b)
{
    for (size_t i = 0; i < ranges->count; i++)
        if (range_is_of_text(&ranges->items[i]) && strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

/* Reads the rows, unless they were already read the way this trial reads them. If it reads, it takes ownership of
 * *values and sets it to NULL. */
static heed_status corpus_need(searching *s, const trial_options *o, char ***values, heed_error *error)
{
    const heed_tune_options *options = &s->tuning->options;
    if (s->read_as != NULL && reads_alike(&s->tuning->ranges, s->read_as, *values))
        return HEED_OK;
    heed_corpus_free(s->corpus);
    ranges_values_free(s->read_as);
    s->read_as = NULL;
    heed_status status;
    TRY(heed_corpus_new(&s->corpus, &o->text, error));
    TRY(options->read(options->user, s->corpus, error));
    s->read_as = *values;
    *values = NULL;
done:
    return status;
}

/* Every trial is measured on the same rows, so that none has an area if one has not. */
static heed_status check_goal(const heed_tuning *t, const heed_tune_trial *trial, heed_error *error)
{
    if (t->options.goal != HEED_GOAL_AUC || trial->status != HEED_OK || !isnan(trial->auc))
        return HEED_OK;
    return fail(error, HEED_BAD_DATA,
                "tune: found a goal that is not defined: all validation rows have one label, so that there is no area "
                "(auc) to compare trials by; expected validation rows of both labels: more of them (--validation 0.3, "
                "--validation-file FILE), or --goal loss");
}

/* A failure ends only this trial. */
static heed_status outcome_take(const heed_tuning *t, heed_tune_trial *out, const heed_model *model,
                                heed_status trained, const heed_error *problem, heed_error *error)
{
    out->status = trained;
    out->loss = out->accuracy = out->auc = NAN;
    if (trained != HEED_OK) {
        out->problem = memory_copy(problem->message, strlen(problem->message));
        return out->problem == NULL ? fail_memory(error, "the trials") : HEED_OK;
    }
    const heed_keras_metrics f = *model->info.validation;
    out->epoch_kept = model->info.epoch;
    if (isnan(f.loss))
        return fail(error, HEED_USAGE,
                    "tune: found no validation rows to compare trials on; expected --validation 0.1, --validation-file "
                    "FILE or rows of a validation part in --split-column");
    out->loss = trials_number(f.loss);
    out->accuracy = trials_number(f.accuracy);
    out->auc = trials_number(f.auc);
    out->parameters = model->info.parameters;
    return check_goal(t, out, error);
}

/* Trains with the values set in the options. */
static heed_status values_train(searching *s, heed_tune_trial *out, const trial_options *o, char ***values,
                                heed_error *error)
{
    heed_model *model = NULL;
    heed_error problem = {""};
    heed_train_options train = o->train;
    training_measure_apart(&train);
    double began = clock_seconds();
    heed_status status = corpus_need(s, o, values, error);
    if (status != HEED_OK)
        return status;
    heed_status trained = heed_train(&model, s->corpus, &train, &s->training_listener, &problem);
    out->seconds = trials_seconds(clock_seconds() - began);
    status = trained == HEED_STOPPED ? trained : outcome_take(s->tuning, out, model, trained, &problem, error);
    heed_model_free(model);
    return status;
}

static heed_status trial_train(searching *s, heed_tune_trial *out, heed_error *error)
{
    heed_tuning *t = s->tuning;
    trial_options laid = t->base;
    char **values = ranges_draw(&t->ranges, t->table.search.seed, out->number);
    if (values == NULL)
        return fail_memory(error, "the trials");
    s->number = out->number;
    heed_status status;
    TRY(ranges_lay(&laid, &t->ranges, values, error));
    trial_set_epochs(&laid, out->epochs);
    status = values_train(s, out, &laid, &values, error);
done:
    ranges_values_free(values);
    return status;
}

/* ---- one training of a rung */

/* "rung 1/3 trial 4/27: loss 0.4321, accuracy 0.8123, auc 0.9012, 3.2 s; learning-rate 0.00213, batch-size 32" */
static void trial_note(searching *s, const heed_tune_trial *row)
{
    const heed_tuning *t = s->tuning;
    char **values = ranges_draw(&t->ranges, t->table.search.seed, row->number), *text = NULL;
    char auc[NUMBER_TEXT];
    writer w = {0};
    writer_print(&w, "rung %u/%u trial %u", row->rung, t->rung_count, row->number);
    if (s->max_trials < MAX_TRIALS)
        writer_print(&w, "/%u", s->max_trials);
    if (row->status == HEED_OK)
        writer_print(&w, ": loss %.4f, accuracy %.4f, auc %s, %.1f s", row->loss, row->accuracy,
                     number_fixed(auc, row->auc, 4), row->seconds);
    else
        writer_print(&w, ": failed: %.900s", row->problem);
    for (size_t i = 0; values != NULL && values[i] != NULL; i++)
        writer_print(&w, "%s %s %s", i == 0 ? ";" : ",", t->ranges.items[i].option->name, values[i]);
    if (writer_take(&w, &text, NULL, NULL) == HEED_OK)
        note(s, text);
    writer_release(&w);
    free(text);
    ranges_values_free(values);
}

static heed_status number_add(rung *r, unsigned number, heed_error *error)
{
    unsigned *numbers = realloc(r->numbers, (r->count + 1) * sizeof *numbers);
    if (numbers == NULL)
        return fail_memory(error, "the trials");
    r->numbers = numbers;
    r->numbers[r->count++] = number;
    return HEED_OK;
}

/* Trains a trial for the epochs of a rung, unless the table has the result. */
static heed_status trial_run(searching *s, unsigned level, unsigned number, heed_error *error)
{
    heed_tuning *t = s->tuning;
    heed_status status;
    if (trials_find(&t->table, level + 1, number) == NULL) {
        heed_tune_trial row = {.rung = level + 1, .number = number, .epochs = t->epochs[level]};
        status = trial_train(s, &row, error);
        if (status != HEED_OK) {
            free((void *)(uintptr_t)row.problem);
            return status;
        }
        trial_note(s, &row);
        TRY(trials_add(&t->table, row, error));
    }
    TRY(number_add(&s->rungs[level], number, error));
    s->rungs[level].spent += trials_find(&t->table, level + 1, number)->seconds;
done:
    return status == HEED_OK && s->stopped ? HEED_STOPPED : status;
}

/* ---- rungs */

/* The seconds that a rung may take: the time left, divided equally between it and the rungs after it. Infinite without
 * minutes. */
static double rung_seconds(const searching *s, unsigned level)
{
    double left = 60 * s->tuning->options.minutes;
    if (left <= 0)
        return INFINITY;
    for (unsigned i = 0; i < level; i++)
        left -= s->rungs[i].spent;
    return left / (s->tuning->rung_count - level);
}

static bool values_equal(char **a, char **b)
{
    size_t i = 0;
    while (a[i] != NULL && b[i] != NULL && strcmp(a[i], b[i]) == 0)
        i++;
    return a[i] == NULL && b[i] == NULL;
}

/* If ranges have few values, several trials draw the same ones, which are trained once. (Without memory no repeats are
 * found, and the training will report why.) */
static bool is_repeat(const searching *s, unsigned number)
{
    const rung *first = &s->rungs[0];
    const heed_tuning *t = s->tuning;
    char **values = ranges_draw(&t->ranges, t->table.search.seed, number);
    bool found = false;
    for (unsigned i = 0; i < first->count && values != NULL && !found; i++) {
        char **other = ranges_draw(&t->ranges, t->table.search.seed, first->numbers[i]);
        found = other != NULL && values_equal(values, other);
        ranges_values_free(other);
    }
    ranges_values_free(values);
    return found;
}

/* All trials, or as many as there is time to begin and values to draw. */
static heed_status first_rung(searching *s, heed_error *error)
{
    heed_status status = HEED_OK;
    double most = rung_seconds(s, 0);
    for (unsigned i = 1, repeats = 0; i <= s->max_trials && repeats < MAX_REPEATS; i++) {
        if (i > 1 && s->rungs[0].spent >= most)
            break;
        repeats = is_repeat(s, i) ? repeats + 1 : 0;
        if (repeats == 0)
            TRY(trial_run(s, 0, i, error));
    }
done:
    return status;
}

typedef struct candidate {
    double score;
    unsigned number;
} candidate;

static int candidate_compare(const void *left, const void *right)
{
    const candidate *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* The trials of a rung that did not fail, best first. */
static candidate *candidates_ranked(const searching *s, unsigned level, unsigned *count)
{
    const rung *r = &s->rungs[level];
    candidate *list = memory_array(r->count + 1, sizeof *list);
    *count = 0;
    for (unsigned i = 0; i < r->count && list != NULL; i++) {
        const heed_tune_trial *row = trials_find(&s->tuning->table, level + 1, r->numbers[i]);
        if (row->status == HEED_OK)
            list[(*count)++] = (candidate){tuning_score(s->tuning, row), row->number};
    }
    if (list != NULL)
        qsort(list, *count, sizeof *list, candidate_compare);
    return list;
}

/* The best third of the previous rung, or as many as there is time for; at least one. */
static heed_status later_rung(searching *s, unsigned level, heed_error *error)
{
    const heed_tuning *t = s->tuning;
    unsigned count = 0, third = s->rungs[level - 1].count / ETA;
    double most = rung_seconds(s, level), longer = (double)t->epochs[level] / t->epochs[level - 1];
    candidate *list = candidates_ranked(s, level - 1, &count);
    heed_status status = HEED_OK;
    if (list == NULL)
        return fail_memory(error, "the trials");
    for (unsigned i = 0; i < count && (i == 0 || i < third); i++) {
        double expected = longer * trials_find(&t->table, level, list[i].number)->seconds;
        if (i > 0 && s->rungs[level].spent + expected > most)
            break;
        TRY(trial_run(s, level, list[i].number, error));
    }
done:
    free(list);
    return status;
}

static heed_status rungs_run(searching *s, heed_error *error)
{
    const heed_tuning *t = s->tuning;
    heed_status status = HEED_OK;
    for (unsigned level = 0; level < t->rung_count; level++) {
        char text[80];
        snprintf(text, sizeof text, "rung %u/%u: %u epoch%s per trial", level + 1, t->rung_count, t->epochs[level],
                 t->epochs[level] == 1 ? "" : "s");
        note(s, text);
        TRY(level == 0 ? first_rung(s, error) : later_rung(s, level, error));
        if (s->rungs[level].count == 0)
            break;
    }
done:
    return status;
}

/* ---- preparation */

/* E/9, E/3 and E epochs, at least one; repeated numbers are left out. */
static void rungs_plan(heed_tuning *t)
{
    unsigned epochs = t->base.train.epochs;
    for (unsigned divisor = ETA * ETA; divisor > 0; divisor /= ETA) {
        unsigned here = epochs / divisor > 0 ? epochs / divisor : 1;
        if (t->rung_count == 0 || t->epochs[t->rung_count - 1] != here)
            t->epochs[t->rung_count++] = here;
    }
}

static heed_status tuning_check(heed_tuning *t, const heed_tune_options *given, heed_error *error)
{
    heed_status status;
    TRY(options_take(HEED_OPTIONS_TUNE, &t->options, given, error));
    heed_tune_options *o = &t->options;
    TRY(options_take(HEED_OPTIONS_TEXT, &t->base.text, o->text, error));
    TRY(options_take(HEED_OPTIONS_TRAIN, &t->base.train, o->train, error));
    o->text = &t->base.text; /* the caller's may be shorter */
    o->train = &t->base.train;
    TRY(options_check(HEED_OPTIONS_TUNE, o, error));
    TRY(o->train->architecture == NULL ? heed_architecture_check(NULL, error) : HEED_OK);
    TRY(ranges_init(&t->ranges, o, error));
    TRY(ranges_check(&t->ranges, &t->base, error));
    if (!ranges_have(&t->ranges, "architecture"))
        TRY(heed_architecture_check(o->train->architecture, error));
    rungs_plan(t);
    if (o->table == NULL)
        TRY(fail(error, HEED_USAGE, "tune: --table is missing, expected --table FILE.csv for the trials"));
    TRY(trials_check(o->table, o->resume, error));
done:
    return status;
}

heed_status heed_tune_check(bool *rereads, const heed_tune_options *options, heed_error *error)
{
    heed_tuning t = {.rung_count = 0};
    heed_status status;
    if (rereads != NULL)
        *rereads = false;
    TRY(tuning_check(&t, options, error));
    for (size_t i = 0; i < t.ranges.count && rereads != NULL; i++)
        *rereads = *rereads || range_is_of_text(&t.ranges.items[i]);
done:
    ranges_release(&t.ranges);
    return status;
}

/* ---- the whole search */

/* The failure of a search in which no trial has metrics. */
static heed_status all_failed(const trial_table *table, heed_error *error)
{
    return fail(error, table->rows[0].status, "all %zu trials failed, the first: %.700s", table->count,
                table->rows[0].problem == NULL ? "" : table->rows[0].problem);
}

static heed_status search(heed_tuning *t, const heed_listener *listener, heed_error *error)
{
    const heed_tune_options *o = &t->options;
    const trial_search shared = {&t->ranges, o->train->seed, t->epochs, t->rung_count};
    searching s = {.tuning = t, .listener = listener, .max_trials = o->trials};
    heed_status status;
    s.training_listener = (heed_listener){training_told, &s};
    if (o->trials == 0)
        s.max_trials = o->minutes > 0 ? MAX_TRIALS : DEFAULT_TRIALS;
    TRY(trials_open(&t->table, o->table, shared, error));
    for (size_t i = 0; i < t->table.count; i++) /* of a search that is continued with another goal */
        TRY(check_goal(t, &t->table.rows[i], error));
    if (t->table.count > 0) {
        char text[400];
        snprintf(text, sizeof text, "%.300s has %zu training%s", o->table, t->table.count,
                 t->table.count == 1 ? "" : "s");
        note(&s, text);
    }
    status = rungs_run(&s, error);
    if (status == HEED_STOPPED && t->table.count == 0)
        fail(error, status, "stopped before a trial was complete");
    size_t fine = 0;
    for (size_t i = 0; i < t->table.count; i++)
        fine += t->table.rows[i].status == HEED_OK;
    if ((status == HEED_OK || status == HEED_STOPPED) && fine == 0 && t->table.count > 0)
        status = all_failed(&t->table, error);
done:
    for (unsigned i = 0; i < t->rung_count; i++)
        free(s.rungs[i].numbers);
    heed_corpus_free(s.corpus);
    ranges_values_free(s.read_as);
    return status;
}

heed_status heed_tune(heed_tuning **out, const heed_tune_options *options, const heed_listener *listener,
                      heed_error *error)
{
    *out = NULL;
    heed_tuning *t = memory_array(1, sizeof *t);
    if (t == NULL)
        return fail_memory(error, "a search");
    heed_status status = tuning_check(t, options, error);
    if (status == HEED_OK && t->options.read == NULL)
        status = fail(error, HEED_USAGE, "tune: found no function that reads the rows, expected one in read");
    if (status == HEED_OK)
        status = search(t, listener, error);
    bool some = status == HEED_OK || (status == HEED_STOPPED && t->table.count > 0);
    heed_status filled = some ? tuning_fill_info(t, error) : HEED_OK;
    if (some && filled == HEED_OK)
        *out = t;
    else
        heed_tuning_free(t);
    return filled == HEED_OK ? status : filled;
}
