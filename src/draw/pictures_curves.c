#include "draw/pictures_curves.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "draw/chart.h"

enum { MARGIN = DRAWING_MARGIN, PLOT = 360, BARS = 130 };

/* What the lines of a picture have in common. */
typedef struct line_picture {
    caption words;
    const char *x, *y;
    bool unit;     /* both axes from 0 to 1 */
    bool diagonal; /* a guide from corner to corner */
    bool marked;   /* points, with their intervals */
} line_picture;

static void take_lines(axis *x, axis *y, const heed_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        axis_take_all(x, lines[i].x, lines[i].count);
        axis_take_all(y, lines[i].y, lines[i].count);
        if (lines[i].low == NULL || lines[i].high == NULL)
            continue;
        axis_take_all(y, lines[i].low, lines[i].count);
        axis_take_all(y, lines[i].high, lines[i].count);
    }
}

static void draw_intervals(drawing *d, const plot *p, const heed_line *line, size_t series)
{
    if (line->low == NULL || line->high == NULL)
        return;
    drawing_series_begin(d, series, NULL);
    drawing_begin(d, "d0", (heed_bytes){0});
    for (size_t i = 0; i < line->count; i++)
        plot_interval(d, p, line->x[i], line->low[i], line->high[i]);
    drawing_end(d);
    drawing_end(d);
}

static void draw_lines(drawing *d, box where, const line_picture *kind, const heed_line *lines, size_t count)
{
    axis x = {.title = kind->x}, y = {.title = kind->y};
    plot p;
    if (kind->unit) {
        x = (axis){kind->x, 0, 1, true, false};
        y = (axis){kind->y, 0, 1, true, false};
    } else {
        take_lines(&x, &y, lines, count);
        x.whole = true;
    }
    plot_open(d, &p, where, NULL, x, y);
    if (kind->diagonal)
        drawing_line(d, "guide", plot_x(&p, 0), plot_y(&p, 0), plot_x(&p, 1), plot_y(&p, 1));
    bool some = false;
    for (size_t i = 0; i < count; i++) {
        draw_intervals(d, &p, &lines[i], i);
        const data_line line = {lines[i].name, i, lines[i].x, lines[i].y, lines[i].count, kind->marked};
        some = plot_line(d, &p, &line) || some;
    }
    if (!some)
        plot_say_empty(d, &p);
}

static void name_entries(legend_entry *entries, const heed_line *lines, size_t count, bool marked)
{
    for (size_t i = 0; i < count; i++) {
        entries[i] = (legend_entry){.name = bytes_of(lines[i].name), .series = i, .marked = marked};
        if (isfinite(lines[i].area) && fabs(lines[i].area) < 1e6)
            number_write(entries[i].note, lines[i].area, 4, false);
    }
}

static void draw_line_picture(writer *out, const line_picture *kind, const heed_line *lines, size_t count)
{
    legend_entry *entries = memory_array(count, sizeof *entries);
    if (entries == NULL) {
        writer_fail(out, ENOMEM);
        return;
    }
    drawing d = {0};
    name_entries(entries, lines, count, kind->marked);
    double width = DRAWING_WIDTH - 2 * MARGIN, legend = legend_height(entries, count, width);
    double top = drawing_title(&d, kind->words.title);
    draw_lines(&d, (box){MARGIN, top + 4, width, PLOT}, kind, lines, count);
    legend_draw(&d, (box){MARGIN, top + PLOT + 12, width, legend}, entries, count);
    drawing_finish(out, &d, DRAWING_WIDTH, top + PLOT + 12 + legend + MARGIN, kind->words);
    free(entries);
}

void picture_roc(writer *out, const heed_line *curves, size_t count)
{
    static const line_picture kind = {
        .words = {"ROC curve and the area under it",
                  "True positive rate against false positive rate; the diagonal is chance."},
        .x = "false positive rate",
        .y = "true positive rate",
        .unit = true,
        .diagonal = true};
    draw_line_picture(out, &kind, curves, count);
}

void picture_precision_recall(writer *out, const heed_line *curves, size_t count)
{
    static const line_picture kind = {
        .words = {"Precision-recall curve and average precision", "Precision against recall."},
        .x = "recall",
        .y = "precision",
        .unit = true};
    draw_line_picture(out, &kind, curves, count);
}

void picture_learning(writer *out, const heed_line *lines, size_t count, const char *metric)
{
    const line_picture kind = {.words = {"Learning curve", "How accuracy grows with the number of training rows."},
                               .x = "training rows",
                               .y = metric,
                               .marked = true};
    draw_line_picture(out, &kind, lines, count);
}

/* ---- reliability */

static void draw_reliability(drawing *d, box where, const picture_bin *bins, size_t count)
{
    plot p;
    plot_open(d, &p, where, NULL, (axis){NULL, 0, 1, true, false}, (axis){"share right", 0, 1, true, false});
    drawing_line(d, "guide", plot_x(&p, 0), plot_y(&p, 0), plot_x(&p, 1), plot_y(&p, 1));
    bool some = false;
    drawing_series_begin(d, 0, NULL);
    for (size_t b = 0; b < count; b++) {
        double x = plot_x(&p, bins[b].mean), y = plot_y(&p, bins[b].right);
        if (bins[b].rows == 0 || !isfinite(x) || !isfinite(y))
            continue;
        char tooltip[128], mean[NUMBER_TEXT], right[NUMBER_TEXT];
        number_write(mean, 100 * fmin(fmax(bins[b].mean, 0), 1), 1, false);
        number_write(right, 100 * fmin(fmax(bins[b].right, 0), 1), 1, false);
        snprintf(tooltip, sizeof tooltip, "%" PRIu64 " rows: mean probability %s%%, right %s%%", bins[b].rows, mean,
                 right);
        drawing_begin(d, "bin", bytes_of(tooltip));
        drawing_line(d, "line", x, plot_y(&p, bins[b].mean), x, y); /* its distance from the diagonal */
        drawing_mark(d, 0, x, y);
        drawing_end(d);
        some = true;
    }
    drawing_end(d);
    if (!some)
        plot_say_empty(d, &p);
}

static void draw_bin_rows(drawing *d, box where, const picture_bin *bins, size_t count)
{
    axis y = {"rows", 0, 0, true, true};
    for (size_t b = 0; b < count; b++)
        axis_take(&y, (double)bins[b].rows);
    plot p;
    plot_open(d, &p, where, NULL, (axis){"probability of the prediction", 0, 1, true, false}, y);
    for (size_t b = 0; b < count; b++)
        plot_bar(d, &p, (double)b / (double)count, (double)(b + 1) / (double)count, bins[b].rows);
}

void picture_reliability(writer *out, const picture_bin *bins, size_t count)
{
    static const caption words = {"Reliability", "How often predictions with a probability are right, and how many "
                                                 "there are; on the diagonal probabilities are exact."};
    drawing d = {0};
    double width = DRAWING_WIDTH - 2 * MARGIN, top = drawing_title(&d, words.title);
    draw_reliability(&d, (box){MARGIN, top + 4, width, PLOT}, bins, count);
    draw_bin_rows(&d, (box){MARGIN, top + 4 + PLOT + 8, width, BARS}, bins, count);
    drawing_finish(out, &d, DRAWING_WIDTH, top + PLOT + BARS + 12 + MARGIN, words);
}
