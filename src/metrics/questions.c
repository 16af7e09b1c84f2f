#include "metrics/questions.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

enum { MAX_SORTED = 4000000 };

size_t evaluation_fill_items(scored *items, const heed_evaluation *e, size_t label)
{
    size_t count = 0;
    for (size_t i = 0; i < e->rows; i++)
        if (evaluation_knows_row(e, i))
            items[count++] = (scored){evaluation_row(e, i)[label], evaluation_has_truth(e, i, label)};
    scored_sort(items, count);
    return count;
}

size_t evaluation_count_questions(const heed_evaluation *e)
{
    return e->known_rows * (evaluation_is_binary(e) ? 1 : e->label_count);
}

size_t evaluation_fill_all_items(scored *items, const heed_evaluation *e)
{
    size_t count = 0;
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->label_count && evaluation_knows_row(e, i); j++)
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

scored evaluation_answer(const heed_evaluation *e, size_t row, size_t number)
{
    return evaluation_is_multilabel(e) ? likeliest_side(e, row, number) : likeliest_label(e, row);
}

void evaluation_calibration(calibration_bin *bins, const heed_evaluation *e)
{
    size_t a_row = evaluation_answers_a_row(e);
    for (size_t i = 0; i < CALIBRATION_BINS; i++)
        bins[i] = (calibration_bin){0};
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < a_row && evaluation_knows_row(e, i); j++) {
            scored answer = evaluation_answer(e, i, j);
            calibration_put(&bins[calibration_bin_of((double)answer.score, CALIBRATION_BINS)], answer, 1);
        }
}

/* ---- distances */

double evaluation_distance(const heed_evaluation *e, size_t row)
{
    const float *p = evaluation_row(e, row);
    double sum = 0;
    for (size_t i = 0; i < e->label_count; i++) {
        double apart = (double)p[i] - (evaluation_has_truth(e, row, i) ? 1 : 0);
        sum += evaluation_asks(e, i) ? apart * apart : 0;
    }
    return evaluation_is_multilabel(e) ? sum / (double)e->label_count : sum;
}

static double mean_distance(const heed_evaluation *e)
{
    double sum = 0;
    for (size_t i = 0; i < e->rows; i++)
        sum += evaluation_knows_row(e, i) ? evaluation_distance(e, i) : 0;
    return sum / (double)e->known_rows;
}

/* scikit-learn's score of sorted questions; of so many that sorting them takes long, the same sum in another order. */
heed_status evaluation_brier(double *out, const heed_evaluation *e, heed_error *error)
{
    size_t count = evaluation_count_questions(e);
    *out = mean_distance(e);
    if (count > MAX_SORTED)
        return HEED_OK;
    scored *items = memory_array(count, sizeof *items);
    if (items == NULL)
        return fail_memory(error, "the scores of an evaluation");
    evaluation_fill_all_items(items, e);
    *out = brier_score(items, count) * (e->task == HEED_TASK_MULTICLASS ? (double)e->label_count : 1);
    free(items);
    return HEED_OK;
}
