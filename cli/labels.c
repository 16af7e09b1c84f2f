#include "labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"

static bool threshold_parse(double *out, const char *text)
{
    return number_parse(out, bytes_of(text)) && *out >= 0 && *out <= 1;
}

static heed_status threshold_refuse(const char *found, heed_error *error)
{
    return fail(error, HEED_USAGE, "--threshold: found '%s', expected a number from 0 to 1, or LABEL=P,...", found);
}

heed_status labels_check_threshold(const char *threshold, heed_error *error)
{
    double all = 0;
    bool fine = threshold == NULL || strchr(threshold, '=') != NULL || threshold_parse(&all, threshold);
    return fine ? HEED_OK : threshold_refuse(threshold, error);
}

/* One LABEL=P; the label may hold a =, but no comma. item is NUL-terminated and written into. */
static heed_status threshold_take(labels *l, char *item, heed_error *error)
{
    char *equals = strrchr(item, '=');
    double threshold = 0;
    if (equals == NULL || !threshold_parse(&threshold, equals + 1))
        return threshold_refuse(item, error);
    *equals = '\0';
    size_t label = labels_find(l, (heed_bytes){item, strlen(item)});
    if (label == l->count)
        return fail(error, HEED_USAGE,
                    "--threshold: the model knows no label '%s'; 'heed inspect MODEL --labels' "
                    "lists them",
                    item);
    if (l->task == HEED_TASK_BINARY && label != l->positive)
        return fail(error, HEED_USAGE, "--threshold: found the label '%s', expected the positive one, '%s'", item,
                    l->names[l->positive]);
    l->thresholds[l->task == HEED_TASK_BINARY ? 0 : label] = threshold;
    return HEED_OK;
}

static heed_status thresholds_override(labels *l, const char *text, heed_error *error)
{
    double all = 0;
    size_t count = l->task == HEED_TASK_MULTILABEL ? l->count : 1;
    if (l->task == HEED_TASK_MULTICLASS)
        return fail(error, HEED_USAGE,
                    "--threshold: the model has %zu labels, expected two; leave it out, the "
                    "likeliest label is answered",
                    l->count);
    if (threshold_parse(&all, text)) {
        for (size_t i = 0; i < count; i++)
            l->thresholds[i] = all;
        return HEED_OK;
    }
    char *copy = strdup(text), *state = NULL;
    if (copy == NULL)
        return fail(error, HEED_FAILED, "out of memory for the thresholds");
    heed_status status = HEED_OK;
    for (char *item = strtok_r(copy, ",", &state); item != NULL && status == HEED_OK;
         item = strtok_r(NULL, ",", &state))
        status = threshold_take(l, item, error);
    free(copy);
    return status;
}

heed_status labels_init(labels *l, const heed_model *model, const char *threshold, const char *separator,
                        heed_error *error)
{
    *l = (labels){.model = model, .task = heed_model_task(model), .separator = separator == NULL ? "," : separator};
    l->names = heed_model_labels(model, &l->count);
    l->positive = heed_model_positive(model);
    size_t count = l->task == HEED_TASK_MULTILABEL ? l->count : 1;
    if (separator != NULL && l->task != HEED_TASK_MULTILABEL)
        return fail(error, HEED_USAGE,
                    "--label-separator: the model gives a row one label, expected one that was "
                    "trained with --label-separator");
    l->thresholds = calloc(count, sizeof *l->thresholds);
    l->order = calloc(l->count + 1, sizeof *l->order);
    if (l->thresholds == NULL || l->order == NULL)
        return fail(error, HEED_FAILED, "out of memory for the labels");
    memcpy(l->thresholds, heed_model_thresholds(model), count * sizeof *l->thresholds);
    return threshold == NULL ? HEED_OK : thresholds_override(l, threshold, error);
}

void labels_release(labels *l)
{
    free(l->thresholds);
    free(l->order);
    *l = (labels){0};
}

size_t labels_decide(labels *l, const float *probabilities)
{
    return heed_model_decide(l->order, l->model, probabilities, l->thresholds);
}

void labels_rank(size_t *ranks, size_t count, const labels *l, const float *probabilities)
{
    heed_model_rank(ranks, count, l->model, probabilities, l->thresholds);
}

size_t labels_best(const labels *l, const float *probabilities)
{
    size_t best = 0;
    labels_rank(&best, 1, l, probabilities);
    return best;
}

size_t labels_find(const labels *l, heed_bytes name)
{
    for (size_t i = 0; i < l->count; i++)
        if (strlen(l->names[i]) == name.size && (name.size == 0 || memcmp(l->names[i], name.data, name.size) == 0))
            return i;
    return l->count;
}
