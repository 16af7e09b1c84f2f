#include "model/encoder_tensors.h"

#include <stdlib.h>
#include <string.h>

#include "math/bfloat16.h"

#define PREFIX "encoder."
#define CONFIG_TENSOR "heed.encoder.config"
#define TOKENIZER_TENSOR "heed.encoder.tokenizer"

/* ---- writing */

/* Whether all numbers of a tensor keep their value in bfloat16, so that half the bytes are enough. */
static bool fits_bfloat16(const encoder_tensor *t, size_t count)
{
    const real *values = t->data;
    for (size_t i = 0; i < count && t->type == TENSOR_F32; i++)
        if (bfloat16_value(bfloat16_of((float)values[i])) != (float)values[i])
            return false;
    return t->type == TENSOR_F32 || t->type == TENSOR_BF16;
}

static size_t numbers_of(const encoder_tensor *t)
{
    return (size_t)(t->rank == 1 ? t->shape[0] : t->shape[0] * t->shape[1]);
}

static const void *as_bfloat16(tensor_list *l, const encoder_tensor *t)
{
    const real *values = t->data;
    size_t count = numbers_of(t);
    if (t->type == TENSOR_BF16)
        return t->data;
    uint16_t *halves = tensor_list_memory(l, count, sizeof *halves);
    for (size_t i = 0; i < count && halves != NULL; i++)
        halves[i] = bfloat16_of((float)values[i]);
    return halves;
}

static void add_tensor(tensor_list *l, const encoder_tensor *t, tensor_type type, const void *data)
{
    if (data != NULL)
        tensor_list_add(l,
                        t->rank == 1 ? tensor_vector(t->name, type, t->shape[0])
                                     : tensor_matrix(t->name, type, t->shape[0], t->shape[1]),
                        data);
}

/* Those that are stored as bfloat16, or the others. */
static void list_tensors(tensor_list *l, const heed_model *model, bool halves)
{
    size_t count = model->encoder == NULL ? 0 : encoder_tensor_count(model->encoder->net);
    l->prefix = PREFIX;
    for (size_t i = 0; i < count && l->status == HEED_OK; i++) {
        encoder_tensor t;
        encoder_tensor_at(model->encoder->net, i, &t);
        if (fits_bfloat16(&t, numbers_of(&t)) != halves)
            continue;
        add_tensor(l, &t, halves ? TENSOR_BF16 : t.type, halves ? as_bfloat16(l, &t) : t.data);
    }
    l->prefix = NULL;
}

void encoder_tensors_list(tensor_list *l, const heed_model *model)
{
    list_tensors(l, model, false);
}

void encoder_tensors_list_halves(tensor_list *l, const heed_model *model)
{
    list_tensors(l, model, true);
}

/* Adds a text that free() releases: a copy lives as long as the list. */
static void add_text(tensor_list *l, const char *name, char *text)
{
    size_t size = text == NULL ? 0 : strlen(text);
    char *copy = l->status == HEED_OK ? tensor_list_memory(l, size, 1) : NULL;
    if (copy != NULL) {
        memcpy(copy, text, size);
        tensor_list_add(l, tensor_vector(name, TENSOR_U8, size), copy);
    }
    free(text);
}

void encoder_tensors_list_bytes(tensor_list *l, const heed_model *model)
{
    char *config = NULL, *words = NULL;
    if (model->encoder == NULL || l->status != HEED_OK)
        return;
    l->status = encoder_config_text(&config, model->encoder->net, l->error);
    add_text(l, CONFIG_TENSOR, config);
    if (l->status == HEED_OK)
        l->status = tokenizer_json(&words, model->encoder->words, l->error);
    add_text(l, TOKENIZER_TENSOR, words);
}

/* ---- reading */

static heed_bytes text_of(tensor_reader *r, const char *name)
{
    const stored_tensor *t = tensor_reader_need(r, tensor_vector(name, TENSOR_U8, 0));
    return t == NULL ? (heed_bytes){NULL, 0} : (heed_bytes){t->data, t->size};
}

static heed_status join(shared_encoder **out, const tensor_reader *r, heed_bytes config, heed_bytes words)
{
    encoder *net = NULL;
    tokenizer *tokens = NULL;
    heed_status status = encoder_from_tensors(&net, "encoder", config, r->file, PREFIX, r->error);
    *out = NULL;
    if (status == HEED_OK)
        status = tokenizer_parse(&tokens, words, TOKENIZER_TENSOR, r->error);
    if (status != HEED_OK) {
        encoder_free(net);
        return status;
    }
    return shared_encoder_join(out, net, tokens, r->error);
}

void encoder_tensors_read(tensor_reader *r, heed_model *model)
{
    const encoder_record *record = &model->config.encoder;
    if (record->digest == NULL || r->status != HEED_OK)
        return;
    heed_bytes config = text_of(r, CONFIG_TENSOR), words = text_of(r, TOKENIZER_TENSOR);
    if (r->status == HEED_OK)
        r->status = join(&model->encoder, r, config, words);
    if (model->encoder == NULL)
        return;
    r->taken += encoder_tensor_count(model->encoder->net);
    if (strcmp(model->encoder->digest, record->digest) != 0 || strcmp(model->encoder->name, record->name) != 0)
        tensor_reader_refuse(r, "configuration: encoder is %.60s %.60s, found %s %s", record->name, record->digest,
                             model->encoder->name, model->encoder->digest);
}
