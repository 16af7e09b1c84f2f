#include "metrics/evaluation.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

/* ---- making one */

static heed_status check_label_count(size_t label_count, heed_error *error)
{
    if (label_count < 2)
        return fail(error, HEED_USAGE, "evaluation: %zu labels, expected at least 2", label_count);
    if (label_count > UINT32_MAX)
        return fail(error, HEED_USAGE, "evaluation: %zu labels are too many", label_count);
    return HEED_OK;
}

static heed_status copy_name(intern *names, uint32_t number, const char *label, heed_error *error)
{
    uint32_t given = number;
    heed_bytes name = {label, strlen(label)};
    if (utf8_check(name.data, name.size) != name.size)
        return fail(error, HEED_USAGE, "evaluation: label %u is not UTF-8", number);
    heed_status status = intern_put(&given, names, name, error);
    return status != HEED_OK || given == number
               ? status
               : fail(error, HEED_USAGE, "evaluation: label '%s' is given twice", label);
}

/* begin: what is not owned. thresholds [count] are copied. */
static heed_status new_evaluation(heed_evaluation **out, const heed_evaluation *begin, const char *const *labels,
                                  const double *thresholds, size_t count, heed_error *error)
{
    heed_status status;
    heed_evaluation *e = memory_array(1, sizeof *e);
    if (e == NULL)
        return fail_memory(error, "an evaluation");
    *e = *begin;
    e->thresholds = memory_array(count, sizeof *e->thresholds);
    TRY(e->thresholds == NULL ? fail_memory(error, "an evaluation") : intern_init(&e->names, error));
    memcpy(e->thresholds, thresholds, count * sizeof *thresholds);
    for (uint32_t i = 0; i < e->label_count; i++)
        TRY(copy_name(&e->names, i, labels[i], error));
    *out = e;
    e = NULL;
done:
    heed_evaluation_free(e);
    return status;
}

heed_status heed_evaluation_new(heed_evaluation **out, const char *const *labels, size_t label_count, size_t positive,
                                double threshold, heed_error *error)
{
    *out = NULL;
    if (check_label_count(label_count, error) != HEED_OK)
        return HEED_USAGE;
    if (label_count == 2 && positive > 1)
        return fail(error, HEED_USAGE, "evaluation: the positive label is number %zu, expected 0 or 1", positive);
    if (label_count == 2 && !(threshold >= 0 && threshold <= 1))
        return fail(error, HEED_USAGE, "evaluation: the threshold is %g, expected 0 to 1", threshold);
    const heed_evaluation begin = {.label_count = label_count,
                                   .task = label_count == 2 ? HEED_TASK_BINARY : HEED_TASK_MULTICLASS,
                                   .positive = positive};
    return new_evaluation(out, &begin, labels, &threshold, 1, error);
}

heed_status heed_evaluation_new_multilabel(heed_evaluation **out, const char *const *labels, size_t label_count,
                                           const double *thresholds, heed_error *error)
{
    *out = NULL;
    if (check_label_count(label_count, error) != HEED_OK)
        return HEED_USAGE;
    for (size_t i = 0; i < label_count; i++)
        if (!(thresholds[i] >= 0 && thresholds[i] <= 1))
            return fail(error, HEED_USAGE, "evaluation: the threshold of label '%.60s' is %g, expected 0 to 1",
                        labels[i], thresholds[i]);
    const heed_evaluation begin = {.label_count = label_count, .task = HEED_TASK_MULTILABEL, .positive = label_count};
    return new_evaluation(out, &begin, labels, thresholds, label_count, error);
}

heed_status evaluation_new_like(heed_evaluation **out, const heed_evaluation *e, heed_error *error)
{
    const heed_evaluation begin = {.task = e->task, .positive = e->positive};
    heed_status status;
    TRY(new_evaluation(out, &begin, NULL, e->thresholds, evaluation_is_multilabel(e) ? e->label_count : 1, error));
    for (size_t i = 0; i < e->label_count; i++) {
        uint32_t number;
        TRY(intern_put(&number, &(*out)->names, evaluation_name(e, i), error));
    }
    (*out)->label_count = e->label_count;
done:
    return status;
}

void heed_evaluation_free(heed_evaluation *evaluation)
{
    if (evaluation == NULL)
        return;
    heed_evaluation_free(evaluation->unseen);
    intern_release(&evaluation->names);
    label_lists_release(&evaluation->truth);
    label_counts_release(&evaluation->counts);
    free(evaluation->thresholds);
    free(evaluation->probabilities);
    free(evaluation->confusion);
    free(evaluation->pairs);
    free(evaluation->areas);
    free(evaluation->values);
    free(evaluation->intervals);
    free(evaluation->seen);
    free(evaluation);
}

void heed_evaluation_listen(heed_evaluation *evaluation, const heed_listener *listener)
{
    evaluation->listener = listener;
}

bool evaluation_tell(const heed_evaluation *e, stopwatch *watch, size_t done, size_t total)
{
    if (e->listener == NULL || !stopwatch_due(watch))
        return true;
    const heed_event event = {
        .stage = HEED_STAGE_MEASURE, .done = done, .total = total, .seconds = stopwatch_seconds(watch)};
    return e->listener->on_event(e->listener->user, &event) == 0;
}

/* ---- gathering rows */

heed_status heed_evaluation_label(size_t *out, heed_evaluation *evaluation, heed_bytes label, heed_error *error)
{
    uint32_t number = intern_find(&evaluation->names, label);
    heed_status status = HEED_OK;
    *out = 0;
    if (evaluation->finished)
        return fail(error, HEED_USAGE, "evaluation: a label after the evaluation was finished");
    if (utf8_check(label.data, label.size) != label.size)
        return fail(error, HEED_BAD_DATA, "evaluation: row %zu has a label that is not UTF-8", evaluation->rows + 1);
    if (number == INTERN_NONE)
        status = intern_put(&number, &evaluation->names, label, error);
    *out = number;
    return status;
}

static heed_status check_row(const heed_evaluation *e, bool several, const float *probabilities, heed_error *error)
{
    if (e->finished)
        return fail(error, HEED_USAGE, "evaluation: a row after the evaluation was finished");
    if (several != evaluation_is_multilabel(e))
        return fail(error, HEED_USAGE, "evaluation: row %zu is one of %s, expected one of %s", e->rows + 1,
                    several ? "several labels" : "one label", several ? "one label" : "several labels");
    for (size_t i = 0; i < e->label_count; i++)
        if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
            return fail(error, HEED_BAD_DATA,
                        "evaluation: row %zu has probability %g for label number %zu, expected 0 to 1", e->rows + 1,
                        (double)probabilities[i], i);
    return HEED_OK;
}

static heed_status check_truth(const heed_evaluation *e, const size_t *truth, size_t count, heed_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (truth[i] >= evaluation_labels(e))
            return fail(error, HEED_USAGE, "evaluation: row %zu has label number %zu, expected less than %zu",
                        e->rows + 1, truth[i], evaluation_labels(e));
    if (e->rows >= UINT32_MAX - 1 || (e->rows > 0 && count > UINT32_MAX - e->truth.first[e->rows]))
        return fail(error, HEED_USAGE, "evaluation: found more than %zu rows, expected fewer", e->rows);
    return HEED_OK;
}

static heed_status make_room(heed_evaluation *e, size_t labels, heed_error *error)
{
    heed_status status;
    TRY(memory_grow(&e->truth.first, &e->first_capacity, e->rows + 2, sizeof *e->truth.first, error));
    TRY(memory_grow(&e->truth.label, &e->label_capacity, labels, sizeof *e->truth.label, error));
    TRY(memory_grow(&e->probabilities, &e->probability_capacity, (e->rows + 1) * e->label_count,
                    sizeof *e->probabilities, error)); /* rows * label_count values are already in memory */
done:
    return status;
}

static heed_status add_row(heed_evaluation *e, bool several, const size_t *truth, size_t count,
                           const float *probabilities, heed_error *error)
{
    heed_status status;
    uint32_t begin = e->rows > 0 ? e->truth.first[e->rows] : 0;
    TRY(check_row(e, several, probabilities, error));
    TRY(check_truth(e, truth, count, error));
    TRY(make_room(e, begin + count, error));
    for (size_t i = 0; i < count; i++)
        e->truth.label[begin + i] = (uint32_t)truth[i];
    e->truth.first[e->rows] = begin;
    e->truth.first[e->rows + 1] = begin + label_list_sort(e->truth.label + begin, (uint32_t)count);
    memcpy(e->probabilities + e->rows * e->label_count, probabilities, e->label_count * sizeof *probabilities);
    for (uint32_t i = begin; i < e->truth.first[e->rows + 1]; i++)
        e->unknown += e->truth.label[i] >= e->label_count;
    e->known_rows += evaluation_knows_row(e, e->rows);
    e->rows++;
done:
    return status;
}

heed_status heed_evaluation_add(heed_evaluation *evaluation, size_t truth, const float *probabilities,
                                heed_error *error)
{
    return add_row(evaluation, false, &truth, 1, probabilities, error);
}

heed_status heed_evaluation_add_labels(heed_evaluation *evaluation, const size_t *truth, size_t count,
                                       const float *probabilities, heed_error *error)
{
    return add_row(evaluation, true, truth, count, probabilities, error);
}

heed_status evaluation_check_finished(const heed_evaluation *e, heed_error *error)
{
    return e->finished ? HEED_OK
                       : fail(error, HEED_USAGE, "evaluation: call heed_evaluation_finish before asking for metrics");
}
