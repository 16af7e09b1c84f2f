/* The list of tensors for a model file. A list keeps its first failure, adds nothing from then on, and is asked once,
 * at the end. */
#ifndef MODEL_TENSOR_LIST_H
#define MODEL_TENSOR_LIST_H

#include "base/safetensors.h"

/* Name, type and shape of a tensor that the configuration requires. */
typedef struct tensor_spec {
    const char *name;
    tensor_type type;
    int rank;
    uint64_t rows, columns; /* of a vector: 1 and its elements */
} tensor_spec;

static inline tensor_spec tensor_vector(const char *name, tensor_type type, uint64_t elements)
{
    return (tensor_spec){name, type, 1, 1, elements};
}

static inline tensor_spec tensor_matrix(const char *name, tensor_type type, uint64_t rows, uint64_t columns)
{
    return (tensor_spec){name, type, 2, rows, columns};
}

/* A list of texts: their bytes one after the other, and where each begins and ends. */
typedef struct text_tensors {
    const char *bytes, *offsets;
} text_tensors;

typedef struct tensor_list {
    safetensors file; /* the tensors so far, in the order of the file */
    size_t capacity;
    const char *prefix; /* before the name of each tensor to come; NULL: none */
    void **blocks;      /* what tensor_list_memory gave */
    size_t block_count, block_capacity;
    heed_status status; /* the first failure */
    heed_error *error;  /* its message; borrowed */
} tensor_list;

/* Adds a tensor of rank 1 or 2, whose data is borrowed. */
void tensor_list_add(tensor_list *l, tensor_spec spec, const void *data);
/* The same with another shape of as many elements: shape [rank]. */
void tensor_list_add_shaped(tensor_list *l, tensor_spec spec, const int *shape, const void *data);
/* count zeroed elements that live as long as the list; NULL after a failure. */
void *tensor_list_memory(tensor_list *l, size_t count, size_t size);
/* A list of texts as the list's memory has it. */
typedef struct joined_texts {
    const uint32_t *offsets; /* [count + 1] */
    const char *bytes;       /* [size] */
    size_t count, size;
} joined_texts;

/* Joins texts; text gives number i of a source. what names them in the message that they are too long. */
joined_texts tensor_list_join(tensor_list *l, heed_bytes (*text)(const void *source, uint32_t i), const void *source,
                              uint32_t count, const char *what);
/* Their two tensors. */
void tensor_list_add_offsets(tensor_list *l, const text_tensors *names, const joined_texts *t);
void tensor_list_add_bytes(tensor_list *l, const text_tensors *names, const joined_texts *t);
void tensor_list_release(tensor_list *l);

#endif
