/* Below each method's name is the fall of the probability without its top words, and with only them, as bars with
 * intervals. */
#include "draw/pictures_faithfulness.h"

#include <math.h>

#include "draw/chart.h"
#include "explain/faithfulness.h"

enum { MARGIN = DRAWING_MARGIN, ROW = 46, AXIS_ROOM = 44, THICK = 14, HALF = (DRAWING_WIDTH - 3 * MARGIN) / 2 };

static const heed_interval *mean_of(const heed_method_faithfulness *m, bool kept)
{
    return (kept ? m->sufficiency : m->comprehensiveness) + HEED_ERASED_MEAN;
}

static axis loss_axis(const heed_faithfulness *f, bool kept)
{
    axis a = {.title = kept ? "with only them" : "without its top words"};
    axis_take(&a, 0);
    for (size_t i = 0; i < f->info.method_count; i++) {
        const heed_interval *m = mean_of(&f->methods[i], kept);
        axis_take(&a, m->mean);
        axis_take(&a, m->low);
        axis_take(&a, m->high);
    }
    return a;
}

/* From 0 to the mean; random order, the baseline, has another colour. */
static void draw_bar(drawing *d, const plot *p, size_t series, double y, const heed_interval *i)
{
    char tooltip[INTERVAL_TEXT];
    double zero = plot_x(p, 0), end = plot_x(p, i->mean);
    if (!isfinite(end))
        return;
    interval_write(tooltip, i->mean, i->low, i->high);
    drawing_series_begin(d, series, tooltip);
    drawing_rectangle(d, "bar", (box){fmin(zero, end), y - THICK / 2, fabs(end - zero), THICK}, 0.55);
    drawing_begin(d, "d0", (heed_bytes){0});
    plot_interval_across(d, p, y, i->low, i->high);
    drawing_end(d);
    drawing_end(d);
}

static void draw_method(drawing *d, const plot *without, const plot *only, const heed_method_faithfulness *m,
                        double top)
{
    bool random = m->method == HEED_METHOD_AUTO;
    double y = top + 33;
    drawing_rectangle(d, "paper", (box){0, top, DRAWING_WIDTH, 21}, 1);
    drawing_words(d, MARGIN, top + 15, TEXT_PLAIN, ANCHOR_START, order_name(m->method));
    draw_bar(d, without, random, y, mean_of(m, false));
    draw_bar(d, only, random, y, mean_of(m, true));
}

void picture_faithfulness(writer *out, const heed_faithfulness *f)
{
    static const caption words = {"Faithfulness of explanations",
                                  "How much the probability of the prediction falls without the words that each method "
                                  "ranks highest, and with only these words: means with 95% intervals."};
    drawing d = {0};
    plot without, only;
    double height = ROW * (double)f->info.method_count + AXIS_ROOM;
    double top = drawing_title(&d, "Faithfulness: fall of the predicted label's probability") + 4;
    plot_open_across(&d, &without, (box){MARGIN, top, HALF, height}, loss_axis(f, false));
    plot_open_across(&d, &only, (box){2 * MARGIN + HALF, top, HALF, height}, loss_axis(f, true));
    double begin = without.area.y;
    const plot *both[] = {&without, &only};
    for (int i = 0; i < 2; i++) {
        double zero = plot_x(both[i], 0);
        drawing_line(&d, "guide", zero, begin, zero, begin + both[i]->area.height);
    }
    for (size_t i = 0; i < f->info.method_count; i++)
        draw_method(&d, &without, &only, &f->methods[i], begin + ROW * (double)i);
    drawing_finish(out, &d, DRAWING_WIDTH, top + height + MARGIN, words);
}
