/* An evaluation as text for people: the figures, scikit-learn's classification report, the confusion matrix. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "base/buffer.h"
#include "base/status.h"
#include "base/utf8.h"
#include "metrics/evaluation.h"

enum {
    most_digits = 15,       /* what a double holds */
    widest_column_name = 10 /* columns of the confusion matrix with longer names are headed by numbers */
};

/* ---------------------------------------------------------------- labels in columns: they are UTF-8, checked */

/* Labels come from files: what would move a terminal's cursor is shown as '?'. */
static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029;
}

static size_t display_width(heed_bytes text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.size;) {
        uint32_t point = 0;
        i += utf8_decode(text.data + i, text.size - i, &point);
        width += is_control(point) ? 1 : (size_t)utf8proc_charwidth((utf8proc_int32_t)point);
    }
    return width;
}

static heed_status append_label(buffer *b, heed_bytes text, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; status == HEED_OK && i < text.size;) {
        uint32_t point = 0;
        size_t size = utf8_decode(text.data + i, text.size - i, &point);
        status = is_control(point) ? buffer_byte(b, '?', error) : buffer_append(b, text.data + i, size, error);
        i += size;
    }
    return status;
}

static heed_status append_spaces(buffer *b, size_t count, heed_error *error)
{
    heed_status status = HEED_OK;
    while (status == HEED_OK && count-- > 0)
        status = buffer_byte(b, ' ', error);
    return status;
}

static heed_status append_right(buffer *b, heed_bytes text, size_t width, heed_error *error)
{
    size_t own = display_width(text);
    heed_status status = append_spaces(b, own < width ? width - own : 0, error);
    return status == HEED_OK ? append_label(b, text, error) : status;
}

static heed_bytes label_name(const heed_evaluation *e, size_t label)
{
    return intern_word(&e->names, (uint32_t)label);
}

/* Of the labels that occur. */
static size_t widest_label(const heed_evaluation *e)
{
    size_t widest = 0;
    for (size_t i = 0; i < e->label_count; i++) {
        size_t width = evaluation_has_label(e, i) ? display_width(label_name(e, i)) : 0;
        if (width > widest)
            widest = width;
    }
    return widest;
}

/* ---------------------------------------------------------------- the figures above */

/* A figure's line up to what is told of it; its interval where there are any. */
static heed_status append_figure(buffer *b, const heed_evaluation *e, const char *name, double value, interval range,
                                 int digits, heed_error *error)
{
    heed_status status = buffer_print(b, error, "%-10s %.*f", name, digits, value);
    if (status == HEED_OK && e->resamples > 0)
        status = buffer_print(b, error, " [%.*f, %.*f]", digits, range.low, digits, range.high);
    return status;
}

static heed_status append_area(buffer *b, const heed_evaluation *e, int digits, heed_error *error)
{
    if (isnan(e->auc) && evaluation_is_several(e))
        return buffer_print(b, error, "ROC area   not defined: no label that some rows have and others have not\n");
    if (isnan(e->auc))
        return buffer_print(b, error, "ROC area   not defined: all rows have one label\n");
    heed_status status = append_figure(b, e, "ROC area", e->auc, e->auc_interval, digits, error);
    if (status == HEED_OK && !evaluation_is_binary(e))
        status = buffer_print(b, error, "   mean of each label against the rest; micro average %.*f", digits,
                              e->micro_auc);
    return status == HEED_OK ? buffer_byte(b, '\n', error) : status;
}

static heed_status append_threshold(buffer *b, const heed_evaluation *e, heed_error *error)
{
    heed_status status = buffer_print(b, error, "threshold  %g   '", e->threshold);
    if (status == HEED_OK)
        status = append_label(b, label_name(e, e->positive), error);
    return status == HEED_OK ? buffer_print(b, error, "' is answered above it\n") : status;
}

/* A long set is cut short. */
static heed_status append_set(buffer *b, const heed_evaluation *e, const bool *set, heed_error *error)
{
    enum { LONGEST = 40 };
    heed_status status = HEED_OK;
    size_t begin = b->size;
    for (size_t i = 0; i < e->label_count && status == HEED_OK; i++) {
        if (!set[i])
            continue;
        if (b->size - begin > LONGEST)
            return buffer_print(b, error, ", ...");
        status = b->size > begin ? buffer_append(b, ", ", 2, error) : HEED_OK;
        if (status == HEED_OK)
            status = append_label(b, label_name(e, i), error);
    }
    return status;
}

/* What the baseline answers. */
static heed_status append_commonest(buffer *b, const heed_evaluation *e, heed_error *error)
{
    const bool *set = evaluation_is_several(e) ? e->truths + e->commonest * e->label_count : NULL;
    if (set != NULL && memchr(set, true, e->label_count) == NULL)
        return buffer_print(b, error, "no label");
    heed_status status = buffer_byte(b, '\'', error);
    if (status == HEED_OK)
        status = set != NULL ? append_set(b, e, set, error) : append_label(b, label_name(e, e->commonest), error);
    return status == HEED_OK ? buffer_byte(b, '\'', error) : status;
}

static heed_status append_accuracy(buffer *b, const heed_evaluation *e, int digits, heed_error *error)
{
    heed_status status = buffer_print(b, error, "rows       %zu\n", e->rows);
    if (status == HEED_OK)
        status = append_figure(b, e, "accuracy", e->accuracy, e->accuracy_interval, digits, error);
    if (status == HEED_OK)
        status = buffer_print(b, error, "   always answering ");
    if (status == HEED_OK)
        status = append_commonest(b, e, error);
    if (status == HEED_OK)
        status = buffer_print(b, error, ": %.*f\n", digits, e->baseline);
    if (status == HEED_OK && evaluation_is_several(e))
        status = buffer_print(b, error, "Hamming    %.*f   of all labels of all rows are answered wrongly\n", digits,
                              e->hamming_loss);
    if (status == HEED_OK)
        status = append_figure(b, e, "macro F1", e->averages[AVERAGE_MACRO].f1, e->macro_f1_interval, digits, error);
    return status == HEED_OK ? buffer_byte(b, '\n', error) : status;
}

static heed_status append_figures(buffer *b, const heed_evaluation *e, int digits, heed_error *error)
{
    heed_status status = append_accuracy(b, e, digits, error);
    if (status == HEED_OK)
        status = append_area(b, e, digits, error);
    if (status == HEED_OK)
        status = buffer_print(b, error, "log loss   %.*f\nBrier      %.*f\n", digits, e->loss, digits, e->brier);
    if (status == HEED_OK)
        status = buffer_print(b, error, "ECE        %.*f   expected calibration error, %d bins\n", digits, e->ece,
                              CALIBRATION_BINS);
    if (status == HEED_OK && evaluation_is_binary(e))
        status = append_threshold(b, e, error);
    if (status == HEED_OK && e->resamples > 0)
        status = buffer_print(b, error, "In brackets the 95%% interval of a bootstrap over rows (%u resamples).\n",
                              e->resamples);
    return status;
}

/* ---------------------------------------------------------------- scikit-learn's classification report */

static heed_status append_scores(buffer *b, heed_bytes name, size_t width, const scores *s, uint64_t support,
                                 int digits, heed_error *error)
{
    heed_status status = append_right(b, name, width, error);
    if (status == HEED_OK)
        status = buffer_print(b, error, "  %9.*f %9.*f %9.*f %9" PRIu64 "\n", digits, s->precision, digits, s->recall,
                              digits, s->f1, support);
    return status;
}

/* The lines below the labels. */
static heed_status append_averages(buffer *b, const heed_evaluation *e, size_t width, int digits, heed_error *error)
{
    static const struct {
        heed_bytes name;
        average average;
        bool several; /* of rows with several labels alone */
    } lines[] = {{{"micro avg", 9}, AVERAGE_MICRO, true},
                 {{"macro avg", 9}, AVERAGE_MACRO, false},
                 {{"weighted avg", 12}, AVERAGE_WEIGHTED, false},
                 {{"samples avg", 11}, AVERAGE_SAMPLES, true}};
    bool several = evaluation_is_several(e);
    heed_status status = several ? buffer_byte(b, '\n', error)
                                 : buffer_print(b, error, "\n%*s  %9s %9s %9.*f %9zu\n", (int)width, "accuracy", "", "",
                                                digits, e->accuracy, e->rows);
    for (size_t i = 0; i < sizeof lines / sizeof *lines && status == HEED_OK; i++)
        if (several || !lines[i].several)
            status = append_scores(b, lines[i].name, width, &e->averages[lines[i].average],
                                   several ? e->label_rows : e->rows, digits, error);
    return status;
}

/* Equal to classification_report(truth, answers, digits=digits, zero_division=0) where every character of the labels
 * is one column wide. */
static heed_status append_classification(buffer *b, const heed_evaluation *e, int digits, heed_error *error)
{
    size_t width = widest_label(e);
    if (width < strlen("weighted avg"))
        width = strlen("weighted avg");
    if (width < (size_t)digits)
        width = (size_t)digits;
    heed_status status = buffer_print(b, error, "%*s  %9s %9s %9s %9s\n\n", (int)width, "", "precision", "recall",
                                      "f1-score", "support");
    for (size_t i = 0; status == HEED_OK && i < e->label_count; i++) {
        const label_scores *label = &e->labels[i];
        if (evaluation_has_label(e, i))
            status = append_scores(b, label_name(e, i), width, &label->scores, label->support, digits, error);
    }
    return status == HEED_OK ? append_averages(b, e, width, digits, error) : status;
}

/* ---------------------------------------------------------------- confusion matrix */

/* Columns are headed by the labels where those are short, else by the numbers that then stand before the rows. */
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
        if (e->confusion[i] > largest)
            largest = e->confusion[i];
    size_t names = widest_label(e);
    matrix_layout layout = {.numbered = names > widest_column_name, .name_width = names};
    layout.number_width = layout.numbered ? count_width(e->label_count) : 0;
    layout.cell_width = layout.numbered ? layout.number_width : names;
    if (layout.cell_width < count_width(largest))
        layout.cell_width = count_width(largest);
    return layout;
}

static heed_status append_matrix_head(buffer *b, const heed_evaluation *e, const matrix_layout *layout,
                                      heed_error *error)
{
    size_t before = layout->name_width + (layout->numbered ? layout->number_width + 1 : 0);
    heed_status status = append_spaces(b, before, error);
    for (size_t i = 0; status == HEED_OK && i < e->label_count; i++) {
        if (!evaluation_has_label(e, i))
            continue;
        status = append_spaces(b, 2, error);
        if (status == HEED_OK && layout->numbered)
            status = buffer_print(b, error, "%*zu", (int)layout->cell_width, i + 1);
        else if (status == HEED_OK)
            status = append_right(b, label_name(e, i), layout->cell_width, error);
    }
    return status == HEED_OK ? buffer_byte(b, '\n', error) : status;
}

static heed_status append_matrix_row(buffer *b, const heed_evaluation *e, const matrix_layout *layout, size_t actual,
                                     heed_error *error)
{
    heed_status status = HEED_OK;
    if (layout->numbered)
        status = buffer_print(b, error, "%*zu ", (int)layout->number_width, actual + 1);
    if (status == HEED_OK)
        status = append_right(b, label_name(e, actual), layout->name_width, error);
    for (size_t i = 0; status == HEED_OK && i < e->label_count; i++)
        if (evaluation_has_label(e, i))
            status = buffer_print(b, error, "  %*" PRIu64, (int)layout->cell_width, evaluation_confused(e, actual, i));
    return status == HEED_OK ? buffer_byte(b, '\n', error) : status;
}

static heed_status append_confusion(buffer *b, const heed_evaluation *e, heed_error *error)
{
    matrix_layout layout = lay_out(e);
    heed_status status = buffer_print(b, error, "confusion matrix: a row for each label, a column for each answer\n\n");
    if (status == HEED_OK)
        status = append_matrix_head(b, e, &layout, error);
    for (size_t i = 0; status == HEED_OK && i < e->label_count; i++)
        if (evaluation_has_label(e, i))
            status = append_matrix_row(b, e, &layout, i, error);
    return status;
}

/* Labels of several: each against the rest. */
static heed_status append_answers(buffer *b, const heed_evaluation *e, int digits, heed_error *error)
{
    size_t width = widest_label(e);
    if (width < strlen("label"))
        width = strlen("label");
    static const char heading[] = "each label against the rest: rows rightly and wrongly given it and not given it";
    heed_status status = buffer_print(b, error, "%s\n\n%*s  %9s %9s %9s %9s %9s %9s\n", heading, (int)width, "label",
                                      "threshold", "right", "wrong", "missed", "spared", "ROC area");
    for (size_t i = 0; status == HEED_OK && i < e->label_count; i++) {
        const label_scores *l = &e->labels[i];
        status = append_right(b, label_name(e, i), width, error);
        if (status == HEED_OK)
            status = buffer_print(b, error, "  %9.3g %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64,
                                  e->thresholds[i], l->hits, l->predicted - l->hits, l->support - l->hits,
                                  e->rows - l->support - l->predicted + l->hits);
        if (status == HEED_OK)
            status = isnan(l->auc) ? buffer_print(b, error, " %9s\n", "-")
                                   : buffer_print(b, error, " %9.*f\n", digits, l->auc);
    }
    return status;
}

heed_status heed_evaluation_report(const heed_evaluation *evaluation, int digits, char **out, heed_error *error)
{
    *out = NULL;
    heed_status status = evaluation_check_finished(evaluation, error);
    if (status != HEED_OK)
        return status;
    if (digits < 0 || digits > most_digits)
        return fail(error, HEED_USAGE, "evaluation: a report with %d digits, expected 0 to %d", digits, most_digits);
    buffer b = {0};
    status = append_figures(&b, evaluation, digits > 4 ? digits : 4, error);
    if (status == HEED_OK)
        status = buffer_byte(&b, '\n', error);
    if (status == HEED_OK)
        status = append_classification(&b, evaluation, digits, error);
    if (status == HEED_OK)
        status = buffer_byte(&b, '\n', error);
    if (status == HEED_OK)
        status = evaluation_is_several(evaluation) ? append_answers(&b, evaluation, digits, error)
                                                   : append_confusion(&b, evaluation, error);
    if (status == HEED_OK)
        status = buffer_take(&b, out, error);
    buffer_release(&b);
    return status;
}
