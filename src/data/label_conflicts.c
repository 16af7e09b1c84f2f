#include "data/label_conflicts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

typedef struct labelled_text {
    uint64_t text, labels; /* digests */
} labelled_text;

static int by_text(const void *a, const void *b)
{
    const labelled_text *x = a, *y = b;
    return (x->text > y->text) - (x->text < y->text);
}

/* Of a row's labels, in any order. */
static uint64_t digest_labels(const heed_corpus *c, size_t row)
{
    size_t count;
    const uint32_t *labels = corpus_labels(c, row, &count);
    uint64_t sum = count;
    for (size_t i = 0; i < count; i++)
        sum += XXH3_64bits(&labels[i], sizeof labels[i]);
    return sum;
}

heed_status label_conflicts_count(label_conflicts *out, const heed_corpus *corpus, heed_error *error)
{
    labelled_text *rows = memory_array(corpus->row_count, sizeof *rows);
    size_t count = 0;
    *out = (label_conflicts){0};
    if (rows == NULL)
        return fail_memory(error, "labels");
    for (size_t i = 0; i < corpus->row_count; i++)
        if (corpus->rows[i].part != HEED_PART_TEST)
            rows[count++] = (labelled_text){corpus->rows[i].digest, digest_labels(corpus, i)};
    qsort(rows, count, sizeof *rows, by_text);
    for (size_t i = 0, end; i < count; i = end) {
        bool differ = false;
        for (end = i + 1; end < count && rows[end].text == rows[i].text; end++)
            differ |= rows[end].labels != rows[i].labels;
        out->texts++;
        out->conflicts += differ;
    }
    free(rows);
    return HEED_OK;
}
