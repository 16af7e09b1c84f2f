/* An evaluation as one JSON object; undefined metrics are null. */
#include <math.h>

#include "base/json.h"
#include "metrics/metric_table.h"

/* Metrics of all tasks, or of only some tasks. */
static void put_metrics(json_builder *j, const heed_evaluation *e, bool of_all_tasks)
{
    for (const metric *m = metric_next_json(NULL); m != NULL; m = metric_next_json(m))
        if ((m->tasks == 0) == of_all_tasks && metric_is_defined(m, e))
            json_put_number(j, m->name, metric_value(m, e));
}

static void put_scores(json_builder *j, scores s)
{
    for (score i = 0; i < SCORE_COUNT; i++)
        json_put_number(j, names_of(&score_names, i), s.of[i]);
}

static void put_average(json_builder *j, const heed_evaluation *e, average kind)
{
    json_open_object(j, names_of(&average_names, kind));
    put_scores(j, evaluation_average(e, kind));
    json_close(j);
}

/* ---- intervals */

static void put_interval(json_builder *j, const char *key, interval range)
{
    json_open_list(j, key);
    json_put_number(j, NULL, range.low);
    json_put_number(j, NULL, range.high);
    json_close(j);
}

static void put_average_intervals(json_builder *j, const heed_evaluation *e, average kind)
{
    json_open_object(j, names_of(&average_names, kind));
    for (score i = 0; i < SCORE_COUNT; i++)
        put_interval(j, names_of(&score_names, i), metric_interval(metric_of_average(kind, i), e));
    json_close(j);
}

/* null without a bootstrap. */
static void put_intervals(json_builder *j, const heed_evaluation *e)
{
    if (e->resamples == 0) {
        json_put_null(j, "intervals");
        return;
    }
    json_open_object(j, "intervals");
    json_put_count(j, "resamples", e->resamples);
    json_put_count(j, "seed", e->seed);
    for (const metric *m = metric_next_shown(NULL); m != NULL; m = metric_next_shown(m))
        if (m->resampled && metric_is_defined(m, e))
            put_interval(j, m->name, metric_interval(m, e));
    for (const metric *m = metrics; m < metrics + metric_count; m++)
        if (m->resampled && metric_is_defined(m, e) && m->shown_place == 0 && !metric_is_average(m))
            put_interval(j, m->name, metric_interval(m, e));
    for (average i = 0; i < AVERAGE_COUNT; i++)
        if (metric_of_average(i, SCORE_F1)->resampled)
            put_average_intervals(j, e, i);
    json_close(j);
}

/* ---- labels */

/* A label against the rest, as scikit-learn's multilabel_confusion_matrix: [[tn, fp], [fn, tp]]. */
static void put_confusion_of_label(json_builder *j, const heed_evaluation *e, label_count c)
{
    const uint64_t counts[2][2] = {{e->rows - c.support - c.predicted + c.hits, c.predicted - c.hits},
                                   {c.support - c.hits, c.hits}};
    json_open_list(j, "confusion");
    for (size_t i = 0; i < 2; i++) {
        json_open_list(j, NULL);
        json_put_count(j, NULL, counts[i][0]);
        json_put_count(j, NULL, counts[i][1]);
        json_close(j);
    }
    json_close(j);
}

static void put_label(json_builder *j, const heed_evaluation *e, size_t label)
{
    json_open_entry(j, evaluation_name(e, label));
    put_scores(j, scores_of(e->counts.of[label]));
    json_put_count(j, "support", e->counts.of[label].support);
    json_put_number(j, "auc", e->areas[label].roc);
    json_put_number(j, "average_precision", e->areas[label].average_precision);
    if (e->resamples > 0) {
        json_open_object(j, "intervals");
        for (score i = 0; i < SCORE_COUNT; i++)
            put_interval(j, names_of(&score_names, i), evaluation_interval(e, interval_of_label(label, i)));
        json_close(j);
    }
    if (evaluation_is_multilabel(e)) {
        json_put_number(j, "threshold", label < e->label_count ? e->thresholds[label] : (double)NAN);
        put_confusion_of_label(j, e, e->counts.of[label]);
    }
    json_close(j);
}

static void put_labels(json_builder *j, const heed_evaluation *e)
{
    json_open_object(j, "labels");
    for (size_t i = 0; i < evaluation_labels(e); i++)
        put_label(j, e, i);
    json_close(j);
}

static void put_matrix(json_builder *j, const heed_evaluation *e)
{
    size_t labels = evaluation_labels(e);
    json_open_list(j, "matrix");
    for (size_t i = 0; i < labels; i++) {
        json_open_list(j, NULL);
        for (size_t k = 0; k < labels; k++)
            json_put_count(j, NULL, evaluation_confused(e, i, k));
        json_close(j);
    }
    json_close(j);
}

/* What is not 0 in the matrix: [actual, predicted, rows], labels by their place in the list. */
static void put_pairs(json_builder *j, const heed_evaluation *e)
{
    json_put_null(j, "matrix");
    json_open_list(j, "pairs");
    for (size_t i = 0; i < e->pair_count; i++) {
        json_open_list(j, NULL);
        json_put_count(j, NULL, e->pairs[i].actual);
        json_put_count(j, NULL, e->pairs[i].predicted);
        json_put_count(j, NULL, e->pairs[i].rows);
        json_close(j);
    }
    json_close(j);
}

/* null with several labels per row. */
static void put_confusion(json_builder *j, const heed_evaluation *e)
{
    if (evaluation_is_multilabel(e)) {
        json_put_null(j, "confusion");
        return;
    }
    json_open_object(j, "confusion");
    json_open_list(j, "labels");
    for (size_t i = 0; i < evaluation_labels(e); i++)
        json_put_bytes(j, NULL, evaluation_name(e, i));
    json_close(j);
    if (e->confusion != NULL)
        put_matrix(j, e);
    else
        put_pairs(j, e);
    json_close(j);
}

/* Only where something is over less than it seems to be: over how many rows and labels. */
static void put_bases(json_builder *j, const heed_evaluation *e)
{
    const label_basis areas = evaluation_roc_basis(e), macro = evaluation_macro_basis(e);
    if (e->unknown > 0) {
        json_put_count(j, "known_rows", e->known_rows);
        json_open_object(j, "unknown_labels");
        for (size_t i = e->label_count; i < evaluation_labels(e); i++) {
            json_open_entry(j, evaluation_name(e, i));
            json_put_count(j, "support", e->counts.of[i].support);
            json_close(j);
        }
        json_close(j);
    }
    if (label_basis_is_partial(areas))
        json_put_count(j, "auc_labels", areas.counted);
    if (label_basis_is_partial(macro))
        json_put_count(j, "macro_labels", macro.counted);
}

/* null unless the task is one of two labels. */
static void put_threshold(json_builder *j, const heed_evaluation *e)
{
    if (!evaluation_is_binary(e)) {
        json_put_null(j, "threshold");
        json_put_null(j, "positive");
        return;
    }
    json_put_number(j, "threshold", *e->thresholds);
    json_put_bytes(j, "positive", evaluation_name(e, e->positive));
}

static void put_evaluation(json_builder *j, const heed_evaluation *e)
{
    json_put_count(j, "rows", e->rows);
    put_bases(j, e);
    put_metrics(j, e, true);
    put_intervals(j, e);
    for (average i = 0; i < AVERAGE_COUNT; i++)
        if (metric_is_defined(metric_of_average(i, SCORE_F1), e))
            put_average(j, e, i);
    put_metrics(j, e, false);
    put_labels(j, e);
    put_confusion(j, e);
    put_threshold(j, e);
}

/* null if it is not known which rows were seen. The rest is null if there is nothing to measure in it. */
static void put_seen(json_builder *j, const heed_evaluation *e)
{
    if (e->judged_rows == 0) {
        json_put_null(j, "seen");
        return;
    }
    json_open_object(j, "seen");
    json_put_count(j, "rows", e->seen_rows);
    if (e->unseen != NULL) {
        json_open_object(j, "rest");
        put_evaluation(j, e->unseen);
        json_close(j);
    } else if (e->seen_rows > 0) {
        json_put_null(j, "rest");
    }
    json_close(j);
}

heed_status heed_evaluation_json(char **out, const heed_evaluation *evaluation, heed_error *error)
{
    const heed_evaluation *e = evaluation;
    json_builder j = {0};
    *out = NULL;
    heed_status status = evaluation_check_finished(e, error);
    if (status != HEED_OK)
        return status;
    json_open_object(&j, NULL);
    put_evaluation(&j, e);
    put_seen(&j, e);
    json_close(&j);
    return json_take(&j, out, "the evaluation as JSON", error);
}
