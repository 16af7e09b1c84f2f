#include "metrics/commonest.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

static commonest commonest_label(const heed_evaluation *e)
{
    size_t best = 0, row = 0;
    for (size_t i = 1; i < e->label_count; i++)
        if (e->counts.of[i].support > e->counts.of[best].support)
            best = i;
    while (row + 1 < e->rows && evaluation_truth(e, row) != best)
        row++;
    return (commonest){row, e->counts.of[best].support};
}

/* Compares sets like rows of flags, one per label: the set with the first label in which they differ comes later. */
static int compare_sets(const heed_evaluation *e, size_t x, size_t y)
{
    uint32_t i = e->truth.first[x], i_end = e->truth.first[x + 1], j = e->truth.first[y], j_end = e->truth.first[y + 1];
    for (; i < i_end && j < j_end; i++, j++)
        if (e->truth.label[i] != e->truth.label[j])
            return e->truth.label[i] < e->truth.label[j] ? 1 : -1;
    return (i < i_end) - (j < j_end);
}

/* Rows with equal sets keep their order. */
static int compare_rows(const void *a, const void *b, void *evaluation)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    int order = compare_sets(evaluation, x, y);
    return order != 0 ? order : (x > y) - (x < y);
}

static bool is_predictable(const heed_evaluation *e, size_t row)
{
    uint32_t first = e->truth.first[row], end = e->truth.first[row + 1];
    return first == end || e->truth.label[end - 1] < e->label_count; /* they are sorted */
}

static commonest commonest_set(size_t *order, const heed_evaluation *e)
{
    commonest best = {0, 0};
    for (size_t i = 0; i < e->rows; i++)
        order[i] = i;
    qsort_r(order, e->rows, sizeof *order, compare_rows, (void *)(uintptr_t)e);
    for (size_t i = 0, end; i < e->rows; i = end) {
        for (end = i + 1; end < e->rows && compare_sets(e, order[i], order[end]) == 0;)
            end++;
        if (end - i > best.rows && is_predictable(e, order[i]))
            best = (commonest){order[i], end - i};
    }
    return best;
}

heed_status commonest_find(commonest *out, const heed_evaluation *e, heed_error *error)
{
    if (!evaluation_is_multilabel(e)) {
        *out = commonest_label(e);
        return HEED_OK;
    }
    size_t *order = memory_array(e->rows, sizeof *order);
    if (order == NULL)
        return fail_memory(error, "the rows of an evaluation");
    *out = commonest_set(order, e);
    free(order);
    return HEED_OK;
}
