#include "explain/draw_html.h"

#include "base/escape.h"
#include "explain/explanation_words.h"
#include "explain/highlight.h"

static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\"><title>heed explain</title>\n<style>\n"
    ":root{--ink:#1c1c1e;--faint:#6b6b70;--paper:#fff;--line:#d8d8dc;--for:59 142 234;--against:245 130 32;"
    "--looked:160 100 225}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e8e8ea;--faint:#9a9aa0;--paper:#17171a;--line:#3a3a40;"
    "--for:40 105 190;--against:176 82 8;--looked:120 70 180}}\n"
    "body{font:16px/1.7 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:46rem;"
    "margin:2rem auto;padding:0 1rem}\n"
    "article{border-top:1px solid var(--line);padding:.5rem 0 1rem}\n"
    "h2{font-size:1.1rem;margin:.5rem 0 0}\n"
    ".how,.strong,.legend{color:var(--faint);font-size:.9rem;margin:.2rem 0}\n"
    ".text{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;margin:.8rem 0}\n"
    "b{font-weight:inherit;border-radius:.2em;padding:.08em 0;background:rgb(var(--hue)/var(--a))}\n"
    ".f{--hue:var(--for)}.a{--hue:var(--against)}.l{--hue:var(--looked)}\n"
    "s{color:var(--faint)}u,.u{text-decoration:underline dotted}i{color:var(--faint);font-style:italic}\n"
    ".legend b{padding:.08em .4em;color:var(--ink)}\n"
    "@media print{b{-webkit-print-color-adjust:exact;print-color-adjust:exact}article{break-inside:avoid}}\n"
    "</style></head><body>\n";

/* <b> a word with a score worth showing, <span> one without, <u> an unknown one, <s> dropped, <i> cut off. */
static const char *tag_of(const heed_segment *s, hue h)
{
    return h != HUE_NONE                     ? "b"
           : s->status == HEED_TOKEN_UNKNOWN ? "u"
           : s->status == HEED_TOKEN_CUT     ? "i"
           : segment_is_dropped(s)           ? "s"
                                             : "span";
}

void draw_html_segment(writer *w, const heed_explanation *e, const heed_segment *s, double scale)
{
    static const char *const classes[] = {"", "l", "f", "a"};
    hue h = segment_hue(e, s, scale);
    if (s->status == HEED_TOKEN_BETWEEN) {
        escape_markup(w, segment_text(e, s));
        return;
    }
    writer_print(w, "<%s title=\"", tag_of(s, h));
    write_segment(w, e, s, escape_markup);
    writer_text(w, "\"");
    if (h != HUE_NONE)
        writer_print(w, " class=\"%s%s\" style=\"--a:%.2f\"", classes[h], s->status == HEED_TOKEN_UNKNOWN ? " u" : "",
                     share_strength(segment_share(s, scale)));
    writer_text(w, ">");
    escape_markup(w, segment_text(e, s));
    writer_print(w, "</%s>", tag_of(s, h));
}

static void draw_strongest(writer *w, const heed_explanation *e, int sign)
{
    const strongest found = find_strongest(e, sign);
    if (found.count == 0)
        return;
    writer_print(w, "<p class=\"strong\">%s: ", sign_words(e, sign));
    write_strongest(w, e, &found, escape_markup);
    writer_text(w, "</p>\n");
}

static void draw_article(writer *w, const heed_explanation *e)
{
    double scale = scale_of(e);
    writer_text(w, "<article><h2>");
    write_answer(w, e, escape_markup);
    if (e->info.problem != NULL) {
        writer_text(w, "</h2></article>\n");
        return;
    }
    writer_text(w, "</h2>\n<p class=\"how\">");
    write_method(w, e, escape_markup);
    writer_text(w, "</p>\n<p class=\"text\">");
    for (size_t i = 0; i < e->info.segment_count; i++)
        draw_html_segment(w, e, &e->segments[i], scale);
    writer_text(w, "</p>\n");
    draw_strongest(w, e, 1);
    if (is_signed(e))
        draw_strongest(w, e, -1);
    writer_text(w, "</article>\n");
}

static void draw_legend(writer *w, const heed_explanation *e)
{
    writer_text(w, "<p class=\"legend\">");
    if (is_signed(e))
        writer_print(w, "<b class=\"f\" style=\"--a:1\">%s</b> <b class=\"a\" style=\"--a:1\">%s</b> ",
                     sign_words(e, 1), sign_words(e, -1));
    else
        writer_text(w, "<b class=\"l\" style=\"--a:1\">looked at</b> ");
    writer_text(w, "<u>unknown</u> <s>dropped</s> <i>cut off</i>; a darker colour means a larger score, which is shown "
                   "when you point at a word</p>\n");
}

void draw_html(writer *w, const heed_explanation *const *items, size_t count)
{
    writer_text(w, page_head);
    for (size_t i = 0; i < count; i++)
        draw_article(w, items[i]);
    draw_legend(w, first_scored(items, count));
    writer_text(w, "</body></html>\n");
}
