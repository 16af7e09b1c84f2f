#include "draw/drawing.h"

#include <errno.h>
#include <math.h>

#include "base/number.h"
#include "draw/lettering.h"

enum { SERIES_COLOURS = 7, SERIES_DASHES = 4 };

static const struct {
    const char *class;
    double size, stretch; /* stretch: bold letters are wider */
} kinds[TEXT_KINDS] = {
    {"plain", 13, 1},
    {"small", 12, 1},
    {"cell", 11, 1},
    {"title", 14, 1.1},
};

/* Numbers on heat cells are readable in both modes, whatever the cell's opacity. currentColor: a series sets a colour,
 * which its lines and marks use. librsvg ignores the media query: its pictures are light. */
static const char style[] = ".heed-picture{font-family:system-ui,sans-serif;color-scheme:light dark}"
                            ".heed-picture text{fill:#1b1f24}"
                            ".heed-picture .plain{font-size:13px}"
                            ".heed-picture .small{font-size:12px}"
                            ".heed-picture .cell{font-size:11px}"
                            ".heed-picture .title{font-size:14px;font-weight:600}"
                            ".heed-picture .paper{fill:#fff}"
                            ".heed-picture .grid{stroke:#d9dde2;stroke-width:1}"
                            ".heed-picture .edge{fill:none;stroke:#6b7280;stroke-width:1}"
                            ".heed-picture .guide{fill:none;stroke:#6b7280;stroke-width:1.5;stroke-dasharray:2 4}"
                            ".heed-picture .heat{fill:#0072b2}"
                            ".heed-picture .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}"
                            ".heed-picture .mark{fill:currentColor;stroke:currentColor;stroke-dasharray:none}"
                            ".heed-picture .bar{fill:currentColor}"
                            ".heed-picture .d0{stroke-dasharray:none}"
                            ".heed-picture .d1{stroke-dasharray:8 3}"
                            ".heed-picture .d2{stroke-dasharray:2 3}"
                            ".heed-picture .d3{stroke-dasharray:9 3 2 3}"
                            ".heed-picture .s0{color:#0072b2}"
                            ".heed-picture .s1{color:#d55e00}"
                            ".heed-picture .s2{color:#009e73}"
                            ".heed-picture .s3{color:#b5578f}"
                            ".heed-picture .s4{color:#1b1f24}"
                            ".heed-picture .s5{color:#2f93cf}"
                            ".heed-picture .s6{color:#b57d00}"
                            "@media (prefers-color-scheme:dark){"
                            ".heed-picture text{fill:#e6e8eb}"
                            ".heed-picture .paper{fill:#16181d}"
                            ".heed-picture .grid{stroke:#33383f}"
                            ".heed-picture .edge{stroke:#9aa2ad}"
                            ".heed-picture .guide{stroke:#9aa2ad}"
                            ".heed-picture .s0{color:#4ba3e3}"
                            ".heed-picture .s1{color:#ff8a3c}"
                            ".heed-picture .s2{color:#2bc79a}"
                            ".heed-picture .s3{color:#e29cc4}"
                            ".heed-picture .s4{color:#e6e8eb}"
                            ".heed-picture .s5{color:#8fd0f5}"
                            ".heed-picture .s6{color:#f0b93a}"
                            "}";

/* ---- the whole */

/* `before`, a number, `after`. Numbers beyond the size of any picture are clamped. */
static void put_number(writer *w, const char *before, double value, const char *after)
{
    char digits[NUMBER_TEXT];
    number_write(digits, isfinite(value) ? fmax(-1e6, fmin(value, 1e6)) : 0, 1, true);
    writer_text(w, before);
    writer_text(w, digits);
    writer_text(w, after);
}

static void put_title(writer *w, heed_bytes text)
{
    writer_text(w, "<title>");
    lettering_escape(w, text);
    writer_text(w, "</title>");
}

static void put_rectangle(writer *w, const char *classes, box b, double opacity)
{
    writer_print(w, "<rect class=\"%s", classes);
    put_number(w, "\" x=\"", b.x, "\"");
    put_number(w, " y=\"", b.y, "\"");
    put_number(w, " width=\"", fmax(b.width, 0), "\"");
    put_number(w, " height=\"", fmax(b.height, 0), "\"");
    if (opacity < 1) {
        char digits[NUMBER_TEXT];
        number_write(digits, fmax(opacity, 0), 3, true);
        writer_print(w, " fill-opacity=\"%s\"", digits);
    }
    writer_text(w, "/>\n");
}

/* A picture for phones shrinks with its page; a wider one keeps its size, so that its text can be read. */
static void put_head(writer *w, double width, double height, caption words)
{
    writer_text(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"heed-picture\" role=\"img\"");
    put_number(w, " viewBox=\"0 0 ", width, " ");
    put_number(w, "", height, "\"");
    put_number(w, " width=\"", width, "\"");
    put_number(w, " height=\"", height, "\"");
    writer_text(w, width <= DRAWING_WIDTH ? " style=\"max-width:100%;height:auto\">\n" : ">\n");
    put_title(w, bytes_of(words.title));
    writer_text(w, "\n<desc>");
    lettering_escape(w, bytes_of(words.description));
    writer_text(w, "</desc>\n<style>");
    writer_text(w, style);
    writer_text(w, "</style>\n");
    put_rectangle(w, "paper", (box){0, 0, width, height}, 1);
}

void drawing_finish(writer *out, drawing *d, double width, double height, caption words)
{
    if (d->body.problem != 0) {
        writer_fail(out, d->body.problem);
    } else {
        put_head(out, width, height, words);
        writer_bytes(out, d->body.data, d->body.size);
        writer_text(out, "</svg>\n");
    }
    writer_release(&d->body);
}

void drawing_fail_memory(drawing *d)
{
    writer_fail(&d->body, ENOMEM);
}

/* ---- text */

double text_height(text_kind kind)
{
    return ceil(1.35 * kinds[kind].size);
}

double text_width(text_kind kind, heed_bytes text)
{
    return kinds[kind].size * kinds[kind].stretch * lettering_width(text);
}

/* With direction rtl a text's start is its right end. */
static const char *anchor_name(anchor at, bool right_to_left)
{
    if (at == ANCHOR_MIDDLE)
        return "middle";
    return (at == ANCHOR_END) != right_to_left ? "end" : "start";
}

/* The tag of a text, to which attributes can still be added. */
static void begin_text(writer *w, double x, double y, text_kind kind, anchor at, bool right_to_left)
{
    put_number(w, "<text x=\"", x, "\"");
    put_number(w, " y=\"", y, "\"");
    writer_print(w, " class=\"%s\" text-anchor=\"%s\"", kinds[kind].class, anchor_name(at, right_to_left));
    writer_text(w, right_to_left ? " direction=\"rtl\" unicode-bidi=\"embed\"" : "");
}

static void end_text(writer *w, text_kind kind, heed_bytes text, double room)
{
    double em = kinds[kind].size * kinds[kind].stretch;
    writer_text(w, ">");
    if (lettering_fit(w, text, room > 0 ? room / em : (double)INFINITY))
        put_title(w, text);
    writer_text(w, "</text>\n");
}

void drawing_text(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room)
{
    begin_text(&d->body, x, y, kind, at, lettering_is_right_to_left(text));
    end_text(&d->body, kind, text, room);
}

void drawing_text_upwards(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room)
{
    begin_text(&d->body, x, y, kind, at, lettering_is_right_to_left(text));
    put_number(&d->body, " transform=\"rotate(-90 ", x, " ");
    put_number(&d->body, "", y, ")\"");
    end_text(&d->body, kind, text, room);
}

void drawing_words(drawing *d, double x, double y, text_kind kind, anchor at, const char *words)
{
    drawing_text(d, x, y, kind, at, bytes_of(words), 0);
}

double drawing_title(drawing *d, const char *title)
{
    double bottom = DRAWING_MARGIN + text_height(TEXT_TITLE);
    drawing_words(d, DRAWING_MARGIN, bottom - 4, TEXT_TITLE, ANCHOR_START, title);
    return bottom;
}

/* ---- shapes */

void drawing_rectangle(drawing *d, const char *classes, box b, double opacity)
{
    put_rectangle(&d->body, classes, b, opacity);
}

void drawing_line(drawing *d, const char *classes, double x1, double y1, double x2, double y2)
{
    writer *w = &d->body;
    writer_print(w, "<line class=\"%s", classes);
    put_number(w, "\" x1=\"", x1, "\"");
    put_number(w, " y1=\"", y1, "\"");
    put_number(w, " x2=\"", x2, "\"");
    put_number(w, " y2=\"", y2, "\"/>\n");
}

void drawing_begin(drawing *d, const char *classes, heed_bytes tooltip)
{
    writer_print(&d->body, "<g class=\"%s\">", classes);
    if (tooltip.data != NULL)
        put_title(&d->body, tooltip);
    writer_text(&d->body, "\n");
}

void drawing_end(drawing *d)
{
    writer_text(&d->body, "</g>\n");
}

/* ---- series */

void drawing_series_begin(drawing *d, size_t series, const char *tooltip)
{
    char classes[] = "s0 d0";
    classes[1] = (char)('0' + series % SERIES_COLOURS);
    classes[4] = (char)('0' + series % SERIES_DASHES);
    drawing_begin(d, classes, tooltip != NULL ? bytes_of(tooltip) : (heed_bytes){0});
}

static bool is_near(double x, double y, double last_x, double last_y)
{
    return fabs(x - last_x) < 0.33 && fabs(y - last_y) < 0.33;
}

void drawing_polyline(drawing *d, const double *x, const double *y, size_t count)
{
    bool down = false;
    double last_x = 0, last_y = 0;
    writer *w = &d->body;
    writer_text(w, "<path class=\"line\" d=\"");
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) {
            down = false;
            continue;
        }
        bool ends = i + 1 == count || !isfinite(x[i + 1]) || !isfinite(y[i + 1]);
        if (down && !ends && is_near(x[i], y[i], last_x, last_y))
            continue;
        put_number(w, down ? "L" : "M", x[i], " ");
        put_number(w, "", y[i], "");
        last_x = x[i];
        last_y = y[i];
        down = true;
    }
    writer_text(w, "\"/>\n");
}

void drawing_mark(drawing *d, size_t series, double x, double y)
{
    static const char *const shapes[SERIES_DASHES] = {
        "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
        "m-3 -3h6v6h-6z",
        "m0 -4.2l4 7h-8z",
        "m0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z",
    };
    writer *w = &d->body;
    put_number(w, "<path class=\"mark\" d=\"M", x, " ");
    put_number(w, "", y, "");
    writer_text(w, shapes[series % SERIES_DASHES]);
    writer_text(w, "\"/>\n");
}
