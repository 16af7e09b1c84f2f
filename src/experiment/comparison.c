/* heed_compare: several architectures, several seeds, one split, and how sure the differences are. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "model/classifier.h"
#include "network/architecture.h"
#include "metrics/bootstrap.h"
#include "experiment/comparison.h"
#include "metrics/label_lists.h"
#include "train/training.h"

enum { MOST_SEEDS = 1000, MOST_RESAMPLES = 1000000, USUAL_RESAMPLES = 2000 };

/* The rows as a contender trains on and answers them. A contender's trials follow each other, so that one is enough. */
typedef struct prepared {
    training_data data;
    examples measured;
    const heed_train_options *made_for; /* NULL: not made */
} prepared;

typedef struct comparing {
    heed_comparison *result;
    heed_corpus *corpus;
    const heed_compare_options *options;
    const heed_listener *listener;
    split parts;
    uint32_t *measured; /* corpus rows */
    uint32_t measured_count;
    prepared rows;
    label_lists truth, *answers; /* of the measured rows; [trials] */
    pool *workers;
    unsigned trial;
} comparing;

/* ---- who takes part */

static heed_status add_contender(heed_comparison *c, const heed_train_options *options, const char *architecture,
                                 const char *name, bool yardstick, heed_error *error)
{
    size_t i = c->contender_count;
    char *copy = memory_copy(architecture, strlen(architecture));
    c->options[i] = *options;
    c->options[i].architecture = copy;
    if (architecture_is_linear(architecture)) { /* whose best solution starts from nothing */
        c->options[i].vectors = NULL;
        c->options[i].init_from = NULL;
        c->options[i].frozen_epochs = 0;
    }
    c->names[i] = memory_copy(name, strlen(name));
    c->contenders[i] = (heed_contender){.name = c->names[i], .architecture = copy, .yardstick = yardstick};
    c->contender_count++;
    return copy == NULL || c->names[i] == NULL ? fail_memory(error, "a comparison") : HEED_OK;
}

/* What an architecture is without its attention; NULL where it has none. */
static heed_status attention_taken_out(char **out, const char *architecture, heed_error *error)
{
    *out = NULL;
    return architecture_is_linear(architecture) ? HEED_OK : architecture_without_attention(out, architecture, error);
}

/* Those asked for, and the yardsticks that are not among them. */
static heed_status list_contenders(heed_comparison *c, const heed_compare_options *o, heed_error *error)
{
    char *plain = NULL; /* the first one without its attention */
    bool linear = false, attended = true;
    heed_status status = HEED_OK;
    c->contenders = memory_array(o->count + 2, sizeof *c->contenders);
    c->options = memory_array(o->count + 2, sizeof *c->options);
    c->names = memory_array(o->count + 2, sizeof *c->names);
    if (c->contenders == NULL || c->options == NULL || c->names == NULL)
        return fail_memory(error, "a comparison");
    for (size_t i = 0; i < o->count && status == HEED_OK; i++) {
        const char *architecture = o->contenders[i].architecture;
        const char *name = o->names == NULL || o->names[i] == NULL ? architecture : o->names[i];
        char *other = NULL;
        status = attention_taken_out(&other, architecture, error);
        if (status == HEED_OK)
            status = add_contender(c, &o->contenders[i], architecture, name, false, error);
        linear = linear || architecture_is_linear(architecture);
        attended = attended && (architecture_is_linear(architecture) || other != NULL);
        if (plain == NULL)
            plain = other;
        else
            free(other);
    }
    if (status == HEED_OK && attended && plain != NULL)
        status = add_contender(c, &o->contenders[0], plain, plain, true, error);
    if (status == HEED_OK && !linear)
        status = add_contender(c, &o->contenders[0], "linear", "linear", true, error);
    free(plain);
    return status;
}

/* Nothing in the training of a linear model is drawn: one trial tells all. */
static heed_status list_trials(heed_comparison *c, const heed_compare_options *o, heed_error *error)
{
    c->trials = memory_array(c->contender_count * (size_t)o->seeds, sizeof *c->trials);
    if (c->trials == NULL)
        return fail_memory(error, "a comparison");
    for (size_t i = 0; i < c->contender_count; i++) {
        heed_contender *contender = &c->contenders[i];
        contender->first = c->trial_count;
        contender->trials = architecture_is_linear(contender->architecture) ? 1 : o->seeds;
        for (size_t j = 0; j < contender->trials; j++)
            c->trials[c->trial_count++] = (heed_trial){.name = contender->name,
                                                       .architecture = contender->architecture,
                                                       .seed = c->options[i].seed + j,
                                                       .status = HEED_STOPPED,
                                                       .problem = "not begun"};
    }
    c->problems = memory_array(c->trial_count, sizeof *c->problems);
    return c->problems == NULL ? fail_memory(error, "a comparison") : HEED_OK;
}

/* ---- the rows that are measured */

static heed_status choose_rows(comparing *c, heed_error *error)
{
    const heed_corpus *corpus = c->corpus;
    c->measured = memory_array(corpus->row_count, sizeof *c->measured);
    if (c->measured == NULL)
        return fail_memory(error, "a comparison");
    for (size_t i = 0; i < corpus->row_count; i++)
        if (corpus->rows[i].part == HEED_PART_TEST)
            c->measured[c->measured_count++] = (uint32_t)i;
    c->result->measured_validation = c->measured_count == 0;
    if (c->measured_count == 0) {
        c->measured_count = c->parts.validation_count;
        memcpy(c->measured, c->parts.validation, c->measured_count * sizeof *c->measured);
    }
    c->result->rows = c->measured_count;
    return c->measured_count > 0 ? HEED_OK
                                 : fail(error, HEED_BAD_DATA,
                                        "no rows to measure on: expected a test file, a test part in the split column, "
                                        "or a validation part");
}

static void prepared_release(prepared *p)
{
    training_data_release(&p->data);
    examples_release(&p->measured);
    p->made_for = NULL;
}

/* options: of a contender, which stay where they are. */
static heed_status prepare_rows(comparing *c, const heed_train_options *options, heed_error *error)
{
    prepared *p = &c->rows;
    if (p->made_for != NULL && training_data_alike(p->made_for, options))
        return HEED_OK;
    prepared_release(p);
    heed_status status = training_data_make(&p->data, c->corpus, &c->parts, options, error);
    if (status == HEED_OK)
        status = examples_make(&p->measured, c->corpus, c->measured, c->measured_count, &p->data.words,
                               (text_window){p->data.window, c->corpus->options.cut}, error);
    if (status == HEED_OK && c->truth.first == NULL)
        status = label_lists_of_examples(&c->truth, &p->measured, error);
    if (status == HEED_OK)
        p->made_for = options;
    else
        prepared_release(p);
    return status;
}

/* ---- one trial */

/* The stages of a trial reach the listener with its number; its notes do not, a comparison has its own. */
static int forward_event(void *user, const heed_event *event)
{
    comparing *c = user;
    heed_event told = *event;
    if (event->stage == HEED_STAGE_NOTE)
        return 0;
    told.trial = c->trial + 1;
    told.trials = (unsigned)c->result->trial_count;
    return c->listener->tell(c->listener->user, &told);
}

static bool tell_trial(comparing *c, const heed_trial *t)
{
    char note[512];
    heed_event event = {.stage = HEED_STAGE_TRIAL,
                        .trial = c->trial + 1,
                        .trials = (unsigned)c->result->trial_count,
                        .seconds = t->seconds,
                        .note = note};
    if (c->listener == NULL)
        return true;
    if (t->status == HEED_OK)
        snprintf(note, sizeof note, "%s, seed %llu: accuracy %.4f, macro F1 %.4f, %.1f s", t->name,
                 (unsigned long long)t->seed, t->accuracy, t->macro_f1, t->seconds);
    else
        snprintf(note, sizeof note, "%s, seed %llu: %s", t->name, (unsigned long long)t->seed, t->problem);
    return c->listener->tell(c->listener->user, &event) == 0;
}

static heed_status evaluation_begin(heed_evaluation **out, const heed_model *m, heed_error *error)
{
    const label_config *l = &m->config.labels;
    const char *const *names = (const char *const *)m->labels;
    return l->task == HEED_TASK_MULTILABEL
               ? heed_evaluation_new_multilabel(out, names, l->count, m->thresholds, error)
               : heed_evaluation_new(out, names, l->count, l->positive, *m->thresholds, error);
}

static heed_status evaluate_rows(heed_evaluation **out, const heed_model *m, const examples *e,
                                 const float *probabilities, heed_error *error)
{
    size_t label_count = m->config.labels.count, *truth = memory_array(label_count, sizeof *truth);
    heed_status status = truth == NULL ? fail_memory(error, "a comparison") : evaluation_begin(out, m, error);
    for (uint32_t i = 0; i < e->count && status == HEED_OK; i++) {
        uint32_t count;
        const uint32_t *labels = examples_labels(e, i, &count);
        const float *row = probabilities + i * label_count;
        for (uint32_t j = 0; j < count; j++)
            truth[j] = labels[j];
        status = m->config.labels.task == HEED_TASK_MULTILABEL
                     ? heed_evaluation_add_labels(*out, truth, count, row, error)
                     : heed_evaluation_add(*out, *truth, row, error);
    }
    free(truth);
    return status == HEED_OK ? heed_evaluation_finish(*out, error) : status;
}

static heed_status take_figures(heed_trial *t, const heed_evaluation *e, heed_error *error)
{
    const struct {
        const char *name;
        double *out;
    } figures[] = {{"accuracy", &t->accuracy}, {"macro_f1", &t->macro_f1}, {"auc", &t->auc}, {"loss", &t->loss}};
    heed_status status = HEED_OK;
    for (size_t i = 0; i < sizeof figures / sizeof *figures && status == HEED_OK; i++)
        status = heed_evaluation_figure(e, figures[i].name, figures[i].out, error);
    return status;
}

static heed_status measure_model(comparing *c, heed_trial *t, label_lists *answers, const heed_model *model,
                                 const examples *e, heed_error *error)
{
    heed_evaluation *evaluation = NULL;
    float *probabilities = NULL;
    const answer_rule rule = model_rule(model);
    heed_status status = classify_examples(&probabilities, model, e, c->workers, error);
    if (status == HEED_OK)
        status = evaluate_rows(&evaluation, model, e, probabilities, error);
    if (status == HEED_OK)
        status = take_figures(t, evaluation, error);
    if (status == HEED_OK)
        status = label_lists_of_answers(answers, &rule, probabilities, e->count, error);
    heed_evaluation_free(evaluation);
    free(probabilities);
    return status;
}

/* HEED_STOPPED leaves the trial without figures; any other failure too, but is the trial's own affair. */
static void run_trial(comparing *c, heed_trial *t, const heed_train_options *options, label_lists *answers,
                      heed_error *error)
{
    const heed_listener forward = {forward_event, c};
    heed_train_options o = *options;
    heed_model *model = NULL;
    o.seed = t->seed;
    t->status = prepare_rows(c, options, error);
    stopwatch watch = stopwatch_start();
    if (t->status == HEED_OK)
        t->status = train_model(&model, c->corpus, &c->rows.data, &o, c->listener == NULL ? NULL : &forward, error);
    t->seconds = stopwatch_seconds(&watch);
    if (t->status == HEED_OK) {
        const training_record *r = &model->config.training;
        t->rows = r->rows_train;
        t->epochs = r->epochs_run;
        t->epoch_kept = r->epoch_kept;
        t->parameters = heed_model_parameters(model);
        t->validation = model->validation[r->epoch_kept - 1];
        t->status = measure_model(c, t, answers, model, &c->rows.measured, error);
    }
    heed_model_free(model);
}

static heed_status run_trials(comparing *c, heed_error *error)
{
    heed_comparison *r = c->result;
    for (size_t contender = 0; c->trial < r->trial_count; c->trial++) {
        heed_trial *t = &r->trials[c->trial];
        contender += c->trial == r->contenders[contender].first + r->contenders[contender].trials;
        heed_error problem = {""};
        run_trial(c, t, &r->options[contender], &c->answers[c->trial], &problem);
        t->problem = "";
        if (t->status != HEED_OK) {
            t->problem = r->problems[c->trial] = memory_copy(problem.message, strlen(problem.message));
            if (t->problem == NULL)
                return fail_memory(error, "a comparison");
        }
        if (t->status == HEED_STOPPED || !tell_trial(c, t))
            return fail(error, HEED_STOPPED, "stopped at trial %u of %zu", c->trial + 1, r->trial_count);
    }
    return HEED_OK;
}

/* ---- what the trials come to */

/* Of the number at this offset of the trials that have figures. */
static heed_spread spread_of(const heed_trial *trials, size_t count, size_t offset)
{
    double sum = 0, squares = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        if (trials[i].status == HEED_OK) {
            sum += *(const double *)(const void *)((const char *)&trials[i] + offset);
            n++;
        }
    for (size_t i = 0; i < count; i++)
        if (trials[i].status == HEED_OK) {
            double d = *(const double *)(const void *)((const char *)&trials[i] + offset) - sum / n;
            squares += d * d;
        }
    return (heed_spread){n > 0 ? sum / n : NAN, n > 1 ? sqrt(squares / (n - 1)) : NAN};
}

static void sum_up(heed_comparison *r)
{
    for (size_t i = 0; i < r->contender_count; i++) {
        heed_contender *k = &r->contenders[i];
        const heed_trial *trials = r->trials + k->first;
        k->failed = 0;
        for (size_t j = 0; j < k->trials; j++) {
            k->failed += trials[j].status != HEED_OK;
            k->parameters = trials[j].status == HEED_OK ? trials[j].parameters : k->parameters;
        }
        k->accuracy = spread_of(trials, k->trials, offsetof(heed_trial, accuracy));
        k->macro_f1 = spread_of(trials, k->trials, offsetof(heed_trial, macro_f1));
        k->auc = spread_of(trials, k->trials, offsetof(heed_trial, auc));
        k->seconds = spread_of(trials, k->trials, offsetof(heed_trial, seconds));
    }
}

/* Trials with figures move together; first[contenders + 1] says whose they are. */
static void gather_answers(const comparing *c, label_lists *answers, size_t *first)
{
    const heed_comparison *r = c->result;
    size_t kept = 0;
    for (size_t i = 0; i < r->contender_count; i++) {
        const heed_contender *k = &r->contenders[i];
        first[i] = kept;
        for (size_t j = k->first; j < k->first + k->trials; j++)
            if (r->trials[j].status == HEED_OK)
                answers[kept++] = c->answers[j];
    }
    first[r->contender_count] = kept;
}

static heed_status find_differences(comparing *c, heed_error *error)
{
    heed_comparison *r = c->result;
    size_t count = r->contender_count;
    label_lists *answers = memory_array(r->trial_count, sizeof *answers);
    size_t *first = memory_array(count + 1, sizeof *first);
    heed_difference *accuracy = memory_array(count, sizeof *accuracy);
    heed_difference *macro_f1 = memory_array(count, sizeof *macro_f1);
    heed_status status =
        answers && first && accuracy && macro_f1 ? HEED_OK : fail_memory(error, "a comparison");
    if (status == HEED_OK) {
        gather_answers(c, answers, first);
        const answered a = {.rows = c->measured_count,
                            .labels = c->corpus->label_names.count,
                            .truth = c->truth,
                            .answers = answers,
                            .first_trial = first,
                            .contenders = count,
                            .several = corpus_task(c->corpus) == HEED_TASK_MULTILABEL};
        status = bootstrap_differences(accuracy, macro_f1, &a, r->resamples, r->options[0].seed, c->workers, error);
    }
    for (size_t i = 0; i < count && status == HEED_OK; i++) {
        r->contenders[i].accuracy_difference = accuracy[i];
        r->contenders[i].macro_f1_difference = macro_f1[i];
    }
    free(answers);
    free(first);
    free(accuracy);
    free(macro_f1);
    return status;
}

/* ---- the whole of it */

static heed_status check_options(const heed_compare_options *o, heed_error *error)
{
    heed_status status = HEED_OK;
    if (o->count == 0)
        return fail(error, HEED_USAGE, "compare: found no architecture, expected at least one");
    if (o->seeds < 1 || o->seeds > MOST_SEEDS)
        return fail(error, HEED_USAGE, "--seeds: found %u, expected 1 to %d", o->seeds, MOST_SEEDS);
    if (o->resamples > MOST_RESAMPLES)
        return fail(error, HEED_USAGE, "resamples: found %u, expected at most %d", o->resamples, MOST_RESAMPLES);
    for (size_t i = 0; i < o->count && status == HEED_OK; i++) {
        if (o->contenders[i].seed > (uint64_t)INT64_MAX - o->seeds)
            return fail(error, HEED_USAGE, "--seed: found %llu, which leaves no room for %u seeds",
                        (unsigned long long)o->contenders[i].seed, o->seeds);
        status = heed_architecture_check(o->contenders[i].architecture, error);
    }
    return status;
}

static heed_status begin(comparing *c, heed_error *error)
{
    const heed_compare_options *o = c->options;
    const heed_train_options *first = &o->contenders[0];
    heed_comparison *r = c->result;
    r->seeds = o->seeds;
    r->resamples = o->resamples > 0 ? o->resamples : USUAL_RESAMPLES;
    heed_status status = list_contenders(r, o, error);
    if (status == HEED_OK)
        status = list_trials(r, o, error);
    if (status == HEED_OK)
        status = train_check(c->corpus, &r->options[0], error);
    for (size_t i = 1; i < r->contender_count && status == HEED_OK; i++)
        status = train_options_check(&r->options[i], error);
    if (status == HEED_OK)
        status = split_rows(&c->parts, c->corpus, first->validation, first->validation_fraction, first->seed, error);
    if (status == HEED_OK)
        status = choose_rows(c, error);
    if (status == HEED_OK)
        status = pool_new(&c->workers, first->threads, error);
    if (status == HEED_OK && (c->answers = memory_array(r->trial_count, sizeof *c->answers)) == NULL)
        status = fail_memory(error, "a comparison");
    return status;
}

static void comparing_release(comparing *c)
{
    prepared_release(&c->rows);
    for (size_t i = 0; c->answers != NULL && i < c->result->trial_count; i++)
        label_lists_release(&c->answers[i]);
    label_lists_release(&c->truth);
    free(c->answers);
    free(c->measured);
    split_release(&c->parts);
    pool_free(c->workers);
}

heed_status heed_compare(heed_comparison **out, heed_corpus *corpus, const heed_compare_options *options,
                         const heed_listener *listener, heed_error *error)
{
    *out = NULL;
    heed_status status = check_options(options, error);
    if (status != HEED_OK)
        return status;
    comparing c = {.corpus = corpus, .options = options, .listener = listener};
    c.result = memory_array(1, sizeof *c.result);
    if (c.result == NULL)
        return fail_memory(error, "a comparison");
    status = begin(&c, error);
    heed_status ran = status == HEED_OK ? run_trials(&c, error) : status;
    if (status == HEED_OK && (ran == HEED_OK || (ran == HEED_STOPPED && c.trial > 0))) {
        sum_up(c.result);
        status = find_differences(&c, ran == HEED_OK ? error : NULL);
        if (status == HEED_OK) {
            *out = c.result;
            status = ran;
        }
    } else {
        status = ran;
    }
    comparing_release(&c);
    if (*out == NULL)
        heed_comparison_free(c.result);
    return status;
}

void heed_comparison_free(heed_comparison *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->contender_count; i++) {
        free((void *)(uintptr_t)c->options[i].architecture);
        free(c->names[i]);
    }
    for (size_t i = 0; c->problems != NULL && i < c->trial_count; i++)
        free(c->problems[i]);
    free(c->options);
    free(c->names);
    free(c->contenders);
    free(c->trials);
    free(c->problems);
    free(c);
}

const heed_contender *heed_comparison_contenders(const heed_comparison *comparison, size_t *count)
{
    *count = comparison->contender_count;
    return comparison->contenders;
}

const heed_trial *heed_comparison_trials(const heed_comparison *comparison, size_t *count)
{
    *count = comparison->trial_count;
    return comparison->trials;
}
