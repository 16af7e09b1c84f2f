#include "data/inner_split.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

static int compare_groups(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Whether a row has a label that is not learnt; with learn these are marked as learnt. */
static bool visit_labels(bool *learnt, const heed_corpus *c, uint32_t row, bool learn)
{
    size_t count;
    const uint32_t *labels = corpus_labels(c, row, &count);
    bool fresh = false;
    for (size_t i = 0; i < count; i++) {
        fresh = fresh || !learnt[labels[i]];
        learnt[labels[i]] = learnt[labels[i]] || learn;
    }
    return fresh;
}

/* The sorted groups [*count] of held rows with labels that only held rows have, one group for each label. */
static heed_status find_kept(uint64_t **out, size_t *count, const heed_corpus *c, const folded_rows *rows,
                             uint32_t held, heed_error *error)
{
    bool *learnt = memory_array(c->label_names.count, sizeof *learnt);
    uint64_t *kept = *out = memory_array(c->label_names.count, sizeof *kept);
    *count = 0;
    for (uint32_t i = 0; learnt != NULL && kept != NULL && i < rows->count; i++)
        if (rows->fold[i] != held)
            visit_labels(learnt, c, rows->row[i], true);
    for (uint32_t i = 0; learnt != NULL && kept != NULL && i < rows->count; i++)
        if (rows->fold[i] == held && visit_labels(learnt, c, rows->row[i], true))
            kept[(*count)++] = c->rows[rows->row[i]].group;
    if (learnt != NULL && kept != NULL)
        qsort(kept, *count, sizeof *kept, compare_groups);
    free(learnt);
    return learnt == NULL || kept == NULL ? fail_memory(error, "a split") : HEED_OK;
}

heed_status inner_split(split *out, const heed_corpus *c, const folded_rows *rows, uint32_t held, heed_error *error)
{
    uint64_t *kept = NULL;
    size_t kept_count;
    heed_status status;
    *out = (split){.train = memory_array(rows->count, sizeof *out->train),
                   .validation = memory_array(rows->count, sizeof *out->validation)};
    TRY(out->train == NULL || out->validation == NULL ? fail_memory(error, "a split") : HEED_OK);
    TRY(find_kept(&kept, &kept_count, c, rows, held, error));
    for (uint32_t i = 0; i < rows->count; i++) {
        uint64_t group = c->rows[rows->row[i]].group;
        bool validates =
            rows->fold[i] == held && bsearch(&group, kept, kept_count, sizeof *kept, compare_groups) == NULL;
        if (validates)
            out->validation[out->validation_count++] = rows->row[i];
        else
            out->train[out->train_count++] = rows->row[i];
    }
done:
    free(kept);
    if (status != HEED_OK)
        split_release(out);
    return status;
}
