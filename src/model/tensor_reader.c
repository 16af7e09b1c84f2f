#include "model/tensor_reader.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

void tensor_reader_refuse(tensor_reader *r, const char *format, ...)
{
    heed_error detail;
    va_list arguments;
    if (r->status != HEED_OK)
        return;
    va_start(arguments, format);
    vsnprintf(detail.message, sizeof detail.message, format, arguments);
    va_end(arguments);
    r->status = fail(r->error, HEED_BAD_DATA, "%s", detail.message);
}

static const char *prefix_of(const tensor_reader *r)
{
    return r->prefix == NULL ? "" : r->prefix;
}

const stored_tensor *tensor_reader_peek(const tensor_reader *r, const char *name)
{
    char whole[TENSOR_NAME + 1];
    snprintf(whole, sizeof whole, "%s%s", prefix_of(r), name);
    return safetensors_find(r->file, whole);
}

const stored_tensor *tensor_reader_find(tensor_reader *r, const char *name)
{
    const stored_tensor *t = r->status == HEED_OK ? tensor_reader_peek(r, name) : NULL;
    r->taken += t != NULL;
    return t;
}

static bool fits(const stored_tensor *t, tensor_spec spec)
{
    uint64_t last = t->rank > 0 ? t->shape[t->rank - 1] : 0;
    return t->type == spec.type && t->rank == spec.rank && (spec.rank != 2 || t->shape[0] == spec.rows) &&
           (spec.columns == 0 || last == spec.columns);
}

const stored_tensor *tensor_reader_need(tensor_reader *r, tensor_spec spec)
{
    const stored_tensor *t = tensor_reader_find(r, spec.name);
    if (t == NULL) {
        tensor_reader_refuse(r, "tensor %s%s is missing", prefix_of(r), spec.name);
        return NULL;
    }
    if (fits(t, spec))
        return t;
    tensor_reader_refuse(r, "tensor %s: its type or shape is not what the configuration says (%llu x %llu)", t->name,
                         (unsigned long long)spec.rows, (unsigned long long)spec.columns);
    return NULL;
}

void *tensor_reader_memory(tensor_reader *r, size_t count, size_t size, const char *what)
{
    if (r->status != HEED_OK)
        return NULL;
    void *block = memory_array(count, size);
    if (block == NULL)
        r->status = fail_memory(r->error, what);
    return block;
}

char *tensor_reader_copy(tensor_reader *r, heed_bytes bytes, const char *what)
{
    char *copy = tensor_reader_memory(r, bytes.size + 1, 1, what);
    if (copy != NULL)
        memcpy(copy, bytes.data, bytes.size);
    return copy;
}

/* ---- lists of texts */

/* A text is between two successive offsets, which increase from 0 to the end. Every text is UTF-8 and not empty. */
static bool read_text(heed_bytes *out, const stored_tensor *bytes, const char *offsets, bool first, bool last)
{
    uint32_t pair[2];
    memcpy(pair, offsets, sizeof pair);
    if ((first && pair[0] != 0) || pair[0] >= pair[1] || pair[1] > bytes->size || (last && pair[1] != bytes->size))
        return false;
    *out = (heed_bytes){bytes->data + pair[0], pair[1] - pair[0]};
    return utf8_check(out->data, out->size) == out->size;
}

heed_bytes *tensor_reader_texts(tensor_reader *r, const text_tensors *names, uint32_t *count)
{
    const stored_tensor *bytes = tensor_reader_need(r, tensor_vector(names->bytes, TENSOR_U8, 0));
    const stored_tensor *offsets = tensor_reader_need(r, tensor_vector(names->offsets, TENSOR_U32, 0));
    if (offsets == NULL)
        return NULL;
    if (offsets->shape[0] < 2 || offsets->shape[0] > INT32_MAX)
        tensor_reader_refuse(r, "tensor %s: no texts", offsets->name);
    *count = (uint32_t)(offsets->shape[0] - 1);
    heed_bytes *texts = tensor_reader_memory(r, *count, sizeof *texts, names->offsets);
    for (uint32_t i = 0; texts != NULL && i < *count; i++)
        if (!read_text(&texts[i], bytes, offsets->data + (size_t)i * 4, i == 0, i + 1 == *count)) {
            tensor_reader_refuse(r, "tensor %s: text %u is broken", offsets->name, i);
            free(texts);
            texts = NULL;
        }
    return texts;
}

void tensor_reader_check_finite(tensor_reader *r, const stored_tensor *t, const float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i])) {
            tensor_reader_refuse(r, "tensor %s: element %zu is not a finite number", t->name, i);
            return;
        }
}
