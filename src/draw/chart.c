#include "draw/chart.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* Gaps between a tick's number and the axis, between numbers, around panels; the length of a legend's line. */
enum { GAP = 6, NUMBER_GAP = 14, PANEL_GAP = 16, SWATCH = 30, LEGEND_ROW = 20, MAX_MARKS = 40 };

/* Beyond it the difference of two values might not be finite. */
static const double largest = 1e300;

/* ---- axes */

void axis_take(axis *a, double value)
{
    if (!isfinite(value))
        return;
    value = fmax(-largest, fmin(value, largest));
    a->low = a->known ? fmin(a->low, value) : value;
    a->high = a->known ? fmax(a->high, value) : value;
    a->known = true;
}

void axis_take_all(axis *a, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        axis_take(a, values[i]);
}

/* Limits that are not equal. */
static void axis_settle(axis *a)
{
    if (!a->known) {
        a->low = 0;
        a->high = 1;
    }
    double size = fmax(fabs(a->low), fabs(a->high));
    if (a->high - a->low > size * 1e-12 && a->high - a->low > 1e-290)
        return;
    double room = a->whole ? fmax(1, size * 1e-9) : fmax(size * 0.1, 1e-280);
    if (size == 0) {
        a->high = 1;
        return;
    }
    a->low -= room;
    a->high += room;
}

static double widest_number(const ticks *t)
{
    char digits[NUMBER_TEXT];
    double widest = 0;
    for (size_t i = 0; i < t->count; i++) {
        ticks_write(digits, t, t->at[i]);
        widest = fmax(widest, text_width(TEXT_SMALL, bytes_of(digits)));
    }
    return widest;
}

/* As many ticks as fit next to each other. */
static void ticks_across(ticks *t, const axis *a, double width)
{
    for (size_t most = 10; most > 1; most--) {
        ticks_make(t, a->low, a->high, most, a->whole);
        double pitch = t->step / (a->high - a->low) * width;
        if (t->count <= 2 || pitch >= widest_number(t) + NUMBER_GAP)
            return;
    }
}

/* The same with the limits moved outwards to ticks. */
static void cover_across(ticks *t, axis *a, double width)
{
    for (size_t most = 8; most > 2; most--) {
        double low = a->low, high = a->high;
        ticks_cover(t, &low, &high, most, a->whole);
        if (most > 3 && t->step / (high - low) * width < widest_number(t) + NUMBER_GAP)
            continue;
        a->low = low;
        a->high = high;
        return;
    }
}

/* ---- a plot */

double plot_x(const plot *p, double value)
{
    if (!isfinite(value))
        return NAN;
    double share = (fmax(p->x.low, fmin(value, p->x.high)) - p->x.low) / (p->x.high - p->x.low);
    return p->area.x + share * p->area.width;
}

double plot_y(const plot *p, double value)
{
    if (!isfinite(value))
        return NAN;
    double share = (fmax(p->y.low, fmin(value, p->y.high)) - p->y.low) / (p->y.high - p->y.low);
    return p->area.y + (1 - share) * p->area.height;
}

static void draw_y_ticks(drawing *d, const plot *p, const ticks *t)
{
    char digits[NUMBER_TEXT];
    for (size_t i = 0; i < t->count; i++) {
        double y = plot_y(p, t->at[i]);
        ticks_write(digits, t, t->at[i]);
        drawing_line(d, "grid", p->area.x, y, p->area.x + p->area.width, y);
        drawing_words(d, p->area.x - GAP, y + 4, TEXT_SMALL, ANCHOR_END, digits);
    }
}

/* A number at an end of the axis would reach out of its panel by half its width, so it is moved in. A number that would
 * touch the one before it is left out: a narrow panel may not have room for two long ones. */
static void draw_x_ticks(drawing *d, const plot *p, const ticks *t, double left, double right)
{
    char digits[NUMBER_TEXT];
    double bottom = p->area.y + p->area.height, end = -INFINITY;
    for (size_t i = 0; i < t->count; i++) {
        ticks_write(digits, t, t->at[i]);
        double x = plot_x(p, t->at[i]), half = text_width(TEXT_SMALL, bytes_of(digits)) / 2;
        drawing_line(d, "edge", x, bottom, x, bottom + 4);
        double middle = fmax(left + half, fmin(x, right - half));
        if (middle - half < end + 4)
            continue;
        drawing_words(d, middle, bottom + text_height(TEXT_SMALL) + 1, TEXT_SMALL, ANCHOR_MIDDLE, digits);
        end = middle + half;
    }
}

void plot_open(drawing *d, plot *p, box where, const char *title, axis x, axis y)
{
    double above = 2 * GAP, line = text_height(TEXT_SMALL), below = line + GAP + (x.title != NULL ? line : 0);
    if (title != NULL)
        above += text_height(TEXT_TITLE);
    if (y.title != NULL)
        above += line;
    *p = (plot){{where.x, where.y + above, where.width, where.height - above - below}, x, y};
    axis_settle(&p->x);
    axis_settle(&p->y);
    ticks across, up;
    ticks_cover(&up, &p->y.low, &p->y.high, (size_t)fmax(3, fmin(p->area.height / 19, 8)), y.whole);
    double left = widest_number(&up) + GAP;
    p->area.x += left;
    p->area.width -= left + 2 * GAP;
    ticks_across(&across, &p->x, p->area.width);
    if (title != NULL)
        drawing_text(d, where.x, where.y + text_height(TEXT_TITLE) - 4, TEXT_TITLE, ANCHOR_START, bytes_of(title),
                     where.width);
    if (y.title != NULL)
        drawing_text(d, where.x, p->area.y - 2 * GAP, TEXT_SMALL, ANCHOR_START, bytes_of(y.title), where.width);
    if (x.title != NULL)
        drawing_text(d, p->area.x + p->area.width / 2, where.y + where.height - 3, TEXT_SMALL, ANCHOR_MIDDLE,
                     bytes_of(x.title), p->area.width + left);
    draw_y_ticks(d, p, &up);
    draw_x_ticks(d, p, &across, where.x, where.x + where.width);
    drawing_line(d, "edge", p->area.x, p->area.y + p->area.height, p->area.x + p->area.width,
                 p->area.y + p->area.height);
}

void plot_open_across(drawing *d, plot *p, box where, axis x)
{
    double line = text_height(TEXT_SMALL), above = line + GAP, below = line + GAP;
    *p = (plot){{where.x + GAP, where.y + above, where.width - 2 * GAP, where.height - above - below}, x, {0}};
    axis_settle(&p->x);
    ticks t;
    cover_across(&t, &p->x, p->area.width);
    if (x.title != NULL)
        drawing_text(d, where.x, where.y + line - 3, TEXT_SMALL, ANCHOR_START, bytes_of(x.title), where.width);
    for (size_t i = 0; i < t.count; i++) {
        double at = plot_x(p, t.at[i]);
        drawing_line(d, "grid", at, p->area.y, at, p->area.y + p->area.height);
    }
    draw_x_ticks(d, p, &t, where.x, where.x + where.width);
}

void plot_say_empty(drawing *d, const plot *p)
{
    drawing_words(d, p->area.x + p->area.width / 2, p->area.y + p->area.height / 2 - 6, TEXT_SMALL, ANCHOR_MIDDLE,
                  "no data");
}

static void draw_marks(drawing *d, size_t series, const double *x, const double *y, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(x[i]) && isfinite(y[i]))
            drawing_mark(d, series, x[i], y[i]);
}

bool plot_line(drawing *d, const plot *p, const data_line *line)
{
    size_t count = line->count, finite = 0;
    double *x = memory_array(count, 2 * sizeof *x);
    if (x == NULL) {
        drawing_fail_memory(d);
        return false;
    }
    double *y = x + count;
    for (size_t i = 0; i < count; i++) {
        x[i] = plot_x(p, line->x[i]);
        y[i] = plot_y(p, line->y[i]);
        finite += isfinite(x[i]) && isfinite(y[i]);
    }
    if (finite > 0) {
        drawing_series_begin(d, line->series, line->name);
        drawing_polyline(d, x, y, count);
        if (finite == 1 || (line->marked && finite <= MAX_MARKS))
            draw_marks(d, line->series, x, y, count);
        drawing_end(d);
    }
    free(x);
    return finite > 0;
}

void plot_bar(drawing *d, const plot *p, double left, double right, uint64_t rows)
{
    char tooltip[32];
    double from = plot_x(p, left), to = plot_x(p, right), top = plot_y(p, (double)rows), bottom = plot_y(p, 0);
    if (rows == 0 || !isfinite(from) || !isfinite(to))
        return;
    snprintf(tooltip, sizeof tooltip, "%" PRIu64 " rows", rows);
    drawing_series_begin(d, 0, tooltip);
    drawing_rectangle(d, "bar", (box){from + 0.5, top, fmax(to - from - 1, 0.5), bottom - top}, 1);
    drawing_end(d);
}

void plot_interval(drawing *d, const plot *p, double x, double low, double high)
{
    double at = plot_x(p, x), from = plot_y(p, low), to = plot_y(p, high);
    if (!isfinite(at) || !isfinite(from) || !isfinite(to))
        return;
    drawing_line(d, "line", at, from, at, to);
    drawing_line(d, "line", at - 4, from, at + 4, from);
    drawing_line(d, "line", at - 4, to, at + 4, to);
}

void plot_interval_across(drawing *d, const plot *p, double y, double low, double high)
{
    double from = plot_x(p, low), to = plot_x(p, high);
    if (!isfinite(from) || !isfinite(to))
        return;
    drawing_line(d, "line", from, y, to, y);
    drawing_line(d, "line", from, y - 4, from, y + 4);
    drawing_line(d, "line", to, y - 4, to, y + 4);
}

void interval_write(char out[INTERVAL_TEXT], double mean, double low, double high)
{
    const double values[3] = {mean, low, high};
    char numbers[3][NUMBER_TEXT] = {"", "", ""};
    bool defined = isfinite(low) && isfinite(high);
    for (int i = 0; i < (defined ? 3 : 1); i++)
        number_write(numbers[i], fmax(-1e6, fmin(values[i], 1e6)), 4, false);
    snprintf(out, INTERVAL_TEXT, defined ? "%s, from %s to %s" : "%s%s%s", numbers[0], numbers[1], numbers[2]);
}

/* ---- legend */

static double note_width(const legend_entry *entries, size_t count)
{
    double widest = 0;
    for (size_t i = 0; i < count; i++)
        widest = fmax(widest, text_width(TEXT_SMALL, bytes_of(entries[i].note)));
    return widest > 0 ? widest + NUMBER_GAP : 0;
}

static size_t legend_columns(const legend_entry *entries, size_t count, double width)
{
    double widest = 1, room = SWATCH + GAP + note_width(entries, count) + PANEL_GAP;
    for (size_t i = 0; i < count; i++)
        widest = fmax(widest, text_width(TEXT_SMALL, entries[i].name));
    size_t columns = (size_t)fmax(1, fmin(width / (widest + room), 4));
    return columns < count ? columns : count > 0 ? count : 1;
}

double legend_height(const legend_entry *entries, size_t count, double width)
{
    size_t columns = legend_columns(entries, count, width);
    return LEGEND_ROW * (double)((count + columns - 1) / columns);
}

static void draw_entry(drawing *d, box cell, const legend_entry *e, double note)
{
    double y = cell.y + LEGEND_ROW / 2.0, from = cell.x + 2;
    double ends[2] = {from, from + SWATCH - 2}, level[2] = {y, y};
    drawing_series_begin(d, e->series, NULL);
    drawing_polyline(d, ends, level, 2);
    if (e->marked)
        drawing_mark(d, e->series, (ends[0] + ends[1]) / 2, y);
    drawing_end(d);
    double name = cell.x + SWATCH + GAP, room = cell.width - SWATCH - GAP - note;
    drawing_text(d, name, y + 4, TEXT_SMALL, ANCHOR_START, e->name, room);
    if (e->note[0] != '\0')
        drawing_words(d, cell.x + cell.width, y + 4, TEXT_SMALL, ANCHOR_END, e->note);
}

void legend_draw(drawing *d, box where, const legend_entry *entries, size_t count)
{
    size_t columns = legend_columns(entries, count, where.width);
    double pitch = where.width / (double)columns, widest = 0, note = note_width(entries, count);
    for (size_t i = 0; i < count; i++)
        widest = fmax(widest, text_width(TEXT_SMALL, entries[i].name));
    double width = fmin(pitch - (columns > 1 ? PANEL_GAP : 0), widest + 1 + note + SWATCH + GAP);
    for (size_t i = 0; i < count; i++) {
        box cell = {where.x + pitch * (double)(i % columns), where.y + LEGEND_ROW * (double)(i / columns), width,
                    LEGEND_ROW};
        draw_entry(d, cell, &entries[i], note);
    }
}

/* ---- panels */

box grid_panel(const grid *g, size_t i)
{
    double width = (g->width - PANEL_GAP * (double)(g->columns + 1)) / (double)g->columns;
    return (box){PANEL_GAP + (double)(i % g->columns) * (width + PANEL_GAP),
                 g->top + (double)(i / g->columns) * (g->panel_height + PANEL_GAP), width, g->panel_height};
}

double grid_bottom(const grid *g, size_t count)
{
    return g->top + (double)((count + g->columns - 1) / g->columns) * (g->panel_height + PANEL_GAP);
}
