/* F features, K outputs. Tensors that would be empty are absent. */
#include "model/wide_tensors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const text_tensors letter_tensors = {"wide.letters.bytes", "wide.letters.offsets"};

static tensor_spec kernel_tensor(uint64_t features, uint64_t outputs)
{
    return tensor_matrix("wide.kernel", TENSOR_F32, features, outputs);
}

static tensor_spec bias_tensor(uint64_t outputs)
{
    return tensor_vector("wide.bias", TENSOR_F32, outputs);
}

static tensor_spec scale_tensor(uint64_t features)
{
    return tensor_vector("wide.scale", TENSOR_F32, features);
}

static tensor_spec begin_tensor(uint64_t count)
{
    return tensor_vector("wide.words.begin", TENSOR_U32, count);
}

static tensor_spec last_tensor(uint64_t count)
{
    return tensor_vector("wide.words.last", TENSOR_U32, count);
}

/* ---- writing */

static heed_bytes letters_at(const void *source, uint32_t i)
{
    const letter_grams *g = source;
    return intern_word(&g->grams, i);
}

static joined_texts join_letters(tensor_list *l, const wide *w)
{
    const letter_grams *g = &w->features.letters;
    return tensor_list_join(l, letters_at, g, g->grams.count, "n-grams of letters");
}

void wide_tensors_list(tensor_list *l, const heed_model *model)
{
    const wide *w = model->trained;
    const word_grams *g = &w->features.words;
    tensor_list_add(l, kernel_tensor(w->fit.features, w->fit.outputs), w->fit.weights);
    tensor_list_add(l, bias_tensor(w->fit.outputs), w->fit.bias);
    tensor_list_add(l, scale_tensor(w->fit.features), w->scale);
    if (g->range.most > 1)
        tensor_list_add(l, begin_tensor((uint64_t)g->inner + 1), g->begin);
    if (g->nodes > g->words)
        tensor_list_add(l, last_tensor(g->nodes - g->words), g->last);
    if (w->features.letters.grams.count > 0) {
        const joined_texts letters = join_letters(l, w);
        tensor_list_add_offsets(l, &letter_tensors, &letters);
    }
}

void wide_tensors_list_bytes(tensor_list *l, const heed_model *model)
{
    const wide *w = model->trained;
    if (w->features.letters.grams.count > 0) {
        const joined_texts letters = join_letters(l, w);
        tensor_list_add_bytes(l, &letter_tensors, &letters);
    }
}

/* ---- reading */

static void read_spec(wide_spec *out, tensor_reader *r, const heed_model *model)
{
    const char *text = model->config.network.architecture;
    if (r->status == HEED_OK)
        r->status = wide_spec_parse(out, text, r->error);
    if (r->status == HEED_OK && !wide_spec_is_full(out))
        tensor_reader_refuse(r, "configuration: network.architecture is '%.60s', expected all items of wide", text);
    if (r->status == HEED_OK && out->weight == WIDE_RATIO && model->config.labels.task != HEED_TASK_BINARY)
        tensor_reader_refuse(r, "configuration: network.architecture has weight ratio, which is only for two labels");
}

static void read_words(word_grams *out, tensor_reader *r, const heed_model *model, gram_range range)
{
    const stored_tensor *begin = NULL, *last = NULL;
    if (range.most == 0)
        return;
    if (range.most > 1) {
        begin = tensor_reader_need(r, begin_tensor(0));
        if (tensor_reader_peek(r, last_tensor(0).name) != NULL)
            last = tensor_reader_need(r, last_tensor(0));
    }
    if (r->status == HEED_OK)
        r->status = word_grams_read(
            out, &model->words, range, begin == NULL ? NULL : begin->data, begin == NULL ? 0 : begin->shape[0] - 1,
            last == NULL ? (heed_bytes){NULL, 0} : (heed_bytes){last->data, last->size}, r->error);
}

static void read_letters(letter_grams *out, tensor_reader *r, const heed_model *model, gram_range range)
{
    uint32_t count = 0;
    if (range.most == 0 || r->status != HEED_OK)
        return;
    bool some = tensor_reader_peek(r, letter_tensors.offsets) != NULL;
    heed_bytes *texts = some ? tensor_reader_texts(r, &letter_tensors, &count) : NULL;
    if (r->status == HEED_OK)
        r->status = letter_grams_read(out, &model->words, range, texts, count, r->error);
    free(texts);
}

static void read_features(wide_features *out, tensor_reader *r, const heed_model *model, const wide_spec *spec)
{
    *out = (wide_features){.first_id = model->words.first, .size = model->words.size};
    read_words(&out->words, r, model, spec->words);
    read_letters(&out->letters, r, model, spec->letters);
    if (r->status == HEED_OK && (wide_features_count(out) == 0 || wide_features_count(out) > INT32_MAX))
        tensor_reader_refuse(r, "%zu n-grams, expected 1 to %d", wide_features_count(out), INT32_MAX);
}

static void check_scale(tensor_reader *r, const stored_tensor *scale, const wide *w)
{
    tensor_reader_check_finite(r, scale, w->scale, w->fit.features);
    for (size_t i = 0; i < w->fit.features && w->spec.weight == WIDE_IDF && r->status == HEED_OK; i++)
        if (!(w->scale[i] >= 0))
            tensor_reader_refuse(r, "tensor %s: element %zu is an idf, expected a number from 0", scale->name, i);
}

/* The numbers, whose tensors fit. */
static void read_numbers(tensor_reader *r, wide *w)
{
    const stored_tensor *scale = tensor_reader_need(r, scale_tensor(w->fit.features));
    const stored_tensor *kernel = tensor_reader_need(r, kernel_tensor(w->fit.features, w->fit.outputs));
    const stored_tensor *bias = tensor_reader_need(r, bias_tensor(w->fit.outputs));
    if (r->status != HEED_OK)
        return;
    memcpy(w->scale, scale->data, scale->size);
    memcpy(w->fit.weights, kernel->data, kernel->size);
    memcpy(w->fit.bias, bias->data, bias->size);
    check_scale(r, scale, w);
    tensor_reader_check_finite(r, kernel, w->fit.weights, w->fit.features * w->fit.outputs);
    tensor_reader_check_finite(r, bias, w->fit.bias, w->fit.outputs);
}

void wide_tensors_read(tensor_reader *r, heed_model *model)
{
    wide_features features = {0};
    wide_spec spec = {0};
    wide *w = NULL;
    read_spec(&spec, r, model);
    if (r->status == HEED_OK)
        read_features(&features, r, model, &spec);
    if (r->status == HEED_OK)
        r->status = wide_new(&w, &spec, &features, model->config.network.outputs,
                             model->config.labels.task == HEED_TASK_MULTICLASS, r->error);
    model->trained = w;
    if (r->status == HEED_OK)
        read_numbers(r, w);
    wide_features_release(&features);
}
