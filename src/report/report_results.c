/* What came out: the figures, their pictures, the words with the most pull. */
#include <inttypes.h>
#include <math.h>

#include "report/report_page.h"

enum { LABELS_MOST = 200 }; /* with a row or a list of words of their own; the JSON has all */

/* ---- figures */

static void write_figure(pen *p, const heed_evaluation *e, const char *name, double value, interval range,
                         const char *note)
{
    page_fact_begin(p, name);
    page_number(p, value);
    page_interval(p, e, range);
    if (note[0] != '\0')
        pen_print(p, " <small class=\"note\">%s</small>", note);
    page_fact_end(p);
}

static void write_whole_figures(pen *p, const heed_report *r)
{
    static const interval none = {NAN, NAN};
    const heed_evaluation *e = r->evaluation;
    bool several = evaluation_is_several(e), binary = evaluation_is_binary(e);
    page_facts_begin(p);
    write_figure(p, e, "accuracy", e->accuracy, e->accuracy_interval,
                 several ? "all labels of a row right" : "share of rows answered right");
    write_figure(p, e, "without reading", e->baseline, none,
                 several ? "accuracy of always answering the commonest set"
                         : "accuracy of always answering the commonest");
    if (several)
        write_figure(p, e, "Hamming loss", e->hamming_loss, none, "share of single labels answered wrongly");
    write_figure(p, e, "macro F1", e->averages[AVERAGE_MACRO].f1, e->macro_f1_interval, "every label counts the same");
    write_figure(p, e, "ROC area", e->auc, e->auc_interval,
                 binary ? "0.5 is chance" : "mean of each label against the rest");
    write_figure(p, e, "average precision", e->average_precision, evaluation_interval_of(e, MEASURED_AVERAGE_PRECISION),
                 "area below precision and recall");
    write_figure(p, e, "log loss", e->loss, none, "less is better");
    write_figure(p, e, "Brier score", e->brier, evaluation_interval_of(e, MEASURED_BRIER),
                 "squared distance of the probabilities to the truth; less is better");
    write_figure(p, e, "ECE", e->ece, evaluation_interval_of(e, MEASURED_ECE),
                 "how far probabilities are from what happens, 15 bins; less is better");
    page_facts_end(p);
    if (e->resamples > 0)
        pen_print(
            p,
            "<p class=\"note\">In brackets the 95%% interval of a bootstrap over rows (%u resamples, seed %" PRIu64
            ").</p>\n",
            e->resamples, e->seed);
}

/* first: where their intervals stand; 0: they have none. */
static void write_scores(pen *p, const heed_evaluation *e, const scores *s, size_t first)
{
    const double values[] = {s->precision, s->recall, s->f1};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        pen_text(p, "<td>");
        page_number(p, values[i]);
        if (first > 0)
            page_interval(p, e, evaluation_interval_of(e, first + i));
        pen_text(p, "</td>");
    }
}

static void write_label_row(pen *p, const heed_report *r, size_t label)
{
    const label_scores *l = &r->evaluation->labels[label];
    pen_text(p, "<tr><th scope=\"row\">");
    page_label(p, r, label);
    pen_text(p, "</th>");
    write_scores(p, r->evaluation, &l->scores, MEASURED + 3 * label);
    const double areas[] = {l->auc, l->average_precision};
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        pen_text(p, "<td>");
        page_number(p, areas[i]);
        pen_text(p, "</td>");
    }
    pen_text(p, "<td>");
    page_count(p, l->support);
    pen_text(p, "</td></tr>\n");
}

static void write_averages(pen *p, const heed_evaluation *e)
{
    static const char *const names[AVERAGE_COUNT] = {"macro average", "weighted average", "micro average",
                                                     "average of rows"};
    static const size_t intervals[AVERAGE_COUNT] = {MEASURED_MACRO, MEASURED_WEIGHTED, MEASURED_MICRO, 0};
    for (int i = 0; i < AVERAGE_COUNT; i++) {
        if (i == AVERAGE_SAMPLES && !evaluation_is_several(e))
            continue;
        pen_print(p, "<tr class=\"average\"><th scope=\"row\">%s</th>", names[i]);
        write_scores(p, e, &e->averages[i], intervals[i]);
        pen_text(p, "<td>");
        page_number(p, i == AVERAGE_MACRO ? e->auc : i == AVERAGE_MICRO ? e->micro_auc : NAN);
        pen_text(p, "</td><td>");
        page_number(p, i == AVERAGE_MACRO ? e->average_precision : NAN);
        pen_text(p, "</td><td>");
        page_count(p, evaluation_is_several(e) ? e->label_rows : e->rows);
        pen_text(p, "</td></tr>\n");
    }
}

void page_figures(pen *p, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    page_begin(p, "figures", "Figures");
    write_whole_figures(p, r);
    pen_text(p, "<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">label</th>"
                "<th scope=\"col\">precision</th><th scope=\"col\">recall</th><th scope=\"col\">F1</th>"
                "<th scope=\"col\">ROC area</th><th scope=\"col\">average precision</th><th scope=\"col\">rows</th>"
                "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < e->label_count && i < LABELS_MOST; i++)
        write_label_row(p, r, i);
    write_averages(p, e);
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
              report_word_method(r) == HEED_METHOD_WEIGHTS ? "Value times weight, a pair of words divided between both"
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
