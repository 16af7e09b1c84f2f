/* Labels and probabilities gathered row by row, and the figures of them as scikit-learn defines them. */
#include "report/evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

/* Probabilities are single precision: nearer to 0 or 1 than this, their logarithm is noise. Keras's epsilon. */
static const double smallest_probability = 1e-7;

/* ---------------------------------------------------------------- gathering */

static heed_status check_options(size_t label_count, size_t positive, double threshold, heed_error *error)
{
    if (label_count < 2)
        return fail(error, HEED_USAGE, "evaluation: %zu labels, expected at least 2", label_count);
    if (label_count > UINT32_MAX)
        return fail(error, HEED_USAGE, "evaluation: %zu labels are too many", label_count);
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

heed_status heed_evaluation_new(heed_evaluation **out, const char *const *labels, size_t label_count, size_t positive,
                                double threshold, heed_error *error)
{
    *out = NULL;
    heed_status status = check_options(label_count, positive, threshold, error);
    if (status != HEED_OK)
        return status;
    heed_evaluation *e = memory_array(1, sizeof *e);
    if (e == NULL)
        return fail_memory(error, "an evaluation");
    *e = (heed_evaluation){.label_count = label_count, .positive = positive, .threshold = threshold};
    status = copy_names(e, labels, error);
    if (status != HEED_OK) {
        heed_evaluation_free(e);
        return status;
    }
    *out = e;
    return HEED_OK;
}

void heed_evaluation_free(heed_evaluation *evaluation)
{
    if (evaluation == NULL)
        return;
    intern_release(&evaluation->names);
    free(evaluation->truth);
    free(evaluation->probabilities);
    free(evaluation->confusion);
    free(evaluation->labels);
    free(evaluation);
}

heed_status heed_evaluation_add(heed_evaluation *evaluation, size_t truth, const float *probabilities,
                                heed_error *error)
{
    heed_evaluation *e = evaluation;
    if (e->finished)
        return fail(error, HEED_USAGE, "evaluation: a row after the evaluation was finished");
    if (truth >= e->label_count)
        return fail(error, HEED_USAGE, "evaluation: row %zu has label number %zu, expected less than %zu", e->rows + 1,
                    truth, e->label_count);
    for (size_t i = 0; i < e->label_count; i++)
        if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
            return fail(error, HEED_BAD_DATA,
                        "evaluation: row %zu has probability %g for label number %zu, expected 0 to 1", e->rows + 1,
                        (double)probabilities[i], i);
    heed_status status = memory_grow(&e->truth, &e->truth_capacity, e->rows + 1, sizeof *e->truth, error);
    if (status == HEED_OK) /* the product fits: rows * label_count floats are in memory already */
        status = memory_grow(&e->probabilities, &e->probability_capacity, (e->rows + 1) * e->label_count,
                             sizeof *e->probabilities, error);
    if (status != HEED_OK)
        return status;
    e->truth[e->rows] = (uint32_t)truth;
    memcpy(e->probabilities + e->rows * e->label_count, probabilities, e->label_count * sizeof *probabilities);
    e->rows++;
    return HEED_OK;
}

/* ---------------------------------------------------------------- areas under the ROC curve */

typedef struct scored {
    float score;
    bool is_positive;
} scored;

static int compare_scores(const void *left, const void *right)
{
    float a = ((const scored *)left)->score, b = ((const scored *)right)->score;
    return (a < b) - (a > b); /* falling; the order of equals does not matter, they are one step of the curve */
}

/* The exact area by trapezoids over the distinct scores: the share of the pairs of a positive and a negative in which
 * the positive scores higher, equal scores counting half. Sorts items. NaN where there is no pair. */
static double exact_area(scored *items, size_t count)
{
    qsort(items, count, sizeof *items, compare_scores);
    uint64_t hits = 0, alarms = 0;
    double twice_won = 0; /* whole numbers all along */
    for (size_t i = 0; i < count;) {
        uint64_t more_hits = hits, more_alarms = alarms;
        float score = items[i].score;
        for (; i < count && items[i].score == score; i++)
            *(items[i].is_positive ? &more_hits : &more_alarms) += 1;
        twice_won += (double)(more_alarms - alarms) * (double)(hits + more_hits);
        hits = more_hits;
        alarms = more_alarms;
    }
    return hits > 0 && alarms > 0 ? twice_won / 2 / ((double)hits * (double)alarms) : NAN;
}

/* Of one label against the rest, by its own probability. */
static double label_area(const heed_evaluation *e, size_t label, scored *items)
{
    for (size_t i = 0; i < e->rows; i++)
        items[i] = (scored){e->probabilities[i * e->label_count + label], e->truth[i] == label};
    return exact_area(items, e->rows);
}

/* scikit-learn's micro average: every label of every row is one yes-or-no question. */
static double micro_area(const heed_evaluation *e, scored *items)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->label_count; j++)
            items[i * e->label_count + j] = (scored){e->probabilities[i * e->label_count + j], e->truth[i] == j};
    return exact_area(items, e->rows * e->label_count);
}

/* Two labels are one question, asked of the positive's probability; of more, the mean is over those that have rows. */
static heed_status compute_areas(heed_evaluation *e, heed_error *error)
{
    bool two = e->label_count == 2;
    scored *items = memory_array(two ? e->rows : e->rows * e->label_count, sizeof *items);
    if (items == NULL)
        return fail_memory(error, "the scores of an evaluation");
    if (two) {
        e->auc = e->micro_auc = label_area(e, e->positive, items);
        e->labels[0].auc = e->labels[1].auc = e->auc;
    } else {
        double sum = 0;
        size_t defined = 0;
        for (size_t i = 0; i < e->label_count; i++) {
            e->labels[i].auc = label_area(e, i, items);
            if (!isnan(e->labels[i].auc)) {
                sum += e->labels[i].auc;
                defined++;
            }
        }
        e->auc = defined > 0 ? sum / (double)defined : NAN;
        e->micro_auc = micro_area(e, items);
    }
    free(items);
    return HEED_OK;
}

/* ---------------------------------------------------------------- counts and ratios */

static size_t answer(const heed_evaluation *e, const float *probabilities)
{
    if (e->label_count == 2)
        return (double)probabilities[e->positive] > e->threshold ? e->positive : 1 - e->positive;
    size_t largest = 0;
    for (size_t i = 1; i < e->label_count; i++)
        if (probabilities[i] > probabilities[largest])
            largest = i;
    return largest;
}

static void count_answers(heed_evaluation *e)
{
    double loss = 0;
    for (size_t i = 0; i < e->rows; i++) {
        const float *probabilities = e->probabilities + i * e->label_count;
        size_t truth = e->truth[i], predicted = answer(e, probabilities);
        e->confusion[truth * e->label_count + predicted]++;
        e->labels[truth].support++;
        e->labels[predicted].predicted++;
        loss -= log(fmin(fmax((double)probabilities[truth], smallest_probability), 1 - smallest_probability));
    }
    e->loss = loss / (double)e->rows;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void compute_label_scores(heed_evaluation *e)
{
    uint64_t right = 0;
    for (size_t i = 0; i < e->label_count; i++) {
        label_scores *label = &e->labels[i];
        uint64_t hits = evaluation_confused(e, i, i);
        right += hits;
        label->scores = (scores){
            .precision = ratio((double)hits, (double)label->predicted),
            .recall = ratio((double)hits, (double)label->support),
            .f1 = ratio(2 * (double)hits, (double)(label->predicted + label->support)),
        };
        if (label->support > e->labels[e->commonest].support)
            e->commonest = i;
    }
    e->accuracy = (double)right / (double)e->rows;
    e->baseline = (double)e->labels[e->commonest].support / (double)e->rows;
}

static void add_weighted(scores *sum, const scores *part, double weight)
{
    sum->precision += part->precision * weight;
    sum->recall += part->recall * weight;
    sum->f1 += part->f1 * weight;
}

static void divide(scores *sum, double weights)
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
        add_weighted(&macro, &e->labels[i].scores, 1);
        add_weighted(&weighted, &e->labels[i].scores, (double)e->labels[i].support);
    }
    divide(&macro, (double)occurring);
    divide(&weighted, (double)e->rows);
    e->averages[AVERAGE_MACRO] = macro;
    e->averages[AVERAGE_WEIGHTED] = weighted;
    e->averages[AVERAGE_MICRO] = (scores){e->accuracy, e->accuracy, e->accuracy};
}

heed_status heed_evaluation_finish(heed_evaluation *evaluation, heed_error *error)
{
    heed_evaluation *e = evaluation;
    if (e->finished)
        return fail(error, HEED_USAGE, "evaluation: finished twice");
    if (e->rows == 0)
        return fail(error, HEED_BAD_DATA, "evaluation: no rows, expected at least one with a label");
    if (e->label_count > SIZE_MAX / sizeof *e->confusion / e->label_count)
        return fail_memory(error, "a confusion matrix");
    free(e->confusion); /* of a call that failed */
    free(e->labels);
    e->confusion = memory_array(e->label_count * e->label_count, sizeof *e->confusion);
    e->labels = memory_array(e->label_count, sizeof *e->labels);
    if (e->confusion == NULL || e->labels == NULL)
        return fail_memory(error, "a confusion matrix");
    count_answers(e);
    compute_label_scores(e);
    compute_averages(e);
    heed_status status = compute_areas(e, error);
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

/* X(name, value) */
#define FIGURES(X)                                                      \
    X("accuracy", e->accuracy)                                          \
    X("macro_f1", e->averages[AVERAGE_MACRO].f1)                        \
    X("macro_precision", e->averages[AVERAGE_MACRO].precision)          \
    X("macro_recall", e->averages[AVERAGE_MACRO].recall)                \
    X("weighted_f1", e->averages[AVERAGE_WEIGHTED].f1)                  \
    X("weighted_precision", e->averages[AVERAGE_WEIGHTED].precision)    \
    X("weighted_recall", e->averages[AVERAGE_WEIGHTED].recall)          \
    X("micro_f1", e->averages[AVERAGE_MICRO].f1)                        \
    X("micro_precision", e->averages[AVERAGE_MICRO].precision)          \
    X("micro_recall", e->averages[AVERAGE_MICRO].recall)                \
    X("auc", e->auc)                                                    \
    X("micro_auc", e->micro_auc)                                        \
    X("loss", e->loss)                                                  \
    X("baseline", e->baseline)

#define FIGURE_NAME(name, value) name ", "
static const char known_figures[] = FIGURES(FIGURE_NAME) "f1:LABEL, precision:LABEL, recall:LABEL";
#undef FIGURE_NAME

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
#define FIGURE_NAME(name, value) name,
    static const char *const names[] = {FIGURES(FIGURE_NAME)};
#undef FIGURE_NAME
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return HEED_OK;
    bool found;
    uint32_t label;
    size_t offset;
    heed_status status = label_figure_find(&found, &label, &offset, evaluation, name, error);
    if (status != HEED_OK || found)
        return status;
    return fail(error, HEED_USAGE, "evaluation: no figure '%s', expected one of: %s", name, known_figures);
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
    const struct {
        const char *name;
        double value;
    } figures[] = {
#define FIGURE(name, value) {name, value},
        FIGURES(FIGURE)
#undef FIGURE
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (strcmp(name, figures[i].name) == 0) {
            *out = figures[i].value;
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
