/* heed_evaluation_finish: from rows to metrics. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "metrics/commonest.h"
#include "metrics/metric_table.h"

/* Releases what an earlier, failed call left. */
static heed_status make_room(heed_evaluation *e, heed_error *error)
{
    bool several = evaluation_is_multilabel(e), fits = several || e->label_count <= SIZE_MAX / e->label_count;
    label_counts_release(&e->counts);
    free(e->areas);
    free(e->values);
    free(e->confusion);
    e->areas = memory_array(e->label_count, sizeof *e->areas);
    e->values = memory_array(metric_count, sizeof *e->values);
    e->confusion = several || !fits ? NULL : memory_array(e->label_count * e->label_count, sizeof *e->confusion);
    if (!several && e->confusion == NULL)
        return fail_memory(error, "a confusion matrix");
    return label_counts_init(&e->counts, e->label_count) && e->areas != NULL && e->values != NULL
               ? HEED_OK
               : fail_memory(error, "an evaluation");
}

static heed_status count_answers(heed_evaluation *e, heed_error *error)
{
    label_lists answer = {0};
    const answer_rule rule = evaluation_rule(e);
    heed_status status = label_lists_of_answers(&answer, &rule, e->probabilities, (uint32_t)e->rows, error);
    if (status == HEED_OK) {
        label_counts_fill(&e->counts, &e->truth, &answer, e->rows, NULL);
        for (size_t i = 0; e->confusion != NULL && i < e->rows; i++)
            e->confusion[evaluation_truth(e, i) * e->label_count + answer.label[i]]++;
    }
    label_lists_release(&answer);
    return status;
}

heed_status heed_evaluation_finish(heed_evaluation *evaluation, heed_error *error)
{
    heed_evaluation *e = evaluation;
    heed_status status;
    commonest most;
    tally t;
    if (e->finished)
        return fail(error, HEED_USAGE, "evaluation: finished twice");
    if (e->rows == 0)
        return fail(error, HEED_BAD_DATA, "evaluation: no rows, expected at least one with a label");
    TRY(make_room(e, error));
    TRY(count_answers(e, error));
    TRY(commonest_find(&most, e, error));
    TRY(tally_rows(&t, e, error));
    e->commonest_row = most.row;
    e->commonest = most.rows;
    for (size_t i = 0; i < metric_count; i++)
        e->values[i] = metric_is_defined(&metrics[i], e) ? metric_compute(&metrics[i], &t) : (double)NAN;
    e->finished = true;
done:
    return status;
}
