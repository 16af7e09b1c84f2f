#include "model/sum.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/encode.h"
#include "model/encoder_classifier.h"
#include "model/network_classifier.h"
#include "model/part_table.h"

heed_status model_sum_new(model_sum **out, uint32_t count, heed_error *error)
{
    model_sum *s = *out = memory_array(1, sizeof *s);
    if (s != NULL)
        s->parts = memory_array(count, sizeof *s->parts);
    if (s == NULL || s->parts == NULL) {
        free(s);
        *out = NULL;
        return fail_memory(error, "a sum");
    }
    s->count = count;
    return HEED_OK;
}

void model_sum_free(void *sum)
{
    model_sum *s = sum;
    if (s == NULL)
        return;
    for (uint32_t i = 0; i < s->count; i++) {
        heed_model_free(s->parts[i].model);
        free(s->parts[i].own_id);
    }
    free(s->parts);
    free(s);
}

/* ---- making a part */

static heed_status copy_labels(heed_model *m, const heed_model *whole, heed_error *error)
{
    uint32_t count = whole->config.labels.count;
    m->labels = memory_array(count, sizeof *m->labels);
    for (uint32_t i = 0; i < count && m->labels != NULL; i++)
        if ((m->labels[i] = memory_copy(whole->labels[i], strlen(whole->labels[i]))) == NULL)
            return fail_memory(error, "labels");
    return m->labels == NULL ? fail_memory(error, "labels") : HEED_OK;
}

heed_status sum_part_model(heed_model **out, const heed_model *whole, const char *architecture, const vocabulary *words,
                           heed_error *error)
{
    heed_model *m = memory_array(1, sizeof *m);
    heed_status status;
    *out = NULL;
    if (m == NULL)
        return fail_memory(error, "a part of a sum");
    m->class = part_class_of(architecture);
    m->config.labels = whole->config.labels;
    m->config.text.vocabulary = whole->config.text.vocabulary;
    m->config.text.pad = whole->config.text.pad;
    m->config.text.cut = whole->config.text.cut;
    m->config.text.stretches = whole->config.text.stretches;
    m->encoder = m->class->reads_subwords ? shared_encoder_hold(whole->encoder) : NULL;
    m->config.network = whole->config.network;
    m->config.network.window = m->class->whole_texts ? 0 : whole->config.network.window;
    m->config.network.architecture = memory_copy(architecture, strlen(architecture));
    TRY(m->config.network.architecture == NULL ? fail_memory(error, "a part of a sum") : HEED_OK);
    TRY(copy_labels(m, whole, error));
    TRY(vocabulary_copy(&m->words, words, error));
    *out = m;
    return HEED_OK;
done:
    heed_model_free(m);
    return status;
}

/* The id of words that a part does not have. */
static uint32_t unknown_id(const vocabulary *v)
{
    return v->kind == HEED_VOCABULARY_KERAS ? VOCABULARY_DROPPED : 1;
}

heed_status sum_part_map(sum_part *part, const vocabulary *words, heed_error *error)
{
    const heed_model *m = part->model;
    part->words = words->size;
    if (m->class->spells_words || m->class->reads_subwords)
        return HEED_OK;
    part->own_id = memory_array(words->size, sizeof *part->own_id);
    if (part->own_id == NULL)
        return fail_memory(error, "a part of a sum");
    for (uint32_t id = 0; id < words->size; id++)
        part->own_id[id] =
            id < words->first ? id : vocabulary_id(&m->words, intern_word(&words->words, id - words->first));
    return HEED_OK;
}

bool sum_part_counts(const model_sum *sum, uint32_t part)
{
    bool any = false;
    for (uint32_t i = 0; i < sum->count; i++)
        any = any || sum->parts[i].weight != 0;
    return !any || sum->parts[part].weight != 0;
}

/* ---- parts on an encoder */

const sum_part *sum_part_on_features(const model_sum *sum)
{
    const sum_part *found = NULL;
    for (uint32_t i = 0; i < sum->count; i++)
        if (sum_part_counts(sum, i) && model_encoder_head(sum->parts[i].model) != NULL) {
            if (found != NULL)
                return NULL;
            found = &sum->parts[i];
        }
    return found;
}

const sum_part *sum_part_on_states(const model_sum *sum)
{
    for (uint32_t i = 0; i < sum->count; i++)
        if (sum_part_counts(sum, i) && model_states_encoder(sum->parts[i].model) != NULL)
            return &sum->parts[i];
    return NULL;
}

/* ---- what it reads */

/* sum_part_read before the part's window cuts it. */
static size_t part_tokens(uint32_t *ids, uint32_t *tokens, const sum_part *part, const batch_row *row,
                          text_window window)
{
    const vocabulary *own = &part->model->words;
    size_t count = 0;
    for (int t = 0; t < row->length; t++) {
        uint32_t id = row->ids[t];
        if (id_is_subword(id) != part->model->class->reads_subwords)
            continue;
        bool in_sum = id < part->words;
        ids[count] = part->own_id == NULL ? id : in_sum ? part->own_id[id] : unknown_id(own);
        if (tokens != NULL)
            tokens[count] = (uint32_t)t;
        count += ids[count] != VOCABULARY_DROPPED || window.length == 0;
    }
    return count;
}

size_t sum_part_read(uint32_t *ids, uint32_t *tokens, const sum_part *part, const batch_row *row)
{
    const text_window window = model_window(part->model);
    size_t count = part_tokens(ids, tokens, part, row, window);
    if (tokens != NULL)
        window_cut(tokens, count, window);
    return window_cut(ids, count, window);
}

text_reading sum_reads(const model_sum *sum)
{
    bool words = false, subwords = false;
    for (uint32_t i = 0; i < sum->count; i++) {
        bool are_subwords = sum->parts[i].model->class->reads_subwords;
        subwords = subwords || (are_subwords && sum_part_counts(sum, i));
        words = words || (!are_subwords && sum_part_counts(sum, i));
    }
    return words && subwords ? READS_BOTH : subwords ? READS_SUBWORDS : READS_WORDS;
}

bool sum_reads_whole_texts(const model_sum *sum)
{
    for (uint32_t i = 0; i < sum->count; i++)
        if (sum_part_counts(sum, i) && sum->parts[i].model->class->whole_texts)
            return true;
    return false;
}

void sum_find_cut(bool *cut, const model_sum *sum, const batch_row *row, uint32_t *scratch)
{
    const size_t length = (size_t)row->length;
    uint32_t *ids = scratch, *tokens = scratch + length;
    for (size_t t = 0; t < length; t++)
        cut[t] = false;
    if (sum_reads_whole_texts(sum))
        return;
    for (int read = 0; read < 2; read++)
        for (uint32_t i = 0; i < sum->count; i++) {
            const text_window window = model_window(sum->parts[i].model);
            if (!sum_part_counts(sum, i))
                continue;
            size_t count = part_tokens(ids, tokens, &sum->parts[i], row, window);
            count = read ? window_cut(tokens, count, window) : count;
            for (size_t t = 0; t < count; t++)
                cut[tokens[t]] = !read;
        }
}

batch_row sum_part_row(const sum_part *part, const batch_row *row, uint32_t *ids, uint32_t *tokens)
{
    batch_row own = *row;
    own.ids = ids;
    own.length = (int)sum_part_read(ids, tokens, part, row);
    return own;
}
