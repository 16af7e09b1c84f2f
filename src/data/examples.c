#include "data/examples.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* The id of every word of the corpus. */
static uint32_t *id_table(const heed_corpus *c, const vocabulary *words, bool spelled)
{
    uint32_t *ids = memory_array(c->words.count, sizeof *ids);
    for (uint32_t i = 0; i < c->words.count && ids != NULL; i++) {
        ids[i] = vocabulary_id(words, intern_word(&c->words, i));
        if (spelled && vocabulary_is_unknown(words, ids[i]))
            ids[i] = words->size + i;
    }
    return ids;
}

/* Room for all words and labels of the rows. */
static bool allocate(examples *e, const heed_corpus *corpus, const uint32_t *rows, uint32_t count)
{
    size_t words = 0, labels = 0, more;
    for (uint32_t i = 0; i < count; i++) {
        corpus_words(corpus, rows[i], &more);
        words += more;
        corpus_subwords(corpus, rows[i], &more);
        words += more;
        corpus_labels(corpus, rows[i], &more);
        labels += more;
    }
    *e = (examples){.ids = memory_array(words, sizeof *e->ids),
                    .first = memory_array((size_t)count + 1, sizeof *e->first),
                    .labels = memory_array(labels, sizeof *e->labels),
                    .first_label = memory_array((size_t)count + 1, sizeof *e->first_label),
                    .weight = memory_array(count, sizeof *e->weight),
                    .row = memory_array(count, sizeof *e->row),
                    .corpus = corpus,
                    .count = count};
    return e->ids && e->first && e->labels && e->first_label && e->weight && e->row;
}

/* The row's labels as places in their sorted order. */
static void copy_labels(examples *e, uint32_t i, const heed_corpus *corpus)
{
    size_t count, used = e->first_label[i];
    const uint32_t *labels = corpus_labels(corpus, e->row[i], &count);
    for (size_t j = 0; j < count; j++)
        e->labels[used++] = corpus->label_rank[labels[j]];
    e->first_label[i + 1] = used;
}

static void copy_ids(examples *e, uint32_t i, const heed_corpus *corpus, const uint32_t *ids, text_window window)
{
    size_t length, known = 0;
    const uint32_t *word = corpus_words(corpus, e->row[i], &length);
    uint32_t *to = e->ids + e->first[i];
    for (size_t j = 0; j < length && window.reads != READS_SUBWORDS; j++)
        if (ids[word[j]] != VOCABULARY_DROPPED || window.length == 0)
            to[known++] = ids[word[j]];
    const uint32_t *subword = corpus_subwords(corpus, e->row[i], &length);
    for (size_t j = 0; j < length && window.reads != READS_WORDS; j++)
        to[known++] = subword[j] | SUBWORD_BIT;
    e->first[i + 1] = e->first[i] + window_cut(to, known, window);
}

heed_status examples_make(examples *out, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                          const vocabulary *words, text_window window, heed_error *error)
{
    uint32_t *ids = id_table(corpus, words, window.spelled);
    if (!allocate(out, corpus, rows, count) || ids == NULL) {
        free(ids);
        examples_release(out);
        return fail_memory(error, "the rows' ids");
    }
    out->spelling = window.spelled ? &corpus->words : NULL;
    for (uint32_t i = 0; i < count; i++) {
        out->row[i] = rows[i];
        out->weight[i] = corpus->rows[rows[i]].weight;
        copy_labels(out, i, corpus);
        copy_ids(out, i, corpus, ids, window);
    }
    free(ids);
    return HEED_OK;
}

uint64_t examples_keep_labels(examples *e, uint32_t count)
{
    size_t kept = 0, all = e->first_label[e->count];
    for (uint32_t i = 0; i < e->count; i++) {
        size_t first = e->first_label[i], end = e->first_label[i + 1];
        e->first_label[i] = kept;
        for (size_t k = first; k < end; k++)
            if (e->labels[k] < count)
                e->labels[kept++] = e->labels[k];
    }
    e->first_label[e->count] = kept;
    return all - kept;
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
