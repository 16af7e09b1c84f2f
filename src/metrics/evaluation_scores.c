/* What an evaluation says of the probabilities as such: curves, areas, Brier score, calibration. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/status.h"
#include "metrics/evaluation.h"

bool evaluation_has_truth(const heed_evaluation *e, size_t row, size_t label)
{
    return evaluation_is_several(e) ? e->truths[row * e->label_count + label] : e->truth[row] == label;
}

void evaluation_fill_items(scored *items, const heed_evaluation *e, size_t label)
{
    for (size_t i = 0; i < e->rows; i++)
        items[i] = (scored){evaluation_row(e, i)[label], evaluation_has_truth(e, i, label)};
    scored_sort(items, e->rows);
}

/* Every label of every row is one yes-or-no question. */
static void fill_all_items(scored *items, const heed_evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->label_count; j++)
            items[i * e->label_count + j] = (scored){evaluation_row(e, i)[j], evaluation_has_truth(e, i, j)};
    scored_sort(items, e->rows * e->label_count);
}

/* ---- areas and Brier score */

static void compute_label_areas(heed_evaluation *e, scored *items)
{
    for (size_t i = 0; i < e->label_count; i++) {
        evaluation_fill_items(items, e, i);
        curve_areas areas = curve_areas_of(items, e->rows);
        e->labels[i].auc = areas.roc;
        e->labels[i].average_precision = areas.average_precision;
    }
}

/* Two labels are one question, asked of the positive's probability. */
static void compute_two(heed_evaluation *e, scored *items)
{
    evaluation_fill_items(items, e, e->positive);
    e->brier = brier_score(items, e->rows);
    e->average_precision = e->labels[e->positive].average_precision;
    e->auc = e->micro_auc = e->labels[e->positive].auc;
    e->labels[1 - e->positive].auc = e->auc; /* one minus a probability may round two scores to one */
}

/* Means over the labels for which the area is defined; scikit-learn's micro average is over all questions. Its Brier
 * score adds up the labels of a row, which may be one alone; where they are several, the mean is over them too. */
static void compute_more(heed_evaluation *e, scored *items)
{
    double areas = 0, precisions = 0;
    size_t with_area = 0, with_precision = 0;
    for (size_t i = 0; i < e->label_count; i++) {
        const label_scores *label = &e->labels[i];
        bool has_area = !isnan(label->auc), has_precision = !isnan(label->average_precision);
        areas += has_area ? label->auc : 0;
        precisions += has_precision ? label->average_precision : 0;
        with_area += has_area ? 1 : 0;
        with_precision += has_precision ? 1 : 0;
    }
    e->auc = with_area > 0 ? areas / (double)with_area : NAN;
    e->average_precision = with_precision > 0 ? precisions / (double)with_precision : NAN;
    fill_all_items(items, e);
    e->micro_auc = curve_areas_of(items, e->rows * e->label_count).roc;
    e->brier = brier_score(items, e->rows * e->label_count) * (evaluation_is_several(e) ? 1 : (double)e->label_count);
}

/* ---- calibration: how sure the likeliest answer is, and whether it is right */

static scored likeliest_label(const heed_evaluation *e, size_t row)
{
    static const double half = 0.5; /* whatever the threshold */
    answer_rule rule = evaluation_rule(e);
    rule.thresholds = &half;
    size_t answer = answer_one(&rule, evaluation_row(e, row));
    return (scored){evaluation_row(e, row)[answer], e->truth[row] == answer};
}

/* Of one of several labels: yes or no. */
static scored likeliest_side(const heed_evaluation *e, size_t row, size_t label)
{
    float yes = evaluation_row(e, row)[label];
    bool has = evaluation_has_truth(e, row, label);
    return yes > 0.5F ? (scored){yes, has} : (scored){1 - yes, !has};
}

size_t evaluation_fill_answers(scored *items, const heed_evaluation *e)
{
    size_t count = 0;
    for (size_t i = 0; i < e->rows; i++) {
        if (!evaluation_is_several(e))
            items[count++] = likeliest_label(e, i);
        for (size_t j = 0; j < e->label_count && evaluation_is_several(e); j++)
            items[count++] = likeliest_side(e, i, j);
    }
    return count;
}

heed_status evaluation_calibration(calibration_bin *bins, const heed_evaluation *e, heed_error *error)
{
    scored *items = memory_array(e->rows * e->label_count, sizeof *items);
    if (items == NULL)
        return fail_memory(error, "the calibration of an evaluation");
    calibration_fill(bins, CALIBRATION_BINS, items, evaluation_fill_answers(items, e));
    free(items);
    return HEED_OK;
}

static void compute_calibration(heed_evaluation *e, scored *items)
{
    calibration_bin bins[CALIBRATION_BINS];
    calibration_fill(bins, CALIBRATION_BINS, items, evaluation_fill_answers(items, e));
    e->ece = calibration_error(bins, CALIBRATION_BINS);
}

heed_status evaluation_finish_scores(heed_evaluation *e, heed_error *error)
{
    scored *items = memory_array(e->rows * e->label_count, sizeof *items); /* as many as there are probabilities */
    if (items == NULL)
        return fail_memory(error, "the scores of an evaluation");
    compute_label_areas(e, items);
    if (evaluation_is_binary(e))
        compute_two(e, items);
    else
        compute_more(e, items);
    compute_calibration(e, items);
    free(items);
    return HEED_OK;
}

/* ---- the curves as a table */

static heed_status append_field(buffer *b, heed_bytes text, heed_error *error)
{
    bool bare = text.size > 0;
    for (size_t i = 0; i < text.size && bare; i++)
        bare = memchr(",\"\r\n", text.data[i], 4) == NULL;
    if (bare)
        return buffer_append(b, text.data, text.size, error);
    heed_status status = buffer_byte(b, '"', error);
    for (size_t i = 0; i < text.size && status == HEED_OK; i++) {
        if (text.data[i] == '"')
            status = buffer_byte(b, '"', error);
        if (status == HEED_OK)
            status = buffer_byte(b, text.data[i], error);
    }
    return status == HEED_OK ? buffer_byte(b, '"', error) : status;
}

static heed_status append_head(buffer *b, const heed_evaluation *e, const char *kind, size_t label, heed_error *error)
{
    heed_status status = buffer_print(b, error, "%s,", kind);
    return status == HEED_OK ? append_field(b, intern_word(&e->names, (uint32_t)label), error) : status;
}

/* Releases the curve. */
static heed_status append_curve(buffer *b, const heed_evaluation *e, const char *kind, size_t label, curve *c,
                                heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < c->count && status == HEED_OK; i++) {
        status = append_head(b, e, kind, label, error);
        if (status == HEED_OK)
            status = buffer_print(b, error, ",%.15g,%.15g,%.9g,\n", c->x[i], c->y[i], c->threshold[i]);
    }
    curve_release(c);
    return status;
}

static heed_status append_calibration(buffer *b, const heed_evaluation *e, size_t label, const scored *items,
                                      heed_error *error)
{
    calibration_bin bins[CALIBRATION_BINS];
    calibration_fill(bins, CALIBRATION_BINS, items, e->rows);
    heed_status status = HEED_OK;
    for (size_t i = 0; i < CALIBRATION_BINS && status == HEED_OK; i++) {
        double rows = (double)bins[i].rows;
        if (bins[i].rows == 0)
            continue;
        status = append_head(b, e, "calibration", label, error);
        if (status == HEED_OK)
            status = buffer_print(b, error, ",%.15g,%.15g,,%.0f\n", bins[i].sum / rows,
                                  (double)bins[i].positives / rows, rows);
    }
    return status;
}

static heed_status append_curves(buffer *b, const heed_evaluation *e, size_t label, const scored *items,
                                 heed_error *error)
{
    curve c = {0};
    heed_status status = HEED_OK;
    if (!isnan(e->labels[label].auc)) {
        status = roc_curve(&c, items, e->rows, error);
        if (status == HEED_OK)
            status = append_curve(b, e, "roc", label, &c, error);
    }
    if (status == HEED_OK && !isnan(e->labels[label].average_precision)) {
        status = precision_recall_curve(&c, items, e->rows, error);
        if (status == HEED_OK)
            status = append_curve(b, e, "precision_recall", label, &c, error);
    }
    return status == HEED_OK ? append_calibration(b, e, label, items, error) : status;
}

heed_status heed_evaluation_curves_csv(const heed_evaluation *evaluation, char **out, heed_error *error)
{
    const heed_evaluation *e = evaluation;
    *out = NULL;
    heed_status status = evaluation_check_finished(e, error);
    if (status != HEED_OK)
        return status;
    buffer b = {0};
    scored *items = memory_array(e->rows, sizeof *items);
    status = items != NULL ? buffer_print(&b, error, "curve,label,x,y,threshold,rows\n")
                           : fail_memory(error, "the scores of an evaluation");
    for (size_t i = 0; i < e->label_count && status == HEED_OK; i++) {
        if (evaluation_is_binary(e) && i != e->positive)
            continue;
        evaluation_fill_items(items, e, i);
        status = append_curves(&b, e, i, items, error);
    }
    if (status == HEED_OK)
        status = buffer_take(&b, out, error);
    buffer_release(&b);
    free(items);
    return status;
}
