/* The picture of a faithfulness measurement: under each method's name what the probability loses without its top words,
 * and with them alone, as bars with their intervals. */
#include <math.h>
#include <stdio.h>

#include "draw/chart.h"
#include "draw/pictures.h"

enum { MARGIN = 16, ROW = 46, AXIS_ROOM = 44, THICK = 14, HALF = (DRAWING_WIDTH - 3 * MARGIN) / 2 };

static const heed_interval *mean_of(const heed_method_faithfulness *m, bool kept)
{
    return (kept ? m->sufficiency : m->comprehensiveness) + HEED_ERASED_MEAN;
}

static axis loss_axis(const heed_faithfulness_info *info, bool kept)
{
    axis a = {.title = kept ? "with them alone" : "without its top words"};
    axis_take(&a, 0);
    for (size_t i = 0; i < info->count; i++) {
        const heed_interval *m = mean_of(&info->methods[i], kept);
        axis_take(&a, m->mean);
        axis_take(&a, m->low);
        axis_take(&a, m->high);
    }
    return a;
}

/* From 0 to the mean; random order, the yardstick, has another colour. */
static void draw_bar(drawing *d, const plot *p, size_t series, double y, const heed_interval *i)
{
    char tooltip[160], numbers[3][NUMBER_TEXT];
    const double values[3] = {i->mean, i->low, i->high};
    double zero = plot_x(p, 0), end = plot_x(p, i->mean);
    if (!isfinite(end) || !isfinite(i->low) || !isfinite(i->high))
        return;
    for (int n = 0; n < 3; n++)
        number_write(numbers[n], values[n], 4, false);
    snprintf(tooltip, sizeof tooltip, "%s, from %s to %s", numbers[0], numbers[1], numbers[2]);
    drawing_series_begin(d, series, tooltip);
    drawing_rectangle(d, "bar", (box){fmin(zero, end), y - THICK / 2, fabs(end - zero), THICK}, 0.55);
    drawing_begin(d, "d0", NULL, 0);
    plot_interval_across(d, p, y, i->low, i->high);
    drawing_end(d);
    drawing_end(d);
}

static void draw_method(drawing *d, const plot *without, const plot *alone, const heed_method_faithfulness *m,
                        double top)
{
    bool random = m->method == HEED_METHOD_AUTO;
    double y = top + 33;
    drawing_rectangle(d, "paper", (box){0, top, DRAWING_WIDTH, 21}, 1);
    drawing_words(d, MARGIN, top + 15, TEXT_PLAIN, ANCHOR_START, random ? "random order" : heed_method_name(m->method));
    draw_bar(d, without, random, y, mean_of(m, false));
    draw_bar(d, alone, random, y, mean_of(m, true));
}

heed_status picture_faithfulness(buffer *out, const heed_faithfulness_info *info, heed_error *error)
{
    drawing d;
    plot without, alone;
    drawing_init(&d, error);
    double top = MARGIN + text_height(TEXT_TITLE) + 4, height = ROW * (double)info->count + AXIS_ROOM;
    drawing_words(&d, MARGIN, top - 8, TEXT_TITLE, ANCHOR_START, "Faithfulness: probability that the answer loses");
    plot_open_across(&d, &without, (box){MARGIN, top, HALF, height}, loss_axis(info, false));
    plot_open_across(&d, &alone, (box){2 * MARGIN + HALF, top, HALF, height}, loss_axis(info, true));
    double begin = without.area.y;
    const plot *both[] = {&without, &alone};
    for (int i = 0; i < 2; i++) {
        double zero = plot_x(both[i], 0);
        drawing_line(&d, "guide", zero, begin, zero, begin + both[i]->area.height);
    }
    for (size_t i = 0; i < info->count; i++)
        draw_method(&d, &without, &alone, &info->methods[i], begin + ROW * (double)i);
    heed_status status = drawing_finish(out, &d, DRAWING_WIDTH, top + height + MARGIN, "Faithfulness of explanations",
                                        "What the answer's probability loses without the words that each method ranks "
                                        "highest, and with them alone, means with 95% intervals.");
    drawing_release(&d);
    return status;
}
