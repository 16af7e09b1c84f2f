#include "report/label_lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

size_t label_answered(const float *probabilities, size_t labels, size_t positive, double threshold)
{
    size_t best = 0;
    if (labels == 2)
        return (double)probabilities[positive] > threshold ? positive : 1 - positive;
    for (size_t i = 1; i < labels; i++)
        best = probabilities[i] > probabilities[best] ? i : best;
    return best;
}

heed_status label_lists_of_answers(label_lists *out, const heed_model *m, const float *probabilities, uint32_t rows,
                                   heed_error *error)
{
    uint32_t labels = m->config.labels.count, used = 0;
    bool several = m->config.labels.task == HEED_TASK_MULTILABEL;
    *out = (label_lists){memory_array((size_t)rows + 1, sizeof *out->first),
                         memory_array((size_t)rows * (several ? labels : 1), sizeof *out->label)};
    if (out->first == NULL || out->label == NULL)
        return fail_memory(error, "labels of rows");
    for (uint32_t i = 0; i < rows; i++) {
        const float *row = probabilities + (size_t)i * labels;
        if (!several)
            out->label[used++] =
                (uint32_t)label_answered(row, labels, m->config.labels.positive, *m->thresholds);
        for (uint32_t k = 0; k < labels && several; k++)
            if ((double)row[k] > m->thresholds[k])
                out->label[used++] = k;
        out->first[i + 1] = used;
    }
    return HEED_OK;
}

static int compare_labels(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

heed_status label_lists_of_examples(label_lists *out, const examples *e, heed_error *error)
{
    *out = (label_lists){memory_array((size_t)e->count + 1, sizeof *out->first),
                         memory_array(e->first_label[e->count], sizeof *out->label)};
    if (out->first == NULL || out->label == NULL)
        return fail_memory(error, "labels of rows");
    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t count, *to = out->label + e->first_label[i];
        const uint32_t *labels = examples_labels(e, i, &count);
        memcpy(to, labels, count * sizeof *to);
        qsort(to, count, sizeof *to, compare_labels);
        out->first[i + 1] = (uint32_t)e->first_label[i + 1];
    }
    return HEED_OK;
}

void label_lists_release(label_lists *lists)
{
    free(lists->first);
    free(lists->label);
    *lists = (label_lists){0};
}
