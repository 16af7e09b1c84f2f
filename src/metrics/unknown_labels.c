#include "metrics/unknown_labels.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/status.h"

enum { MAX_NAMED = 5, MAX_NAME = 60 };

typedef struct unknown_label {
    uint64_t rows;
    size_t number;
} unknown_label;

static int compare_labels(const void *a, const void *b)
{
    const unknown_label *x = a, *y = b;
    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Before the evaluation is finished, too: from the rows. */
static size_t count_rows(unknown_label *labels, const heed_evaluation *e)
{
    size_t count = evaluation_labels(e) - e->label_count, kept = 0;
    for (size_t i = 0; i < count; i++)
        labels[i].number = e->label_count + i;
    for (uint64_t i = 0; e->rows > 0 && i < evaluation_label_rows(e); i++)
        if (e->truth.label[i] >= e->label_count)
            labels[e->truth.label[i] - e->label_count].rows++;
    qsort(labels, count, sizeof *labels, compare_labels);
    while (kept < count && labels[kept].rows > 0)
        kept++;
    return kept;
}

static void write_name(writer *w, heed_bytes name)
{
    bool cut = name.size > MAX_NAME;
    while (cut && (name.size > MAX_NAME || ((unsigned char)name.data[name.size] & 0xC0) == 0x80))
        name.size--; /* to the begin of a character */
    writer_byte(w, '\'');
    escape_terminal_line(w, name);
    writer_text(w, cut ? "...'" : "'");
}

heed_status unknown_labels_list(char **out, const heed_evaluation *e, heed_error *error)
{
    writer w = {0};
    unknown_label *labels = memory_array(evaluation_labels(e) - e->label_count, sizeof *labels);
    *out = NULL;
    if (labels == NULL)
        return fail_memory(error, "the labels");
    size_t count = count_rows(labels, e);
    for (size_t i = 0; i < count && i < MAX_NAMED; i++) {
        writer_text(&w, i > 0 ? ", " : "");
        write_name(&w, evaluation_name(e, labels[i].number));
        writer_print(&w, " (%" PRIu64 " row%s)", labels[i].rows, labels[i].rows == 1 ? "" : "s");
    }
    if (count > MAX_NAMED)
        writer_print(&w, " and %zu more", count - MAX_NAMED);
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
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
