/* Pictures of counted rows: confusion matrix, scores, lengths, labels. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "draw/chart.h"
#include "draw/pictures.h"

enum { MARGIN = 16, CELL_LEAST = 36, CELL_MOST = 110, NAME_MOST = 150, PLOT = 280, PANEL = 140, BAR_ROW = 26 };

static double widest_label(const char *const *labels, size_t count, text_kind kind)
{
    double widest = 0;
    for (size_t i = 0; i < count; i++)
        widest = fmax(widest, text_width(kind, words_of(labels[i])));
    return widest;
}

/* Appends a percentage such as "12.3%" or, short, "12%". */
static void share_write(char out[NUMBER_TEXT], uint64_t part, uint64_t whole, int decimals)
{
    char digits[NUMBER_TEXT];
    number_write(digits, whole > 0 ? 100 * (double)part / (double)whole : 0, decimals, false);
    snprintf(out, NUMBER_TEXT, "%.20s%%", digits);
}

/* ---- confusion matrix */

typedef struct matrix {
    const char *const *labels;
    const uint64_t *rows; /* [count][count] */
    size_t count;
    double left, top, cell; /* where the cells begin, and their side */
    double names;           /* room of a name beside the matrix */
    bool upright;           /* names above the columns are turned */
    buffer tooltip;
} matrix;

static void matrix_lay(matrix *m)
{
    double widest = widest_label(m->labels, m->count, TEXT_SMALL) + 1, line = text_height(TEXT_SMALL);
    double title = MARGIN + text_height(TEXT_TITLE) + 2 * line + 6;
    m->names = fmin(widest, NAME_MOST);
    m->left = MARGIN + fmax(m->names, text_width(TEXT_SMALL, words_of("actual"))) + 8;
    double side = (DRAWING_WIDTH - MARGIN - m->left) / (double)(m->count > 0 ? m->count : 1);
    m->cell = fmax(CELL_LEAST, fmin(side, CELL_MOST));
    m->upright = widest > m->cell - 6;
    m->top = title + (m->upright ? m->names + 4 : line);
}

static void draw_matrix_names(drawing *d, const matrix *m)
{
    double line = text_height(TEXT_SMALL), top = MARGIN + text_height(TEXT_TITLE);
    drawing_words(d, MARGIN, top - 4, TEXT_TITLE, ANCHOR_START, "Confusion matrix");
    drawing_words(d, MARGIN, top + line - 2, TEXT_SMALL, ANCHOR_START, "rows: actual, columns: predicted;");
    drawing_words(d, MARGIN, top + 2 * line - 2, TEXT_SMALL, ANCHOR_START, "counts, and shares of the actual label");
    for (size_t i = 0; i < m->count; i++) {
        double middle = m->cell * ((double)i + 0.5) + 4;
        heed_bytes name = words_of(m->labels[i]);
        drawing_text(d, m->left - 8, m->top + middle, TEXT_SMALL, ANCHOR_END, name, m->names);
        if (m->upright)
            drawing_text_upwards(d, m->left + middle, m->top - 6, TEXT_SMALL, ANCHOR_START, name, m->names);
        else
            drawing_text(d, m->left + middle - 4, m->top - 6, TEXT_SMALL, ANCHOR_MIDDLE, name, m->cell - 4);
    }
}

static void tell_cell(drawing *d, matrix *m, size_t actual, size_t predicted, uint64_t rows, uint64_t all)
{
    char share[NUMBER_TEXT];
    share_write(share, rows, all, 1);
    buffer_clear(&m->tooltip);
    heed_status status =
        buffer_print(&m->tooltip, d->error, "actual %s, predicted %s: %" PRIu64 " of %" PRIu64 " rows, %s",
                     m->labels[actual], m->labels[predicted], rows, all, share);
    if (d->status == HEED_OK)
        d->status = status;
    drawing_begin(d, "cell-of-matrix", m->tooltip.data, m->tooltip.size);
}

/* Eight tenths of the colour at most, so that the number on it can be read. Large matrices leave their zeros out. */
static void draw_cell(drawing *d, matrix *m, size_t actual, size_t predicted, uint64_t all)
{
    enum { SMALL_MATRIX = 6 };
    uint64_t rows = m->rows[actual * m->count + predicted];
    double x = m->left + m->cell * (double)predicted, y = m->top + m->cell * (double)actual;
    double middle = x + m->cell / 2, share = all > 0 ? (double)rows / (double)all : 0;
    text_kind kind = m->cell >= 56 ? TEXT_PLAIN : TEXT_CELL;
    char words[NUMBER_TEXT];
    tell_cell(d, m, actual, predicted, rows, all);
    drawing_rectangle(d, "heat", (box){x, y, m->cell, m->cell}, 0.8 * share);
    drawing_rectangle(d, "edge", (box){x, y, m->cell, m->cell}, 1);
    if (rows > 0 || m->count <= SMALL_MATRIX) {
        count_write(words, rows);
        drawing_words(d, middle, y + m->cell / 2 - 2, kind, ANCHOR_MIDDLE, words);
        share_write(words, rows, all, m->cell >= 56 ? 1 : 0);
        drawing_words(d, middle, y + m->cell / 2 + text_height(kind) - 4, kind == TEXT_PLAIN ? TEXT_SMALL : TEXT_CELL,
                      ANCHOR_MIDDLE, words);
    }
    drawing_end(d);
}

heed_status picture_confusion(buffer *out, const char *const *labels, size_t count, const uint64_t *rows,
                              heed_error *error)
{
    matrix m = {.labels = labels, .rows = rows, .count = count};
    drawing d;
    drawing_init(&d, error);
    matrix_lay(&m);
    draw_matrix_names(&d, &m);
    for (size_t i = 0; i < count; i++) {
        uint64_t all = 0;
        for (size_t j = 0; j < count; j++)
            all += rows[i * count + j];
        for (size_t j = 0; j < count; j++)
            draw_cell(&d, &m, i, j, all);
    }
    double side = m.cell * (double)count, width = fmax(DRAWING_WIDTH, m.left + side + MARGIN);
    heed_status status = drawing_finish(out, &d, width, m.top + side + MARGIN, "Confusion matrix",
                                        "How many rows of each label were given which label.");
    buffer_release(&m.tooltip);
    drawing_release(&d);
    return status;
}

/* ---- histograms */

/* Bars of equal bins over [0, end]. */
static void draw_bins(drawing *d, const plot *p, size_t series, const uint64_t *rows, size_t bins, double end)
{
    bool some = false;
    for (size_t b = 0; b < bins; b++) {
        char tooltip[32];
        snprintf(tooltip, sizeof tooltip, "%" PRIu64 " rows", rows[b]);
        some = some || rows[b] > 0;
        if (rows[b] > 0)
            plot_bar(d, p, series, end * (double)b / (double)bins, end * (double)(b + 1) / (double)bins,
                     (double)rows[b], tooltip);
    }
    if (!some)
        plot_say_empty(d, p);
}

static axis rows_axis(const char *title, const uint64_t *rows, size_t bins)
{
    axis y = {title, 0, 0, true, true};
    for (size_t b = 0; b < bins; b++)
        axis_take(&y, (double)rows[b]);
    return y;
}

heed_status picture_scores(buffer *out, const char *const *labels, size_t count, const uint64_t *rows, size_t bins,
                           const char *score, heed_error *error)
{
    drawing d;
    drawing_init(&d, error);
    double top = MARGIN + text_height(TEXT_TITLE);
    drawing_words(&d, MARGIN, top - 4, TEXT_TITLE, ANCHOR_START, "Scores by label");
    grid g = {DRAWING_WIDTH, top + 8, PANEL, 2};
    for (size_t i = 0; i < count; i++) {
        plot p;
        const uint64_t *of_label = rows + i * bins;
        plot_open(&d, &p, grid_panel(&g, i), labels[i], (axis){score, 0, 1, true, false},
                  rows_axis(NULL, of_label, bins));
        draw_bins(&d, &p, 0, of_label, bins, 1);
    }
    heed_status status = drawing_finish(out, &d, DRAWING_WIDTH, grid_bottom(&g, count), "Scores by label",
                                        "How many rows of each label were given which score.");
    drawing_release(&d);
    return status;
}

/* The window's end, its name on the side that has room. */
static void draw_window(drawing *d, const plot *p, uint32_t window)
{
    char words[32];
    snprintf(words, sizeof words, "window %u", window);
    double x = plot_x(p, window), width = text_width(TEXT_SMALL, words_of(words)) + 6;
    bool left = x + width > p->area.x + p->area.width;
    drawing_line(d, "guide", x, p->area.y - 6, x, p->area.y + p->area.height);
    drawing_words(d, left ? x - 6 : x + 6, p->area.y - 9, TEXT_SMALL, left ? ANCHOR_END : ANCHOR_START, words);
}

heed_status picture_lengths(buffer *out, const uint64_t *rows, size_t bins, uint32_t step, uint32_t window,
                            heed_error *error)
{
    drawing d;
    plot p;
    drawing_init(&d, error);
    double width = DRAWING_WIDTH - 2 * MARGIN, top = MARGIN + text_height(TEXT_TITLE);
    double end = fmax((double)bins * step, 1);
    drawing_words(&d, MARGIN, top - 4, TEXT_TITLE, ANCHOR_START, "Lengths");
    plot_open(&d, &p, (box){MARGIN, top + 4, width, PLOT}, NULL,
              (axis){"tokens of a text", 0, end, true, true}, rows_axis("rows", rows, bins));
    draw_bins(&d, &p, 0, rows, bins, end);
    if (window > 0 && window <= end)
        draw_window(&d, &p, window);
    heed_status status = drawing_finish(out, &d, DRAWING_WIDTH, top + PLOT + 4 + MARGIN, "Lengths",
                                        "How many texts have how many tokens.");
    drawing_release(&d);
    return status;
}

/* ---- labels */

heed_status picture_labels(buffer *out, const char *const *labels, size_t count, const uint64_t *rows,
                           heed_error *error)
{
    uint64_t most = 1;
    double names = fmin(widest_label(labels, count, TEXT_SMALL) + 1, 0.45 * DRAWING_WIDTH), numbers = 0;
    char words[NUMBER_TEXT];
    for (size_t i = 0; i < count; i++) {
        most = rows[i] > most ? rows[i] : most;
        snprintf(words, sizeof words, "%" PRIu64, rows[i]);
        numbers = fmax(numbers, text_width(TEXT_SMALL, words_of(words)));
    }
    drawing d;
    drawing_init(&d, error);
    double top = MARGIN + text_height(TEXT_TITLE), left = MARGIN + names + 8;
    double room = DRAWING_WIDTH - MARGIN - numbers - 8 - left;
    drawing_words(&d, MARGIN, top - 4, TEXT_TITLE, ANCHOR_START, "Rows of each label");
    for (size_t i = 0; i < count; i++) {
        double y = top + 8 + BAR_ROW * (double)i, length = room * ((double)rows[i] / (double)most);
        snprintf(words, sizeof words, "%" PRIu64, rows[i]);
        drawing_text(&d, left - 8, y + 17, TEXT_SMALL, ANCHOR_END, words_of(labels[i]), names);
        drawing_series_begin(&d, 0, NULL);
        drawing_rectangle(&d, "bar", (box){left, y + 4, length, BAR_ROW - 8}, 1);
        drawing_end(&d);
        drawing_words(&d, left + length + 6, y + 17, TEXT_SMALL, ANCHOR_START, words);
    }
    if (count == 0)
        drawing_words(&d, MARGIN, top + 24, TEXT_SMALL, ANCHOR_START, "no data");
    heed_status status =
        drawing_finish(out, &d, DRAWING_WIDTH, top + 8 + BAR_ROW * fmax((double)count, 1) + MARGIN,
                       "Rows of each label", "How many rows each label has.");
    drawing_release(&d);
    return status;
}
