#include "labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/writer.h"

heed_status labels_init(labels *l, const heed_model *model, const char *threshold, const char *separator,
                        heed_error *error)
{
    const heed_model_info *info = heed_model_describe(model);
    *l = (labels){.model = model, .task = info->task, .separator = separator == NULL ? "," : separator};
    l->names = info->labels;
    l->count = info->label_count;
    l->positive = info->positive;
    if (separator != NULL && l->task != HEED_TASK_MULTILABEL)
        return fail(
            error, HEED_USAGE,
            "--label-separator: the model predicts one label per row, expected a model trained with --label-separator");
    l->order = calloc(l->count + 1, sizeof *l->order);
    if (l->order == NULL)
        return fail_memory(error, "the labels");
    l->thresholds = info->thresholds;
    if (threshold == NULL)
        return HEED_OK;
    heed_status status = heed_model_parse_thresholds(&l->named, model, threshold, error);
    l->thresholds = l->named;
    return status;
}

void labels_release(labels *l)
{
    heed_free(l->named);
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
