#include "experiment/comparison_trials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "model/classifier.h"
#include "train/train.h"

heed_status comparison_trials_init(comparison_trials *t, heed_comparison *result, heed_corpus *corpus,
                                   const heed_listener *listener, heed_error *error)
{
    const heed_train_options *first = &result->options[0];
    heed_status status;
    *t = (comparison_trials){.result = result, .listener = listener};
    t->answers = memory_array(result->trial_count, sizeof *t->answers);
    if (t->answers == NULL)
        return fail_memory(error, "a comparison");
    TRY(measured_rows_init(&t->rows, corpus, first, listener, error));
    TRY(pool_new(&t->workers, first->threads, error));
    result->rows = t->rows.count;
    result->measured_validation = t->rows.are_validation;
    result->info.rows = t->rows.count;
    result->info.seen = t->rows.seen_count;
done:
    return status;
}

void comparison_trials_release(comparison_trials *t)
{
    measured_rows_release(&t->rows);
    for (size_t i = 0; t->answers != NULL && i < t->result->trial_count; i++)
        label_lists_release(&t->answers[i]);
    free(t->answers);
    pool_free(t->workers);
}

/* ---- progress */

/* The stages of a trial are passed to the listener with its number; its notes are not, as a comparison has its own. */
static int forward_event(void *user, const heed_event *event)
{
    const comparison_trials *t = user;
    heed_event passed = *event;
    if (event->stage == HEED_STAGE_NOTE)
        return 0;
    passed.trial = t->done + 1;
    passed.trials = (unsigned)t->result->trial_count;
    return t->listener->on_event(t->listener->user, &passed);
}

/* False if the listener wants to stop. */
static bool tell_trial(const comparison_trials *t, const heed_trial *trial)
{
    char note[512];
    heed_event event = {.stage = HEED_STAGE_TRIAL,
                        .trial = t->done + 1,
                        .trials = (unsigned)t->result->trial_count,
                        .seconds = trial->seconds,
                        .note = note};
    if (t->listener == NULL)
        return true;
    if (trial->status == HEED_OK)
        snprintf(note, sizeof note, "%s, seed %llu: accuracy %.4f, macro F1 %.4f, %.1f s", trial->name,
                 (unsigned long long)trial->seed, trial->accuracy, trial->macro_f1, trial->seconds);
    else
        snprintf(note, sizeof note, "%s, seed %llu: %s", trial->name, (unsigned long long)trial->seed, trial->problem);
    return t->listener->on_event(t->listener->user, &event) == 0;
}

/* ---- measuring a model */

static heed_status evaluation_begin(heed_evaluation **out, const heed_model *m, heed_error *error)
{
    const label_config *l = &m->config.labels;
    const char *const *names = (const char *const *)m->labels;
    return l->task == HEED_TASK_MULTILABEL
               ? heed_evaluation_new_multilabel(out, names, l->count, m->thresholds, error)
               : heed_evaluation_new(out, names, l->count, l->positive, *m->thresholds, error);
}

/* truth [labels]: scratch. */
static heed_status add_row(heed_evaluation *evaluation, const heed_model *m, const label_lists *true_labels,
                           uint32_t row, const float *probabilities, size_t *truth, heed_error *error)
{
    const uint32_t *labels = true_labels->label + true_labels->first[row];
    uint32_t count = true_labels->first[row + 1] - true_labels->first[row];
    for (uint32_t i = 0; i < count; i++)
        truth[i] = labels[i];
    return m->config.labels.task == HEED_TASK_MULTILABEL
               ? heed_evaluation_add_labels(evaluation, truth, count, probabilities, error)
               : heed_evaluation_add(evaluation, *truth, probabilities, error);
}

/* Their numbers are those of measured_rows.truth. */
static heed_status name_unknown(heed_evaluation *evaluation, const measured_rows *r, heed_error *error)
{
    heed_status status = HEED_OK;
    for (uint32_t i = 0; i < r->unknown_count && status == HEED_OK; i++) {
        size_t number;
        status = heed_evaluation_label(&number, evaluation, bytes_of(r->corpus->labels[r->unknown[i]]), error);
    }
    return status;
}

static heed_status evaluate_rows(heed_evaluation **out, const heed_model *m, const measured_rows *r,
                                 const float *probabilities, heed_error *error)
{
    size_t label_count = m->config.labels.count, *truth = memory_array(label_count + r->unknown_count, sizeof *truth);
    heed_status status;
    TRY(truth == NULL ? fail_memory(error, "a comparison") : evaluation_begin(out, m, error));
    TRY(name_unknown(*out, r, error));
    for (uint32_t i = 0; i < r->count; i++) {
        TRY(add_row(*out, m, &r->truth, i, probabilities + i * label_count, truth, error));
        TRY(heed_evaluation_saw(*out, r->seen[i], error));
    }
    TRY(heed_evaluation_finish(*out, error));
done:
    free(truth);
    return status;
}

static heed_status take_metrics(heed_trial *trial, const heed_evaluation *e, heed_error *error)
{
    const struct {
        const char *name;
        double *out;
    } metrics[] = {{"accuracy", &trial->accuracy},
                   {"macro_f1", &trial->macro_f1},
                   {"auc", &trial->auc},
                   {"loss", &trial->loss},
                   {"unseen.accuracy", &trial->unseen_accuracy},
                   {"unseen.macro_f1", &trial->unseen_macro_f1},
                   {"unseen.auc", &trial->unseen_auc},
                   {"unseen.loss", &trial->unseen_loss}};
    heed_status status = HEED_OK;
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        TRY(heed_evaluation_metric(metrics[i].out, e, metrics[i].name, error));
done:
    return status;
}

static heed_status measure_model(comparison_trials *t, heed_trial *trial, const heed_model *model, heed_error *error)
{
    const measured_rows *r = &t->rows;
    const answer_rule rule = model_rule(model);
    heed_evaluation *evaluation = NULL;
    float *probabilities = NULL;
    heed_status status;
    TRY(classify_rows(&probabilities, model, r->corpus, r->measured, r->count, t->workers, error));
    TRY(evaluate_rows(&evaluation, model, r, probabilities, error));
    TRY(take_metrics(trial, evaluation, error));
    TRY(label_lists_of_answers(&t->answers[t->done], &rule, probabilities, r->count, error));
done:
    heed_evaluation_free(evaluation);
    free(probabilities);
    return status;
}

/* ---- one trial */

static heed_status train(heed_model **out, comparison_trials *t, heed_trial *trial, const heed_train_options *options,
                         heed_error *error)
{
    const heed_listener forward = {forward_event, t};
    heed_train_options o = *options;
    o.seed = trial->seed;
    stopwatch watch = stopwatch_start();
    heed_status status =
        train_model(out, t->rows.corpus, &t->rows.data, &o, t->listener == NULL ? NULL : &forward, error);
    trial->seconds = stopwatch_seconds(&watch);
    return status;
}

static void take_training(comparison_trials *t, heed_trial *trial, const heed_model *model)
{
    const training_record *r = &model->config.training;
    trial->rows = r->rows_train;
    trial->epochs = r->epochs_run;
    trial->epoch_kept = r->epoch_kept;
    trial->parameters = model->info.parameters;
    t->result->validations[t->done] = model->validation[r->epoch_kept - 1];
}

static heed_status run_trial(comparison_trials *t, heed_trial *trial, const heed_train_options *options,
                             heed_error *error)
{
    heed_model *model = NULL;
    heed_status status;
    TRY(measured_rows_make(&t->rows, options, error));
    TRY(train(&model, t, trial, options, error));
    take_training(t, trial, model);
    TRY(measure_model(t, trial, model, error));
done:
    heed_model_free(model);
    return status;
}

/* ---- all of them */

/* A failure, except of memory, ends only this trial. */
static heed_status run_and_keep(comparison_trials *t, const heed_train_options *options, heed_error *error)
{
    heed_trial *trial = &t->result->trials[t->done];
    heed_error problem = {""};
    trial->problem = "";
    trial->status = run_trial(t, trial, options, &problem);
    if (trial->status == HEED_OK)
        return HEED_OK;
    trial->problem = t->result->problems[t->done] = memory_copy(problem.message, strlen(problem.message));
    return trial->problem == NULL ? fail_memory(error, "a comparison") : HEED_OK;
}

/* The failure of the first trial if none has metrics, as there is nothing to compare then. */
static heed_status check_any(const heed_comparison *r, heed_error *error)
{
    for (size_t i = 0; i < r->trial_count; i++)
        if (r->trials[i].status == HEED_OK)
            return HEED_OK;
    return fail(error, r->trials[0].status, "%s", r->trials[0].problem);
}

heed_status comparison_trials_run(comparison_trials *t, heed_error *error)
{
    heed_comparison *r = t->result;
    heed_status status = HEED_OK;
    for (size_t contender = 0; t->done < r->trial_count; t->done++) {
        const heed_trial *trial = &r->trials[t->done];
        contender += t->done == r->contenders[contender].first + r->contenders[contender].trials;
        TRY(run_and_keep(t, &r->options[contender], error));
        if (trial->status == HEED_STOPPED || !tell_trial(t, trial))
            return fail(error, HEED_STOPPED, "stopped at trial %u of %zu", t->done + 1, r->trial_count);
    }
    status = check_any(r, error);
done:
    return status;
}
