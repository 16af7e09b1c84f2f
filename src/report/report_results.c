/* What came out: the figures, their pictures, the words with the most pull. */
#include <inttypes.h>
#include <math.h>

#include "metrics/metric_table.h"
#include "report/report_page.h"

enum { LABELS_MOST = 200 }; /* with a row or a list of words of their own; the JSON has all */

/* ---- figures */

static void write_metric(pen *p, const heed_evaluation *e, const metric *m)
{
    page_fact_begin(p, m->page_heading);
    page_number(p, metric_value(m, e));
    page_interval(p, e, metric_interval(m, e));
    pen_print(p, " <small class=\"note\">%s</small>", m->page_note[e->task]);
    page_fact_end(p);
}

static void write_metrics(pen *p, const heed_evaluation *e)
{
    page_facts_begin(p);
    for (const metric *m = metric_next_shown(NULL); m != NULL; m = metric_next_shown(m))
        if (m->page_heading != NULL && metric_is_defined(m, e))
            write_metric(p, e, m);
    page_facts_end(p);
    if (e->resamples > 0)
        pen_print(
            p,
            "<p class=\"note\">In brackets the 95%% interval of a bootstrap over rows (%u resamples, seed %" PRIu64
            ").</p>\n",
            e->resamples, e->seed);
}

static void write_score(pen *p, const heed_evaluation *e, double value, interval range)
{
    pen_text(p, "<td>");
    page_number(p, value);
    page_interval(p, e, range);
    pen_text(p, "</td>");
}

static void write_number(pen *p, double value)
{
    pen_text(p, "<td>");
    page_number(p, value);
    pen_text(p, "</td>");
}

static void write_label_row(pen *p, const heed_report *r, size_t label)
{
    const heed_evaluation *e = r->evaluation;
    const scores s = scores_of(e->counts.of[label]);
    pen_text(p, "<tr><th scope=\"row\">");
    page_label(p, r, label);
    pen_text(p, "</th>");
    for (score i = 0; i < SCORE_COUNT; i++)
        write_score(p, e, s.of[i], evaluation_interval(e, interval_of_label(label, i)));
    write_number(p, e->areas[label].roc);
    write_number(p, e->areas[label].average_precision);
    pen_text(p, "<td>");
    page_count(p, e->counts.of[label].support);
    pen_text(p, "</td></tr>\n");
}

static void write_average(pen *p, const heed_evaluation *e, average kind)
{
    if (kind == AVERAGE_SAMPLES)
        pen_text(p, "<tr class=\"average\"><th scope=\"row\">average of rows</th>");
    else
        pen_print(p, "<tr class=\"average\"><th scope=\"row\">%s average</th>", names_of(&average_names, kind));
    for (score i = 0; i < SCORE_COUNT; i++) {
        const metric *m = metric_of_average(kind, i);
        write_score(p, e, metric_value(m, e), metric_interval(m, e));
    }
    write_number(p, kind == AVERAGE_MACRO   ? evaluation_value(e, "auc")
                    : kind == AVERAGE_MICRO ? evaluation_value(e, "micro_auc")
                                            : (double)NAN);
    write_number(p, kind == AVERAGE_MACRO ? evaluation_value(e, "average_precision") : (double)NAN);
    pen_text(p, "<td>");
    page_count(p, evaluation_label_rows(e));
    pen_text(p, "</td></tr>\n");
}

void page_figures(pen *p, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    page_begin(p, "figures", "Figures");
    write_metrics(p, e);
    pen_text(p, "<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">label</th>"
                "<th scope=\"col\">precision</th><th scope=\"col\">recall</th><th scope=\"col\">F1</th>"
                "<th scope=\"col\">ROC area</th><th scope=\"col\">average precision</th><th scope=\"col\">rows</th>"
                "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < e->label_count && i < LABELS_MOST; i++)
        write_label_row(p, r, i);
    for (average i = 0; i < AVERAGE_COUNT; i++)
        if (metric_is_defined(metric_of_average(i, SCORE_F1), e))
            write_average(p, e, i);
    pen_text(p, "</tbody></table></div>\n");
    if (e->label_count > LABELS_MOST)
        pen_print(p, "<p class=\"note\">%zu labels more are in report.json.</p>\n", e->label_count - LABELS_MOST);
    page_end(p);
}

/* ---- pictures */

/* A matrix of many labels is wider than the other pictures and stands above their columns. */
void page_pictures(pen *p, const heed_report *r)
{
    enum { NARROW_MATRIX = 8 };
    bool wide = r->evaluation->label_count > NARROW_MATRIX;
    page_begin(p, "pictures", "Pictures");
    if (wide)
        page_picture(p, r, PICTURE_CONFUSION);
    pen_text(p, "<div class=\"pictures\">\n");
    if (!wide)
        page_picture(p, r, PICTURE_CONFUSION);
    page_picture(p, r, PICTURE_ROC);
    page_picture(p, r, PICTURE_PRECISION_RECALL);
    page_picture(p, r, PICTURE_RELIABILITY);
    page_picture(p, r, PICTURE_SCORES);
    pen_text(p, "</div>\n");
    page_end(p);
}

/* ---- words */

static void write_words(pen *p, const heed_report *r, size_t label)
{
    const label_words *list = &r->words[label];
    const vocabulary *words = &r->model->words;
    pen_text(p, "<div class=\"words\"><h3>");
    page_label(p, r, label);
    pen_text(p, "</h3>\n<ol>\n");
    for (size_t i = 0; i < list->count; i++) {
        const report_word *w = &list->words[i];
        pen_print(p, "<li style=\"--part:%.1f%%\"><bdi>", 100 * w->mean / list->words[0].mean);
        pen_markup(p, intern_word(&words->words, w->id - words->first));
        pen_print(p, "</bdi> <span>%+.3g in %" PRIu32 "</span></li>\n", w->mean, w->rows);
    }
    pen_text(p, "</ol>\n");
    if (list->count == 0)
        pen_text(p, "<p class=\"note\">no word in enough rows</p>\n");
    pen_text(p, "</div>\n");
}

void page_words(pen *p, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    page_begin(p, "words", "Words with the most pull");
    pen_print(p,
              "<p>%s: what a word does to a label's logit, added up over its places in a row; shown is the mean over "
              "the rows that have it, and how many those are.",
              r->model->linear != NULL ? "Value times weight, a pair of words divided between both"
                                       : "Gradient times input");
    pen_text(p, evaluation_is_binary(e) ? " Counted in "
                                        : " For each label, counted in the rows for which it is the likeliest, among ");
    page_count(p, r->sampled);
    pen_print(p, r->sampled < r->rows ? " rows drawn from the test by seed %" PRIu64 "; " : " rows, all of the test; ",
              r->seed);
    pen_print(p, "words in fewer than %" PRIu32 " of them are left out.</p>\n<div class=\"lists\">\n", r->word_least);
    for (size_t i = 0; i < e->label_count && i < LABELS_MOST; i++)
        write_words(p, r, i);
    pen_text(p, "</div>\n");
    page_end(p);
}
