#include "report/page_results.h"

#include <inttypes.h>
#include <math.h>

#include "base/escape.h"
#include "report/page_parts.h"

enum { LABELS_MOST = 200 }; /* with a row or a list of words of their own; the JSON has all */

/* ---- figures */

static void write_figure(writer *w, const heed_evaluation *e, const char *name, double value, interval range,
                         const char *note)
{
    page_fact_begin(w, name);
    page_number(w, value);
    page_interval(w, e, range);
    if (note[0] != '\0')
        writer_print(w, " <small class=\"note\">%s</small>", note);
    page_fact_end(w);
}

static void write_whole_figures(writer *w, const heed_report *r)
{
    static const interval none = {NAN, NAN};
    const heed_evaluation *e = r->evaluation;
    bool several = evaluation_is_several(e), binary = evaluation_is_binary(e);
    page_facts_begin(w);
    write_figure(w, e, "accuracy", e->accuracy, e->accuracy_interval,
                 several ? "all labels of a row right" : "share of rows answered right");
    write_figure(w, e, "without reading", e->baseline, none,
                 several ? "accuracy of always answering the commonest set"
                         : "accuracy of always answering the commonest");
    if (several)
        write_figure(w, e, "Hamming loss", e->hamming_loss, none, "share of single labels answered wrongly");
    write_figure(w, e, "macro F1", e->averages[AVERAGE_MACRO].f1, e->macro_f1_interval, "every label counts the same");
    write_figure(w, e, "ROC area", e->auc, e->auc_interval,
                 binary ? "0.5 is chance" : "mean of each label against the rest");
    write_figure(w, e, "average precision", e->average_precision, evaluation_interval_of(e, MEASURED_AVERAGE_PRECISION),
                 "area below precision and recall");
    write_figure(w, e, "log loss", e->loss, none, "less is better");
    write_figure(w, e, "Brier score", e->brier, evaluation_interval_of(e, MEASURED_BRIER),
                 "squared distance of the probabilities to the truth; less is better");
    write_figure(w, e, "ECE", e->ece, evaluation_interval_of(e, MEASURED_ECE),
                 "how far probabilities are from what happens, 15 bins; less is better");
    page_facts_end(w);
    if (e->resamples > 0)
        writer_print(
            w,
            "<p class=\"note\">In brackets the 95%% interval of a bootstrap over rows (%u resamples, seed %" PRIu64
            ").</p>\n",
            e->resamples, e->seed);
}

/* first: the number of the first of their intervals; 0: they have none. */
static void write_scores(writer *w, const heed_evaluation *e, const scores *s, size_t first)
{
    const double values[] = {s->precision, s->recall, s->f1};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        writer_text(w, "<td>");
        page_number(w, values[i]);
        if (first > 0)
            page_interval(w, e, evaluation_interval_of(e, first + i));
        writer_text(w, "</td>");
    }
}

static void write_label_row(writer *w, const heed_report *r, size_t label)
{
    const label_scores *l = &r->evaluation->labels[label];
    writer_text(w, "<tr><th scope=\"row\">");
    page_label(w, r, label);
    writer_text(w, "</th>");
    write_scores(w, r->evaluation, &l->scores, MEASURED + 3 * label);
    const double areas[] = {l->auc, l->average_precision};
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        writer_text(w, "<td>");
        page_number(w, areas[i]);
        writer_text(w, "</td>");
    }
    writer_text(w, "<td>");
    page_count(w, l->support);
    writer_text(w, "</td></tr>\n");
}

static void write_averages(writer *w, const heed_evaluation *e)
{
    static const char *const names[AVERAGE_COUNT] = {"macro average", "weighted average", "micro average",
                                                     "average of rows"};
    static const size_t intervals[AVERAGE_COUNT] = {MEASURED_MACRO, MEASURED_WEIGHTED, MEASURED_MICRO, 0};
    for (int i = 0; i < AVERAGE_COUNT; i++) {
        if (i == AVERAGE_SAMPLES && !evaluation_is_several(e))
            continue;
        writer_print(w, "<tr class=\"average\"><th scope=\"row\">%s</th>", names[i]);
        write_scores(w, e, &e->averages[i], intervals[i]);
        writer_text(w, "<td>");
        page_number(w, i == AVERAGE_MACRO ? e->auc : i == AVERAGE_MICRO ? e->micro_auc : NAN);
        writer_text(w, "</td><td>");
        page_number(w, i == AVERAGE_MACRO ? e->average_precision : NAN);
        writer_text(w, "</td><td>");
        page_count(w, evaluation_is_several(e) ? e->label_rows : e->rows);
        writer_text(w, "</td></tr>\n");
    }
}

void page_figures(writer *w, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    page_begin(w, "figures", "Figures");
    write_whole_figures(w, r);
    writer_text(w, "<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">label</th>"
                   "<th scope=\"col\">precision</th><th scope=\"col\">recall</th><th scope=\"col\">F1</th>"
                   "<th scope=\"col\">ROC area</th><th scope=\"col\">average precision</th><th scope=\"col\">rows</th>"
                   "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < e->label_count && i < LABELS_MOST; i++)
        write_label_row(w, r, i);
    write_averages(w, e);
    writer_text(w, "</tbody></table></div>\n");
    if (e->label_count > LABELS_MOST)
        writer_print(w, "<p class=\"note\">%zu labels more are in report.json.</p>\n", e->label_count - LABELS_MOST);
    page_end(w);
}

/* ---- pictures */

/* A matrix of many labels is wider than the other pictures and comes above their columns. */
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
    const vocabulary *words = &r->model->words;
    writer_text(w, "<div class=\"words\"><h3>");
    page_label(w, r, label);
    writer_text(w, "</h3>\n<ol>\n");
    for (size_t i = 0; i < list->count; i++) {
        const report_word *word = &list->words[i];
        writer_print(w, "<li style=\"--part:%.1f%%\"><bdi>", 100 * word->mean / list->words[0].mean);
        escape_markup(w, intern_word(&words->words, word->id - words->first));
        writer_print(w, "</bdi> <span>%+.3g in %" PRIu32 "</span></li>\n", word->mean, word->rows);
    }
    writer_text(w, "</ol>\n");
    if (list->count == 0)
        writer_text(w, "<p class=\"note\">no word in enough rows</p>\n");
    writer_text(w, "</div>\n");
}

void page_words(writer *w, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    page_begin(w, "words", "Words with the most pull");
    writer_print(
        w,
        "<p>%s: what a word does to a label's logit, added up over its places in a row; shown is the mean over "
        "the rows that have it, and how many those are.",
        r->model->linear != NULL ? "Value times weight, a pair of words divided between both" : "Gradient times input");
    writer_text(w, evaluation_is_binary(e)
                       ? " Counted in "
                       : " For each label, counted in the rows for which it is the likeliest, among ");
    page_count(w, r->sample.count);
    writer_print(
        w, r->sample.count < r->rows ? " rows drawn from the test by seed %" PRIu64 "; " : " rows, all of the test; ",
        r->sample.seed);
    writer_print(w, "words in fewer than %" PRIu32 " of them are left out.</p>\n<div class=\"lists\">\n",
                 r->words.least_rows);
    for (size_t i = 0; i < e->label_count && i < LABELS_MOST; i++)
        write_words(w, r, i);
    writer_text(w, "</div>\n");
    page_end(w);
}
