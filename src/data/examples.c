#include "data/examples.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* The id of every word of the corpus. */
static uint32_t *id_table(const heed_corpus *c, const vocabulary *words)
{
    uint32_t *ids = memory_array(c->words.count, sizeof *ids);
    for (uint32_t i = 0; i < c->words.count && ids != NULL; i++)
        ids[i] = vocabulary_id(words, intern_word(&c->words, i));
    return ids;
}

/* The rows' labels as places in their sorted order. */
static heed_status copy_labels(examples *out, const heed_corpus *corpus, const uint32_t *rows, heed_error *error)
{
    size_t capacity = 0, used = 0;
    heed_status status = HEED_OK;
    for (uint32_t i = 0; i < out->count && status == HEED_OK; i++) {
        size_t count;
        const uint32_t *labels = corpus_labels(corpus, rows[i], &count);
        status = memory_grow(&out->labels, &capacity, used + count + 1, sizeof *out->labels, error);
        for (size_t j = 0; j < count && status == HEED_OK; j++)
            out->labels[used++] = corpus->label_rank[labels[j]];
        out->first_label[i + 1] = used;
    }
    return status;
}

heed_status examples_make(examples *out, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                          const vocabulary *words, uint32_t window, heed_cut cut, heed_error *error)
{
    heed_status status = HEED_OK;
    uint32_t *table = id_table(corpus, words);
    size_t capacity = 0, used = 0;
    *out = (examples){.first = memory_array((size_t)count + 1, sizeof *out->first),
                      .first_label = memory_array((size_t)count + 1, sizeof *out->first_label),
                      .weight = memory_array(count, sizeof *out->weight),
                      .row = memory_array(count, sizeof *out->row),
                      .count = count};
    if (!table || !out->first || !out->first_label || !out->weight || !out->row)
        status = fail_memory(error, "the rows' ids");
    if (status == HEED_OK)
        status = copy_labels(out, corpus, rows, error);
    for (uint32_t i = 0; i < count && status == HEED_OK; i++) {
        size_t length, known = 0;
        const uint32_t *word = corpus_words(corpus, rows[i], &length);
        status = memory_grow(&out->ids, &capacity, used + length + 1, sizeof *out->ids, error);
        for (size_t j = 0; j < length && status == HEED_OK; j++)
            if (table[word[j]] != VOCABULARY_DROPPED || window == 0)
                out->ids[used + known++] = table[word[j]];
        if (status != HEED_OK)
            break;
        used += window_cut(out->ids + used, known, window, cut);
        out->first[i + 1] = used;
        out->weight[i] = corpus->rows[rows[i]].weight;
        out->row[i] = rows[i];
    }
    free(table);
    if (status != HEED_OK)
        examples_release(out);
    return status;
}

void examples_release(examples *e)
{
    free(e->ids);
    free(e->first);
    free(e->labels);
    free(e->first_label);
    free(e->weight);
    free(e->row);
    *e = (examples){0};
}
