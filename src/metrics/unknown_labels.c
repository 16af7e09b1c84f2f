#include "metrics/unknown_labels.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "data/unknown_list.h"

/* Before the evaluation is finished, too: from the rows. */
static void count_rows(unknown_label *labels, const heed_evaluation *e)
{
    for (size_t i = e->label_count; i < evaluation_labels(e); i++)
        labels[i - e->label_count] = (unknown_label){evaluation_name(e, i), 0, i};
    for (uint64_t i = 0; e->rows > 0 && i < evaluation_label_rows(e); i++)
        if (e->truth.label[i] >= e->label_count)
            labels[e->truth.label[i] - e->label_count].rows++;
}

heed_status unknown_labels_list(char **out, const heed_evaluation *e, heed_error *error)
{
    size_t count = evaluation_labels(e) - e->label_count;
    unknown_label *labels = memory_array(count, sizeof *labels);
    *out = NULL;
    if (labels == NULL)
        return fail_memory(error, "the labels");
    count_rows(labels, e);
    heed_status status = unknown_list_take(out, labels, count, error);
    free(labels);
    return status;
}

heed_status heed_evaluation_unknown_labels(char **out, const heed_evaluation *evaluation, heed_error *error)
{
    const heed_evaluation *e = evaluation;
    char *list = NULL;
    writer w = {0};
    heed_status status;
    *out = NULL;
    if (e->unknown == 0)
        return HEED_OK;
    TRY(unknown_labels_list(&list, e, error));
    if (evaluation_is_multilabel(e))
        writer_print(&w,
                     "found labels that the model does not have: %s; they count as missed, and log loss, Brier, ECE "
                     "and areas are over the %zu labels that it has",
                     list, e->label_count);
    else
        writer_print(&w,
                     "found labels that the model does not have: %s; these rows count as wrong, and log loss, Brier, "
                     "ECE and areas are over the other %zu of %zu rows",
                     list, e->known_rows, e->rows);
    status = writer_take(&w, out, NULL, error);
done:
    writer_release(&w);
    heed_free(list);
    return status;
}
