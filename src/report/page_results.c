#include "report/page_results.h"

#include <inttypes.h>
#include <math.h>

#include "base/escape.h"
#include "metrics/metric_table.h"
#include "report/page_parts.h"

enum { MAX_LABELS = 200 }; /* labels with a row or a list of words of their own; the JSON has all */

/* ---- metrics */

static void write_metric(writer *w, const heed_evaluation *e, const metric *m)
{
    page_fact_begin(w, m->page_heading);
    page_number(w, metric_value(m, e));
    page_interval(w, e, metric_interval(m, e));
    writer_print(w, " <small class=\"note\">%s", m->page_note[e->task]);
    if (m->basis != NULL && label_basis_is_partial(m->basis(e)))
        writer_print(w, ", over %zu of %zu labels", m->basis(e).counted, m->basis(e).all);
    writer_text(w, "</small>");
    page_fact_end(w);
}

/* What accuracy hides where labels are far from equal. */
static void write_rare(writer *w, const heed_evaluation *e, size_t rare)
{
    if (rare == evaluation_labels(e))
        return;
    page_fact_begin(w, "F1 of the rarest label");
    page_number(w, scores_of(e->counts.of[rare]).of[SCORE_F1]);
    writer_text(w, " <small class=\"note\">");
    page_name(w, evaluation_name(e, rare));
    writer_print(w, ", %" PRIu64 " of %zu rows</small>", e->counts.of[rare].support, e->rows);
    page_fact_end(w);
}

static void write_unknown(writer *w, const heed_evaluation *e)
{
    if (e->unknown == 0)
        return;
    page_fact_begin(w, "unknown labels");
    page_count(w, e->unknown);
    writer_print(
        w,
        evaluation_is_multilabel(e)
            ? " <small class=\"note\">labels of rows, which the model does not have, count as missed; log loss, "
              "Brier score, ECE and areas are over the %zu labels that it has</small>"
            : " <small class=\"note\">rows with labels that the model does not have count as wrong; log loss, "
              "Brier score, ECE and areas are over the other %zu rows</small>",
        evaluation_is_multilabel(e) ? e->label_count : e->known_rows);
    page_fact_end(w);
}

static void write_values(writer *w, const heed_evaluation *e)
{
    page_facts_begin(w);
    write_unknown(w, e);
    for (const metric *m = metric_next_shown(NULL); m != NULL; m = metric_next_shown(m))
        if (m->page_heading != NULL && metric_is_defined(m, e))
            write_metric(w, e, m);
    write_rare(w, e, evaluation_rare_label(e));
    page_facts_end(w);
}

/* What rows that the model saw hide: the same without them. */
static void write_unseen(writer *w, const heed_evaluation *e)
{
    if (e->judged_rows == 0)
        writer_text(w, "<p class=\"note\">Which of these rows the model saw in training cannot be known.</p>\n");
    if (e->seen_rows == 0)
        return;
    writer_text(w, "<p>The model saw the texts of ");
    page_count(w, e->seen_rows);
    writer_print(w, " of these rows (%.*f%%) in training. ", e->seen_rows < e->rows ? 1 : 0,
                 100 * (double)e->seen_rows / (double)e->rows);
    if (e->unseen == NULL) {
        writer_text(w, "Without them there is nothing to measure.</p>\n");
        return;
    }
    writer_text(w, "Of the other ");
    page_count(w, e->unseen->rows);
    writer_text(w, ":</p>\n");
    write_values(w, e->unseen);
}

static void write_metrics(writer *w, const heed_evaluation *e)
{
    write_values(w, e);
    write_unseen(w, e);
    if (e->resamples > 0)
        writer_print(
            w,
            "<p class=\"note\">In brackets: 95%% intervals of a bootstrap over rows (%u resamples, seed %" PRIu64
            ").</p>\n",
            e->resamples, e->seed);
}

static void write_score(writer *w, const heed_evaluation *e, double value, interval range)
{
    writer_text(w, "<td>");
    page_number(w, value);
    page_interval(w, e, range);
    writer_text(w, "</td>");
}

static void write_number(writer *w, double value)
{
    writer_text(w, "<td>");
    page_number(w, value);
    writer_text(w, "</td>");
}

/* Of several labels per row each has a threshold; of two labels the positive one, which is news if it is not the
 * default. */
static bool has_thresholds(const heed_evaluation *e)
{
    return evaluation_is_multilabel(e) || (evaluation_is_binary(e) && *e->thresholds != 0.5);
}

static void write_threshold(writer *w, const heed_evaluation *e, size_t label)
{
    writer_text(w, "<td>");
    if (evaluation_is_multilabel(e) && label < e->label_count)
        writer_print(w, "%g", e->thresholds[label]);
    else if (evaluation_is_binary(e) && label == e->positive)
        writer_print(w, "%g", *e->thresholds);
    writer_text(w, "</td>");
}

static void write_label_row(writer *w, const heed_report *r, size_t label)
{
    const heed_evaluation *e = r->evaluation;
    const scores s = scores_of(e->counts.of[label]);
    writer_text(w, "<tr><th scope=\"row\">");
    page_name(w, evaluation_name(e, label));
    writer_text(w, "</th>");
    if (has_thresholds(e))
        write_threshold(w, e, label);
    for (score i = 0; i < SCORE_COUNT; i++)
        write_score(w, e, s.of[i], evaluation_interval(e, interval_of_label(label, i)));
    write_number(w, e->areas[label].roc);
    write_number(w, e->areas[label].average_precision);
    writer_text(w, "<td>");
    page_count(w, e->counts.of[label].support);
    writer_text(w, "</td></tr>\n");
}

static void write_average(writer *w, const heed_evaluation *e, average kind)
{
    if (kind == AVERAGE_SAMPLES)
        writer_text(w, "<tr class=\"average\"><th scope=\"row\">average of rows</th>");
    else
        writer_print(w, "<tr class=\"average\"><th scope=\"row\">%s average</th>", names_of(&average_names, kind));
    writer_text(w, has_thresholds(e) ? "<td></td>" : "");
    for (score i = 0; i < SCORE_COUNT; i++) {
        const metric *m = metric_of_average(kind, i);
        write_score(w, e, metric_value(m, e), metric_interval(m, e));
    }
    write_number(w, kind == AVERAGE_MACRO   ? evaluation_value(e, "auc")
                    : kind == AVERAGE_MICRO ? evaluation_value(e, "micro_auc")
                                            : (double)NAN);
    write_number(w, kind == AVERAGE_MACRO ? evaluation_value(e, "average_precision") : (double)NAN);
    writer_text(w, "<td>");
    page_count(w, evaluation_label_rows(e));
    writer_text(w, "</td></tr>\n");
}

void page_metrics(writer *w, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    size_t labels = evaluation_labels(e);
    page_begin(w, "figures", "Metrics");
    write_metrics(w, e);
    writer_print(w,
                 "<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">label</th>%s"
                 "<th scope=\"col\">precision</th><th scope=\"col\">recall</th><th scope=\"col\">F1</th>"
                 "<th scope=\"col\">ROC area</th><th scope=\"col\">average precision</th><th scope=\"col\">rows</th>"
                 "</tr></thead>\n<tbody>\n",
                 has_thresholds(e) ? "<th scope=\"col\">threshold</th>" : "");
    for (size_t i = 0; i < labels && i < MAX_LABELS; i++)
        write_label_row(w, r, i);
    for (average i = 0; i < AVERAGE_COUNT; i++)
        if (metric_is_defined(metric_of_average(i, SCORE_F1), e))
            write_average(w, e, i);
    writer_text(w, "</tbody></table></div>\n");
    if (labels > MAX_LABELS)
        writer_print(w, "<p class=\"note\">%zu more labels are in report.json.</p>\n", labels - MAX_LABELS);
    page_end(w);
}

/* ---- pictures */

/* A matrix of many labels is wider than the other pictures and is put above their columns. */
void page_pictures(writer *w, const heed_report *r)
{
    enum { NARROW_MATRIX = 8 };
    bool wide = r->evaluation->label_count > NARROW_MATRIX;
    page_begin(w, "pictures", "Pictures");
    if (wide)
        page_picture(w, r, PICTURE_CONFUSION);
    writer_text(w, "<div class=\"pictures\">\n");
    if (!wide)
        page_picture(w, r, PICTURE_CONFUSION);
    page_picture(w, r, PICTURE_ROC);
    page_picture(w, r, PICTURE_PRECISION_RECALL);
    page_picture(w, r, PICTURE_RELIABILITY);
    page_picture(w, r, PICTURE_SCORES);
    writer_text(w, "</div>\n");
    page_end(w);
}

/* ---- words */

static void write_words(writer *w, const heed_report *r, size_t label)
{
    const label_words *list = &r->words.labels[label];
    writer_text(w, "<div class=\"words\"><h3>");
    page_label(w, r, label);
    writer_text(w, "</h3>\n<ol>\n");
    for (size_t i = 0; i < list->count; i++) {
        const report_word *word = &list->words[i];
        writer_print(w, "<li style=\"--part:%.1f%%\"><bdi>", 100 * word->mean / list->words[0].mean);
        escape_markup(w, intern_word(r->words.texts, word->number));
        writer_print(w, "</bdi> <span>%+.3g in %" PRIu32 "</span></li>\n", word->mean, word->rows);
    }
    writer_text(w, "</ol>\n");
    if (list->count == 0)
        writer_text(w, "<p class=\"note\">no word occurs in enough rows</p>\n");
    writer_text(w, "</div>\n");
}

void page_words(writer *w, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    heed_method method = model_method_of_many(r->model);
    page_begin(w, "words", "Words with the largest effect");
    writer_print(w,
                 "<p>%s: the effect of a word on a label's logit, summed over its occurrences in a row. Shown are the "
                 "mean over the rows that contain it and the number of these rows.",
                 method == HEED_METHOD_INTEGRATED
                     ? r->model->class->has_parts
                           ? "Integrated gradients of 8 steps of networks and encoders, value times weight of other "
                             "parts, each times the weight of its part"
                           : "Integrated gradients of 8 steps"
                 : method == HEED_METHOD_WEIGHTS ? "Value times weight (a word pair counts half for each of its words)"
                 : r->model->class->has_parts
                     ? "Gradient times input of networks, value times weight of other parts, each times the weight of "
                       "its part"
                     : "Gradient times input");
    writer_text(w, evaluation_is_binary(e)
                       ? " Measured on "
                       : " For each label, measured on the rows for which it is the most likely, among ");
    page_count(w, r->sample.count);
    writer_print(
        w, r->sample.count < r->rows ? " rows drawn from the test by seed %" PRIu64 "; " : " rows, all of the test; ",
        r->sample.seed);
    writer_print(w, "words in fewer than %" PRIu32 " of them are left out.</p>\n<div class=\"lists\">\n",
                 r->words.min_rows);
    for (size_t i = 0; i < e->label_count && i < MAX_LABELS; i++)
        write_words(w, r, i);
    writer_text(w, "</div>\n");
    page_end(w);
}
