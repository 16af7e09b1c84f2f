/* The model file: one safetensors file with the weights under their names, words and labels as bytes and offsets, the
 * history, and in __metadata__ "heed.config" and "heed.digest": XXH3-128 of the whole file with the digest's own 32
 * digits as zeros. docs/MODEL_FILE.md describes it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "model/model.h"
#include "model/safetensors.h"
#include "network/architecture.h"

#define DIGEST_KEY "\"heed.digest\":\""
enum { DIGITS = 32, MAX_CONFIG = 1 << 16 };
static const char zeros[DIGITS + 1] = "00000000000000000000000000000000";

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "model files are little-endian, and are read and written as they lie in memory"
#endif

/* ---- digest */

/* Where the digest's digits stand; SIZE_MAX where they do not. */
static size_t digest_place(const char *data, size_t size)
{
    size_t head = size < (1 << 20) ? size : (1 << 20);
    const char *key = memmem(data, head, DIGEST_KEY, strlen(DIGEST_KEY));
    if (key == NULL)
        return SIZE_MAX;
    size_t place = (size_t)(key - data) + strlen(DIGEST_KEY);
    return size - place >= DIGITS ? place : SIZE_MAX;
}

static heed_status compute_digest(char digits[DIGITS + 1], const char *data, size_t size, size_t place,
                                  heed_error *error)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return fail_memory(error, "a digest");
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, data, place);
    XXH3_128bits_update(state, zeros, DIGITS);
    XXH3_128bits_update(state, data + place + DIGITS, size - place - DIGITS);
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    snprintf(digits, DIGITS + 1, "%016llx%016llx", (unsigned long long)hash.high64, (unsigned long long)hash.low64);
    return HEED_OK;
}

static heed_status check_digest(const char *data, size_t size, heed_error *error)
{
    char digits[DIGITS + 1];
    size_t place = digest_place(data, size);
    if (place == SIZE_MAX)
        return fail(error, HEED_BAD_DATA,
                    "no heed.digest in its metadata; a tool that copies tensors alone has dropped it");
    heed_status status = compute_digest(digits, data, size, place, error);
    if (status == HEED_OK && memcmp(digits, data + place, DIGITS) != 0)
        status =
            fail(error, HEED_BAD_DATA, "its digest is %.32s, expected %s: the file is damaged", data + place, digits);
    return status;
}

/* ---- writing */

/* Everything that a model file holds, while its tensors are being listed. */
typedef struct listing {
    safetensors file;
    buffer words, labels;
    uint32_t *word_offsets, *label_offsets;
    float *history, *thresholds;
    uint32_t *bigrams; /* [B][2] of a linear model */
    char *config;
    stored_text metadata[2];
} listing;

static void list_tensor(listing *l, const char *name, tensor_type type, int rank, uint64_t rows, uint64_t columns,
                        const void *data)
{
    stored_tensor *t = &l->file.tensors[l->file.count++];
    *t = (stored_tensor){.type = type, .rank = rank, .data = data};
    snprintf(t->name, sizeof t->name, "%s", name);
    t->shape[0] = rank == 1 ? columns : rows;
    t->shape[1] = columns;
    t->size = rows * columns * (type == TENSOR_U8 ? 1 : 4);
}

static heed_status gather_texts(buffer *bytes, uint32_t **offsets, uint32_t count, const heed_model *m,
                                heed_bytes (*text)(const heed_model *, uint32_t), heed_error *error)
{
    heed_status status = HEED_OK;
    *offsets = memory_array((size_t)count + 1, sizeof **offsets);
    if (*offsets == NULL)
        return fail_memory(error, "a model file");
    bytes->limit = UINT32_MAX;
    for (uint32_t i = 0; i < count && status == HEED_OK; i++) {
        heed_bytes t = text(m, i);
        status = buffer_append(bytes, t.data, t.size, error);
        (*offsets)[i + 1] = (uint32_t)bytes->size;
    }
    return status;
}

static heed_bytes word_text(const heed_model *m, uint32_t i)
{
    return intern_word(&m->words.words, i);
}

static heed_bytes label_text(const heed_model *m, uint32_t i)
{
    return (heed_bytes){m->labels[i], strlen(m->labels[i])};
}

/* [epochs][2][FIGURE_COLUMNS]: training, then validation */
static heed_status gather_history(listing *l, const heed_model *m, heed_error *error)
{
    uint32_t epochs = m->config.training.epochs_run;
    l->history = memory_array((size_t)epochs * 2 * FIGURE_COLUMNS, sizeof *l->history);
    if (l->history == NULL)
        return fail_memory(error, "a model file");
    float *next = l->history;
    for (uint32_t e = 0; e < epochs; e++)
        for (int part = 0; part < 2; part++)
            for (int c = 0; c < FIGURE_COLUMNS; c++)
                *next++ = (float)*figure_at(part == 0 ? &m->train[e] : &m->validation[e], c);
    return HEED_OK;
}

static void list_network(listing *l, const heed_model *m)
{
    for (int i = 0; i < m->net->parameter_count; i++) {
        const parameter *p = &m->net->parameters[i];
        list_tensor(l, p->name, TENSOR_F32, p->rank, (uint64_t)p->rows, (uint64_t)p->columns, m->weights + p->offset);
        for (int j = 0; j < p->rank; j++)
            l->file.tensors[l->file.count - 1].shape[j] = (uint64_t)p->shape[j];
    }
}

static heed_status list_linear(listing *l, const linear *model, heed_error *error)
{
    const ngrams *n = &model->features;
    uint64_t features = ngrams_count(n);
    l->bigrams = memory_array(n->bigrams, 2 * sizeof *l->bigrams);
    if (l->bigrams == NULL)
        return fail_memory(error, "a model file");
    for (uint32_t w = 0; w < n->words; w++)
        for (uint32_t i = n->begin[w]; i < n->begin[w + 1]; i++) {
            l->bigrams[2 * (size_t)i] = w;
            l->bigrams[2 * (size_t)i + 1] = n->second[i];
        }
    list_tensor(l, "linear.kernel", TENSOR_F32, 2, features, model->outputs, model->weights);
    list_tensor(l, "linear.bias", TENSOR_F32, 1, 1, model->outputs, model->bias);
    list_tensor(l, "linear.idf", TENSOR_F32, 1, 1, features, n->idf);
    if (n->bigrams > 0)
        list_tensor(l, "linear.bigrams", TENSOR_U32, 2, n->bigrams, 2, l->bigrams);
    return HEED_OK;
}

/* Tensors of the network or of the linear model. */
static size_t weight_tensors(const heed_model *m)
{
    return m->linear == NULL ? (size_t)m->net->parameter_count : 3 + (size_t)(m->linear->features.bigrams > 0);
}

static heed_status gather_thresholds(listing *l, const heed_model *m, heed_error *error)
{
    uint32_t count = model_threshold_count(&m->config);
    l->thresholds = memory_array(count, sizeof *l->thresholds);
    for (uint32_t i = 0; i < count && l->thresholds != NULL; i++)
        l->thresholds[i] = (float)m->thresholds[i];
    return l->thresholds == NULL ? fail_memory(error, "a model file") : HEED_OK;
}

/* Tensors of four bytes an element come first, so that each stands on its own width. */
static heed_status list_all(listing *l, const heed_model *m, heed_error *error)
{
    uint32_t words = m->words.words.count, labels = m->config.labels.count, epochs = m->config.training.epochs_run;
    l->file.tensors = memory_array(weight_tensors(m) + 7, sizeof *l->file.tensors);
    heed_status status = l->file.tensors == NULL ? fail_memory(error, "a model file") : HEED_OK;
    if (status == HEED_OK)
        status = gather_texts(&l->words, &l->word_offsets, words, m, word_text, error);
    if (status == HEED_OK)
        status = gather_texts(&l->labels, &l->label_offsets, labels, m, label_text, error);
    if (status == HEED_OK)
        status = gather_history(l, m, error);
    if (status == HEED_OK)
        status = gather_thresholds(l, m, error);
    if (status == HEED_OK)
        status = config_print(&l->config, &m->config, false, error);
    if (status == HEED_OK && strlen(l->config) > MAX_CONFIG)
        status = fail(error, HEED_USAGE,
                      "the model's configuration has %zu bytes, expected at most %d; is the label map a long one?",
                      strlen(l->config), MAX_CONFIG);
    if (status != HEED_OK)
        return status;
    if (m->linear == NULL)
        list_network(l, m);
    else if ((status = list_linear(l, m->linear, error)) != HEED_OK)
        return status;
    if (epochs > 0)
        list_tensor(l, "heed.history", TENSOR_F32, 2, epochs, 2 * FIGURE_COLUMNS, l->history);
    list_tensor(l, "heed.thresholds", TENSOR_F32, 1, 1, model_threshold_count(&m->config), l->thresholds);
    list_tensor(l, "heed.vocabulary.offsets", TENSOR_U32, 1, 1, (uint64_t)words + 1, l->word_offsets);
    list_tensor(l, "heed.labels.offsets", TENSOR_U32, 1, 1, (uint64_t)labels + 1, l->label_offsets);
    list_tensor(l, "heed.vocabulary.bytes", TENSOR_U8, 1, 1, l->words.size, l->words.data);
    list_tensor(l, "heed.labels.bytes", TENSOR_U8, 1, 1, l->labels.size, l->labels.data);
    if (m->stop_list_size > 0)
        list_tensor(l, "heed.stop_words", TENSOR_U8, 1, 1, m->stop_list_size, m->stop_list);
    l->metadata[0] = (stored_text){(char *)(uintptr_t) "heed.config", l->config};
    l->metadata[1] = (stored_text){(char *)(uintptr_t) "heed.digest", (char *)(uintptr_t)zeros};
    l->file.metadata = l->metadata;
    l->file.metadata_count = 2;
    return HEED_OK;
}

heed_status model_print(buffer *out, const heed_model *model, heed_error *error)
{
    listing l = {0};
    char digits[DIGITS + 1];
    heed_status status = list_all(&l, model, error);
    if (status == HEED_OK)
        status = safetensors_write(out, &l.file, error);
    size_t place = status == HEED_OK ? digest_place(out->data, out->size) : SIZE_MAX;
    if (status == HEED_OK && place == SIZE_MAX)
        status = fail(error, HEED_FAILED, "a model file's header is over its limit");
    if (status == HEED_OK)
        status = compute_digest(digits, out->data, out->size, place, error);
    if (status == HEED_OK)
        memcpy(out->data + place, digits, DIGITS);
    free(l.file.tensors);
    free(l.word_offsets);
    free(l.label_offsets);
    free(l.history);
    free(l.thresholds);
    free(l.bigrams);
    free(l.config);
    buffer_release(&l.words);
    buffer_release(&l.labels);
    return status;
}

/* ---- reading */

/* A tensor that has to be there, of this type and shape (columns 0: any). */
static heed_status need_tensor(const stored_tensor **out, const safetensors *file, const char *name, tensor_type type,
                               int rank, uint64_t rows, uint64_t columns, heed_error *error)
{
    const stored_tensor *t = *out = safetensors_find(file, name);
    if (t == NULL)
        return fail(error, HEED_BAD_DATA, "tensor %s is missing", name);
    uint64_t last = t->rank > 0 ? t->shape[t->rank - 1] : 0;
    if (t->type != type || t->rank != rank || (rank == 2 && t->shape[0] != rows) || (columns != 0 && last != columns))
        return fail(error, HEED_BAD_DATA,
                    "tensor %s: its type or shape is not what the configuration says (%llu x %llu)", name,
                    (unsigned long long)rows, (unsigned long long)columns);
    return HEED_OK;
}

/* Texts from bytes and offsets: offsets rise from 0 to the end, every text is UTF-8 and not empty. */
static heed_status read_texts(heed_bytes **out, uint32_t *count, const safetensors *file, const char *kind,
                              heed_error *error)
{
    char name[64];
    const stored_tensor *bytes, *offsets;
    *out = NULL;
    snprintf(name, sizeof name, "heed.%s.bytes", kind);
    heed_status status = need_tensor(&bytes, file, name, TENSOR_U8, 1, 1, 0, error);
    snprintf(name, sizeof name, "heed.%s.offsets", kind);
    if (status == HEED_OK)
        status = need_tensor(&offsets, file, name, TENSOR_U32, 1, 1, 0, error);
    if (status != HEED_OK)
        return status;
    if (offsets->shape[0] < 2 || offsets->shape[0] > INT32_MAX)
        return fail(error, HEED_BAD_DATA, "tensor %s: no texts", name);
    *count = (uint32_t)(offsets->shape[0] - 1);
    *out = memory_array(*count, sizeof **out);
    if (*out == NULL)
        return fail_memory(error, name);
    for (uint32_t i = 0; i < *count && status == HEED_OK; i++) {
        uint32_t pair[2];
        memcpy(pair, offsets->data + (size_t)i * 4, sizeof pair);
        bool fine = (i > 0 || pair[0] == 0) && pair[0] < pair[1] && pair[1] <= bytes->size &&
                    (i + 1 < *count || pair[1] == bytes->size);
        if (!fine || utf8_check(bytes->data + pair[0], pair[1] - pair[0]) != pair[1] - pair[0])
            status = fail(error, HEED_BAD_DATA, "tensor %s: text %u is broken", name, i);
        else
            (*out)[i] = (heed_bytes){bytes->data + pair[0], pair[1] - pair[0]};
    }
    if (status != HEED_OK) {
        free(*out);
        *out = NULL;
    }
    return status;
}

/* One of two labels has its positive one; otherwise there is none. */
static bool task_fits(const label_config *labels)
{
    if (labels->task == HEED_TASK_BINARY)
        return labels->count == 2 && labels->positive < 2;
    return labels->positive == labels->count && (labels->count > 2 || labels->task == HEED_TASK_MULTILABEL);
}

static heed_status read_labels(heed_model *m, const safetensors *file, heed_error *error)
{
    heed_bytes *texts;
    uint32_t count, declared = m->config.labels.count;
    heed_status status = read_texts(&texts, &count, file, "labels", error);
    if (status != HEED_OK)
        return status;
    uint32_t positive = m->config.labels.positive;
    if (count != declared)
        status = fail(error, HEED_BAD_DATA, "%u labels, the configuration says %u", count, declared);
    else if (!task_fits(&m->config.labels))
        status = fail(error, HEED_BAD_DATA,
                      "configuration: labels.positive is %u of %u labels, which does not fit labels.task", positive,
                      declared);
    m->labels = memory_array(declared, sizeof *m->labels);
    if (status == HEED_OK && m->labels == NULL)
        status = fail_memory(error, "labels");
    for (uint32_t i = 0; i < count && status == HEED_OK; i++) {
        m->labels[i] = memory_copy(texts[i].data, texts[i].size);
        if (m->labels[i] == NULL)
            status = fail_memory(error, "labels");
        else if (strlen(m->labels[i]) != texts[i].size || (i > 0 && strcmp(m->labels[i - 1], m->labels[i]) >= 0))
            status = fail(error, HEED_BAD_DATA, "label %u is broken or out of order", i);
    }
    free(texts);
    return status;
}

static heed_status read_text_pipeline(heed_model *m, const safetensors *file, heed_error *error)
{
    heed_bytes *texts = NULL;
    uint32_t count;
    heed_status status = read_texts(&texts, &count, file, "vocabulary", error);
    if (status == HEED_OK)
        status = vocabulary_from_words(&m->words, m->config.text.vocabulary, texts, count, error);
    free(texts);
    const stored_tensor *list = safetensors_find(file, "heed.stop_words");
    const char *named = m->config.text.stop_words;
    bool listed = named != NULL && strcmp(named, "list") == 0;
    if (status == HEED_OK && (listed != (list != NULL) || (named != NULL && !listed && strcmp(named, "english") != 0)))
        status =
            fail(error, HEED_BAD_DATA, "stop words: '%s' and its tensor do not fit", named == NULL ? "none" : named);
    if (status != HEED_OK || !listed)
        return status == HEED_OK ? cleaner_new(&m->cleaner, &m->config.text, NULL, error) : status;
    if (list->type != TENSOR_U8 || list->rank != 1 || utf8_check(list->data, list->size) != list->size)
        return fail(error, HEED_BAD_DATA, "tensor heed.stop_words is no text");
    m->stop_list = memory_copy(list->data, list->size);
    m->stop_list_size = list->size;
    if (m->stop_list == NULL)
        return fail_memory(error, "stop words");
    return cleaner_new(&m->cleaner, &m->config.text, &(heed_bytes){m->stop_list, m->stop_list_size}, error);
}

static heed_status need_parameter(const stored_tensor **out, const safetensors *file, const parameter *p,
                                  heed_error *error)
{
    heed_status status =
        need_tensor(out, file, p->name, TENSOR_F32, p->rank, (uint64_t)p->rows, (uint64_t)p->shape[p->rank - 1], error);
    for (int i = 0; i < p->rank && status == HEED_OK; i++)
        if ((*out)->shape[i] != (uint64_t)p->shape[i])
            status = fail(error, HEED_BAD_DATA,
                          "tensor %s: its type or shape is not what the configuration says (%llu for %d)", p->name,
                          (unsigned long long)(*out)->shape[i], p->shape[i]);
    return status;
}

static heed_status check_finite(const char *name, const real *values, size_t count, heed_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return fail(error, HEED_BAD_DATA, "tensor %s: element %zu is not a finite number", name, i);
    return HEED_OK;
}

/* Memory is asked for when the file has proved to hold as much. */
static heed_status read_network(heed_model *m, const safetensors *file, heed_error *error)
{
    const stored_tensor *t;
    heed_status status = model_build_network(&m->net, &m->config, m->words.size, error);
    for (int i = 0; status == HEED_OK && i < m->net->parameter_count; i++)
        status = need_parameter(&t, file, &m->net->parameters[i], error);
    if (status != HEED_OK)
        return status;
    m->weights = memory_aligned(m->net->weight_count, sizeof *m->weights);
    if (m->weights == NULL)
        return fail_memory(error, "weights");
    for (int i = 0; i < m->net->parameter_count; i++) {
        const parameter *p = &m->net->parameters[i];
        need_parameter(&t, file, p, NULL);
        memcpy(m->weights + p->offset, t->data, t->size);
        status = check_finite(p->name, m->weights + p->offset, parameter_count(p), error);
        if (status != HEED_OK)
            return status;
    }
    return HEED_OK;
}

/* Words have one feature each, bigrams come behind them; the number of features follows from both. */
static heed_status read_linear(heed_model *m, const safetensors *file, heed_error *error)
{
    const stored_tensor *pairs = safetensors_find(file, "linear.bigrams"), *idf = NULL, *kernel, *bias;
    uint32_t outputs = m->config.network.outputs;
    uint64_t bigrams = pairs == NULL ? 0 : pairs->shape[0];
    ngrams features;
    heed_status status = HEED_OK;
    if (bigrams > INT32_MAX - m->words.words.count)
        return fail(error, HEED_BAD_DATA, "tensor linear.bigrams: more features than a model has");
    uint64_t count = m->words.words.count + bigrams;
    if (pairs != NULL)
        status = need_tensor(&pairs, file, "linear.bigrams", TENSOR_U32, 2, bigrams, 2, error);
    if (status == HEED_OK)
        status = need_tensor(&idf, file, "linear.idf", TENSOR_F32, 1, 1, count, error);
    if (status == HEED_OK)
        status = need_tensor(&kernel, file, "linear.kernel", TENSOR_F32, 2, count, outputs, error);
    if (status == HEED_OK)
        status = need_tensor(&bias, file, "linear.bias", TENSOR_F32, 1, 1, outputs, error);
    if (status == HEED_OK)
        status = ngrams_read(&features, &m->words, pairs == NULL ? NULL : pairs->data, (uint32_t)bigrams, idf->data,
                             error);
    if (status == HEED_OK)
        status = linear_new(&m->linear, &features, outputs, m->config.labels.task == HEED_TASK_MULTICLASS, error);
    if (status != HEED_OK)
        return status;
    status = architecture_parse_linear(&m->linear->strength, NULL, m->config.network.architecture, error);
    if (status != HEED_OK)
        return status;
    memcpy(m->linear->weights, kernel->data, kernel->size);
    memcpy(m->linear->bias, bias->data, bias->size);
    return check_finite("linear.kernel", m->linear->weights, count * outputs, error) == HEED_OK
               ? check_finite("linear.bias", m->linear->bias, outputs, error)
               : HEED_BAD_DATA;
}

static heed_status read_history(heed_model *m, const safetensors *file, heed_error *error)
{
    uint32_t epochs = m->config.training.epochs_run;
    m->train = memory_array(epochs, sizeof *m->train);
    m->validation = memory_array(epochs, sizeof *m->validation);
    if (m->train == NULL || m->validation == NULL)
        return fail_memory(error, "a history");
    if (epochs == 0)
        return HEED_OK;
    const stored_tensor *t;
    heed_status status = need_tensor(&t, file, "heed.history", TENSOR_F32, 2, epochs, 2 * FIGURE_COLUMNS, error);
    const char *next = status == HEED_OK ? t->data : NULL;
    for (uint32_t e = 0; e < epochs && next != NULL; e++)
        for (int part = 0; part < 2; part++)
            for (int c = 0; c < FIGURE_COLUMNS; c++, next += sizeof(float)) {
                float value;
                memcpy(&value, next, sizeof value);
                *figure_at(part == 0 ? &m->train[e] : &m->validation[e], c) = (double)value;
            }
    return status;
}

static heed_status read_thresholds(heed_model *m, const safetensors *file, heed_error *error)
{
    const stored_tensor *t;
    uint32_t count = model_threshold_count(&m->config);
    heed_status status = need_tensor(&t, file, "heed.thresholds", TENSOR_F32, 1, 1, count, error);
    if (status != HEED_OK)
        return status;
    m->thresholds = memory_array(count, sizeof *m->thresholds);
    if (m->thresholds == NULL)
        return fail_memory(error, "thresholds");
    for (uint32_t i = 0; i < count; i++) {
        float value;
        memcpy(&value, t->data + (size_t)i * sizeof value, sizeof value);
        m->thresholds[i] = (double)value;
        if (!(value >= 0 && value <= 1))
            return fail(error, HEED_BAD_DATA, "tensor heed.thresholds: element %u is %g, expected 0 to 1", i,
                        m->thresholds[i]);
    }
    return HEED_OK;
}

/* Nothing stands in the file that the configuration does not call for. */
static heed_status check_count(const heed_model *m, const safetensors *file, heed_error *error)
{
    size_t expected =
        weight_tensors(m) + 5 + (m->config.training.epochs_run > 0) + (m->stop_list != NULL);
    return file->count == expected ? HEED_OK
                                   : fail(error, HEED_BAD_DATA, "%zu tensors, expected %zu", file->count, expected);
}

static heed_status parse_model(heed_model *m, const safetensors *file, heed_error *error)
{
    const char *config = safetensors_metadata(file, "heed.config");
    if (config == NULL || strlen(config) > MAX_CONFIG)
        return fail(error, HEED_BAD_DATA, "no heed.config in its metadata (up to %d bytes); is it a heed model?",
                    MAX_CONFIG);
    heed_status status = config_parse(&m->config, config, error);
    if (status == HEED_OK)
        status = read_labels(m, file, error);
    if (status == HEED_OK)
        status = read_text_pipeline(m, file, error);
    if (status == HEED_OK)
        status = model_check_shape(&m->config, error);
    if (status == HEED_OK)
        status = architecture_is_linear(m->config.network.architecture) ? read_linear(m, file, error)
                                                                        : read_network(m, file, error);
    if (status == HEED_OK && !model_has_method(m, m->config.explanation.method))
        status = fail(error, HEED_BAD_DATA, "configuration: explanation.method is none that the model has");
    if (status == HEED_OK)
        status = read_history(m, file, error);
    if (status == HEED_OK)
        status = read_thresholds(m, file, error);
    return status == HEED_OK ? check_count(m, file, error) : status;
}

heed_status model_parse(heed_model **out, const char *data, size_t size, const char *name, heed_error *error)
{
    heed_error detail = {""};
    safetensors file = {0};
    *out = NULL;
    heed_model *m = memory_array(1, sizeof *m);
    heed_status status = m == NULL ? fail_memory(&detail, "a model") : safetensors_parse(&file, data, size, &detail);
    if (status == HEED_OK && safetensors_metadata(&file, "heed.config") != NULL)
        status = check_digest(data, size, &detail);
    if (status == HEED_OK)
        status = parse_model(m, &file, &detail);
    safetensors_release(&file);
    if (status == HEED_OK) {
        *out = m;
        return HEED_OK;
    }
    heed_model_free(m);
    return fail(error, status == HEED_USAGE ? HEED_BAD_DATA : status, "%s: not a model that can be used: %s", name,
                detail.message);
}
