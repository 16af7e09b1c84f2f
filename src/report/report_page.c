/* A report as one page that needs nothing from outside: figures first, then what they are of. */
#include "report/report_page.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "metrics/metric_table.h"

extern const char report_style_data[], report_style_data_end[]; /* report.css */

/* No script, no request: the policy names no source but the styles that stand in the page. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<title>heed report</title>\n<style>\n";

const char *const *report_limits(void)
{
    static const char *const limits[] = {
        "The figures are of these rows alone. Texts of another kind, time or source can fare better or worse.",
        "Whether test rows stood among the training rows cannot be known from the model file, which keeps none of "
        "them. "
        "Where they did, the figures are too good.",
        "The intervals tell how far the figures would move with other rows of the same kind. They leave out what "
        "another "
        "seed of the training would change, and rows that depend on each other.",
        "The labels of the rows are taken as true. Some of the surest mistakes may be mistakes of the labels.",
        "Attention is shown as where the model looked. That is not why it answered as it did, and it is the same for "
        "every label.",
        "A word's pull is a mean over texts: it tells what goes along with the model's answers, not what causes them, "
        "and a word alone says nothing of those beside it.",
        NULL};
    return limits;
}

/* ---- what all sections write alike */

void page_begin(pen *p, const char *id, const char *title)
{
    pen_print(p, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

void page_end(pen *p)
{
    pen_text(p, "</section>\n");
}

void page_facts_begin(pen *p)
{
    pen_text(p, "<div class=\"scroll\"><table class=\"facts\">\n");
}

void page_facts_end(pen *p)
{
    pen_text(p, "</table></div>\n");
}

void page_fact_begin(pen *p, const char *name)
{
    pen_print(p, "<tr><th scope=\"row\">%s</th><td>", name);
}

void page_fact_end(pen *p)
{
    pen_text(p, "</td></tr>\n");
}

void page_fact(pen *p, const char *name, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    page_fact_begin(p, name);
    pen_markup(p, (heed_bytes){text, strlen(text)});
    page_fact_end(p);
}

void page_count(pen *p, uint64_t count)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < length; i++)
        pen_print(p, i > 0 && (length - i) % 3 == 0 ? ",%c" : "%c", digits[i]);
}

void page_number(pen *p, double value)
{
    if (isfinite(value))
        pen_print(p, "%.4f", value);
    else
        pen_text(p, "\xE2\x80\x93");
}

void page_interval(pen *p, const heed_evaluation *e, interval range)
{
    if (e->resamples > 0 && isfinite(range.low) && isfinite(range.high))
        pen_print(p, " <small>[%.4f,&nbsp;%.4f]</small>", range.low, range.high);
}

void page_outside(pen *p, const char *text)
{
    pen_text(p, "<bdi>");
    pen_markup(p, (heed_bytes){text, strlen(text)});
    pen_text(p, "</bdi>");
}

void page_label(pen *p, const heed_report *r, size_t label)
{
    page_outside(p, r->model->labels[label]);
}

void page_picture(pen *p, const heed_report *r, report_picture picture)
{
    const buffer *svg = &r->pictures[picture];
    if (svg->size == 0)
        return;
    pen_print(p, "<figure id=\"picture-%s\">", report_picture_name(picture));
    pen_bytes(p, (heed_bytes){svg->data, svg->size});
    pen_text(p, "</figure>\n");
}

/* ---- the page */

static void write_tile(pen *p, const heed_report *r, const char *heading, const char *name)
{
    const metric *m = metric_find(name);
    pen_print(p, "<div class=\"tile\"><span>%s</span><strong>", heading);
    page_number(p, metric_value(m, r->evaluation));
    pen_text(p, "</strong>");
    page_interval(p, r->evaluation, metric_interval(m, r->evaluation));
    pen_text(p, "</div>\n");
}

static void write_header(pen *p, const heed_report *r)
{
    const heed_evaluation *e = r->evaluation;
    pen_text(p, "<header>\n<p class=\"kind\">heed report</p>\n<h1>");
    page_outside(p, r->model_name[0] != '\0' ? r->model_name : "a model");
    pen_text(p, "</h1>\n<p>measured on ");
    page_count(p, e->rows);
    pen_print(p, " row%s%s", e->rows == 1 ? "" : "s", r->file_count > 0 ? " of " : "");
    for (size_t i = 0; i < r->file_count; i++) {
        pen_text(p, i > 0 ? ", " : "");
        page_outside(p, r->files[i]);
    }
    pen_text(p, "</p>\n<div class=\"tiles\">\n");
    write_tile(p, r, evaluation_is_several(e) ? "accuracy of whole rows" : "accuracy", "accuracy");
    write_tile(p, r, "macro F1", "macro_f1");
    write_tile(p, r, "ROC area", "auc");
    write_tile(p, r, "accuracy without reading", "baseline");
    pen_text(p, "</div>\n</header>\n");
}

static void write_contents(pen *p)
{
    static const char *const sections[][2] = {
        {"figures", "Figures"},   {"pictures", "Pictures"}, {"mistakes", "Mistakes"}, {"words", "Words"},
        {"model", "Model"},       {"data", "Data"},         {"text", "Text"},         {"layers", "Layers"},
        {"training", "Training"}, {"limits", "Limits"}};
    pen_text(p, "<nav aria-label=\"Sections\">");
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        pen_print(p, "<a href=\"#%s\">%s</a> ", sections[i][0], sections[i][1]);
    pen_text(p, "</nav>\n");
}

static void write_limits(pen *p)
{
    page_begin(p, "limits", "What these figures cannot say");
    pen_text(p, "<ul>\n");
    for (const char *const *limit = report_limits(); *limit != NULL; limit++) {
        pen_text(p, "<li>");
        pen_text(p, *limit);
        pen_text(p, "</li>\n");
    }
    pen_text(p, "</ul>\n");
    page_end(p);
}

heed_status report_page(buffer *out, const heed_report *r, heed_error *error)
{
    pen p = {.status = HEED_OK, .error = error};
    pen_text(&p, head);
    pen_bytes(&p, (heed_bytes){report_style_data, (size_t)(report_style_data_end - report_style_data)});
    pen_text(&p, "</style>\n</head>\n<body>\n");
    write_header(&p, r);
    write_contents(&p);
    pen_text(&p, "<main>\n");
    page_figures(&p, r);
    page_pictures(&p, r);
    page_mistakes(&p, r);
    page_words(&p, r);
    page_model(&p, r);
    page_data(&p, r);
    page_text(&p, r);
    page_layers(&p, r);
    page_training(&p, r);
    write_limits(&p);
    pen_print(&p, "</main>\n<footer>made by heed %s</footer>\n</body>\n</html>\n", heed_version());
    if (p.status == HEED_OK)
        *out = p.out;
    else
        buffer_release(&p.out);
    return p.status;
}
