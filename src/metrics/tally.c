#include "metrics/tally.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

void tally_average(tally *t)
{
    for (average i = 0; i < AVERAGE_COUNT; i++)
        t->averages[i] = label_counts_average(t->counts, i, evaluation_is_multilabel(t->e));
}

/* Each label against the rest. Of two labels both get the ROC area of the positive one: one minus a probability may
 * round two scores to the same value. */
static void fill_areas(heed_evaluation *e, scored *items)
{
    for (size_t i = 0; i < e->label_count; i++) {
        evaluation_fill_items(items, e, i);
        e->areas[i] = curve_areas_of(items, e->rows);
    }
    if (evaluation_is_binary(e))
        e->areas[1 - e->positive].roc = e->areas[e->positive].roc;
}

/* scikit-learn's Brier score adds up the labels of a row; if a row has several, it is the mean over them too. */
static void take_questions(tally *t, scored *items)
{
    const heed_evaluation *e = t->e;
    size_t count = evaluation_fill_all_items(items, e);
    t->all_areas = curve_areas_of(items, count);
    t->distance = brier_score(items, count) * (e->task == HEED_TASK_MULTICLASS ? (double)e->label_count : 1);
}

heed_status tally_rows(tally *t, heed_evaluation *e, heed_error *error)
{
    scored *items = memory_array(e->rows * e->label_count, sizeof *items); /* as many as there are probabilities */
    if (items == NULL)
        return fail_memory(error, "the scores of an evaluation");
    *t = (tally){.e = e, .counts = &e->counts, .areas = e->areas};
    tally_average(t);
    fill_areas(e, items);
    take_questions(t, items);
    calibration_fill(t->bins, CALIBRATION_BINS, items, evaluation_fill_answers(items, e));
    free(items);
    return HEED_OK;
}
