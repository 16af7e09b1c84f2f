/* The pictures of a report, from its evaluation, its rows and its model. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "draw/pictures.h"
#include "report/report.h"

enum {
    CURVES_MOST = 28, /* that can be told apart */
    MATRIX_MOST = 40, /* labels of a confusion matrix */
    BARS_MOST = 200,  /* labels with a bar each */
    SCORE_BINS = 20
};

const char *report_picture_name(report_picture picture)
{
    static const char *const names[REPORT_PICTURES] = {
        "confusion", "roc", "precision-recall", "reliability", "scores", "labels", "lengths", "training", "graph"};
    return names[picture];
}

static const char *const *label_names(const heed_report *r)
{
    return (const char *const *)r->model->labels;
}

/* ---- what the rows are */

size_t report_length_bins(const heed_report *r, uint64_t bins[REPORT_LENGTHS], uint32_t *step)
{
    static const uint32_t nice[] = {1, 2, 5};
    uint32_t longest = 0, scale = 1;
    for (size_t i = 0; i < r->rows; i++)
        longest = r->lengths[i] > longest ? r->lengths[i] : longest;
    size_t turn = 0;
    for (*step = 1; longest / *step >= REPORT_LENGTHS; *step = nice[turn] * scale)
        if (++turn == sizeof nice / sizeof *nice) {
            turn = 0;
            scale *= 10;
        }
    memset(bins, 0, REPORT_LENGTHS * sizeof *bins);
    for (size_t i = 0; i < r->rows; i++)
        bins[r->lengths[i] / *step]++;
    return longest / *step + 1;
}

static heed_status draw_lengths(heed_report *r, heed_error *error)
{
    uint64_t bins[REPORT_LENGTHS];
    uint32_t step;
    size_t count = report_length_bins(r, bins, &step);
    return picture_lengths(&r->pictures[PICTURE_LENGTHS], bins, count, step, r->model->config.network.window, error);
}

static heed_status draw_labels(heed_report *r, heed_error *error)
{
    const heed_evaluation *e = r->evaluation;
    if (e->label_count > BARS_MOST)
        return HEED_OK;
    uint64_t *rows = memory_array(e->label_count, sizeof *rows);
    if (rows == NULL)
        return fail_memory(error, "a picture");
    for (size_t i = 0; i < e->label_count; i++)
        rows[i] = e->labels[i].support;
    heed_status status = picture_labels(&r->pictures[PICTURE_LABELS], label_names(r), e->label_count, rows, error);
    free(rows);
    return status;
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
    while (count < CURVES_MOST && count < e->label_count) {
        size_t best = e->label_count;
        for (size_t i = 0; i < e->label_count; i++)
            if (!chosen[i] && (best == e->label_count || e->labels[i].support > e->labels[best].support))
                best = i;
        chosen[best] = true;
        count++;
    }
    return count;
}

typedef heed_status curve_maker(curve *out, const scored *sorted, size_t count, heed_error *error);
typedef heed_status curves_picture(buffer *out, const heed_line *curves, size_t count, heed_error *error);

static heed_status draw_curves(buffer *out, const heed_report *r, curve_maker *make, curves_picture *draw,
                               const bool *chosen, heed_error *error)
{
    const heed_evaluation *e = r->evaluation;
    heed_line lines[CURVES_MOST];
    curve curves[CURVES_MOST] = {{0}};
    size_t count = 0;
    heed_status status = HEED_OK;
    scored *items = memory_array(e->rows, sizeof *items);
    if (items == NULL)
        return fail_memory(error, "a picture");
    for (size_t i = 0; i < e->label_count && status == HEED_OK; i++) {
        const label_scores *l = &e->labels[i];
        if (!chosen[i] || isnan(l->auc) || isnan(l->average_precision))
            continue;
        evaluation_fill_items(items, e, i);
        curve *c = &curves[count];
        status = make(c, items, e->rows, error);
        lines[count++] = (heed_line){
            label_names(r)[i], c->x, c->y, NULL, NULL, c->count, make == roc_curve ? l->auc : l->average_precision};
    }
    if (status == HEED_OK)
        status = draw(out, lines, count, error);
    for (size_t i = 0; i < count; i++)
        curve_release(&curves[i]);
    free(items);
    return status;
}

static heed_status draw_both_curves(heed_report *r, heed_error *error)
{
    bool *chosen = memory_array(r->evaluation->label_count, sizeof *chosen);
    if (chosen == NULL)
        return fail_memory(error, "a picture");
    choose_curves(chosen, r->evaluation);
    heed_status status = draw_curves(&r->pictures[PICTURE_ROC], r, roc_curve, picture_roc, chosen, error);
    if (status == HEED_OK)
        status = draw_curves(&r->pictures[PICTURE_PRECISION_RECALL], r, precision_recall_curve,
                             picture_precision_recall, chosen, error);
    free(chosen);
    return status;
}

/* ---- probabilities */

static heed_status draw_reliability(heed_report *r, heed_error *error)
{
    calibration_bin found[CALIBRATION_BINS];
    heed_bin bins[CALIBRATION_BINS];
    heed_status status = evaluation_calibration(found, r->evaluation, error);
    for (size_t i = 0; i < CALIBRATION_BINS && status == HEED_OK; i++) {
        double rows = (double)found[i].rows;
        bins[i] = (heed_bin){found[i].rows > 0 ? found[i].sum / rows : 0,
                             found[i].rows > 0 ? (double)found[i].positives / rows : 0, found[i].rows};
    }
    return status == HEED_OK ? picture_reliability(&r->pictures[PICTURE_RELIABILITY], bins, CALIBRATION_BINS, error)
                             : status;
}

static size_t bin_of(float probability)
{
    size_t bin = (size_t)(probability * SCORE_BINS);
    return bin < SCORE_BINS ? bin : SCORE_BINS - 1;
}

/* Of two labels the positive's probability by true label; of more the answer's, right or wrong; of several labels a row
 * every label's, of rows that have it and of those that do not. */
static heed_status draw_scores(heed_report *r, heed_error *error)
{
    static const char *const right[] = {"right answers", "wrong answers"}, *const has[] = {"the row has the label",
                                                                                           "the row has it not"};
    const heed_evaluation *e = r->evaluation;
    bool binary = evaluation_is_binary(e), several = evaluation_is_several(e);
    uint64_t bins[2][SCORE_BINS] = {{0}};
    for (size_t i = 0; i < e->rows; i++) {
        const float *p = e->probabilities + i * e->label_count;
        size_t best = 0;
        for (size_t j = 0; j < e->label_count && !binary; j++) {
            if (several)
                bins[!evaluation_has_truth(e, i, j)][bin_of(p[j])]++;
            best = p[j] > p[best] ? j : best;
        }
        if (binary)
            bins[e->truth[i]][bin_of(p[e->positive])]++;
        else if (!several)
            bins[e->truth[i] != best][bin_of(p[best])]++;
    }
    const char *const *names = binary ? label_names(r) : several ? has : right;
    buffer score = {0};
    heed_status status = buffer_print(&score, error, binary ? "probability of %s" : "probability of the %s",
                                      binary    ? label_names(r)[e->positive]
                                      : several ? "label"
                                                : "answer");
    if (status == HEED_OK)
        status = buffer_byte(&score, '\0', error);
    if (status == HEED_OK)
        status = picture_scores(&r->pictures[PICTURE_SCORES], names, 2, bins[0], SCORE_BINS, score.data, error);
    buffer_release(&score);
    return status;
}

/* ---- the model */

static heed_status draw_training(heed_report *r, heed_error *error)
{
    const training_record *t = &r->model->config.training;
    const training_history history = {r->model->train, r->model->validation, t->epochs_run, t->epoch_kept};
    bool some = r->model->class->solver == NULL && t->epochs_run > 0;
    return some ? picture_training(&r->pictures[PICTURE_TRAINING], &history, error) : HEED_OK;
}

/* Without what stands before <svg, which names a document type on a network. Where Graphviz is not there, the table of
 * layers says the same. */
static heed_status draw_graph(heed_report *r, heed_error *error)
{
    char *svg = NULL;
    size_t size;
    heed_status status = heed_model_graph(r->model, "svg", &svg, &size, error);
    if (status == HEED_USAGE)
        return HEED_OK;
    const char *begin = status == HEED_OK ? strstr(svg, "<svg") : NULL;
    if (begin != NULL)
        status = buffer_append(&r->pictures[PICTURE_GRAPH], begin, size - (size_t)(begin - svg), error);
    heed_free(svg);
    return status;
}

heed_status report_draw(heed_report *r, heed_error *error)
{
    const heed_evaluation *e = r->evaluation;
    heed_status status = draw_labels(r, error);
    if (status == HEED_OK && e->confusion != NULL && e->label_count <= MATRIX_MOST)
        status =
            picture_confusion(&r->pictures[PICTURE_CONFUSION], label_names(r), e->label_count, e->confusion, error);
    if (status == HEED_OK)
        status = draw_both_curves(r, error);
    if (status == HEED_OK)
        status = draw_reliability(r, error);
    if (status == HEED_OK)
        status = draw_scores(r, error);
    if (status == HEED_OK)
        status = draw_lengths(r, error);
    if (status == HEED_OK)
        status = draw_training(r, error);
    return status == HEED_OK ? draw_graph(r, error) : status;
}
