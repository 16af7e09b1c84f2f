#include "train/class_weights.h"

#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/compose.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "rows/line_scan.h"

enum { MAX_WEIGHTS_FILE = 128 << 20 };

static const double unnamed = -1; /* until its line comes */

static void fill_balanced(double *out, const weighed_labels *labels, const examples *train)
{
    double rows = train->count;
    for (size_t i = 0; i < train->first_label[train->count]; i++)
        out[train->labels[i]]++;
    for (uint32_t i = 0; i < labels->count; i++)
        if (labels->task != HEED_TASK_MULTILABEL)
            out[i] = rows / (labels->count * out[i]);
        else
            out[i] = out[i] < rows ? (rows - out[i]) / out[i] : 1;
}

static uint32_t label_find(const weighed_labels *labels, heed_bytes name)
{
    uint32_t i = 0;
    while (i < labels->count &&
           (strlen(labels->names[i]) != name.size || memcmp(labels->names[i], name.data, name.size) != 0))
        i++;
    return i;
}

/* As 'heed inspect --labels' writes it, or as it is, or without its blanks and in the form in which rows have their
 * labels; labels->count if there is none. */
static heed_status label_read(uint32_t *out, const weighed_labels *labels, heed_bytes written, heed_error *error)
{
    writer label = {0}, composed = {0};
    heed_status status;
    unescape_label(&label, written);
    TRY(writer_check(&label, error));
    const heed_bytes unescaped = {label.data, label.size};
    const heed_bytes readings[] = {unescaped, written, compose(&composed, blanks_trim(unescaped))};
    TRY(writer_check(&composed, error));
    *out = labels->count;
    for (size_t i = 0; i < sizeof readings / sizeof *readings && *out == labels->count; i++)
        *out = label_find(labels, readings[i]);
done:
    writer_release(&label);
    writer_release(&composed);
    return status;
}

static heed_status parse_line(double *out, heed_bytes line, const char *name, unsigned long long number,
                              const weighed_labels *labels, heed_error *error)
{
    const char *tab = memrchr(line.data, '\t', line.size);
    heed_bytes label = {line.data, tab == NULL ? line.size : (size_t)(tab - line.data)};
    heed_bytes weight = {tab == NULL ? "" : tab + 1, tab == NULL ? 0 : line.size - label.size - 1};
    int shown = label.size < 60 ? (int)label.size : 60;
    if (tab == NULL)
        return fail(error, HEED_BAD_DATA, "%s:%llu: found '%.*s', expected a label, a tab and its weight", name, number,
                    shown, label.data);
    uint32_t i = 0;
    heed_status status = label_read(&i, labels, label, error);
    if (status != HEED_OK)
        return status;
    if (i == labels->count)
        return fail(error, HEED_BAD_DATA, "%s:%llu: found the label '%.*s', which no row has; did you mean '%.60s'?",
                    name, number, shown, label.data, suggest_nearest(label, labels->names, labels->count));
    if (out[i] != unnamed)
        return fail(error, HEED_BAD_DATA, "%s:%llu: found the label '%.*s' a second time, expected it once", name,
                    number, shown, label.data);
    if (number_parse_weight(&out[i], weight))
        return HEED_OK;
    return fail(error, HEED_BAD_DATA, "%s:%llu: found the weight '%.*s', expected %s", name, number,
                weight.size < 60 ? (int)weight.size : 60, weight.data,
                number_is(weight) && weight.data[0] != '-' ? WEIGHT_RANGE : "a number from 0");
}

heed_status class_weights_parse(double *out, heed_bytes text, const char *name, const weighed_labels *labels,
                                heed_error *error)
{
    heed_status status = HEED_OK;
    for (uint32_t i = 0; i < labels->count; i++)
        out[i] = unnamed;
    text = utf8_unmarked(text);
    char end = text_line_end(text.data, text.size);
    heed_bytes line;
    size_t taken;
    for (unsigned long long number = 1;
         status == HEED_OK && text_line_find(&line, &taken, text.data, text.size, true, end); number++) {
        text = (heed_bytes){text.data + taken, text.size - taken};
        if (line.size > 0)
            status = parse_line(out, line, name, number, labels, error);
    }
    for (uint32_t i = 0; i < labels->count; i++)
        out[i] = out[i] == unnamed ? 1 : out[i];
    return status;
}

static heed_status fill_from_file(double *out, const char *path, const weighed_labels *labels, heed_error *error)
{
    char *text = NULL;
    size_t size = 0;
    heed_status status;
    TRY(file_read(&text, &size, path, MAX_WEIGHTS_FILE, error));
    TRY(class_weights_parse(out, (heed_bytes){text, size}, path, labels, error));
done:
    free(text);
    return status;
}

heed_status class_weights_make(double **out, const char *named, const weighed_labels *labels, const examples *train,
                               heed_error *error)
{
    *out = NULL;
    if (named == NULL)
        return HEED_OK;
    double *weights = memory_array(labels->count, sizeof *weights);
    if (weights == NULL)
        return fail_memory(error, "class weights");
    heed_status status = HEED_OK;
    if (strcmp(named, "balanced") == 0)
        fill_balanced(weights, labels, train);
    else
        status = fill_from_file(weights, named, labels, error);
    if (status != HEED_OK) {
        free(weights);
        return status;
    }
    if (labels->task == HEED_TASK_BINARY &&
        labels->positive == 0) { /* weights go by target, and target 1 is the positive label */
        double positive = weights[0];
        weights[0] = weights[1];
        weights[1] = positive;
    }
    *out = weights;
    return HEED_OK;
}
