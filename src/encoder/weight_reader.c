#include "encoder/weight_reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "math/bfloat16.h"
#include "math/float16.h"

/* ---- finding */

typedef struct finder {
    encoder_weights *out;
    const encoder_config *config;
    const weight_files *files;
    const char *outer;    /* before the names of all tensors of the encoder */
    const char *prefix;   /* after it, in files of a model with a head */
    bool rounds;          /* to bfloat16 */
    XXH3_state_t *digest; /* of what was found until now */
    char name[TENSOR_NAME + 1];
    heed_error *error;
} finder;

/* finder.name */
static void set_name(finder *f, const char *name)
{
    snprintf(f->name, sizeof f->name, "%s%s%s", f->outer, f->prefix, name);
}

/* The tensor of finder.name, which older files call gamma and beta where newer ones say weight and bias of a norm. */
static const stored_tensor *look_up(finder *f, const weight_file **file)
{
    static const char *const older[][2] = {{"LayerNorm.weight", "LayerNorm.gamma"},
                                           {"LayerNorm.bias", "LayerNorm.beta"}};
    const stored_tensor *t = weight_files_find(f->files, f->name, file);
    size_t length = strlen(f->name);
    for (size_t i = 0; i < 2 && t == NULL; i++) {
        size_t end = strlen(older[i][0]);
        if (length < end || strcmp(f->name + length - end, older[i][0]) != 0)
            continue;
        char name[TENSOR_NAME + 1];
        snprintf(name, sizeof name, "%.*s%s", (int)(length - end), f->name, older[i][1]);
        t = weight_files_find(f->files, name, file);
    }
    return t;
}

static const stored_tensor *need(finder *f, const weight_file **file)
{
    const stored_tensor *t = look_up(f, file);
    if (t == NULL)
        fail(f->error, HEED_BAD_DATA, "%s%s: no tensor %s, which the config asks for", f->files->files[0].name,
             f->files->count > 1 ? " and the files beside it" : "", f->name);
    return t;
}

static heed_status check_shape(finder *f, const weight_file *file, const stored_tensor *t, int rows, int columns)
{
    bool vector = rows == NO_ROWS;
    if (t->rank == (vector ? 1 : 2) && t->shape[vector ? 0 : 1] == (uint64_t)columns &&
        (vector || t->shape[0] == (uint64_t)rows))
        return HEED_OK;
    char found[96] = "";
    for (int i = 0, at = 0; i < t->rank; i++)
        at += snprintf(found + at, sizeof found - (size_t)at, "%s%llu", i == 0 ? "" : ", ",
                       (unsigned long long)t->shape[i]);
    char expected[32];
    snprintf(expected, sizeof expected, vector ? "%d" : "%d, %d", vector ? columns : rows, columns);
    return fail(f->error, HEED_BAD_DATA, "%s: tensor %s has the shape [%s], expected [%s] by the config", file->name,
                t->name, found, expected);
}

/* A zeroed block that lives as long as the weights. */
static void *new_copy(finder *f, size_t count, size_t size)
{
    void *block = memory_aligned(count, size);
    if (block == NULL)
        fail_memory(f->error, "an encoder's weights");
    else
        f->out->copies[f->out->copy_count++] = block;
    f->out->copied_bytes += block == NULL ? 0 : count * size;
    return block;
}

static uint16_t half_at(const char *data, size_t i)
{
    uint16_t x;
    memcpy(&x, data + i * sizeof x, sizeof x);
    return x;
}

static real value_at(const stored_tensor *t, size_t i)
{
    float single;
    double wide;
    switch (t->type) {
    case TENSOR_F16:
        return float16_value(half_at(t->data, i));
    case TENSOR_BF16:
        return bfloat16_value(half_at(t->data, i));
    case TENSOR_I8:
        return (real)(signed char)t->data[i];
    case TENSOR_F64:
        memcpy(&wide, t->data + i * sizeof wide, sizeof wide);
        return (real)wide;
    default:
        memcpy(&single, t->data + i * sizeof single, sizeof single);
        return single;
    }
}

static bool all_finite(const real *x, size_t count)
{
    enum { SUMS = 16 };
    real sum[SUMS] = {0};
    size_t i = 0;
    for (; count - i >= SUMS; i += SUMS)
        for (size_t j = 0; j < SUMS; j++)
            sum[j] += x[i + j] * 0;
    for (size_t j = 0; i + j < count; j++)
        sum[j] += x[i + j] * 0;
    for (size_t j = 1; j < SUMS; j++)
        sum[0] += sum[j];
    return sum[0] == 0;
}

/* Numbers of a tensor go into the digest, if they are finite. */
static heed_status enter(finder *f, const weight_file *file, const stored_tensor *t, const real *x, size_t count)
{
    if (!all_finite(x, count))
        return fail(f->error, HEED_BAD_DATA, "%s: tensor %s has a number that is not finite", file->name, t->name);
    XXH3_128bits_update(f->digest, x, count * sizeof *x);
    return HEED_OK;
}

/* The numbers of a tensor where they lie, or a copy of them. */
static heed_status numbers_of(const real **out, finder *f, const weight_file *file, const stored_tensor *t)
{
    size_t count = t->size / tensor_width(t->type);
    *out = (const real *)(const void *)t->data;
    if (f->rounds || sizeof(real) != sizeof(float) || t->type != TENSOR_F32 ||
        (uintptr_t)t->data % sizeof(float) != 0) {
        real *copy = new_copy(f, count, sizeof *copy);
        if (copy == NULL)
            return HEED_FAILED;
        for (size_t i = 0; i < count; i++)
            copy[i] = f->rounds ? bfloat16_value(bfloat16_of((float)value_at(t, i))) : value_at(t, i);
        if (file->tensors.gives_back)
            memory_give_back((void *)(uintptr_t)t->data, t->size);
        *out = copy;
    }
    return enter(f, file, t, *out, count);
}

/* The word embeddings, the largest tensor, of which a text needs a few rows: as bfloat16 where they are stored so. */
static heed_status find_words(finder *f, const weight_file *file, const stored_tensor *t)
{
    if (t->type != TENSOR_BF16 && !f->rounds)
        return numbers_of(&f->out->words, f, file, t);
    size_t count = t->size / tensor_width(t->type);
    const uint16_t *words = (const uint16_t *)(const void *)t->data;
    if (f->rounds || (uintptr_t)t->data % sizeof *words != 0) {
        uint16_t *copy = new_copy(f, count, sizeof *copy);
        if (copy == NULL)
            return HEED_FAILED;
        for (size_t i = 0; i < count; i++)
            copy[i] = bfloat16_of((float)value_at(t, i));
        words = copy;
    }
    f->out->words16 = words;
    heed_status status = HEED_OK;
    for (size_t i = 0, some; i < count && status == HEED_OK; i += some) {
        real values[1024];
        some = count - i < 1024 ? count - i : 1024;
        bfloat16_values(some, words + i, values);
        status = enter(f, file, t, values, some);
    }
    return status;
}

/* ---- transformers */

static heed_status find_row(finder *f, size_t number)
{
    const weight_file *file;
    table_tensor row;
    heed_status status;
    encoder_weights_at(&row, f->config, number);
    set_name(f, row.name);
    const stored_tensor *t = need(f, &file);
    if (t == NULL)
        return HEED_BAD_DATA;
    if (t->type != TENSOR_F32 && t->type != TENSOR_F16 && t->type != TENSOR_BF16)
        return fail(f->error, HEED_BAD_DATA, "%s: tensor %s is of type %s, expected F32, F16 or BF16", file->name,
                    t->name, tensor_type_name(t->type));
    const real *numbers;
    TRY(check_shape(f, file, t, row.rows, row.columns));
    if (number == 0)
        return find_words(f, file, t);
    TRY(numbers_of(&numbers, f, file, t));
    encoder_weights_set(f->out, &row, numbers);
done:
    return status;
}

/* A block after the last one of the config would be left out without a word. */
static heed_status check_block_count(finder *f)
{
    const weight_file *file;
    table_tensor row;
    encoder_weights_at(&row, f->config, encoder_weights_count(f->config));
    set_name(f, row.name);
    if (weight_files_find(f->files, f->name, &file) == NULL)
        return HEED_OK;
    return fail(f->error, HEED_BAD_DATA, "%s: found tensor %s, expected no block after the %d of the config",
                file->name, f->name, f->config->layers);
}

static void choose_prefix(finder *f)
{
    const weight_file *file;
    table_tensor first;
    encoder_weights_at(&first, f->config, 0);
    f->prefix = encoder_weights_prefix(f->config->family);
    set_name(f, first.name);
    if (weight_files_find(f->files, f->name, &file) == NULL)
        f->prefix = "";
}

static heed_status find_transformer(finder *f)
{
    heed_status status;
    size_t count = encoder_weights_count(f->config);
    choose_prefix(f);
    TRY(check_block_count(f));
    f->out->word_rows = f->config->vocabulary;
    f->out->blocks = memory_array((size_t)f->config->layers, sizeof *f->out->blocks);
    f->out->copies = memory_array(count, sizeof *f->out->copies);
    if (f->out->blocks == NULL || f->out->copies == NULL)
        return fail_memory(f->error, "an encoder");
    for (size_t i = 0; i < count; i++)
        TRY(find_row(f, i));
done:
    return status;
}

/* ---- static encoders, in model2vec's layout: embeddings [rows][E]; mapping [V] and weights [V] may be missing */

enum { MAX_STATIC_ROWS = 1 << 24, MAX_STATIC_WIDTH = 1 << 16 };

static heed_status find_matrix(finder *f, encoder_config *config)
{
    const weight_file *file;
    set_name(f, "embeddings");
    const stored_tensor *t = need(f, &file);
    if (t == NULL)
        return HEED_BAD_DATA;
    if (t->type != TENSOR_F32 && t->type != TENSOR_F16 && t->type != TENSOR_BF16 && t->type != TENSOR_I8)
        return fail(f->error, HEED_BAD_DATA, "%s: tensor %s is of type %s, expected F32, F16, BF16 or I8", file->name,
                    t->name, tensor_type_name(t->type));
    if (t->rank != 2 || t->shape[0] > MAX_STATIC_ROWS || t->shape[1] > MAX_STATIC_WIDTH)
        return fail(f->error, HEED_BAD_DATA, "%s: tensor %s: expected a matrix of at most %d rows and %d columns",
                    file->name, t->name, MAX_STATIC_ROWS, MAX_STATIC_WIDTH);
    f->out->word_rows = (int)t->shape[0];
    heed_status status =
        check_shape(f, file, t, f->out->word_rows, config->width == 0 ? (int)t->shape[1] : config->width);
    if (status != HEED_OK)
        return status;
    config->width = (int)t->shape[1];
    return find_words(f, file, t);
}

/* The row of an id; false: not a row of the matrix, or no integer. */
static bool read_row(uint32_t *out, const stored_tensor *t, size_t i, int rows)
{
    int64_t wide = -1;
    int32_t narrow = -1;
    if (t->type == TENSOR_I64)
        memcpy(&wide, t->data + i * sizeof wide, sizeof wide);
    else if (t->type == TENSOR_I32) {
        memcpy(&narrow, t->data + i * sizeof narrow, sizeof narrow);
        wide = narrow;
    }
    *out = wide >= 0 && wide < rows ? (uint32_t)wide : 0;
    return wide >= 0 && wide < rows;
}

static heed_status find_mapping(finder *f, encoder_config *config)
{
    int rows = f->out->word_rows;
    const weight_file *file;
    set_name(f, "mapping");
    const stored_tensor *t = weight_files_find(f->files, f->name, &file);
    config->vocabulary = rows;
    if (t == NULL)
        return HEED_OK;
    if (t->rank != 1 || t->shape[0] > MAX_STATIC_ROWS)
        return fail(f->error, HEED_BAD_DATA, "%s: tensor %s: expected a vector of at most %d numbers", file->name,
                    t->name, MAX_STATIC_ROWS);
    config->vocabulary = (int)t->shape[0];
    uint32_t *row = new_copy(f, (size_t)t->shape[0], sizeof *row);
    if (row == NULL)
        return HEED_FAILED;
    for (size_t i = 0; i < t->shape[0]; i++)
        if (!read_row(&row[i], t, i, rows))
            return fail(f->error, HEED_BAD_DATA, "%s: tensor %s: number %zu is not a row of the %d embeddings",
                        file->name, t->name, i, rows);
    XXH3_128bits_update(f->digest, row, (size_t)t->shape[0] * sizeof *row);
    f->out->rows = row;
    return HEED_OK;
}

static heed_status find_factors(finder *f, const encoder_config *config)
{
    const weight_file *file;
    set_name(f, "weights");
    const stored_tensor *t = weight_files_find(f->files, f->name, &file);
    if (t == NULL)
        return HEED_OK;
    if (t->type != TENSOR_F32 && t->type != TENSOR_F16 && t->type != TENSOR_BF16 && t->type != TENSOR_F64)
        return fail(f->error, HEED_BAD_DATA, "%s: tensor %s is of type %s, expected F32, F16, BF16 or F64", file->name,
                    t->name, tensor_type_name(t->type));
    heed_status status = check_shape(f, file, t, NO_ROWS, config->vocabulary);
    return status == HEED_OK ? numbers_of(&f->out->factors, f, file, t) : status;
}

static heed_status find_static(finder *f, encoder_config *config)
{
    enum { TENSORS = 3 };
    heed_status status;
    f->out->copies = memory_array(TENSORS, sizeof *f->out->copies);
    if (f->out->copies == NULL)
        return fail_memory(f->error, "an encoder");
    TRY(find_matrix(f, config));
    TRY(find_mapping(f, config));
    TRY(find_factors(f, config));
done:
    return status;
}

static heed_status find(encoder_weights *out, encoder_config *config, const weight_files *files, const char *prefix,
                        bool rounds, heed_error *error)
{
    *out = (encoder_weights){0};
    finder f = {.out = out,
                .config = config,
                .files = files,
                .outer = prefix,
                .prefix = "",
                .rounds = rounds,
                .digest = XXH3_createState(),
                .error = error};
    if (f.digest == NULL)
        return fail_memory(error, "a digest");
    XXH3_128bits_reset(f.digest);
    heed_status status = config->family == ENCODER_STATIC ? find_static(&f, config) : find_transformer(&f);
    XXH128_hash_t digest = XXH3_128bits_digest(f.digest);
    digest_digits(out->digest, digest);
    XXH3_freeState(f.digest);
    return status;
}

heed_status encoder_weights_find(encoder_weights *out, encoder_config *config, const weight_files *files,
                                 const char *prefix, heed_error *error)
{
    return find(out, config, files, prefix, false, error);
}

heed_status encoder_weights_round(encoder_weights *out, encoder_config *config, const weight_files *files,
                                  heed_error *error)
{
    return find(out, config, files, "", true, error);
}
