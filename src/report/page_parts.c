#include "report/page_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/escape.h"

extern const char report_style_data[], report_style_data_end[]; /* report.css */

/* No script, no request: the policy allows only the styles within the page. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n";

void page_open(writer *w, const char *title)
{
    writer_text(w, head);
    writer_print(w, "<title>%s</title>\n<style>\n", title);
    writer_bytes(w, report_style_data, (size_t)(report_style_data_end - report_style_data));
    writer_text(w, "</style>\n</head>\n<body>\n");
}

void page_close(writer *w)
{
    writer_print(w, "</main>\n<footer>made by heed %s</footer>\n</body>\n</html>\n", heed_version());
}

void page_begin(writer *w, const char *id, const char *title)
{
    writer_print(w, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

void page_end(writer *w)
{
    writer_text(w, "</section>\n");
}

void page_facts_begin(writer *w)
{
    writer_text(w, "<div class=\"scroll\"><table class=\"facts\">\n");
}

void page_facts_end(writer *w)
{
    writer_text(w, "</table></div>\n");
}

void page_fact_begin(writer *w, const char *name)
{
    writer_print(w, "<tr><th scope=\"row\">%s</th><td>", name);
}

void page_fact_end(writer *w)
{
    writer_text(w, "</td></tr>\n");
}

void page_fact_text(writer *w, const char *name, const char *text)
{
    page_fact_begin(w, name);
    escape_markup(w, bytes_of(text));
    page_fact_end(w);
}

void page_count(writer *w, uint64_t count)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            writer_byte(w, ',');
        writer_byte(w, digits[i]);
    }
}

void page_number(writer *w, double value)
{
    if (isfinite(value))
        writer_print(w, "%.4f", value);
    else
        writer_text(w, "\xE2\x80\x93");
}

void page_interval(writer *w, const heed_evaluation *e, interval range)
{
    if (e->resamples > 0 && isfinite(range.low) && isfinite(range.high))
        writer_print(w, " <small>[%.4f,&nbsp;%.4f]</small>", range.low, range.high);
}

void page_name(writer *w, heed_bytes name)
{
    writer_text(w, "<bdi>");
    escape_markup(w, name);
    writer_text(w, "</bdi>");
}

void page_outside(writer *w, const char *text)
{
    page_name(w, bytes_of(text));
}

void page_label(writer *w, const heed_report *r, size_t label)
{
    page_outside(w, r->model->labels[label]);
}

void page_picture(writer *w, const heed_report *r, report_picture picture)
{
    const writer *svg = &r->pictures[picture];
    if (svg->size == 0)
        return;
    writer_print(w, "<figure id=\"picture-%s\">", names_of(&report_picture_names, picture));
    writer_bytes(w, svg->data, svg->size);
    writer_text(w, "</figure>\n");
}
