#include "model/model_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/status.h"
#include "model/encoder_tensors.h"
#include "model/model_digest.h"
#include "model/model_history.h"
#include "model/model_tensors.h"
#include "model/tokenizer_tensor.h"

/* ---- lists of texts */

static heed_bytes word_at(const void *source, uint32_t i)
{
    const heed_model *m = source;
    return intern_word(&m->words.words, i);
}

static heed_bytes label_at(const void *source, uint32_t i)
{
    const heed_model *m = source;
    return bytes_of(m->labels[i]);
}

/* ---- numbers */

static void add_thresholds(tensor_list *l, const heed_model *m)
{
    uint32_t count = model_threshold_count(&m->config);
    float *thresholds = tensor_list_memory(l, count, sizeof *thresholds);
    for (uint32_t i = 0; thresholds != NULL && i < count; i++)
        thresholds[i] = (float)m->thresholds[i];
    tensor_list_add(l, threshold_tensor(count), thresholds);
}

/* ---- the whole file */

/* Tensors with more bytes per element come first, so that each is aligned to its own width. */
static void list_tensors(tensor_list *l, const heed_model *m)
{
    joined_texts words = tensor_list_join(l, word_at, m, m->words.words.count, "words");
    joined_texts labels = tensor_list_join(l, label_at, m, m->config.labels.count, "labels");
    if (m->seen.count > 0)
        tensor_list_add(l, digest_tensor((uint32_t)m->seen.count), m->seen.of);
    m->class->list(l, m);
    encoder_tensors_list(l, m);
    model_history_list(l, m);
    add_thresholds(l, m);
    if (words.count > 0)
        tensor_list_add_offsets(l, &vocabulary_tensors, &words);
    tensor_list_add_offsets(l, &label_tensors, &labels);
    encoder_tensors_list_halves(l, m);
    if (words.count > 0)
        tensor_list_add_bytes(l, &vocabulary_tensors, &words);
    tensor_list_add_bytes(l, &label_tensors, &labels);
    if (m->class->list_bytes != NULL)
        m->class->list_bytes(l, m);
    encoder_tensors_list_bytes(l, m);
    tokenizer_tensor_list(l, m);
    if (m->stop_list_size > 0)
        tensor_list_add(l, tensor_vector(STOP_WORDS_TENSOR, TENSOR_U8, m->stop_list_size), m->stop_list);
}

heed_status model_print_config(char **out, const heed_model *m, heed_error *error)
{
    const size_t failures = json_memory_failures();
    json_t *config = config_json(&m->config);
    heed_status status = json_print(out, config, JSON_COMPACT, failures, "the model's configuration", error);
    json_decref(config);
    if (status != HEED_OK)
        return status;
    if (strlen(*out) > MAX_CONFIG)
        status = fail(error, HEED_USAGE,
                      "the model's configuration has %zu bytes, expected at most %d; is the label map very long?",
                      strlen(*out), MAX_CONFIG);
    if (status != HEED_OK) {
        free(*out);
        *out = NULL;
    }
    return status;
}

heed_status model_write(writer *out, const heed_model *model, heed_error *error)
{
    tensor_list list = {.error = error};
    char *config = NULL, zeros[] = DIGEST_ZEROS, config_key[] = CONFIG_KEY, digest_key[] = DIGEST_KEY;
    heed_status status;
    list_tensors(&list, model);
    TRY(list.status);
    TRY(model_print_config(&config, model, error));
    stored_text metadata[] = {{config_key, config}, {digest_key, zeros}};
    list.file.metadata = metadata;
    list.file.metadata_count = sizeof metadata / sizeof *metadata;
    safetensors_write(out, &list.file);
    status = writer_check(out, error);
done:
    tensor_list_release(&list);
    free(config);
    return status;
}
