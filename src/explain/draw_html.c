/* Explanations as one page that needs nothing from outside: light and dark, on paper too. */
#include "explain/pen.h"

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
    return h != HUE_NONE                  ? "b"
           : s->fate == HEED_FATE_UNKNOWN ? "u"
           : s->fate == HEED_FATE_CUT     ? "i"
           : segment_is_dropped(s)        ? "s"
                                          : "span";
}

void draw_html_segment(pen *p, const heed_explanation_info *info, const heed_segment *s, double scale)
{
    static const char *const classes[] = {"", "l", "f", "a"};
    hue h = segment_hue(info, s, scale);
    if (s->fate == HEED_FATE_BETWEEN) {
        pen_markup(p, segment_text(info, s));
        return;
    }
    pen_print(p, "<%s title=\"", tag_of(s, h));
    write_segment(p, info, s, pen_markup);
    pen_text(p, "\"");
    if (h != HUE_NONE)
        pen_print(p, " class=\"%s%s\" style=\"--a:%.2f\"", classes[h], s->fate == HEED_FATE_UNKNOWN ? " u" : "",
                  0.15 + 0.85 * segment_share(s, scale));
    pen_text(p, ">");
    pen_markup(p, segment_text(info, s));
    pen_print(p, "</%s>", tag_of(s, h));
}

static void draw_strongest(pen *p, const heed_explanation_info *info, const char *name, int sign)
{
    size_t before = p->out.size;
    pen_print(p, "<p class=\"strong\">%s: ", name);
    if (write_strongest(p, info, sign, pen_markup))
        pen_text(p, "</p>\n");
    else
        p->out.size = before;
}

static void draw_article(pen *p, const heed_explanation_info *info)
{
    bool looked = !is_signed(info);
    double scale = scale_of(info);
    pen_text(p, "<article><h2>");
    write_answer(p, info, pen_markup);
    pen_text(p, "</h2>\n<p class=\"how\">");
    write_method(p, info, pen_markup);
    pen_text(p, "</p>\n<p class=\"text\">");
    for (size_t i = 0; i < info->segment_count; i++)
        draw_html_segment(p, info, &info->segments[i], scale);
    pen_text(p, "</p>\n");
    draw_strongest(p, info, looked ? "most" : info->compared ? "more" : "for", 1);
    if (!looked)
        draw_strongest(p, info, info->compared ? "less" : "against", -1);
    pen_text(p, "</article>\n");
}

void draw_html(pen *p, const heed_explanation_info *items, size_t count)
{
    bool compared = count > 0 && items[0].compared;
    pen_text(p, page_head);
    for (size_t i = 0; i < count; i++)
        draw_article(p, &items[i]);
    pen_text(p, "<p class=\"legend\">");
    if (count > 0 && !is_signed(&items[0]))
        pen_text(p, "<b class=\"l\" style=\"--a:1\">looked at</b> ");
    else
        pen_print(p, "<b class=\"f\" style=\"--a:1\">%s</b> <b class=\"a\" style=\"--a:1\">%s</b> ",
                  compared ? "more" : "for", compared ? "less" : "against");
    pen_text(p, "<u>unknown</u> <s>dropped</s> <i>cut off</i>; the darker, the larger the score, which a word tells "
                "when pointed at</p>\n</body></html>\n");
}
