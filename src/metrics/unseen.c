#include "metrics/unseen.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "metrics/metric_table.h"

heed_status heed_evaluation_saw(heed_evaluation *evaluation, bool seen, heed_error *error)
{
    heed_evaluation *e = evaluation;
    heed_status status;
    if (e->finished || e->judged_rows >= e->rows)
        return fail(error, HEED_USAGE, "evaluation: whether a row was seen is said once, after it was added");
    if (e->judged_rows + 1 != e->rows)
        return fail(error, HEED_USAGE, "evaluation: of row %zu it was not said whether it was seen",
                    e->judged_rows + 1);
    TRY(memory_grow(&e->seen, &e->seen_capacity, e->rows, sizeof *e->seen, error));
    e->seen[e->judged_rows++] = seen;
    e->seen_rows += seen;
done:
    return status;
}

/* A row with its labels; truth is scratch for them. */
static heed_status copy_row(heed_evaluation *out, const heed_evaluation *e, size_t row, size_t *truth,
                            heed_error *error)
{
    heed_status status = HEED_OK;
    uint32_t first = e->truth.first[row], count = e->truth.first[row + 1] - first;
    for (uint32_t i = 0; i < count; i++)
        TRY(heed_evaluation_label(&truth[i], out, evaluation_name(e, e->truth.label[first + i]), error));
    status = evaluation_is_multilabel(e) ? heed_evaluation_add_labels(out, truth, count, evaluation_row(e, row), error)
                                         : heed_evaluation_add(out, *truth, evaluation_row(e, row), error);
done:
    return status;
}

static heed_status copy_unseen(heed_evaluation *out, const heed_evaluation *e, heed_error *error)
{
    size_t *truth = memory_array(evaluation_labels(e), sizeof *truth);
    heed_status status = truth == NULL ? fail_memory(error, "an evaluation") : HEED_OK;
    for (size_t i = 0; i < e->rows && status == HEED_OK; i++)
        if (!e->seen[i])
            status = copy_row(out, e, i, truth, error);
    free(truth);
    return status;
}

/* Whether anything but "wrong" can be said of them. */
static bool some_known(const heed_evaluation *e)
{
    return e->unknown == 0 || e->unknown < evaluation_label_rows(e);
}

heed_status unseen_finish(heed_evaluation *e, heed_error *error)
{
    heed_evaluation *rest = NULL;
    heed_status status = HEED_OK;
    if (e->judged_rows > 0 && e->judged_rows < e->rows)
        return fail(error, HEED_USAGE,
                    "evaluation: it was said of %zu of %zu rows whether they were seen, expected all", e->judged_rows,
                    e->rows);
    if (e->seen_rows == 0 || e->seen_rows == e->rows)
        return HEED_OK;
    TRY(evaluation_new_like(&rest, e, error));
    TRY(copy_unseen(rest, e, error));
    if (some_known(rest)) {
        TRY(heed_evaluation_finish(rest, error));
        e->unseen = rest;
        rest = NULL;
    }
done:
    heed_evaluation_free(rest);
    return status;
}

const heed_evaluation *heed_evaluation_unseen(const heed_evaluation *evaluation)
{
    bool none_seen = evaluation->judged_rows > 0 && evaluation->seen_rows == 0;
    return evaluation->finished && none_seen ? evaluation : evaluation->unseen;
}

size_t heed_evaluation_seen_rows(const heed_evaluation *evaluation)
{
    return evaluation->seen_rows;
}

bool unseen_named(const char **name)
{
    static const char prefix[] = "unseen.";
    bool found = strncmp(*name, prefix, sizeof prefix - 1) == 0;
    *name += found ? sizeof prefix - 1 : 0;
    return found;
}
