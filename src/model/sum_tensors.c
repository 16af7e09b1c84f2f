#include "model/sum_tensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/model_history.h"
#include "model/part_table.h"
#include "model/sum.h"
#include "model/sum_text.h"

#define WORDS_TENSOR "words"

typedef char part_prefix[16];

static const char *write_prefix(part_prefix out, uint32_t part)
{
    snprintf(out, sizeof(part_prefix), "sum.%u.", part + 1);
    return out;
}

static tensor_spec weight_tensor(uint32_t parts)
{
    return tensor_vector("sum.weights", TENSOR_F32, parts);
}

static tensor_spec word_tensor(uint64_t words)
{
    return tensor_vector(WORDS_TENSOR, TENSOR_U32, words);
}

/* ---- writing */

/* The number in the sum's vocabulary of each word of a part. */
static void list_words(tensor_list *l, const sum_part *part, const vocabulary *words)
{
    const vocabulary *own = &part->model->words;
    uint32_t *numbers = tensor_list_memory(l, own->words.count, sizeof *numbers);
    for (uint32_t id = words->first; numbers != NULL && id < words->size; id++)
        if (!vocabulary_is_unknown(own, part->own_id[id]))
            numbers[part->own_id[id] - own->first] = id - words->first;
    tensor_list_add(l, word_tensor(own->words.count), numbers);
}

void sum_tensors_list(tensor_list *l, const heed_model *model)
{
    const model_sum *s = model->trained;
    float *weights = tensor_list_memory(l, s->count, sizeof *weights);
    for (uint32_t i = 0; weights != NULL && i < s->count; i++)
        weights[i] = s->parts[i].weight;
    tensor_list_add(l, weight_tensor(s->count), weights);
    for (uint32_t i = 0; i < s->count && l->status == HEED_OK; i++) {
        const sum_part *part = &s->parts[i];
        part_prefix prefix;
        l->prefix = write_prefix(prefix, i);
        part->model->class->list(l, part->model);
        if (part->own_id != NULL)
            list_words(l, part, &model->words);
        if (model_has_epochs(part->model))
            model_history_list(l, part->model);
        l->prefix = NULL;
    }
}

void sum_tensors_list_bytes(tensor_list *l, const heed_model *model)
{
    const model_sum *s = model->trained;
    for (uint32_t i = 0; i < s->count && l->status == HEED_OK; i++) {
        const heed_model *part = s->parts[i].model;
        part_prefix prefix;
        l->prefix = write_prefix(prefix, i);
        if (part->class->list_bytes != NULL)
            part->class->list_bytes(l, part);
        l->prefix = NULL;
    }
}

/* ---- reading */

static uint32_t number_at(const stored_tensor *t, size_t place)
{
    uint32_t value;
    memcpy(&value, t->data + place * sizeof value, sizeof value);
    return value;
}

/* The vocabulary of a part from the numbers of its words. */
static void read_words(vocabulary *out, tensor_reader *r, const vocabulary *words)
{
    const stored_tensor *t = tensor_reader_need(r, word_tensor(0));
    uint64_t count = t == NULL ? 0 : t->shape[0];
    if (t != NULL && (count == 0 || count > words->words.count))
        tensor_reader_refuse(r, "tensor %s: found %llu words, expected 1 to %u", t->name, (unsigned long long)count,
                             words->words.count);
    heed_bytes *texts = tensor_reader_memory(r, count, sizeof *texts, "a vocabulary");
    for (size_t i = 0; texts != NULL && i < count && r->status == HEED_OK; i++) {
        uint32_t number = number_at(t, i);
        if (number < words->words.count)
            texts[i] = intern_word(&words->words, number);
        else
            tensor_reader_refuse(r, "tensor %s: element %zu is %u, expected less than %u", t->name, i, number,
                                 words->words.count);
    }
    if (r->status == HEED_OK)
        r->status = vocabulary_from_words(out, words->kind, texts, (uint32_t)count, r->error);
    free(texts);
}

static void read_part(tensor_reader *r, sum_part *part, const heed_model *model, const char *architecture)
{
    vocabulary own = {0};
    const classifier_class *class = part_class_of(architecture);
    bool whole = class->spells_words;
    if (class->reads_subwords)
        r->status = vocabulary_from_words(&own, model->words.kind, NULL, 0, r->error);
    else if (!whole)
        read_words(&own, r, &model->words);
    if (r->status == HEED_OK)
        r->status = sum_part_model(&part->model, model, architecture, whole ? &model->words : &own, r->error);
    vocabulary_release(&own);
    if (r->status == HEED_OK)
        part->model->class->read(r, part->model);
    if (r->status == HEED_OK && model_has_epochs(part->model))
        model_history_read_part(r, part->model);
    if (r->status == HEED_OK)
        r->status = sum_part_map(part, &model->words, r->error);
}

static void read_weights(tensor_reader *r, model_sum *s)
{
    const stored_tensor *t = tensor_reader_need(r, weight_tensor(s->count));
    for (uint32_t i = 0; t != NULL && i < s->count; i++) {
        memcpy(&s->parts[i].weight, t->data + i * sizeof(float), sizeof(float));
        tensor_reader_check_finite(r, t, &s->parts[i].weight, 1);
    }
}

/* A window is what at least one part needs. */
static void check_window(tensor_reader *r, const heed_model *model, const sum_text *text)
{
    bool cut = false;
    for (uint32_t i = 0; i < text->count; i++)
        cut = cut || !part_class_of(text->text[i])->whole_texts;
    if (cut != (model->config.network.window > 0))
        tensor_reader_refuse(r, "a window of %u tokens for '%.60s', expected %s", model->config.network.window,
                             model->config.network.architecture, cut ? "at least 1" : "0");
}

void sum_tensors_read(tensor_reader *r, heed_model *model)
{
    sum_text text;
    model_sum *s = NULL;
    r->status = sum_text_parse(&text, model->config.network.architecture, r->error);
    if (r->status == HEED_OK)
        check_window(r, model, &text);
    if (r->status == HEED_OK)
        r->status = model_sum_new(&s, text.count, r->error);
    model->trained = s;
    if (r->status == HEED_OK)
        read_weights(r, s);
    for (uint32_t i = 0; i < text.count && r->status == HEED_OK; i++) {
        part_prefix prefix;
        r->prefix = write_prefix(prefix, i);
        read_part(r, &s->parts[i], model, text.text[i]);
        r->prefix = NULL;
    }
    sum_text_release(&text);
}
