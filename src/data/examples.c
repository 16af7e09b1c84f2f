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

heed_status examples_make(examples *out, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                          const vocabulary *words, uint32_t window, heed_cut cut, heed_error *error)
{
    heed_status status = HEED_OK;
    uint32_t *table = id_table(corpus, words);
    size_t capacity = 0, used = 0;
    *out = (examples){.first = memory_array((size_t)count + 1, sizeof *out->first),
                      .label = memory_array(count, sizeof *out->label),
                      .row = memory_array(count, sizeof *out->row),
                      .count = count};
    if (table == NULL || out->first == NULL || out->label == NULL || out->row == NULL)
        status = fail_memory(error, "the rows' ids");
    for (uint32_t i = 0; i < count && status == HEED_OK; i++) {
        size_t length, known = 0;
        const uint32_t *word = corpus_words(corpus, rows[i], &length);
        status = memory_grow(&out->ids, &capacity, used + length + 1, sizeof *out->ids, error);
        for (size_t j = 0; j < length && status == HEED_OK; j++)
            if (table[word[j]] != VOCABULARY_DROPPED)
                out->ids[used + known++] = table[word[j]];
        if (status != HEED_OK)
            break;
        used += window_cut(out->ids + used, known, window, cut);
        out->first[i + 1] = used;
        out->label[i] = corpus->label_rank[corpus->rows[rows[i]].label];
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
    free(e->label);
    free(e->row);
    *e = (examples){0};
}
