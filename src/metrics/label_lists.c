#include "metrics/label_lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

static int compare_labels(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

uint32_t label_list_sort(uint32_t *labels, uint32_t count)
{
    uint32_t kept = 0;
    if (count > 1)
        qsort(labels, count, sizeof *labels, compare_labels);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || labels[i] != labels[kept - 1])
            labels[kept++] = labels[i];
    return kept;
}

static heed_status give_up(label_lists *lists, heed_error *error)
{
    label_lists_release(lists);
    return fail_memory(error, "labels of rows");
}

heed_status label_lists_of_answers(label_lists *out, const answer_rule *rule, const float *probabilities, uint32_t rows,
                                   heed_error *error)
{
    bool several = rule->task == HEED_TASK_MULTILABEL;
    uint32_t used = 0;
    *out = (label_lists){memory_array((size_t)rows + 1, sizeof *out->first),
                         memory_array((size_t)rows * (several ? rule->labels : 1), sizeof *out->label)};
    if (out->first == NULL || out->label == NULL)
        return give_up(out, error);
    for (uint32_t i = 0; i < rows; i++) {
        const float *row = probabilities + (size_t)i * rule->labels;
        if (!several)
            out->label[used++] = (uint32_t)answer_one(rule, row);
        for (size_t k = 0; k < rule->labels && several; k++)
            if (answer_has(rule, row, k))
                out->label[used++] = (uint32_t)k;
        out->first[i + 1] = used;
    }
    return HEED_OK;
}

heed_status label_lists_of_rows(label_lists *out, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                                heed_error *error)
{
    size_t all = 0, labels;
    for (uint32_t i = 0; i < count; i++) {
        corpus_labels(corpus, rows[i], &labels);
        all += labels;
    }
    *out = (label_lists){memory_array((size_t)count + 1, sizeof *out->first), memory_array(all, sizeof *out->label)};
    if (out->first == NULL || out->label == NULL)
        return give_up(out, error);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t *to = out->label + out->first[i];
        const uint32_t *label = corpus_labels(corpus, rows[i], &labels);
        for (size_t k = 0; k < labels; k++)
            to[k] = corpus->label_rank[label[k]];
        out->first[i + 1] = out->first[i] + label_list_sort(to, (uint32_t)labels);
    }
    return HEED_OK;
}

void label_lists_release(label_lists *lists)
{
    free(lists->first);
    free(lists->label);
    *lists = (label_lists){0};
}
