/* heed_evaluation_finish: from rows to metrics. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "metrics/commonest.h"
#include "metrics/metric_table.h"
#include "metrics/unknown_labels.h"
#include "metrics/unseen.h"

/* Releases what an earlier, failed call left. */
static heed_status make_room(heed_evaluation *e, heed_error *error)
{
    size_t labels = evaluation_labels(e);
    bool whole = !evaluation_is_multilabel(e) && labels <= MAX_MATRIX_LABELS;
    label_counts_release(&e->counts);
    free(e->areas);
    free(e->values);
    free(e->confusion);
    free(e->pairs);
    e->pairs = NULL;
    e->areas = memory_array(labels, sizeof *e->areas);
    e->values = memory_array(metric_count, sizeof *e->values);
    e->confusion = whole ? memory_array(labels * labels, sizeof *e->confusion) : NULL;
    if (whole && e->confusion == NULL)
        return fail_memory(error, "a confusion matrix");
    return label_counts_init(&e->counts, labels) && e->areas != NULL && e->values != NULL
               ? HEED_OK
               : fail_memory(error, "an evaluation");
}

static int compare_pairs(const void *a, const void *b)
{
    const confused *x = a, *y = b;
    if (x->actual != y->actual)
        return x->actual < y->actual ? -1 : 1;
    return (x->predicted > y->predicted) - (x->predicted < y->predicted);
}

static heed_status count_pairs(heed_evaluation *e, const label_lists *answer, heed_error *error)
{
    size_t kept = 0;
    e->pairs = memory_array(e->rows, sizeof *e->pairs);
    if (e->pairs == NULL)
        return fail_memory(error, "a confusion matrix");
    for (size_t i = 0; i < e->rows; i++)
        e->pairs[i] = (confused){evaluation_truth(e, i), answer->label[i], 1};
    qsort(e->pairs, e->rows, sizeof *e->pairs, compare_pairs);
    for (size_t i = 0; i < e->rows; i++)
        if (kept > 0 && compare_pairs(&e->pairs[kept - 1], &e->pairs[i]) == 0)
            e->pairs[kept - 1].rows++;
        else
            e->pairs[kept++] = e->pairs[i];
    e->pair_count = kept;
    return HEED_OK;
}

static heed_status count_answers(heed_evaluation *e, heed_error *error)
{
    label_lists answer = {0};
    const answer_rule rule = evaluation_rule(e);
    heed_status status;
    TRY(label_lists_of_answers(&answer, &rule, e->probabilities, (uint32_t)e->rows, error));
    label_counts_fill(&e->counts, &e->truth, &answer, e->rows, NULL);
    for (size_t i = 0; e->confusion != NULL && i < e->rows; i++)
        e->confusion[evaluation_truth(e, i) * evaluation_labels(e) + answer.label[i]]++;
    if (e->confusion == NULL && !evaluation_is_multilabel(e))
        TRY(count_pairs(e, &answer, error));
done:
    label_lists_release(&answer);
    return status;
}

/* Rows of which nothing can be said but that they are wrong. */
static heed_status check_known(const heed_evaluation *e, heed_error *error)
{
    char *list = NULL;
    bool some_known = e->unknown < evaluation_label_rows(e);
    if (e->unknown == 0 || some_known)
        return HEED_OK;
    heed_status status = unknown_labels_list(&list, e, error);
    if (status == HEED_OK)
        status = fail(error, HEED_BAD_DATA,
                      "found only labels that the model does not have: %.600s; 'heed inspect MODEL --labels' "
                      "lists its labels, --label-map renames labels",
                      list);
    heed_free(list);
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
    TRY(check_known(e, error));
    TRY(make_room(e, error));
    TRY(count_answers(e, error));
    TRY(commonest_find(&most, e, error));
    TRY(tally_rows(&t, e, error));
    e->commonest_row = most.row;
    e->commonest = most.rows;
    for (size_t i = 0; i < metric_count; i++)
        e->values[i] = metric_is_defined(&metrics[i], e) ? metric_compute(&metrics[i], &t) : (double)NAN;
    TRY(unseen_finish(e, error));
    e->finished = true;
done:
    return status;
}
