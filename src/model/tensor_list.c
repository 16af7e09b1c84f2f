#include "model/tensor_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

/* memory_grow of one of the list's arrays; false after a failure. */
static bool grow(tensor_list *l, void *array, size_t *capacity, size_t needed, size_t size)
{
    if (l->status == HEED_OK)
        l->status = memory_grow(array, capacity, needed, size, l->error);
    return l->status == HEED_OK;
}

/* The next tensor, with its name, type and data; NULL after a failure. */
static stored_tensor *next_tensor(tensor_list *l, tensor_spec spec, const void *data)
{
    safetensors *file = &l->file;
    if (!grow(l, &file->tensors, &l->capacity, file->count + 1, sizeof *file->tensors))
        return NULL;
    stored_tensor *t = &file->tensors[file->count++];
    *t = (stored_tensor){.type = spec.type, .rank = spec.rank, .data = data};
    snprintf(t->name, sizeof t->name, "%s%s", l->prefix == NULL ? "" : l->prefix, spec.name);
    t->size = spec.rows * spec.columns * tensor_width(spec.type);
    return t;
}

void tensor_list_add(tensor_list *l, tensor_spec spec, const void *data)
{
    stored_tensor *t = next_tensor(l, spec, data);
    if (t == NULL)
        return;
    t->shape[0] = spec.rank == 1 ? spec.columns : spec.rows;
    t->shape[1] = spec.columns;
}

void tensor_list_add_shaped(tensor_list *l, tensor_spec spec, const int *shape, const void *data)
{
    stored_tensor *t = next_tensor(l, spec, data);
    for (int i = 0; t != NULL && i < spec.rank; i++)
        t->shape[i] = (uint64_t)shape[i];
}

void *tensor_list_memory(tensor_list *l, size_t count, size_t size)
{
    if (!grow(l, &l->blocks, &l->block_capacity, l->block_count + 1, sizeof *l->blocks))
        return NULL;
    void *block = memory_array(count, size);
    if (block == NULL)
        l->status = fail_memory(l->error, "a model file");
    else
        l->blocks[l->block_count++] = block;
    return block;
}

joined_texts tensor_list_join(tensor_list *l, heed_bytes (*text)(const void *source, uint32_t i), const void *source,
                              uint32_t count, const char *what)
{
    size_t size = 0;
    for (uint32_t i = 0; i < count; i++)
        size += text(source, i).size;
    if (size > UINT32_MAX)
        l->status = fail(l->error, HEED_BAD_DATA, "found %zu bytes of %s, expected at most %u", size, what, UINT32_MAX);
    uint32_t *offsets = tensor_list_memory(l, (size_t)count + 1, sizeof *offsets);
    char *bytes = tensor_list_memory(l, size, 1);
    for (uint32_t i = 0; bytes != NULL && i < count; i++) {
        heed_bytes t = text(source, i);
        memcpy(bytes + offsets[i], t.data, t.size);
        offsets[i + 1] = offsets[i] + (uint32_t)t.size;
    }
    return (joined_texts){offsets, bytes, count, size};
}

void tensor_list_add_offsets(tensor_list *l, const text_tensors *names, const joined_texts *t)
{
    tensor_list_add(l, tensor_vector(names->offsets, TENSOR_U32, t->count + 1), t->offsets);
}

void tensor_list_add_bytes(tensor_list *l, const text_tensors *names, const joined_texts *t)
{
    tensor_list_add(l, tensor_vector(names->bytes, TENSOR_U8, t->size), t->bytes);
}

void tensor_list_release(tensor_list *l)
{
    for (size_t i = 0; i < l->block_count; i++)
        free(l->blocks[i]);
    free(l->blocks);
    free(l->file.tensors);
    *l = (tensor_list){0};
}
