/* Nine metrics over the epochs, one panel each. */
#include "draw/pictures_training.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "draw/chart.h"
#include "metrics/keras_metrics.h"

enum { COLUMNS = 2, PANEL = 150, MARGIN = DRAWING_MARGIN, SERIES = 2 };

typedef struct panels {
    const training_history *history;
    double *epoch;         /* [epochs]: 1, 2, ... */
    double *value[SERIES]; /* [epochs]: of one metric, training and validation */
    bool validated;
} panels;

static const char *series_name(const panels *p, int series)
{
    return series == 0 ? "training" : p->history->held_out ? "held out" : "validation";
}

/* false: no memory. Release it in any case. */
static bool panels_init(panels *p, const training_history *history)
{
    *p = (panels){.history = history, .epoch = memory_array(history->epochs, sizeof *p->epoch)};
    bool fine = p->epoch != NULL;
    for (int s = 0; s < SERIES; s++)
        fine = (p->value[s] = memory_array(history->epochs, sizeof *p->value[s])) != NULL && fine;
    for (unsigned e = 0; e < history->epochs && fine; e++) {
        p->epoch[e] = e + 1;
        p->validated = p->validated || !isnan(history->validation[e].loss);
    }
    return fine;
}

static void panels_release(panels *p)
{
    free(p->epoch);
    for (int s = 0; s < SERIES; s++)
        free(p->value[s]);
}

/* One metric of every epoch; NaN if there was no validation. */
static void panels_read(panels *p, int column)
{
    for (unsigned e = 0; e < p->history->epochs; e++) {
        heed_keras_metrics train = p->history->train[e], validation = p->history->validation[e];
        p->value[0][e] = *keras_metric_at(&train, column);
        p->value[1][e] = isnan(validation.loss) ? NAN : *keras_metric_at(&validation, column);
    }
}

static void draw_kept(drawing *d, const plot *p, unsigned kept)
{
    double x = plot_x(p, kept);
    char tooltip[64];
    snprintf(tooltip, sizeof tooltip, "epoch %u: its weights are kept", kept);
    drawing_begin(d, "kept", bytes_of(tooltip));
    drawing_line(d, "guide", x, p->area.y, x, p->area.y + p->area.height);
    drawing_end(d);
}

static void draw_panel(drawing *d, panels *p, box where, int column)
{
    const training_history *h = p->history;
    axis x = {.title = "epoch", .whole = true}, y = {0};
    plot panel;
    panels_read(p, column);
    axis_take_all(&x, p->epoch, h->epochs);
    for (int s = 0; s < SERIES; s++)
        axis_take_all(&y, p->value[s], h->epochs);
    plot_open(d, &panel, where, keras_columns[column].name, x, y);
    if (h->kept > 0 && h->kept <= h->epochs)
        draw_kept(d, &panel, h->kept);
    bool some = false;
    for (int s = 0; s < SERIES; s++) {
        const data_line line = {series_name(p, s), (size_t)s, p->epoch, p->value[s], h->epochs, true};
        some = plot_line(d, &panel, &line) || some;
    }
    if (!some)
        plot_say_empty(d, &panel);
}

/* The legend of the lines, including the vertical one; returns its bottom. */
static double draw_legend(drawing *d, const panels *p)
{
    legend_entry entries[SERIES] = {{bytes_of(series_name(p, 0)), "", 0, true},
                                    {bytes_of(series_name(p, 1)), "", 1, true}};
    size_t count = p->validated ? SERIES : 1;
    box where = {MARGIN, MARGIN, DRAWING_WIDTH - 2 * MARGIN, legend_height(entries, count, DRAWING_WIDTH)};
    legend_draw(d, where, entries, count);
    double y = where.y + where.height;
    if (p->history->kept > 0 && p->history->kept <= p->history->epochs) {
        char words[64];
        snprintf(words, sizeof words, "epoch %u of %u: its weights are kept", p->history->kept, p->history->epochs);
        drawing_line(d, "guide", MARGIN + 16, y + 2, MARGIN + 16, y + 18);
        drawing_words(d, MARGIN + 36, y + 14, TEXT_SMALL, ANCHOR_START, words);
        y += 20;
    }
    return y + 8;
}

static void draw_panels(writer *out, panels *p)
{
    drawing d = {0};
    unsigned epochs = p->history->epochs;
    char words[160];
    grid g = {DRAWING_WIDTH, draw_legend(&d, p), PANEL, COLUMNS};
    for (int c = 0; c < KERAS_COLUMNS; c++)
        draw_panel(&d, p, grid_panel(&g, (size_t)c), c);
    snprintf(words, sizeof words,
             "Loss, counts of predictions, accuracy, precision, recall and area over %u epoch%s%s%s.", epochs,
             epochs == 1 ? "" : "s", p->validated ? ", training and " : "", p->validated ? series_name(p, 1) : "");
    drawing_finish(out, &d, DRAWING_WIDTH, grid_bottom(&g, KERAS_COLUMNS), (caption){"Training", words});
}

void picture_training(writer *out, const training_history *history)
{
    panels p;
    if (panels_init(&p, history))
        draw_panels(out, &p);
    else
        writer_fail(out, ENOMEM);
    panels_release(&p);
}
