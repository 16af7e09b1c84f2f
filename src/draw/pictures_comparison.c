/* Below each contender's name are its accuracy and its difference from the first. */
#include "draw/pictures_comparison.h"

#include <math.h>

#include "draw/chart.h"

enum { MARGIN = DRAWING_MARGIN, ROW = 46, AXIS_ROOM = 44, HALF = (DRAWING_WIDTH - 3 * MARGIN) / 2 };

static axis accuracy_axis(const heed_contender *contenders, size_t count)
{
    axis a = {.title = "accuracy, mean \u00b1 deviation"};
    for (size_t i = 0; i < count; i++) {
        heed_spread s = contenders[i].accuracy;
        axis_take(&a, s.mean);
        axis_take(&a, s.mean - s.deviation);
        axis_take(&a, s.mean + s.deviation);
    }
    return a;
}

static axis difference_axis(const heed_contender *contenders, size_t count)
{
    axis a = {.title = "minus that of the first, 95%"};
    axis_take(&a, 0);
    for (size_t i = 1; i < count; i++) {
        axis_take(&a, contenders[i].accuracy_difference.mean);
        axis_take(&a, contenders[i].accuracy_difference.low);
        axis_take(&a, contenders[i].accuracy_difference.high);
    }
    return a;
}

static void draw_point(drawing *d, const plot *p, size_t series, double y, double mean, double low, double high)
{
    double x = plot_x(p, mean);
    char tooltip[INTERVAL_TEXT];
    if (!isfinite(x)) {
        drawing_words(d, p->area.x + p->area.width / 2, y + 4, TEXT_SMALL, ANCHOR_MIDDLE, "no metrics");
        return;
    }
    interval_write(tooltip, mean, low, high);
    drawing_series_begin(d, series, tooltip);
    drawing_begin(d, "d0", (heed_bytes){0});
    plot_interval_across(d, p, y, low, high);
    drawing_mark(d, series, x, y);
    drawing_end(d);
    drawing_end(d);
}

/* Added baselines have another colour and mark. */
static void draw_contender(drawing *d, const plot *accuracy, const plot *difference, const heed_contender *c,
                           bool first, double top)
{
    size_t series = c->baseline ? 1 : 0;
    double y = top + 33, width = DRAWING_WIDTH - 2 * MARGIN, note = 0;
    drawing_rectangle(d, "paper", (box){0, top, DRAWING_WIDTH, 21}, 1);
    if (c->baseline) {
        note = text_width(TEXT_SMALL, bytes_of("baseline")) + 10;
        drawing_words(d, MARGIN + width, top + 15, TEXT_SMALL, ANCHOR_END, "baseline");
    }
    drawing_text(d, MARGIN, top + 15, TEXT_PLAIN, ANCHOR_START, bytes_of(c->name), width - note);
    draw_point(d, accuracy, series, y, c->accuracy.mean, c->accuracy.mean - c->accuracy.deviation,
               c->accuracy.mean + c->accuracy.deviation);
    if (!first)
        draw_point(d, difference, series, y, c->accuracy_difference.mean, c->accuracy_difference.low,
                   c->accuracy_difference.high);
}

void picture_comparison(writer *out, const heed_contender *contenders, size_t count)
{
    static const caption words = {"Comparison", "Accuracy of each contender over its trainings, and its difference "
                                                "from the first with the 95% interval of a paired bootstrap."};
    drawing d = {0};
    plot accuracy, difference;
    double top = drawing_title(&d, words.title) + 4, height = ROW * (double)count + AXIS_ROOM;
    plot_open_across(&d, &accuracy, (box){MARGIN, top, HALF, height}, accuracy_axis(contenders, count));
    plot_open_across(&d, &difference, (box){2 * MARGIN + HALF, top, HALF, height}, difference_axis(contenders, count));
    double zero = plot_x(&difference, 0), begin = difference.area.y;
    drawing_line(&d, "guide", zero, begin, zero, begin + difference.area.height);
    for (size_t i = 0; i < count; i++)
        draw_contender(&d, &accuracy, &difference, &contenders[i], i == 0, begin + ROW * (double)i);
    drawing_finish(out, &d, DRAWING_WIDTH, top + height + MARGIN, words);
}
