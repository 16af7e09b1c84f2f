/* Labels and probabilities gathered row by row, and the figures of them as scikit-learn defines them. */
#include "metrics/evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

static const double smallest_probability = 1e-7;

double evaluation_clip(double probability)
{
    return fmin(fmax(probability, smallest_probability), 1 - smallest_probability);
}

/* ---------------------------------------------------------------- gathering */

static heed_status check_options(size_t label_count, size_t positive, double threshold, bool several, heed_error *error)
{
    if (label_count < 2)
        return fail(error, HEED_USAGE, "evaluation: %zu labels, expected at least 2", label_count);
    if (label_count > UINT32_MAX)
        return fail(error, HEED_USAGE, "evaluation: %zu labels are too many", label_count);
    if (several)
        return HEED_OK;
    if (label_count == 2 && positive > 1)
        return fail(error, HEED_USAGE, "evaluation: the positive label is number %zu, expected 0 or 1", positive);
    if (label_count == 2 && !(threshold >= 0 && threshold <= 1))
        return fail(error, HEED_USAGE, "evaluation: the threshold is %g, expected 0 to 1", threshold);
    return HEED_OK;
}

static heed_status copy_names(heed_evaluation *e, const char *const *labels, heed_error *error)
{
    heed_status status = intern_init(&e->names, error);
    for (size_t i = 0; status == HEED_OK && i < e->label_count; i++) {
        uint32_t number = 0;
        heed_bytes name = {labels[i], strlen(labels[i])};
        if (utf8_check(name.data, name.size) != name.size)
            return fail(error, HEED_USAGE, "evaluation: label %zu is not UTF-8", i);
        status = intern_put(&number, &e->names, name, error);
        if (status == HEED_OK && number != i)
            status = fail(error, HEED_USAGE, "evaluation: label '%s' is given twice", labels[i]);
    }
    return status;
}

static heed_status new_evaluation(heed_evaluation **out, const char *const *labels, const heed_evaluation *begin,
                                  heed_error *error)
{
    *out = NULL;
    heed_evaluation *e = memory_array(1, sizeof *e);
    if (e == NULL)
        return fail_memory(error, "an evaluation");
    *e = *begin;
    heed_status status = copy_names(e, labels, error);
    if (status != HEED_OK) {
        heed_evaluation_free(e);
        return status;
    }
    *out = e;
    return HEED_OK;
}

heed_status heed_evaluation_new(heed_evaluation **out, const char *const *labels, size_t label_count, size_t positive,
                                double threshold, heed_error *error)
{
    *out = NULL;
    heed_status status = check_options(label_count, positive, threshold, false, error);
    if (status != HEED_OK)
        return status;
    return new_evaluation(
        out, labels, &(heed_evaluation){.label_count = label_count, .positive = positive, .threshold = threshold},
        error);
}

heed_status heed_evaluation_new_multilabel(heed_evaluation **out, const char *const *labels, size_t label_count,
                                           const double *thresholds, heed_error *error)
{
    *out = NULL;
    heed_status status = check_options(label_count, label_count, 0, true, error);
    for (size_t i = 0; i < label_count && status == HEED_OK; i++)
        if (!(thresholds[i] >= 0 && thresholds[i] <= 1))
            status = fail(error, HEED_USAGE, "evaluation: the threshold of label '%.60s' is %g, expected 0 to 1",
                          labels[i], thresholds[i]);
    if (status != HEED_OK)
        return status;
    double *copy = memory_array(label_count, sizeof *copy);
    if (copy == NULL)
        return fail_memory(error, "an evaluation");
    memcpy(copy, thresholds, label_count * sizeof *copy);
    return new_evaluation(out, labels,
                          &(heed_evaluation){.label_count = label_count, .positive = label_count, .thresholds = copy},
                          error);
}

void heed_evaluation_free(heed_evaluation *evaluation)
{
    if (evaluation == NULL)
        return;
    intern_release(&evaluation->names);
    free(evaluation->thresholds);
    free(evaluation->truth);
    free(evaluation->truths);
    free(evaluation->probabilities);
    free(evaluation->confusion);
    free(evaluation->labels);
    free(evaluation->intervals);
    free(evaluation);
}

static heed_status check_row(const heed_evaluation *e, bool several, const float *probabilities, heed_error *error)
{
    if (e->finished)
        return fail(error, HEED_USAGE, "evaluation: a row after the evaluation was finished");
    if (several != evaluation_is_several(e))
        return fail(error, HEED_USAGE, "evaluation: row %zu is one of %s, expected one of %s", e->rows + 1,
                    several ? "several labels" : "one label", several ? "one label" : "several labels");
    for (size_t i = 0; i < e->label_count; i++)
        if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
            return fail(error, HEED_BAD_DATA,
                        "evaluation: row %zu has probability %g for label number %zu, expected 0 to 1", e->rows + 1,
                        (double)probabilities[i], i);
    return HEED_OK;
}

static heed_status check_truth(const heed_evaluation *e, size_t truth, heed_error *error)
{
    return truth < e->label_count ? HEED_OK
                                  : fail(error, HEED_USAGE,
                                         "evaluation: row %zu has label number %zu, expected less than %zu",
                                         e->rows + 1, truth, e->label_count);
}

static heed_status add_probabilities(heed_evaluation *e, const float *probabilities, heed_error *error)
{
    heed_status status = memory_grow(&e->probabilities, &e->probability_capacity, (e->rows + 1) * e->label_count,
                                     sizeof *e->probabilities, error); /* rows * label_count are in memory already */
    if (status == HEED_OK)
        memcpy(e->probabilities + e->rows * e->label_count, probabilities, e->label_count * sizeof *probabilities);
    return status;
}

heed_status heed_evaluation_add(heed_evaluation *evaluation, size_t truth, const float *probabilities,
                                heed_error *error)
{
    heed_evaluation *e = evaluation;
    heed_status status = check_row(e, false, probabilities, error);
    if (status == HEED_OK)
        status = check_truth(e, truth, error);
    if (status == HEED_OK)
        status = memory_grow(&e->truth, &e->truth_capacity, e->rows + 1, sizeof *e->truth, error);
    if (status == HEED_OK)
        status = add_probabilities(e, probabilities, error);
    if (status != HEED_OK)
        return status;
    e->truth[e->rows++] = (uint32_t)truth;
    return HEED_OK;
}

heed_status heed_evaluation_add_labels(heed_evaluation *evaluation, const size_t *truth, size_t count,
                                       const float *probabilities, heed_error *error)
{
    heed_evaluation *e = evaluation;
    heed_status status = check_row(e, true, probabilities, error);
    for (size_t i = 0; i < count && status == HEED_OK; i++)
        status = check_truth(e, truth[i], error);
    if (status == HEED_OK)
        status = add_probabilities(e, probabilities, error);
    if (status == HEED_OK)
        status = memory_grow(&e->truths, &e->truths_capacity, (e->rows + 1) * e->label_count, sizeof *e->truths, error);
    if (status != HEED_OK)
        return status;
    bool *row = e->truths + e->rows++ * e->label_count;
    memset(row, 0, e->label_count * sizeof *row);
    for (size_t i = 0; i < count; i++)
        row[truth[i]] = true;
    return HEED_OK;
}

/* ---------------------------------------------------------------- counts and ratios */

static void count_answers(heed_evaluation *e)
{
    const answer_rule rule = evaluation_rule(e);
    double loss = 0;
    for (size_t i = 0; i < e->rows; i++) {
        const float *probabilities = evaluation_row(e, i);
        size_t truth = e->truth[i], predicted = answer_one(&rule, probabilities);
        e->confusion[truth * e->label_count + predicted]++;
        e->labels[truth].support++;
        e->labels[predicted].predicted++;
        loss -= log(evaluation_clip((double)probabilities[truth]));
    }
    e->loss = loss / (double)e->rows;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

scores evaluation_scores(uint64_t hits, uint64_t predicted, uint64_t support)
{
    return (scores){
        .precision = ratio((double)hits, (double)predicted),
        .recall = ratio((double)hits, (double)support),
        .f1 = ratio(2 * (double)hits, (double)(predicted + support)),
    };
}

static void compute_label_scores(heed_evaluation *e)
{
    uint64_t right = 0;
    for (size_t i = 0; i < e->label_count; i++) {
        label_scores *label = &e->labels[i];
        uint64_t hits = evaluation_confused(e, i, i);
        right += hits;
        label->hits = hits;
        label->scores = evaluation_scores(hits, label->predicted, label->support);
        if (label->support > e->labels[e->commonest].support)
            e->commonest = i;
    }
    e->accuracy = (double)right / (double)e->rows;
    e->baseline = (double)e->labels[e->commonest].support / (double)e->rows;
}

void scores_add(scores *sum, const scores *part, double weight)
{
    sum->precision += part->precision * weight;
    sum->recall += part->recall * weight;
    sum->f1 += part->f1 * weight;
}

void scores_divide(scores *sum, double weights)
{
    sum->precision /= weights;
    sum->recall /= weights;
    sum->f1 /= weights;
}

/* A row has one label and one answer, so that the micro averages are all the accuracy. */
static void compute_averages(heed_evaluation *e)
{
    scores macro = {0}, weighted = {0};
    size_t occurring = 0;
    for (size_t i = 0; i < e->label_count; i++) {
        if (!evaluation_has_label(e, i))
            continue;
        occurring++;
        scores_add(&macro, &e->labels[i].scores, 1);
        scores_add(&weighted, &e->labels[i].scores, (double)e->labels[i].support);
    }
    scores_divide(&macro, (double)occurring);
    scores_divide(&weighted, (double)e->rows);
    e->averages[AVERAGE_MACRO] = macro;
    e->averages[AVERAGE_WEIGHTED] = weighted;
    e->averages[AVERAGE_MICRO] = (scores){e->accuracy, e->accuracy, e->accuracy};
}

static heed_status finish_one(heed_evaluation *e, heed_error *error)
{
    if (e->label_count > SIZE_MAX / sizeof *e->confusion / e->label_count)
        return fail_memory(error, "a confusion matrix");
    free(e->confusion); /* of a call that failed */
    e->confusion = memory_array(e->label_count * e->label_count, sizeof *e->confusion);
    if (e->confusion == NULL)
        return fail_memory(error, "a confusion matrix");
    count_answers(e);
    compute_label_scores(e);
    compute_averages(e);
    return HEED_OK;
}

heed_status heed_evaluation_finish(heed_evaluation *evaluation, heed_error *error)
{
    heed_evaluation *e = evaluation;
    if (e->finished)
        return fail(error, HEED_USAGE, "evaluation: finished twice");
    if (e->rows == 0)
        return fail(error, HEED_BAD_DATA, "evaluation: no rows, expected at least one with a label");
    free(e->labels); /* of a call that failed */
    e->labels = memory_array(e->label_count, sizeof *e->labels);
    if (e->labels == NULL)
        return fail_memory(error, "an evaluation");
    heed_status status = evaluation_is_several(e) ? evaluation_finish_several(e, error) : finish_one(e, error);
    if (status == HEED_OK)
        status = evaluation_finish_scores(e, error);
    e->finished = status == HEED_OK;
    return status;
}

/* ---------------------------------------------------------------- figures by name */

heed_status evaluation_check_finished(const heed_evaluation *e, heed_error *error)
{
    if (!e->finished)
        return fail(error, HEED_USAGE, "evaluation: call heed_evaluation_finish before asking for figures");
    return HEED_OK;
}

#define AVERAGE(average, score)                                                                                        \
    (offsetof(heed_evaluation, averages) + (average) * sizeof(scores) + offsetof(scores, score))

static const struct {
    const char *name;
    size_t offset;
    bool several; /* known with several labels a row alone */
} figures[] = {
    {"accuracy", offsetof(heed_evaluation, accuracy), false},
    {"macro_f1", AVERAGE(AVERAGE_MACRO, f1), false},
    {"macro_precision", AVERAGE(AVERAGE_MACRO, precision), false},
    {"macro_recall", AVERAGE(AVERAGE_MACRO, recall), false},
    {"weighted_f1", AVERAGE(AVERAGE_WEIGHTED, f1), false},
    {"weighted_precision", AVERAGE(AVERAGE_WEIGHTED, precision), false},
    {"weighted_recall", AVERAGE(AVERAGE_WEIGHTED, recall), false},
    {"micro_f1", AVERAGE(AVERAGE_MICRO, f1), false},
    {"micro_precision", AVERAGE(AVERAGE_MICRO, precision), false},
    {"micro_recall", AVERAGE(AVERAGE_MICRO, recall), false},
    {"samples_f1", AVERAGE(AVERAGE_SAMPLES, f1), true},
    {"samples_precision", AVERAGE(AVERAGE_SAMPLES, precision), true},
    {"samples_recall", AVERAGE(AVERAGE_SAMPLES, recall), true},
    {"hamming_loss", offsetof(heed_evaluation, hamming_loss), true},
    {"auc", offsetof(heed_evaluation, auc), false},
    {"micro_auc", offsetof(heed_evaluation, micro_auc), false},
    {"average_precision", offsetof(heed_evaluation, average_precision), false},
    {"loss", offsetof(heed_evaluation, loss), false},
    {"brier", offsetof(heed_evaluation, brier), false},
    {"ece", offsetof(heed_evaluation, ece), false},
    {"baseline", offsetof(heed_evaluation, baseline), false},
};
enum { FIGURES = sizeof figures / sizeof *figures };

static bool figure_is_known(const heed_evaluation *e, size_t i)
{
    return evaluation_is_several(e) || !figures[i].several;
}

/* FIGURES where there is none of this name. */
static size_t figure_find(const heed_evaluation *e, const char *name)
{
    size_t i = 0;
    while (i < FIGURES && !(figure_is_known(e, i) && strcmp(name, figures[i].name) == 0))
        i++;
    return i;
}

static heed_status fail_figure(const heed_evaluation *e, const char *name, heed_error *error)
{
    char known[512] = "";
    for (size_t i = 0; i < FIGURES; i++)
        if (figure_is_known(e, i)) {
            strcat(known, figures[i].name);
            strcat(known, ", ");
        }
    return fail(error, HEED_USAGE, "evaluation: no figure '%s', expected one of: %sf1:LABEL, precision:LABEL, "
                "recall:LABEL", name, known);
}

static heed_status fail_label(const heed_evaluation *e, const char *label, heed_error *error)
{
    buffer list = {0};
    heed_status status = HEED_OK;
    for (uint32_t i = 0; status == HEED_OK && i < e->names.count; i++) {
        heed_bytes name = intern_word(&e->names, i);
        status = i > 0 ? buffer_append(&list, ", ", 2, error) : HEED_OK;
        if (status == HEED_OK)
            status = buffer_append(&list, name.data, name.size, error);
    }
    if (status == HEED_OK)
        status = buffer_byte(&list, '\0', error);
    if (status == HEED_OK)
        status = fail(error, HEED_USAGE, "evaluation: no label '%s', expected one of: %s", label, list.data);
    buffer_release(&list);
    return status;
}

/* "f1:LABEL": the label's index, and where the figure stands in scores; *found is false for other names. */
static heed_status label_figure_find(bool *found, uint32_t *label, size_t *offset, const heed_evaluation *e,
                                     const char *name, heed_error *error)
{
    static const struct {
        const char *prefix;
        size_t offset;
    } kinds[] = {
        {"f1:", offsetof(scores, f1)},
        {"precision:", offsetof(scores, precision)},
        {"recall:", offsetof(scores, recall)},
    };
    *found = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t size = strlen(kinds[i].prefix);
        if (strncmp(name, kinds[i].prefix, size) != 0)
            continue;
        *label = intern_find(&e->names, (heed_bytes){name + size, strlen(name + size)});
        if (*label == INTERN_NONE)
            return fail_label(e, name + size, error);
        *offset = kinds[i].offset;
        *found = true;
    }
    return HEED_OK;
}

heed_status heed_evaluation_check_figure(const heed_evaluation *evaluation, const char *name, heed_error *error)
{
    if (figure_find(evaluation, name) < FIGURES)
        return HEED_OK;
    bool found;
    uint32_t label;
    size_t offset;
    heed_status status = label_figure_find(&found, &label, &offset, evaluation, name, error);
    return status != HEED_OK || found ? status : fail_figure(evaluation, name, error);
}

heed_status heed_evaluation_figure(const heed_evaluation *evaluation, const char *name, double *out, heed_error *error)
{
    const heed_evaluation *e = evaluation;
    *out = NAN;
    heed_status status = evaluation_check_finished(e, error);
    if (status == HEED_OK)
        status = heed_evaluation_check_figure(e, name, error);
    if (status != HEED_OK)
        return status;
    size_t i = figure_find(e, name);
    if (i < FIGURES) {
        memcpy(out, (const char *)e + figures[i].offset, sizeof *out);
        return HEED_OK;
    }
    bool found;
    uint32_t label;
    size_t offset;
    status = label_figure_find(&found, &label, &offset, e, name, error);
    if (found)
        memcpy(out, (const char *)&e->labels[label].scores + offset, sizeof *out);
    return status;
}
