#include "report/report_page.h"

#include "metrics/metric_table.h"
#include "report/page_facts.h"
#include "report/page_mistakes.h"
#include "report/page_parts.h"
#include "report/page_results.h"
#include "report/report_limits.h"

static void write_tile(writer *w, const heed_report *r, const char *heading, const char *name)
{
    const metric *m = metric_find(name);
    writer_print(w, "<div class=\"tile\"><span>%s</span><strong>", heading);
    page_number(w, metric_value(m, r->evaluation));
    writer_text(w, "</strong>");
    page_interval(w, r->evaluation, metric_interval(m, r->evaluation));
    writer_text(w, "</div>\n");
}

static void write_header(writer *w, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    writer_text(w, "<header>\n<p class=\"kind\">heed report</p>\n<h1>");
    page_outside(w, r->model_name[0] != '\0' ? r->model_name : "a model");
    writer_text(w, "</h1>\n<p>measured on ");
    page_count(w, e->rows);
    writer_print(w, " row%s%s", e->rows == 1 ? "" : "s", r->file_count > 0 ? " of " : "");
    for (size_t i = 0; i < r->file_count; i++) {
        writer_text(w, i > 0 ? ", " : "");
        page_outside(w, r->files[i]);
    }
    writer_text(w, "</p>\n<div class=\"tiles\">\n");
    write_tile(w, r, evaluation_is_multilabel(e) ? "accuracy (all labels of a row)" : "accuracy", "accuracy");
    write_tile(w, r, "macro F1", "macro_f1");
    write_tile(w, r, "ROC area", "auc");
    write_tile(w, r, "majority-class baseline", "baseline");
    writer_text(w, "</div>\n</header>\n");
}

static void write_contents(writer *w)
{
    static const char *const sections[][2] = {
        {"figures", "Metrics"},   {"pictures", "Pictures"}, {"mistakes", "Errors"}, {"words", "Words"},
        {"model", "Model"},       {"data", "Data"},         {"text", "Text"},       {"layers", "Layers"},
        {"training", "Training"}, {"limits", "Limits"}};
    writer_text(w, "<nav aria-label=\"Sections\">");
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        writer_print(w, "<a href=\"#%s\">%s</a> ", sections[i][0], sections[i][1]);
    writer_text(w, "</nav>\n");
}

static void write_limits(writer *w)
{
    page_begin(w, "limits", "What these metrics cannot say");
    writer_text(w, "<ul>\n");
    for (const char *const *limit = report_limits(); *limit != NULL; limit++) {
        writer_text(w, "<li>");
        writer_text(w, *limit);
        writer_text(w, "</li>\n");
    }
    writer_text(w, "</ul>\n");
    page_end(w);
}

void report_page(writer *w, const heed_report *r)
{
    page_open(w, "heed report");
    write_header(w, r);
    write_contents(w);
    writer_text(w, "<main>\n");
    page_metrics(w, r);
    page_pictures(w, r);
    page_mistakes(w, r);
    page_words(w, r);
    page_model(w, r);
    page_data(w, r);
    page_text(w, r);
    page_layers(w, r);
    page_training(w, r);
    write_limits(w);
    page_close(w);
}
