#include "metrics/questions.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

void evaluation_fill_items(scored *items, const heed_evaluation *e, size_t label)
{
    for (size_t i = 0; i < e->rows; i++)
        items[i] = (scored){evaluation_row(e, i)[label], evaluation_has_truth(e, i, label)};
    scored_sort(items, e->rows);
}

size_t evaluation_fill_all_items(scored *items, const heed_evaluation *e)
{
    size_t count = 0;
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->label_count; j++)
            if (evaluation_asks(e, j))
                items[count++] = (scored){evaluation_row(e, i)[j], evaluation_has_truth(e, i, j)};
    scored_sort(items, count);
    return count;
}

/* ---- the most likely predictions */

static scored likeliest_label(const heed_evaluation *e, size_t row)
{
    static const double half = 0.5; /* regardless of the threshold */
    answer_rule rule = evaluation_rule(e);
    rule.thresholds = &half;
    size_t answer = answer_one(&rule, evaluation_row(e, row));
    return (scored){evaluation_row(e, row)[answer], evaluation_truth(e, row) == answer};
}

/* Of one of several labels: yes or no. */
static scored likeliest_side(const heed_evaluation *e, size_t row, size_t label)
{
    float yes = evaluation_row(e, row)[label];
    bool has = evaluation_has_truth(e, row, label);
    return yes > 0.5F ? (scored){yes, has} : (scored){1 - yes, !has};
}

size_t evaluation_answers_a_row(const heed_evaluation *e)
{
    return evaluation_is_multilabel(e) ? e->label_count : 1;
}

size_t evaluation_fill_answers(scored *items, const heed_evaluation *e)
{
    bool several = evaluation_is_multilabel(e);
    size_t a_row = evaluation_answers_a_row(e);
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < a_row; j++)
            items[i * a_row + j] = several ? likeliest_side(e, i, j) : likeliest_label(e, i);
    return e->rows * a_row;
}

heed_status evaluation_calibration(calibration_bin *bins, const heed_evaluation *e, heed_error *error)
{
    scored *items = memory_array(e->rows * evaluation_answers_a_row(e), sizeof *items);
    if (items == NULL)
        return fail_memory(error, "the calibration of an evaluation");
    calibration_fill(bins, CALIBRATION_BINS, items, evaluation_fill_answers(items, e));
    free(items);
    return HEED_OK;
}
