#include "draw/pictures_rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "draw/chart.h"

enum { MARGIN = DRAWING_MARGIN, MIN_CELL = 36, MAX_CELL = 110, MAX_NAME = 150, PLOT = 280, PANEL = 140, BAR_ROW = 26 };

static double widest_label(const char *const *labels, size_t count, text_kind kind)
{
    double widest = 0;
    for (size_t i = 0; i < count; i++)
        widest = fmax(widest, text_width(kind, bytes_of(labels[i])));
    return widest;
}

/* A percentage such as "12.3%" or, short, "12%". */
static void share_write(char out[NUMBER_TEXT], uint64_t part, uint64_t whole, int decimals)
{
    char digits[NUMBER_TEXT];
    number_write(digits, whole > 0 ? 100 * (double)part / (double)whole : 0, decimals, false);
    snprintf(out, NUMBER_TEXT, "%.20s%%", digits);
}

/* ---- confusion matrix */

typedef struct confusion_matrix {
    const char *const *labels;
    const uint64_t *rows; /* [count][count] */
    size_t count;
    double left, top, cell; /* the corner of the first cell, and a cell's side */
    double names;           /* room for a name next to the matrix */
    bool upright;           /* names above the columns are rotated */
} confusion_matrix;

static void matrix_lay(confusion_matrix *m)
{
    double widest = widest_label(m->labels, m->count, TEXT_SMALL) + 1, line = text_height(TEXT_SMALL);
    double title = MARGIN + text_height(TEXT_TITLE) + 2 * line + 6;
    m->names = fmin(widest, MAX_NAME);
    m->left = MARGIN + fmax(m->names, text_width(TEXT_SMALL, bytes_of("actual"))) + 8;
    double side = (DRAWING_WIDTH - MARGIN - m->left) / (double)(m->count > 0 ? m->count : 1);
    m->cell = fmax(MIN_CELL, fmin(side, MAX_CELL));
    m->upright = widest > m->cell - 6;
    m->top = title + (m->upright ? m->names + 4 : line);
}

static void draw_matrix_names(drawing *d, const confusion_matrix *m)
{
    double line = text_height(TEXT_SMALL), top = drawing_title(d, "Confusion matrix");
    drawing_words(d, MARGIN, top + line - 2, TEXT_SMALL, ANCHOR_START, "rows: actual, columns: predicted;");
    drawing_words(d, MARGIN, top + 2 * line - 2, TEXT_SMALL, ANCHOR_START, "counts, and shares of the actual label");
    for (size_t i = 0; i < m->count; i++) {
        double middle = m->cell * ((double)i + 0.5) + 4;
        heed_bytes name = bytes_of(m->labels[i]);
        drawing_text(d, m->left - 8, m->top + middle, TEXT_SMALL, ANCHOR_END, name, m->names);
        if (m->upright)
            drawing_text_upwards(d, m->left + middle, m->top - 6, TEXT_SMALL, ANCHOR_START, name, m->names);
        else
            drawing_text(d, m->left + middle - 4, m->top - 6, TEXT_SMALL, ANCHOR_MIDDLE, name, m->cell - 4);
    }
}

static void begin_cell(drawing *d, const confusion_matrix *m, size_t actual, size_t predicted, uint64_t rows,
                       uint64_t all)
{
    char share[NUMBER_TEXT];
    writer tooltip = {0};
    share_write(share, rows, all, 1);
    writer_print(&tooltip, "actual %s, predicted %s: %" PRIu64 " of %" PRIu64 " rows, %s", m->labels[actual],
                 m->labels[predicted], rows, all, share);
    drawing_begin(d, "cell-of-matrix", (heed_bytes){tooltip.data, tooltip.size});
    if (tooltip.problem != 0)
        writer_fail(&d->body, tooltip.problem);
    writer_release(&tooltip);
}

/* Eight tenths of the colour at most, so that the number on it can be read. Large matrices leave their zeros out. */
static void draw_cell(drawing *d, const confusion_matrix *m, size_t actual, size_t predicted, uint64_t all)
{
    enum { SMALL_MATRIX = 6 };
    uint64_t rows = m->rows[actual * m->count + predicted];
    double x = m->left + m->cell * (double)predicted, y = m->top + m->cell * (double)actual;
    double middle = x + m->cell / 2, share = all > 0 ? (double)rows / (double)all : 0;
    text_kind kind = m->cell >= 56 ? TEXT_PLAIN : TEXT_CELL;
    char words[NUMBER_TEXT];
    begin_cell(d, m, actual, predicted, rows, all);
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

void picture_confusion(writer *out, const char *const *labels, size_t count, const uint64_t *rows)
{
    static const caption words = {"Confusion matrix", "Which labels were predicted for how many rows of each label."};
    confusion_matrix m = {.labels = labels, .rows = rows, .count = count};
    drawing d = {0};
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
    drawing_finish(out, &d, width, m.top + side + MARGIN, words);
}

/* ---- histograms */

/* Bars of equal bins over [0, end]. */
static void draw_bins(drawing *d, const plot *p, const uint64_t *rows, size_t bins, double end)
{
    bool some = false;
    for (size_t b = 0; b < bins; b++) {
        plot_bar(d, p, end * (double)b / (double)bins, end * (double)(b + 1) / (double)bins, rows[b]);
        some = some || rows[b] > 0;
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

void picture_scores(writer *out, const char *const *labels, size_t count, const uint64_t *rows, size_t bins,
                    const char *score)
{
    static const caption words = {"Scores by label", "Distribution of scores for the rows of each label."};
    drawing d = {0};
    grid g = {DRAWING_WIDTH, drawing_title(&d, words.title) + 8, PANEL, 2};
    for (size_t i = 0; i < count; i++) {
        plot p;
        const uint64_t *of_label = rows + i * bins;
        plot_open(&d, &p, grid_panel(&g, i), labels[i], (axis){score, 0, 1, true, false},
                  rows_axis(NULL, of_label, bins));
        draw_bins(&d, &p, of_label, bins, 1);
    }
    drawing_finish(out, &d, DRAWING_WIDTH, grid_bottom(&g, count), words);
}

/* The end of the window, with its name on the side that has room. */
static void draw_window(drawing *d, const plot *p, uint32_t window)
{
    char words[32];
    snprintf(words, sizeof words, "window %u", window);
    double x = plot_x(p, window), width = text_width(TEXT_SMALL, bytes_of(words)) + 6;
    bool left = x + width > p->area.x + p->area.width;
    drawing_line(d, "guide", x, p->area.y - 6, x, p->area.y + p->area.height);
    drawing_words(d, left ? x - 6 : x + 6, p->area.y - 9, TEXT_SMALL, left ? ANCHOR_END : ANCHOR_START, words);
}

void picture_lengths(writer *out, const uint64_t *rows, size_t bins, uint32_t step, uint32_t window)
{
    static const caption words = {"Lengths", "Distribution of the number of tokens per text."};
    drawing d = {0};
    plot p;
    double width = DRAWING_WIDTH - 2 * MARGIN, top = drawing_title(&d, words.title);
    double end = fmax((double)bins * step, 1);
    plot_open(&d, &p, (box){MARGIN, top + 4, width, PLOT}, NULL, (axis){"tokens per text", 0, end, true, true},
              rows_axis("rows", rows, bins));
    draw_bins(&d, &p, rows, bins, end);
    if (window > 0 && window <= end)
        draw_window(&d, &p, window);
    drawing_finish(out, &d, DRAWING_WIDTH, top + PLOT + 4 + MARGIN, words);
}

/* ---- labels */

/* The layout of bars of labels: room for names before them and for numbers after them, and the number of the longest
 * bar. */
typedef struct label_bars {
    double names, numbers;
    uint64_t most;
} label_bars;

static label_bars label_bars_lay(const char *const *labels, size_t count, const uint64_t *rows)
{
    char words[NUMBER_TEXT];
    label_bars b = {.names = fmin(widest_label(labels, count, TEXT_SMALL) + 1, 0.45 * DRAWING_WIDTH), .most = 1};
    for (size_t i = 0; i < count; i++) {
        b.most = rows[i] > b.most ? rows[i] : b.most;
        snprintf(words, sizeof words, "%" PRIu64, rows[i]);
        b.numbers = fmax(b.numbers, text_width(TEXT_SMALL, bytes_of(words)));
    }
    return b;
}

static void draw_label_bar(drawing *d, const label_bars *b, const char *label, uint64_t rows, double y)
{
    char words[NUMBER_TEXT];
    double left = MARGIN + b->names + 8, room = DRAWING_WIDTH - MARGIN - b->numbers - 8 - left;
    double length = room * ((double)rows / (double)b->most);
    snprintf(words, sizeof words, "%" PRIu64, rows);
    drawing_text(d, left - 8, y + 17, TEXT_SMALL, ANCHOR_END, bytes_of(label), b->names);
    drawing_series_begin(d, 0, NULL);
    drawing_rectangle(d, "bar", (box){left, y + 4, length, BAR_ROW - 8}, 1);
    drawing_end(d);
    drawing_words(d, left + length + 6, y + 17, TEXT_SMALL, ANCHOR_START, words);
}

void picture_labels(writer *out, const char *const *labels, size_t count, const uint64_t *rows)
{
    static const caption words = {"Rows of each label", "Number of rows of each label."};
    const label_bars bars = label_bars_lay(labels, count, rows);
    drawing d = {0};
    double top = drawing_title(&d, words.title);
    for (size_t i = 0; i < count; i++)
        draw_label_bar(&d, &bars, labels[i], rows[i], top + 8 + BAR_ROW * (double)i);
    if (count == 0)
        drawing_words(&d, MARGIN, top + 24, TEXT_SMALL, ANCHOR_START, "no data");
    drawing_finish(out, &d, DRAWING_WIDTH, top + 8 + BAR_ROW * fmax((double)count, 1) + MARGIN, words);
}
