#include "draw/drawing.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/status.h"
#include "draw/lettering.h"
#include "draw/ticks.h"

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

/* Heat cells and their numbers are readable together in both modes, whatever the cell's opacity. currentColor: a series
 * sets a colour, its lines and marks take it. librsvg passes over the media query: its pictures are light. */
static const char style[] =
    ".heed-picture{font-family:system-ui,sans-serif;color-scheme:light dark}"
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

heed_bytes words_of(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

/* ---- what is kept of a failure */

static void note(drawing *d, heed_status status)
{
    if (d->status == HEED_OK)
        d->status = status;
}

static void put(drawing *d, const char *text)
{
    if (d->status == HEED_OK)
        note(d, buffer_append(&d->body, text, strlen(text), d->error));
}

static void put_escaped(drawing *d, const char *data, size_t size)
{
    if (d->status == HEED_OK)
        note(d, lettering_escape(&d->body, (heed_bytes){data, size}, d->error));
}

/* ` name="1.5"`; what no picture is as large as is drawn at its edge. */
static void put_number(drawing *d, const char *before, double value, const char *after)
{
    char digits[NUMBER_TEXT];
    number_write(digits, isfinite(value) ? fmax(-1e6, fmin(value, 1e6)) : 0, 1, true);
    put(d, before);
    put(d, digits);
    put(d, after);
}

void drawing_init(drawing *d, heed_error *error)
{
    *d = (drawing){.error = error};
}

void drawing_release(drawing *d)
{
    buffer_release(&d->body);
    buffer_release(&d->scratch);
}

/* A picture for phones shrinks with its page; a wider one keeps its size, so that its letters can be read. */
static void put_head(drawing *d, double width, double height, const char *title, const char *description)
{
    put(d, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"heed-picture\" role=\"img\"");
    put_number(d, " viewBox=\"0 0 ", width, " ");
    put_number(d, "", height, "\"");
    put_number(d, " width=\"", width, "\"");
    put_number(d, " height=\"", height, "\"");
    put(d, width <= DRAWING_WIDTH ? " style=\"max-width:100%;height:auto\">\n" : ">\n");
    put(d, "<title>");
    put_escaped(d, title, strlen(title));
    put(d, "</title>\n<desc>");
    put_escaped(d, description, strlen(description));
    put(d, "</desc>\n<style>");
    put(d, style);
    put(d, "</style>\n");
    drawing_rectangle(d, "paper", (box){0, 0, width, height}, 1);
}

heed_status drawing_finish(buffer *out, drawing *d, double width, double height, const char *title,
                           const char *description)
{
    drawing head = {.error = d->error, .status = d->status};
    put_head(&head, width, height, title, description);
    put(d, "</svg>\n");
    note(d, head.status);
    if (d->status == HEED_OK)
        note(d, buffer_append(out, head.body.data, head.body.size, d->error));
    if (d->status == HEED_OK)
        note(d, buffer_append(out, d->body.data, d->body.size, d->error));
    drawing_release(&head);
    return d->status;
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

static void put_text(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room,
                     bool upwards)
{
    bool cut = false, right_to_left = lettering_is_right_to_left(text);
    double em = kinds[kind].size * kinds[kind].stretch;
    buffer_clear(&d->scratch);
    if (d->status == HEED_OK)
        note(d, lettering_fit(&d->scratch, text, room > 0 ? room / em : INFINITY, &cut, d->error));
    put_number(d, "<text x=\"", x, "\"");
    put_number(d, " y=\"", y, "\" class=\"");
    put(d, kinds[kind].class);
    put(d, "\" text-anchor=\"");
    put(d, anchor_name(at, right_to_left));
    put(d, right_to_left ? "\" direction=\"rtl\" unicode-bidi=\"embed\"" : "\"");
    if (upwards) {
        put_number(d, " transform=\"rotate(-90 ", x, " ");
        put_number(d, "", y, ")\"");
    }
    put(d, ">");
    put_escaped(d, d->scratch.data, d->scratch.size);
    if (cut) {
        put(d, "<title>");
        put_escaped(d, text.data, text.size);
        put(d, "</title>");
    }
    put(d, "</text>\n");
}

void drawing_text(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room)
{
    put_text(d, x, y, kind, at, text, room, false);
}

void drawing_text_upwards(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room)
{
    put_text(d, x, y, kind, at, text, room, true);
}

void drawing_words(drawing *d, double x, double y, text_kind kind, anchor at, const char *words)
{
    put_text(d, x, y, kind, at, words_of(words), 0, false);
}

/* ---- shapes */

void drawing_rectangle(drawing *d, const char *classes, box b, double opacity)
{
    put(d, "<rect class=\"");
    put(d, classes);
    put_number(d, "\" x=\"", b.x, "\"");
    put_number(d, " y=\"", b.y, "\"");
    put_number(d, " width=\"", fmax(b.width, 0), "\"");
    put_number(d, " height=\"", fmax(b.height, 0), "\"");
    if (opacity < 1) {
        char digits[NUMBER_TEXT];
        number_write(digits, fmax(opacity, 0), 3, true);
        put(d, " fill-opacity=\"");
        put(d, digits);
        put(d, "\"");
    }
    put(d, "/>\n");
}

void drawing_line(drawing *d, const char *classes, double x1, double y1, double x2, double y2)
{
    put(d, "<line class=\"");
    put(d, classes);
    put_number(d, "\" x1=\"", x1, "\"");
    put_number(d, " y1=\"", y1, "\"");
    put_number(d, " x2=\"", x2, "\"");
    put_number(d, " y2=\"", y2, "\"/>\n");
}

void drawing_begin(drawing *d, const char *classes, const char *tooltip, size_t tooltip_size)
{
    put(d, "<g class=\"");
    put(d, classes);
    put(d, "\">");
    if (tooltip != NULL) {
        put(d, "<title>");
        put_escaped(d, tooltip, tooltip_size);
        put(d, "</title>");
    }
    put(d, "\n");
}

void drawing_end(drawing *d)
{
    put(d, "</g>\n");
}

/* ---- series */

void drawing_series_begin(drawing *d, size_t series, const char *tooltip)
{
    char classes[] = "s0 d0";
    classes[1] = (char)('0' + series % SERIES_COLOURS);
    classes[4] = (char)('0' + series % SERIES_DASHES);
    drawing_begin(d, classes, tooltip, tooltip == NULL ? 0 : strlen(tooltip));
}

static bool is_near(double x, double y, double last_x, double last_y)
{
    return fabs(x - last_x) < 0.33 && fabs(y - last_y) < 0.33;
}

void drawing_polyline(drawing *d, const double *x, const double *y, size_t count)
{
    bool down = false;
    double last_x = 0, last_y = 0;
    put(d, "<path class=\"line\" d=\"");
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) {
            down = false;
            continue;
        }
        bool ends = i + 1 == count || !isfinite(x[i + 1]) || !isfinite(y[i + 1]);
        if (down && !ends && is_near(x[i], y[i], last_x, last_y))
            continue;
        put_number(d, down ? "L" : "M", x[i], " ");
        put_number(d, "", y[i], "");
        last_x = x[i];
        last_y = y[i];
        down = true;
    }
    put(d, "\"/>\n");
}

void drawing_mark(drawing *d, size_t series, double x, double y)
{
    static const char *const shapes[SERIES_DASHES] = {
        "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
        "m-3 -3h6v6h-6z",
        "m0 -4.2l4 7h-8z",
        "m0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z",
    };
    put_number(d, "<path class=\"mark\" d=\"M", x, " ");
    put_number(d, "", y, "");
    put(d, shapes[series % SERIES_DASHES]);
    put(d, "\"/>\n");
}
