#include "model/model_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"
#include "model/classifier_table.h"
#include "model/encoder_tensors.h"
#include "model/model_history.h"
#include "model/model_tensors.h"
#include "model/sum_text.h"
#include "model/tokenizer_tensor.h"
#include "network/batch.h"
#include "network/network.h"

/* ---- labels and words */

/* With two labels one is positive; otherwise none is. */
static bool task_fits(const label_config *labels)
{
    if (labels->task == HEED_TASK_BINARY)
        return labels->count == 2 && labels->positive < 2;
    return labels->positive == labels->count && (labels->count > 2 || labels->task == HEED_TASK_MULTILABEL);
}

static void copy_labels(tensor_reader *r, heed_model *m, const heed_bytes *texts)
{
    uint32_t count = m->config.labels.count;
    m->labels = tensor_reader_memory(r, count, sizeof *m->labels, "labels");
    for (uint32_t i = 0; m->labels != NULL && i < count; i++) {
        m->labels[i] = tensor_reader_copy(r, texts[i], "labels");
        if (m->labels[i] == NULL)
            return;
        if (strlen(m->labels[i]) != texts[i].size || (i > 0 && strcmp(m->labels[i - 1], m->labels[i]) >= 0)) {
            tensor_reader_refuse(r, "label %u is broken or out of order", i);
            return;
        }
    }
}

static void read_labels(tensor_reader *r, heed_model *m)
{
    const label_config *declared = &m->config.labels;
    uint32_t count = 0;
    heed_bytes *texts = tensor_reader_texts(r, &label_tensors, &count);
    if (texts == NULL)
        return;
    if (count != declared->count)
        tensor_reader_refuse(r, "%u labels, the configuration says %u", count, declared->count);
    if (!task_fits(declared))
        tensor_reader_refuse(r, "configuration: labels.positive is %u of %u labels, which does not fit labels.task",
                             declared->positive, declared->count);
    copy_labels(r, m, texts);
    free(texts);
}

/* Whether the model, or a part of it, reads words. */
static bool has_words(tensor_reader *r, const heed_model *m)
{
    sum_text parts = {.count = 0};
    if (r->status != HEED_OK || !m->class->has_parts)
        return r->status == HEED_OK && !m->class->reads_subwords;
    r->status = sum_text_parse(&parts, m->config.network.architecture, r->error);
    bool words = r->status == HEED_OK && sum_text_reads_words(&parts);
    sum_text_release(&parts);
    return words;
}

static void read_vocabulary(tensor_reader *r, heed_model *m)
{
    uint32_t count = 0;
    bool words = has_words(r, m);
    heed_bytes *texts = words ? tensor_reader_texts(r, &vocabulary_tensors, &count) : NULL;
    if (texts != NULL || (r->status == HEED_OK && !words))
        r->status = vocabulary_from_words(&m->words, m->config.text.vocabulary, texts, count, r->error);
    free(texts);
}

/* Options that nobody can have trained with are a fault of the file. */
static void make_cleaner(tensor_reader *r, heed_model *m, const heed_bytes *stop_list)
{
    heed_error why;
    shared_tokenizer *tokenizer = tokenizer_tensor_read(r, m);
    heed_status status = r->status;
    if (status == HEED_OK)
        status = cleaner_new(&m->cleaner, &m->config.text, &(cleaner_source){stop_list, tokenizer}, &why);
    if (status == HEED_USAGE)
        tensor_reader_refuse(r, "configuration: %.900s", why.message);
    else if (r->status == HEED_OK && status != HEED_OK)
        r->status = fail(r->error, status, "%s", why.message);
    shared_tokenizer_release(tokenizer);
}

/* The stop words are none, the English ones, or those of a tensor. */
static void read_cleaner(tensor_reader *r, heed_model *m)
{
    const char *named = m->config.text.stop_words;
    const stored_tensor *list = tensor_reader_find(r, STOP_WORDS_TENSOR);
    bool listed = named != NULL && strcmp(named, "list") == 0;
    if (listed != (list != NULL) || (named != NULL && !listed && strcmp(named, "english") != 0))
        tensor_reader_refuse(r, "stop words: '%s' and its tensor do not fit", named == NULL ? "none" : named);
    else if (listed && (list->type != TENSOR_U8 || list->rank != 1 || utf8_check(list->data, list->size) != list->size))
        tensor_reader_refuse(r, "tensor " STOP_WORDS_TENSOR " is not a text");
    else if (listed)
        m->stop_list = tensor_reader_copy(r, (heed_bytes){list->data, list->size}, "stop words");
    m->stop_list_size = m->stop_list != NULL ? list->size : 0;
    const heed_bytes words = {m->stop_list, m->stop_list_size};
    make_cleaner(r, m, listed ? &words : NULL);
}

/* ---- configuration and classifier */

static void read_config(tensor_reader *r, heed_model *m)
{
    const char *config = safetensors_metadata(r->file, CONFIG_KEY);
    if (config == NULL || strlen(config) > MAX_CONFIG)
        tensor_reader_refuse(r, "its metadata has no heed.config (up to %d bytes); is it a heed model?", MAX_CONFIG);
    else
        r->status = config_parse(&m->config, config, r->error);
    if (r->status == HEED_OK)
        m->class = classifier_class_of(m->config.network.architecture);
}

/* Whether the configuration's numbers fit together and those of heed. */
static void check_shape(tensor_reader *r, const heed_model *m)
{
    const network_config *n = &m->config.network;
    const label_config *labels = &m->config.labels;
    if (n->rows_per_chunk != ROWS_PER_CHUNK)
        tensor_reader_refuse(r, "chunks of %u rows, expected %d", n->rows_per_chunk, ROWS_PER_CHUNK);
    if (n->outputs != task_outputs(labels->task, labels->count))
        tensor_reader_refuse(r, "%u outputs for %u labels", n->outputs, labels->count);
    if (!m->class->has_parts && (n->window == 0) != m->class->whole_texts)
        tensor_reader_refuse(r, "a window of %u tokens for '%.60s', expected 0, and only for linear and wide",
                             n->window, n->architecture);
}

static void read_classifier(tensor_reader *r, heed_model *m)
{
    if (r->status == HEED_OK)
        check_shape(r, m);
    if (r->status == HEED_OK)
        m->class->read(r, m);
    if (r->status == HEED_OK && !model_has_method(m, m->config.explanation.method))
        tensor_reader_refuse(r, "configuration: explanation.method is not a method of the model");
}

/* ---- thresholds */

static float float_at(const stored_tensor *t, size_t place)
{
    float value;
    memcpy(&value, t->data + place * sizeof value, sizeof value);
    return value;
}

static void read_thresholds(tensor_reader *r, heed_model *m)
{
    uint32_t count = model_threshold_count(&m->config);
    const stored_tensor *t = tensor_reader_need(r, threshold_tensor(count));
    m->thresholds = tensor_reader_memory(r, count, sizeof *m->thresholds, "thresholds");
    for (uint32_t i = 0; m->thresholds != NULL && i < count; i++) {
        m->thresholds[i] = (double)float_at(t, i);
        if (!(m->thresholds[i] >= 0 && m->thresholds[i] <= 1))
            tensor_reader_refuse(r, "tensor heed.thresholds: element %u is %g, expected 0 to 1", i, m->thresholds[i]);
    }
}

static void read_digests(tensor_reader *r, heed_model *m)
{
    uint32_t count = m->config.seen.digests;
    const stored_tensor *t = count > 0 ? tensor_reader_need(r, digest_tensor(count)) : NULL;
    m->seen.of = t != NULL ? tensor_reader_memory(r, count, sizeof *m->seen.of, "digests") : NULL;
    if (m->seen.of == NULL)
        return;
    m->seen.count = count;
    memcpy(m->seen.of, t->data, count * sizeof *m->seen.of);
    for (uint32_t i = 1; i < count; i++)
        if (m->seen.of[i - 1] >= m->seen.of[i]) {
            tensor_reader_refuse(r, "tensor %s: element %u is not larger than the one before it", t->name, i);
            return;
        }
}

/* The file contains only what the configuration requires. */
static void check_count(tensor_reader *r)
{
    if (r->file->count != r->taken)
        tensor_reader_refuse(r, "%zu tensors, expected %zu", r->file->count, r->taken);
}

heed_status model_read(heed_model *out, const safetensors *file, heed_error *error)
{
    tensor_reader r = {.file = file, .error = error};
    read_config(&r, out);
    read_labels(&r, out);
    read_vocabulary(&r, out);
    read_cleaner(&r, out);
    encoder_tensors_read(&r, out);
    read_classifier(&r, out);
    model_history_read(&r, out);
    read_thresholds(&r, out);
    read_digests(&r, out);
    check_count(&r);
    return r.status;
}
