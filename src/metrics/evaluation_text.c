/* An evaluation as text for people: the metrics, scikit-learn's classification report, the confusion matrix. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "metrics/bootstrap.h"
#include "metrics/evaluation_bootstrap.h"
#include "metrics/metric_table.h"

enum {
    MIN_DIGITS = 4,       /* of the metrics */
    MAX_DIGITS = 15,      /* the precision of a double */
    MAX_COLUMN_NAME = 10, /* columns of the confusion matrix with longer names are headed by numbers */
    MAX_PAIRS = 20,       /* confusions that are listed where there is no matrix */
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
    for (size_t i = 0; i < evaluation_labels(e); i++)
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

/* "over 3 of 5 labels", of a mean that some labels have no part in. */
static void write_basis(writer *w, const heed_evaluation *e, const metric *m, const char *before)
{
    if (m->basis == NULL)
        return;
    const label_basis basis = m->basis(e);
    if (label_basis_is_partial(basis))
        writer_print(w, "%sover %zu of %zu labels", before, basis.counted, basis.all);
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
    interval range = metric_interval(m, e);
    if (m->tells_interval && !isnan(range.low))
        writer_print(w, " [%.*f, %.*f]", digits, range.low, digits, range.high);
    if (note != NULL) {
        writer_text(w, "   ");
        write_note(w, e, note, digits);
    }
    write_basis(w, e, m, note != NULL ? "; " : "   ");
    writer_byte(w, '\n');
}

/* What accuracy hides where labels are far from equal. */
static void write_rare(writer *w, const heed_evaluation *e, size_t label, int digits)
{
    char area[NUMBER_TEXT];
    writer_print(w, "%-10s %.*f   of '", "rare F1", digits, scores_of(e->counts.of[label]).of[SCORE_F1]);
    escape_terminal_line(w, evaluation_name(e, label));
    writer_print(w, "': %" PRIu64 " of %zu rows; average precision %s\n", e->counts.of[label].support, e->rows,
                 number_fixed(area, e->areas[label].average_precision, digits));
}

static void write_rows(writer *w, const heed_evaluation *e)
{
    writer_print(w, "rows       %zu", e->rows);
    if (e->unknown > 0 && evaluation_is_multilabel(e))
        writer_print(w,
                     "   with %" PRIu64 " labels that the model does not have, which count as missed\n"
                     "known      %zu   of %zu labels: log loss, Brier, ECE and areas are over these",
                     e->unknown, e->label_count, evaluation_labels(e));
    else if (e->unknown > 0)
        writer_print(w,
                     "   %" PRIu64 " with labels that the model does not have, which count as wrong\n"
                     "known      %zu   rows: log loss, Brier, ECE and areas are over these",
                     e->unknown, e->known_rows);
    writer_byte(w, '\n');
}

static void write_brackets(writer *w, const heed_evaluation *e)
{
    if (e->resamples == 0)
        return;
    if (e->rows < MIN_BOOTSTRAP_ROWS) {
        writer_text(w, "No intervals: they take at least two rows.\n");
        return;
    }
    writer_print(w, "In brackets: 95%% intervals of a bootstrap over rows (%u resamples).\n", e->resamples);
    if (!bootstrap_has_areas(e, e->resamples))
        writer_print(w, "No intervals of areas%s: %zu labels are too many for %u resamples of %zu rows.\n",
                     evaluation_is_multilabel(e) ? " and ECE" : "", e->label_count, e->resamples, e->rows);
}

static void write_values(writer *w, const heed_evaluation *e, int digits)
{
    size_t rare = evaluation_rare_label(e);
    write_rows(w, e);
    for (const metric *m = metric_next_shown(NULL); m != NULL; m = metric_next_shown(m)) {
        if (m->heading == NULL || !metric_is_defined(m, e) || (m->of_rare && rare == evaluation_labels(e)))
            continue;
        write_metric(w, e, m, digits);
        if (m->of_rare)
            write_rare(w, e, rare, digits);
    }
}

/* What the seen rows hide: the same lines without them. */
static void write_unseen(writer *w, const heed_evaluation *e, int digits)
{
    if (e->seen_rows == 0)
        return;
    writer_print(w, "seen       %zu   rows (%.*f%%) have texts that the model saw in training; %s\n", e->seen_rows,
                 e->seen_rows < e->rows ? 1 : 0, 100 * (double)e->seen_rows / (double)e->rows,
                 e->unseen != NULL ? "without them:" : "without them there is nothing to measure");
    if (e->unseen != NULL)
        write_values(w, e->unseen, digits);
}

static void write_metrics(writer *w, const heed_evaluation *e, int digits)
{
    write_values(w, e, digits);
    write_unseen(w, e, digits);
    if (evaluation_is_binary(e)) {
        writer_print(w, "threshold  %g   '", *e->thresholds);
        escape_terminal_line(w, evaluation_name(e, e->positive));
        writer_text(w, "' is predicted above it\n");
    }
    write_brackets(w, e);
}

/* ---- scikit-learn's classification report */

static void write_scores(writer *w, heed_bytes name, size_t width, scores s, uint64_t support, int digits)
{
    write_right(w, name, width);
    writer_byte(w, ' ');
    for (int i = 0; i < SCORE_COUNT; i++) {
        char number[NUMBER_TEXT];
        writer_print(w, " %9s", number_fixed(number, s.of[i], digits));
    }
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

/* Equal to classification_report(truth, answers, digits=digits, zero_division=0), but for a dash for what is not
 * defined, if every character of the labels is one column wide. */
static void write_classification(writer *w, const heed_evaluation *e, int digits)
{
    size_t width = larger(larger(widest_label(e), strlen("weighted avg")), (size_t)digits);
    writer_print(w, "%*s  %9s %9s %9s %9s\n\n", (int)width, "", "precision", "recall", "f1-score", "support");
    for (size_t i = 0; i < evaluation_labels(e); i++) {
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
    for (size_t i = 0; i < evaluation_labels(e) * e->label_count; i++)
        largest = e->confusion[i] > largest ? e->confusion[i] : largest;
    size_t names = widest_label(e);
    matrix_layout layout = {.numbered = names > MAX_COLUMN_NAME, .name_width = names};
    layout.number_width = layout.numbered ? count_width(evaluation_labels(e)) : 0;
    layout.cell_width = larger(layout.numbered ? layout.number_width : names, count_width(largest));
    return layout;
}

static void write_matrix_head(writer *w, const heed_evaluation *e, const matrix_layout *layout)
{
    writer_repeat(w, ' ', layout->name_width + (layout->numbered ? layout->number_width + 1 : 0));
    for (size_t i = 0; i < evaluation_labels(e); i++) {
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
    for (size_t i = 0; i < evaluation_labels(e); i++)
        if (evaluation_has_label(e, i))
            writer_print(w, "  %*" PRIu64, (int)layout->cell_width, evaluation_confused(e, actual, i));
    writer_byte(w, '\n');
}

static void write_confusion(writer *w, const heed_evaluation *e)
{
    matrix_layout layout = lay_out(e);
    writer_text(w, "confusion matrix: a row for each true label, a column for each predicted one\n\n");
    write_matrix_head(w, e, &layout);
    for (size_t i = 0; i < evaluation_labels(e); i++)
        if (evaluation_has_label(e, i))
            write_matrix_row(w, e, &layout, i);
}

static int compare_confused(const void *a, const void *b)
{
    const confused *x = a, *y = b;
    bool x_right = x->actual == x->predicted, y_right = y->actual == y->predicted;
    if (x_right != y_right)
        return x_right ? 1 : -1;
    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    return x->actual != y->actual ? (x->actual < y->actual ? -1 : 1) : (x->predicted < y->predicted ? -1 : 1);
}

/* In place of a matrix that nobody could read. */
static void write_pairs(writer *w, const heed_evaluation *e)
{
    confused *pairs = memory_array(e->pair_count, sizeof *pairs);
    if (pairs == NULL) {
        writer_fail(w, ENOMEM);
        return;
    }
    memcpy(pairs, e->pairs, e->pair_count * sizeof *pairs);
    qsort(pairs, e->pair_count, sizeof *pairs, compare_confused);
    writer_print(
        w, "the most frequent confusions (a matrix of %zu labels is left out)\n\n%9s  true label, predicted label\n",
        evaluation_labels(e), "rows");
    for (size_t i = 0; i < e->pair_count && i < MAX_PAIRS && pairs[i].actual != pairs[i].predicted; i++) {
        writer_print(w, "%9" PRIu64 "  ", pairs[i].rows);
        escape_terminal_line(w, evaluation_name(e, pairs[i].actual));
        writer_text(w, ", ");
        escape_terminal_line(w, evaluation_name(e, pairs[i].predicted));
        writer_byte(w, '\n');
    }
    free(pairs);
}

/* With several labels per row: each label against the rest. */
static void write_answers(writer *w, const heed_evaluation *e, int digits)
{
    size_t width = larger(widest_label(e), strlen("label"));
    writer_text(w, "each label against the rest\n\n");
    writer_print(w, "%*s  %9s %9s %9s %9s %9s %9s\n", (int)width, "label", "threshold", "true pos", "false pos",
                 "false neg", "true neg", "ROC area");
    for (size_t i = 0; i < evaluation_labels(e); i++) {
        label_count c = e->counts.of[i];
        write_right(w, evaluation_name(e, i), width);
        if (i < e->label_count)
            writer_print(w, "  %9.3g", e->thresholds[i]);
        else
            writer_print(w, "  %9s", "-");
        writer_print(w, " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64, c.hits, c.predicted - c.hits,
                     c.support - c.hits, e->rows - c.support - c.predicted + c.hits);
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
    else if (e->confusion == NULL)
        write_pairs(&w, e);
    else
        write_confusion(&w, e);
    status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}
