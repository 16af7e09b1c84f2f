/* Each picture is a writer that keeps its failure; report_draw asks all of them at the end. */
#include "report/report_pictures.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "draw/pictures_curves.h"
#include "draw/pictures_rows.h"
#include "draw/pictures_training.h"
#include "metrics/questions.h"
#include "model/sum_classifier.h"
#include "report/report_rows.h"

enum {
    MAX_CURVES = 28, /* that can be distinguished */
    MAX_MATRIX = 40, /* labels of a confusion matrix */
    MAX_BARS = 200,  /* labels with a bar each */
    SCORE_BINS = 20
};

static const char *const *label_names(const heed_report *r)
{
    return (const char *const *)r->model->labels;
}

/* ---- what the rows are */

static void draw_lengths(heed_report *r)
{
    uint64_t bins[REPORT_LENGTHS];
    uint32_t step;
    size_t count = count_lengths(bins, &step, r->lengths, r->rows);
    picture_lengths(&r->pictures[PICTURE_LENGTHS], bins, count, step, r->model->config.network.window);
}

static void draw_labels(heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    writer *out = &r->pictures[PICTURE_LABELS];
    if (e->label_count > MAX_BARS)
        return;
    uint64_t rows[MAX_BARS];
    for (size_t i = 0; i < e->label_count; i++)
        rows[i] = e->counts.of[i].support;
    picture_labels(out, label_names(r), e->label_count, rows);
}

static void draw_confusion(heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    size_t labels = evaluation_labels(e);
    char *copies[MAX_MATRIX] = {NULL};
    const char *names[MAX_MATRIX] = {NULL};
    writer *out = &r->pictures[PICTURE_CONFUSION];
    if (e->confusion == NULL || labels > MAX_MATRIX)
        return;
    bool fine = true;
    for (size_t i = 0; i < labels; i++) {
        heed_bytes name = evaluation_name(e, i);
        names[i] = copies[i] = memory_copy(name.data, name.size);
        fine = fine && names[i] != NULL;
    }
    if (fine)
        picture_confusion(out, names, labels, e->confusion);
    else
        writer_fail(out, ENOMEM);
    for (size_t i = 0; i < labels; i++)
        free(copies[i]);
}

/* ---- curves */

/* The labels that get a curve: of two the positive; else those with the most rows, in the order of the labels. */
static size_t choose_curves(bool *chosen, const heed_evaluation *e)
{
    size_t count = 0;
    if (evaluation_is_binary(e)) {
        chosen[e->positive] = true;
        return 1;
    }
    while (count < MAX_CURVES && count < e->label_count) {
        size_t best = e->label_count;
        for (size_t i = 0; i < e->label_count; i++)
            if (!chosen[i] && (best == e->label_count || e->counts.of[i].support > e->counts.of[best].support))
                best = i;
        chosen[best] = true;
        count++;
    }
    return count;
}

typedef void curves_picture(writer *out, const heed_line *curves, size_t count);

static void draw_curves(writer *out, const heed_report *r, const bool *chosen, curve_maker *make, curves_picture *draw)
{
    const heed_evaluation *e = r->evaluation;
    heed_line lines[MAX_CURVES];
    curve curves[MAX_CURVES] = {{0}};
    size_t count = 0;
    scored *items = memory_array(e->rows, sizeof *items);
    bool fine = items != NULL;
    for (size_t i = 0; i < e->label_count && fine; i++) {
        const curve_areas *areas = &e->areas[i];
        if (!chosen[i] || isnan(areas->roc) || isnan(areas->average_precision))
            continue;
        curve *c = &curves[count];
        size_t rows = evaluation_fill_items(items, e, i);
        fine = make(c, items, rows, NULL) == HEED_OK;
        lines[count++] = (heed_line){label_names(r)[i],
                                     c->x,
                                     c->y,
                                     NULL,
                                     NULL,
                                     c->count,
                                     make == roc_curve ? areas->roc : areas->average_precision};
    }
    if (fine)
        draw(out, lines, count);
    else
        writer_fail(out, ENOMEM);
    for (size_t i = 0; i < count; i++)
        curve_release(&curves[i]);
    free(items);
}

static void draw_both_curves(heed_report *r)
{
    writer *roc = &r->pictures[PICTURE_ROC], *precision_recall = &r->pictures[PICTURE_PRECISION_RECALL];
    bool *chosen = memory_array(r->evaluation->label_count, sizeof *chosen);
    if (chosen == NULL) {
        writer_fail(roc, ENOMEM);
        return;
    }
    choose_curves(chosen, r->evaluation);
    draw_curves(roc, r, chosen, roc_curve, picture_roc);
    draw_curves(precision_recall, r, chosen, precision_recall_curve, picture_precision_recall);
    free(chosen);
}

/* ---- probabilities */

static void draw_reliability(heed_report *r)
{
    writer *out = &r->pictures[PICTURE_RELIABILITY];
    calibration_bin found[CALIBRATION_BINS];
    picture_bin bins[CALIBRATION_BINS];
    evaluation_calibration(found, r->evaluation);
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        double rows = (double)found[i].rows;
        bins[i] = (picture_bin){found[i].rows > 0 ? found[i].sum / rows : 0,
                                found[i].rows > 0 ? (double)found[i].positives / rows : 0, found[i].rows};
    }
    picture_reliability(out, bins, CALIBRATION_BINS);
}

static size_t bin_of(float probability)
{
    size_t bin = (size_t)(probability * SCORE_BINS);
    return bin < SCORE_BINS ? bin : SCORE_BINS - 1;
}

/* With two labels: of the positive one, by true label. */
static void count_binary_scores(uint64_t bins[2][SCORE_BINS], const heed_evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++)
        if (evaluation_knows_row(e, i))
            bins[evaluation_truth(e, i)][bin_of(evaluation_row(e, i)[e->positive])]++;
}

/* With several labels per row: of every label, for rows that have it and for those that do not. */
static void count_label_scores(uint64_t bins[2][SCORE_BINS], const heed_evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->label_count; j++)
            bins[!evaluation_has_truth(e, i, j)][bin_of(evaluation_row(e, i)[j])]++;
}

/* With more labels: of the most likely one, right or wrong. */
static void count_answer_scores(uint64_t bins[2][SCORE_BINS], const heed_evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++) {
        const float *p = evaluation_row(e, i);
        size_t best = 0;
        for (size_t j = 1; j < e->label_count; j++)
            best = p[j] > p[best] ? j : best;
        bins[evaluation_truth(e, i) != best][bin_of(p[best])]++;
    }
}

static void draw_scores(heed_report *r)
{
    static const char *const right[] = {"right predictions", "wrong predictions"};
    static const char *const has[] = {"the row has the label", "the row does not have it"};
    const heed_evaluation *e = r->evaluation;
    const char *const *panels = right;
    const char *of = "the prediction";
    uint64_t bins[2][SCORE_BINS] = {{0}};
    if (evaluation_is_binary(e)) {
        panels = label_names(r);
        of = panels[e->positive];
        count_binary_scores(bins, e);
    } else if (evaluation_is_multilabel(e)) {
        panels = has;
        of = "the label";
        count_label_scores(bins, e);
    } else {
        count_answer_scores(bins, e);
    }
    writer score = {0}, *out = &r->pictures[PICTURE_SCORES];
    writer_print(&score, "probability of %s", of);
    writer_byte(&score, '\0');
    if (score.problem == 0)
        picture_scores(out, panels, 2, bins[0], SCORE_BINS, score.data);
    else
        writer_fail(out, score.problem);
    writer_release(&score);
}

/* ---- the model */

static void draw_training(heed_report *r)
{
    const heed_model *trained = model_with_epochs(r->model);
    if (trained == NULL)
        return;
    const training_record *t = &trained->config.training;
    const training_history history = {trained->train, trained->validation, t->epochs_run, t->epoch_kept,
                                      record_has_cross_fit(t)};
    picture_training(&r->pictures[PICTURE_TRAINING], &history);
}

heed_status report_draw(heed_report *r, heed_error *error)
{
    draw_labels(r);
    draw_confusion(r);
    draw_both_curves(r);
    draw_reliability(r);
    draw_scores(r);
    draw_lengths(r);
    draw_training(r);
    heed_status status = HEED_OK;
    for (int i = 0; i < REPORT_PICTURES && status == HEED_OK; i++)
        status = writer_check(&r->pictures[i], error);
    return status;
}
