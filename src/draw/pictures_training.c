/* The training panels: nine figures over the epochs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "draw/chart.h"
#include "metrics/figures.h"
#include "draw/pictures.h"

enum { COLUMNS = 2, PANEL = 150, MARGIN = 16, SERIES = 2 };

typedef struct panels {
    const training_history *history;
    double *epoch;         /* [epochs]: 1, 2, ... */
    double *value[SERIES]; /* [epochs]: of one figure, training and validation */
    bool validated;
} panels;

static const char *const series_names[SERIES] = {"training", "validation"};

static heed_status panels_init(panels *p, const training_history *history, heed_error *error)
{
    *p = (panels){.history = history, .epoch = memory_array(history->epochs, sizeof *p->epoch)};
    bool fine = p->epoch != NULL;
    for (int s = 0; s < SERIES; s++)
        fine = (p->value[s] = memory_array(history->epochs, sizeof *p->value[s])) != NULL && fine;
    if (!fine)
        return fail_memory(error, "the picture of a training");
    for (unsigned e = 0; e < history->epochs; e++) {
        p->epoch[e] = e + 1;
        p->validated = p->validated || !isnan(history->validation[e].loss);
    }
    return HEED_OK;
}

static void panels_release(panels *p)
{
    free(p->epoch);
    for (int s = 0; s < SERIES; s++)
        free(p->value[s]);
}

/* One figure of every epoch; NaN where there was no validation. */
static void panels_read(panels *p, int column)
{
    for (unsigned e = 0; e < p->history->epochs; e++) {
        heed_figures train = p->history->train[e], validation = p->history->validation[e];
        p->value[0][e] = *figure_at(&train, column);
        p->value[1][e] = isnan(validation.loss) ? NAN : *figure_at(&validation, column);
    }
}

static void draw_kept(drawing *d, const plot *p, unsigned kept)
{
    double x = plot_x(p, kept);
    char tooltip[64];
    snprintf(tooltip, sizeof tooltip, "epoch %u: its weights are kept", kept);
    drawing_begin(d, "kept", tooltip, words_of(tooltip).size);
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
    plot_open(d, &panel, where, figure_columns[column].name, x, y);
    if (h->kept > 0 && h->kept <= h->epochs)
        draw_kept(d, &panel, h->kept);
    bool some = false;
    for (int s = 0; s < SERIES; s++)
        some = plot_line(d, &panel, (size_t)s, series_names[s], p->epoch, p->value[s], h->epochs, true) || some;
    if (!some)
        plot_say_empty(d, &panel);
}

/* Which line is which, and what the upright one is. */
static double draw_legend(drawing *d, const panels *p)
{
    legend_entry entries[SERIES] = {{words_of(series_names[0]), "", 0, true}, {words_of(series_names[1]), "", 1, true}};
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

heed_status picture_training(buffer *out, const training_history *history, heed_error *error)
{
    panels p;
    drawing d;
    char words[160];
    drawing_init(&d, error);
    heed_status status = panels_init(&p, history, error);
    if (status == HEED_OK) {
        grid g = {DRAWING_WIDTH, draw_legend(&d, &p), PANEL, COLUMNS};
        for (int c = 0; c < FIGURE_COLUMNS; c++)
            draw_panel(&d, &p, grid_panel(&g, (size_t)c), c);
        snprintf(words, sizeof words, "Loss, counts of answers, accuracy, precision, recall and area over %u epoch%s%s",
                 history->epochs, history->epochs == 1 ? "" : "s", p.validated ? ", training and validation." : ".");
        status = drawing_finish(out, &d, DRAWING_WIDTH, grid_bottom(&g, FIGURE_COLUMNS), "Training", words);
    }
    drawing_release(&d);
    panels_release(&p);
    return status;
}
