/* An evaluation as text for people: the metrics, scikit-learn's classification report, the confusion matrix. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/status.h"
#include "metrics/metric_table.h"

enum {
    MIN_DIGITS = 4,       /* of the metrics */
    MAX_DIGITS = 15,      /* the precision of a double */
    MAX_COLUMN_NAME = 10, /* columns of the confusion matrix with longer names are headed by numbers */
    MAX_SET = 40          /* longer sets of labels are cut short */
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void write_right(writer *w, heed_bytes text, size_t width)
{
    size_t own = escape_columns(text);
    writer_repeat(w, ' ', own < width ? width - own : 0);
    escape_terminal_line(w, text);
}

/* Of the labels that occur. */
static size_t widest_label(const heed_evaluation *e)
{
    size_t widest = 0;
    for (size_t i = 0; i < e->label_count; i++)
        if (evaluation_has_label(e, i))
            widest = larger(widest, escape_columns(evaluation_name(e, i)));
    return widest;
}

/* ---- the metrics: first paragraph */

/* What the baseline predicts. */
static void write_commonest(writer *w, const heed_evaluation *e)
{
    uint32_t first = e->truth.first[e->commonest_row], end = e->truth.first[e->commonest_row + 1];
    if (first == end) {
        writer_text(w, "no label");
        return;
    }
    writer_byte(w, '\'');
    size_t begin = w->size;
    for (uint32_t i = first; i < end; i++) {
        if (w->size - begin > MAX_SET) {
            writer_text(w, ", ...");
            break;
        }
        writer_text(w, i > first ? ", " : "");
        escape_terminal_line(w, evaluation_name(e, e->truth.label[i]));
    }
    writer_byte(w, '\'');
}

/* A note of a metric, with its {NAMES} replaced. */
static void write_note(writer *w, const heed_evaluation *e, const char *note, int digits)
{
    char name[32];
    for (const char *open; (open = strchr(note, '{')) != NULL; note = strchr(open, '}') + 1) {
        writer_bytes(w, note, (size_t)(open - note));
        snprintf(name, sizeof name, "%.*s", (int)strcspn(open + 1, "}"), open + 1);
        if (strcmp(name, "commonest") == 0)
            write_commonest(w, e);
        else
            writer_print(w, "%.*f", digits, evaluation_value(e, name));
    }
    writer_text(w, note);
}

static void write_metric(writer *w, const heed_evaluation *e, const metric *m, int digits)
{
    double value = metric_value(m, e);
    const char *note = m->note[e->task], *undefined = m->undefined[e->task];
    if (isnan(value)) {
        writer_print(w, "%-10s not defined%s%s\n", m->heading, undefined != NULL ? ": " : "",
                     undefined != NULL ? undefined : "");
        return;
    }
    writer_print(w, "%-10s %.*f", m->heading, digits, value);
    if (m->tells_interval && e->resamples > 0) {
        interval range = metric_interval(m, e);
        writer_print(w, " [%.*f, %.*f]", digits, range.low, digits, range.high);
    }
    if (note != NULL) {
        writer_text(w, "   ");
        write_note(w, e, note, digits);
    }
    writer_byte(w, '\n');
}

static void write_metrics(writer *w, const heed_evaluation *e, int digits)
{
    writer_print(w, "rows       %zu\n", e->rows);
    for (const metric *m = metric_next_shown(NULL); m != NULL; m = metric_next_shown(m))
        if (m->heading != NULL && metric_is_defined(m, e))
            write_metric(w, e, m, digits);
    if (evaluation_is_binary(e)) {
        writer_print(w, "threshold  %g   '", *e->thresholds);
        escape_terminal_line(w, evaluation_name(e, e->positive));
        writer_text(w, "' is predicted above it\n");
    }
    if (e->resamples > 0)
        writer_print(w, "In brackets: 95%% intervals of a bootstrap over rows (%u resamples).\n", e->resamples);
}

/* ---- scikit-learn's classification report */

static void write_scores(writer *w, heed_bytes name, size_t width, scores s, uint64_t support, int digits)
{
    write_right(w, name, width);
    writer_byte(w, ' ');
    for (int i = 0; i < SCORE_COUNT; i++)
        writer_print(w, " %9.*f", digits, s.of[i]);
    writer_print(w, " %9" PRIu64 "\n", support);
}

/* The lines below the labels. */
static void write_averages(writer *w, const heed_evaluation *e, size_t width, int digits)
{
    static const average order[] = {AVERAGE_MICRO, AVERAGE_MACRO, AVERAGE_WEIGHTED, AVERAGE_SAMPLES};
    bool several = evaluation_is_multilabel(e);
    writer_byte(w, '\n');
    if (!several) /* which all micro averages are equal to */
        writer_print(w, "%*s  %9s %9s %9.*f %9zu\n", (int)width, "accuracy", "", "", digits,
                     evaluation_value(e, "accuracy"), e->rows);
    for (size_t i = several ? 0 : 1; i < (several ? AVERAGE_COUNT : AVERAGE_COUNT - 1); i++) {
        char name[32];
        snprintf(name, sizeof name, "%s avg", names_of(&average_names, order[i]));
        write_scores(w, bytes_of(name), width, evaluation_average(e, order[i]), evaluation_label_rows(e), digits);
    }
}

/* Equal to classification_report(truth, answers, digits=digits, zero_division=0) if every character of the labels
 * is one column wide. */
static void write_classification(writer *w, const heed_evaluation *e, int digits)
{
    size_t width = larger(larger(widest_label(e), strlen("weighted avg")), (size_t)digits);
    writer_print(w, "%*s  %9s %9s %9s %9s\n\n", (int)width, "", "precision", "recall", "f1-score", "support");
    for (size_t i = 0; i < e->label_count; i++) {
        label_count c = e->counts.of[i];
        if (evaluation_has_label(e, i))
            write_scores(w, evaluation_name(e, i), width, scores_of(c), c.support, digits);
    }
    write_averages(w, e, width, digits);
}

/* ---- confusion matrix */

/* Columns are headed by the labels if they are short, else by numbers, which are then also printed before the labels of
 * the rows.
 */
typedef struct matrix_layout {
    bool numbered;
    size_t number_width, name_width, cell_width;
} matrix_layout;

static size_t count_width(uint64_t count)
{
    return (size_t)snprintf(NULL, 0, "%" PRIu64, count);
}

static matrix_layout lay_out(const heed_evaluation *e)
{
    uint64_t largest = 0;
    for (size_t i = 0; i < e->label_count * e->label_count; i++)
        largest = e->confusion[i] > largest ? e->confusion[i] : largest;
    size_t names = widest_label(e);
    matrix_layout layout = {.numbered = names > MAX_COLUMN_NAME, .name_width = names};
    layout.number_width = layout.numbered ? count_width(e->label_count) : 0;
    layout.cell_width = larger(layout.numbered ? layout.number_width : names, count_width(largest));
    return layout;
}

static void write_matrix_head(writer *w, const heed_evaluation *e, const matrix_layout *layout)
{
    writer_repeat(w, ' ', layout->name_width + (layout->numbered ? layout->number_width + 1 : 0));
    for (size_t i = 0; i < e->label_count; i++) {
        if (!evaluation_has_label(e, i))
            continue;
        writer_text(w, "  ");
        if (layout->numbered)
            writer_print(w, "%*zu", (int)layout->cell_width, i + 1);
        else
            write_right(w, evaluation_name(e, i), layout->cell_width);
    }
    writer_byte(w, '\n');
}

static void write_matrix_row(writer *w, const heed_evaluation *e, const matrix_layout *layout, size_t actual)
{
    if (layout->numbered)
        writer_print(w, "%*zu ", (int)layout->number_width, actual + 1);
    write_right(w, evaluation_name(e, actual), layout->name_width);
    for (size_t i = 0; i < e->label_count; i++)
        if (evaluation_has_label(e, i))
            writer_print(w, "  %*" PRIu64, (int)layout->cell_width, evaluation_confused(e, actual, i));
    writer_byte(w, '\n');
}

static void write_confusion(writer *w, const heed_evaluation *e)
{
    matrix_layout layout = lay_out(e);
    writer_text(w, "confusion matrix: a row for each true label, a column for each predicted one\n\n");
    write_matrix_head(w, e, &layout);
    for (size_t i = 0; i < e->label_count; i++)
        if (evaluation_has_label(e, i))
            write_matrix_row(w, e, &layout, i);
}

/* With several labels per row: each label against the rest. */
static void write_answers(writer *w, const heed_evaluation *e, int digits)
{
    size_t width = larger(widest_label(e), strlen("label"));
    writer_text(w, "each label against the rest\n\n");
    writer_print(w, "%*s  %9s %9s %9s %9s %9s %9s\n", (int)width, "label", "threshold", "true pos", "false pos",
                 "false neg", "true neg", "ROC area");
    for (size_t i = 0; i < e->label_count; i++) {
        label_count c = e->counts.of[i];
        write_right(w, evaluation_name(e, i), width);
        writer_print(w, "  %9.3g %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64, e->thresholds[i], c.hits,
                     c.predicted - c.hits, c.support - c.hits, e->rows - c.support - c.predicted + c.hits);
        if (isnan(e->areas[i].roc))
            writer_print(w, " %9s\n", "-");
        else
            writer_print(w, " %9.*f\n", digits, e->areas[i].roc);
    }
}

heed_status heed_evaluation_report(char **out, const heed_evaluation *evaluation, int digits, heed_error *error)
{
    const heed_evaluation *e = evaluation;
    writer w = {0};
    *out = NULL;
    heed_status status = evaluation_check_finished(e, error);
    if (status != HEED_OK)
        return status;
    if (digits < 0 || digits > MAX_DIGITS)
        return fail(error, HEED_USAGE, "evaluation: a report with %d digits, expected 0 to %d", digits, MAX_DIGITS);
    write_metrics(&w, e, digits > MIN_DIGITS ? digits : MIN_DIGITS);
    writer_byte(&w, '\n');
    write_classification(&w, e, digits);
    writer_byte(&w, '\n');
    if (evaluation_is_multilabel(e))
        write_answers(&w, e, digits);
    else
        write_confusion(&w, e);
    status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}
