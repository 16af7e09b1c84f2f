#include "base/safetensors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

enum { MAX_HEADER = 1 << 20, MAX_TENSORS = 1024 };

static const struct {
    const char *name;
    size_t width;
} types[] = {
    [TENSOR_F32] = {"F32", 4},  [TENSOR_I32] = {"I32", 4}, [TENSOR_U32] = {"U32", 4},   [TENSOR_U8] = {"U8", 1},
    [TENSOR_U64] = {"U64", 8},  [TENSOR_F16] = {"F16", 2}, [TENSOR_BF16] = {"BF16", 2}, [TENSOR_F64] = {"F64", 8},
    [TENSOR_I8] = {"I8", 1},    [TENSOR_I16] = {"I16", 2}, [TENSOR_I64] = {"I64", 8},   [TENSOR_U16] = {"U16", 2},
    [TENSOR_BOOL] = {"BOOL", 1}};
enum { OWN_TYPES = TENSOR_BF16 + 1, ALL_TYPES = sizeof types / sizeof *types };

size_t tensor_width(tensor_type type)
{
    return types[type].width;
}

const char *tensor_type_name(tensor_type type)
{
    return types[type].name;
}

/* ---- reading */

static uint64_t little_endian(const char *data)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | (unsigned char)data[i];
    return value;
}

static heed_status parse_type(stored_tensor *t, const json_t *entry, size_t known, heed_error *error)
{
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    for (size_t i = 0; type != NULL && i < known; i++)
        if (strcmp(type, types[i].name) == 0) {
            t->type = (tensor_type)i;
            return HEED_OK;
        }
    return fail(error, HEED_BAD_DATA, "tensor %s: dtype %s, expected %s", t->name, type == NULL ? "missing" : type,
                known == OWN_TYPES ? "F32, I32, U32, U8, U64 or BF16" : "one of a float, an integer or BOOL");
}

/* The shape, and from it the bytes that the tensor must have. */
static heed_status parse_shape(stored_tensor *t, const json_t *entry, heed_error *error)
{
    const json_t *shape = json_object_get(entry, "shape");
    if (!json_is_array(shape) || json_array_size(shape) > TENSOR_RANK)
        return fail(error, HEED_BAD_DATA, "tensor %s: shape, expected at most %d sizes", t->name, TENSOR_RANK);
    t->rank = (int)json_array_size(shape);
    t->size = types[t->type].width;
    for (int i = 0; i < t->rank; i++) {
        const json_t *size = json_array_get(shape, (size_t)i);
        json_int_t value = json_is_integer(size) ? json_integer_value(size) : 0;
        if (value < 1 || (uint64_t)value > (uint64_t)SIZE_MAX / t->size)
            return fail(error, HEED_BAD_DATA, "tensor %s: a size that is not a whole number from 1, or too large",
                        t->name);
        t->shape[i] = (uint64_t)value;
        t->size *= (uint64_t)value;
    }
    return HEED_OK;
}

/* Where its bytes are. */
static heed_status parse_offsets(stored_tensor *t, const json_t *entry, heed_bytes data, heed_error *error)
{
    const json_t *offsets = json_object_get(entry, "data_offsets");
    const json_t *first = json_array_get(offsets, 0), *last = json_array_get(offsets, 1);
    if (json_array_size(offsets) != 2 || !json_is_integer(first) || !json_is_integer(last))
        return fail(error, HEED_BAD_DATA, "tensor %s: data_offsets, expected two whole numbers", t->name);
    json_int_t begin = json_integer_value(first), end = json_integer_value(last);
    if (begin < 0 || end < begin || (uint64_t)end > data.size || (uint64_t)(end - begin) != t->size)
        return fail(error, HEED_BAD_DATA, "tensor %s: data_offsets %lld to %lld, expected %zu bytes within %zu",
                    t->name, (long long)begin, (long long)end, t->size, data.size);
    t->data = data.data + begin;
    return HEED_OK;
}

static heed_status parse_tensor(stored_tensor *t, const char *name, const json_t *entry, size_t known, heed_bytes data,
                                heed_error *error)
{
    if (strlen(name) > TENSOR_NAME || *name == '\0')
        return fail(error, HEED_BAD_DATA, "a tensor's name has %zu bytes, expected 1 to %d", strlen(name), TENSOR_NAME);
    strcpy(t->name, name);
    if (!json_is_object(entry) || json_object_size(entry) != 3)
        return fail(error, HEED_BAD_DATA, "tensor %s: expected only dtype, shape and data_offsets", name);
    heed_status status;
    TRY(parse_type(t, entry, known, error));
    TRY(parse_shape(t, entry, error));
    TRY(parse_offsets(t, entry, data, error));
done:
    return status;
}

static heed_status parse_metadata(safetensors *file, const json_t *entries, heed_error *error)
{
    if (!json_is_object(entries))
        return fail(error, HEED_BAD_DATA, "__metadata__ is not an object");
    file->metadata = memory_array(json_object_size(entries), sizeof *file->metadata);
    if (file->metadata == NULL)
        return fail_memory(error, "metadata");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)entries, key, value)
    {
        if (!json_is_string(value))
            return fail(error, HEED_BAD_DATA, "__metadata__: %s is not a string", key);
        stored_text *text = &file->metadata[file->metadata_count];
        text->key = memory_copy(key, strlen(key));
        text->value = memory_copy(json_string_value(value), json_string_length(value));
        file->metadata_count++;
        if (text->key == NULL || text->value == NULL)
            return fail_memory(error, "metadata");
    }
    return HEED_OK;
}

static int by_address(const void *a, const void *b)
{
    const stored_tensor *x = a, *y = b;
    return x->data < y->data ? -1 : x->data > y->data;
}

/* Every byte of the data belongs to exactly one tensor, so nothing else can be hidden in the file. */
static heed_status check_layout(safetensors *file, heed_bytes data, heed_error *error)
{
    qsort(file->tensors, file->count, sizeof *file->tensors, by_address);
    const char *next = data.data;
    for (size_t i = 0; i < file->count; i++) {
        if (file->tensors[i].data != next)
            return fail(error, HEED_BAD_DATA, "tensor %s begins at byte %td of the data, expected %td",
                        file->tensors[i].name, file->tensors[i].data - data.data, next - data.data);
        next += file->tensors[i].size;
    }
    if (next != data.data + data.size)
        return fail(error, HEED_BAD_DATA, "%td bytes after the last tensor", data.data + data.size - next);
    return HEED_OK;
}

static heed_status parse_header(safetensors *file, const json_t *header, size_t known, heed_bytes data,
                                heed_error *error)
{
    size_t entries = json_object_size(header);
    if (entries > MAX_TENSORS)
        return fail(error, HEED_BAD_DATA, "%zu tensors, expected at most %d", entries, MAX_TENSORS);
    file->tensors = memory_array(entries, sizeof *file->tensors);
    if (file->tensors == NULL)
        return fail_memory(error, "a tensor table");
    const char *name;
    json_t *entry;
    heed_status status;
    json_object_foreach((json_t *)(uintptr_t)header, name, entry)
    {
        bool metadata = strcmp(name, "__metadata__") == 0;
        TRY(metadata ? parse_metadata(file, entry, error)
                     : parse_tensor(&file->tensors[file->count++], name, entry, known, data, error));
    }
    TRY(check_layout(file, data, error));
done:
    return status;
}

/* known: how many of the types it may have, in the order of the table. */
static heed_status parse(safetensors *out, const char *data, size_t size, size_t known, heed_error *error)
{
    *out = (safetensors){0};
    if (size < 8)
        return fail(error, HEED_BAD_DATA, "%zu bytes, expected a safetensors file", size);
    uint64_t length = little_endian(data);
    if (length < 2 || length > MAX_HEADER || length > size - 8)
        return fail(error, HEED_BAD_DATA,
                    "a header of %llu bytes in a file of %zu, expected a complete safetensors file",
                    (unsigned long long)length, size);
    if (data[8] != '{' || utf8_check(data + 8, length) != length)
        return fail(error, HEED_BAD_DATA, "the header is not a UTF-8 JSON object, expected a safetensors file");
    json_error_t where;
    json_t *header;
    heed_status status = json_parse(&header, (heed_bytes){data + 8, length}, JSON_REJECT_DUPLICATES, &where, error);
    if (status == HEED_BAD_DATA)
        fail(error, status, "the header is broken JSON: %s", where.text);
    if (status != HEED_OK)
        return status;
    heed_bytes tensors = {data + 8 + length, size - 8 - (size_t)length};
    status = parse_header(out, header, known, tensors, error);
    json_decref(header);
    if (status != HEED_OK)
        safetensors_release(out);
    return status;
}

heed_status safetensors_parse(safetensors *out, const char *data, size_t size, heed_error *error)
{
    return parse(out, data, size, OWN_TYPES, error);
}

heed_status safetensors_parse_any(safetensors *out, const char *data, size_t size, heed_error *error)
{
    return parse(out, data, size, ALL_TYPES, error);
}

void safetensors_release(safetensors *file)
{
    for (size_t i = 0; i < file->metadata_count; i++) {
        free(file->metadata[i].key);
        free(file->metadata[i].value);
    }
    free(file->metadata);
    free(file->tensors);
    *file = (safetensors){0};
}

const stored_tensor *safetensors_find(const safetensors *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    return NULL;
}

const char *safetensors_metadata(const safetensors *file, const char *key)
{
    for (size_t i = 0; i < file->metadata_count; i++)
        if (strcmp(file->metadata[i].key, key) == 0)
            return file->metadata[i].value;
    return NULL;
}

/* ---- writing */

static json_t *tensor_entry(const stored_tensor *t, size_t offset)
{
    json_t *shape = json_array();
    for (int i = 0; i < t->rank; i++)
        json_array_append_new(shape, json_integer((json_int_t)t->shape[i]));
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", types[t->type].name, "shape", shape, "data_offsets",
                     (json_int_t)offset, (json_int_t)(offset + t->size));
}

/* NULL without memory. */
static char *header_text(const safetensors *file)
{
    const size_t failures = json_memory_failures();
    json_t *header = json_object(), *metadata = json_object();
    bool fine = header != NULL && metadata != NULL;
    for (size_t i = 0; i < file->metadata_count && fine; i++)
        fine = json_object_set_new(metadata, file->metadata[i].key, json_string(file->metadata[i].value)) == 0;
    fine = fine && json_object_set_new(header, "__metadata__", json_incref(metadata)) == 0;
    size_t offset = 0;
    for (size_t i = 0; i < file->count && fine; i++) {
        fine = json_object_set_new(header, file->tensors[i].name, tensor_entry(&file->tensors[i], offset)) == 0;
        offset += file->tensors[i].size;
    }
    char *text;
    json_print(&text, fine ? header : NULL, JSON_COMPACT | JSON_PRESERVE_ORDER, failures, "a header", NULL);
    json_decref(metadata);
    json_decref(header);
    return text;
}

static void write_header(writer *out, const safetensors *file)
{
    char *text = header_text(file), size[8];
    if (text == NULL) {
        writer_fail(out, ENOMEM);
        return;
    }
    size_t length = strlen(text), padded = (8 + length + 63) / 64 * 64 - 8;
    for (int i = 0; i < 8; i++)
        size[i] = (char)((uint64_t)padded >> (8 * i));
    writer_bytes(out, size, sizeof size);
    writer_bytes(out, text, length);
    writer_repeat(out, ' ', padded - length);
    free(text);
}

void safetensors_write(writer *out, const safetensors *file)
{
    write_header(out, file);
    for (size_t i = 0; i < file->count; i++)
        writer_bytes(out, file->tensors[i].data, file->tensors[i].size);
}

heed_status safetensors_is_as_written(bool *out, const safetensors *file, const char *data, size_t size,
                                      heed_error *error)
{
    writer header = {0};
    write_header(&header, file);
    heed_status status = writer_check(&header, error);
    *out = status == HEED_OK && header.size <= size && memcmp(header.data, data, header.size) == 0;
    writer_release(&header);
    return status;
}
