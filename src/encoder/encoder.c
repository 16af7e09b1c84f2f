#include "encoder/encoder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "encoder/weight_reader.h"
#include "math/bfloat16.h"

#define CONFIG "config.json"
enum { MAX_CONFIG = 1 << 20 };

static heed_status parse_config(encoder *e, const char *name, heed_bytes json, heed_error *error)
{
    heed_error detail;
    heed_status status = encoder_config_parse(&e->config, json, &detail);
    return status == HEED_OK ? status : fail(error, status, "%s/" CONFIG ": %s", name, detail.message);
}

static heed_status read_config(encoder *e, const char *folder, heed_error *error)
{
    char *path = NULL, *json = NULL;
    size_t size;
    heed_status status;
    if (asprintf(&path, "%s/" CONFIG, folder) < 0)
        return fail_memory(error, "a file's name");
    TRY(file_read(&json, &size, path, MAX_CONFIG, error));
    TRY(parse_config(e, folder, (heed_bytes){json, size}, error));
done:
    free(path);
    free(json);
    return status;
}

/* Names of models are not looked up anywhere. */
static heed_status check_folder(const char *folder, heed_error *error)
{
    struct stat found;
    if (stat(folder, &found) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(error, HEED_BAD_DATA,
                    "%s: found no such folder, expected one with an encoder on this machine; heed downloads nothing",
                    folder);
    if (stat(folder, &found) == 0 && !S_ISDIR(found.st_mode))
        return fail(error, HEED_BAD_DATA, "%s: found a file, expected the folder of an encoder", folder);
    return HEED_OK;
}

heed_status encoder_open(encoder **out, const char *folder, heed_error *error)
{
    heed_status status;
    *out = NULL;
    encoder *e = memory_array(1, sizeof *e);
    if (e == NULL)
        return fail_memory(error, "an encoder");
    TRY(check_folder(folder, error));
    TRY(read_config(e, folder, error));
    TRY(weight_files_open(&e->files, folder, error));
    TRY(encoder_weights_find(&e->weights, &e->config, &e->files, "", error));
    *out = e;
    e = NULL;
done:
    encoder_free(e);
    return status;
}

heed_status encoder_from_tensors(encoder **out, const char *name, heed_bytes config, const safetensors *file,
                                 const char *prefix, heed_error *error)
{
    heed_status status;
    weight_file only = {.name = (char *)(uintptr_t)name, .tensors = *file};
    *out = NULL;
    encoder *e = memory_array(1, sizeof *e);
    if (e == NULL)
        return fail_memory(error, "an encoder");
    TRY(parse_config(e, name, config, error));
    TRY(encoder_weights_find(&e->weights, &e->config, &(weight_files){&only, 1}, prefix, error));
    *out = e;
    e = NULL;
done:
    encoder_free(e);
    return status;
}

heed_status encoder_from_bytes(encoder **out, const char *name, heed_bytes config, heed_bytes tensors,
                               heed_error *error)
{
    safetensors file;
    heed_error detail;
    *out = NULL;
    heed_status status = safetensors_parse_any(&file, tensors.data, tensors.size, &detail);
    if (status != HEED_OK)
        return fail(error, status, "%s: %s", name, detail.message);
    status = encoder_from_tensors(out, name, config, &file, "", error);
    safetensors_release(&file);
    return status;
}

void encoder_free(encoder *e)
{
    if (e == NULL)
        return;
    encoder_weights_release(&e->weights);
    weight_files_close(&e->files);
    free(e);
}

void encoder_word(const encoder *e, uint32_t id, real *out)
{
    const encoder_weights *w = &e->weights;
    size_t width = (size_t)e->config.width, at = (w->rows == NULL ? id : w->rows[id]) * width;
    if (w->words != NULL)
        memcpy(out, w->words + at, width * sizeof *out);
    else
        bfloat16_values(width, w->words16 + at, out);
}

bool encoder_has_attention(const encoder *e)
{
    return e->config.layers > 0;
}

uint64_t encoder_token_products(const encoder *e, size_t tokens)
{
    const encoder_config *c = &e->config;
    const uint64_t width = (uint64_t)c->width, feed = (uint64_t)c->feed;
    const uint64_t text = c->window > 0 && tokens > (size_t)c->window ? (uint64_t)c->window : tokens;
    return c->layers == 0 ? width : (uint64_t)c->layers * width * (4 * width + 2 * feed + 2 * text);
}

void encoder_describe(const encoder *e, char *out, size_t size)
{
    const encoder_config *c = &e->config;
    const char *family = names_of(&encoder_family_names, c->family);
    if (!encoder_has_attention(e))
        snprintf(out, size, "%s %d", family, c->width);
    else
        snprintf(out, size, "%s %dx%d", family, c->layers, c->width);
}

/* ---- what is written of it */

heed_status encoder_config_text(char **out, const encoder *e, heed_error *error)
{
    writer text = {0};
    encoder_config_write(&text, &e->config);
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}

size_t encoder_tensor_count(const encoder *e)
{
    const encoder_weights *w = &e->weights;
    if (e->config.family == ENCODER_STATIC)
        return (size_t)1 + (w->rows != NULL) + (w->factors != NULL);
    return encoder_weights_count(&e->config);
}

static const tensor_type real_tensor = sizeof(real) == sizeof(float) ? TENSOR_F32 : TENSOR_F64;

static encoder_tensor static_tensor_at(const encoder *e, size_t i)
{
    const encoder_weights *w = &e->weights;
    uint64_t ids = (uint64_t)e->config.vocabulary;
    if (i == 0)
        return (encoder_tensor){
            "embeddings", real_tensor, 2, {(uint64_t)w->word_rows, (uint64_t)e->config.width}, w->words};
    if (i == 1 && w->rows != NULL)
        return (encoder_tensor){"mapping", TENSOR_I32, 1, {ids}, w->rows};
    return (encoder_tensor){"weights", real_tensor, 1, {ids}, w->factors};
}

static encoder_tensor transformer_tensor_at(const encoder *e, size_t i)
{
    table_tensor row;
    encoder_weights_at(&row, &e->config, i);
    bool vector = row.rows == NO_ROWS;
    encoder_tensor t = {.type = real_tensor,
                        .rank = vector ? 1 : 2,
                        .shape = {(uint64_t)(vector ? row.columns : row.rows), vector ? 0 : (uint64_t)row.columns},
                        .data = encoder_weights_get(&e->weights, &row)};
    memcpy(t.name, row.name, sizeof t.name);
    return t;
}

void encoder_tensor_at(const encoder *e, size_t i, encoder_tensor *out)
{
    *out = e->config.family == ENCODER_STATIC ? static_tensor_at(e, i) : transformer_tensor_at(e, i);
    if (i == 0 && e->weights.words == NULL) {
        out->type = TENSOR_BF16;
        out->data = e->weights.words16;
    }
}

/* ---- rounding: it is read again, from a list of its own tensors */

static stored_tensor stored_tensor_at(const encoder *e, size_t i)
{
    encoder_tensor t;
    encoder_tensor_at(e, i, &t);
    uint64_t columns = t.rank == 1 ? 1 : t.shape[1];
    stored_tensor stored = {.type = t.type,
                            .rank = t.rank,
                            .shape = {t.shape[0], t.shape[1]},
                            .data = t.data,
                            .size = (size_t)(t.shape[0] * columns) * tensor_width(t.type)};
    memcpy(stored.name, t.name, sizeof stored.name);
    return stored;
}

heed_status encoder_rounded(encoder **out, const encoder *e, heed_error *error)
{
    static char name[] = "rounded to bfloat16";
    size_t count = encoder_tensor_count(e);
    weight_file only = {.name = name,
                        .tensors = {.tensors = memory_array(count, sizeof(stored_tensor)), .count = count}};
    encoder *made = memory_array(1, sizeof *made);
    heed_status status;
    *out = NULL;
    TRY(made == NULL || only.tensors.tensors == NULL ? fail_memory(error, "an encoder") : HEED_OK);
    for (size_t i = 0; i < count; i++)
        only.tensors.tensors[i] = stored_tensor_at(e, i);
    made->config = e->config;
    TRY(encoder_weights_round(&made->weights, &made->config, &(weight_files){&only, 1}, error));
    *out = made;
    made = NULL;
done:
    encoder_free(made);
    safetensors_release(&only.tensors);
    return status;
}
