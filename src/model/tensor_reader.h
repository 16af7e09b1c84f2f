/* Reads tensors of a model file. A reader keeps its first failure, returns nothing from then on, and is asked once, at
 * the end. */
#ifndef MODEL_TENSOR_READER_H
#define MODEL_TENSOR_READER_H

#include "model/tensor_list.h"

typedef struct tensor_reader {
    const safetensors *file;
    const char *prefix; /* before the name of each tensor; NULL: none */
    size_t taken;       /* number of tensors found; in the end it must be that of the file */
    heed_status status; /* the first failure */
    heed_error *error;  /* its message; borrowed */
} tensor_reader;

/* The tensor of this name, type and shape (columns 0: any number). NULL after a failure, which includes a missing or
 * different tensor (HEED_BAD_DATA). */
const stored_tensor *tensor_reader_need(tensor_reader *r, tensor_spec spec);
/* The same without counting it as read: to look whether it is there. */
const stored_tensor *tensor_reader_peek(const tensor_reader *r, const char *name);
/* A tensor of any type and shape that may be missing: NULL then, and after a failure. */
const stored_tensor *tensor_reader_find(tensor_reader *r, const char *name);
/* count zeroed elements; free() releases them. NULL after a failure, which includes lack of memory; what names the
 * data. */
void *tensor_reader_memory(tensor_reader *r, size_t count, size_t size, const char *what);
/* Bytes of a tensor with a NUL after them; otherwise the same. */
char *tensor_reader_copy(tensor_reader *r, heed_bytes bytes, const char *what);
/* Fails with HEED_BAD_DATA, as the file is not a model, unless there was a failure before. */
void tensor_reader_refuse(tensor_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A list of texts, each UTF-8 and not empty, in the bytes of the file; free() releases the list. NULL after a failure.
 */
heed_bytes *tensor_reader_texts(tensor_reader *r, const text_tensors *names, uint32_t *count);
/* Refuses values [count] of a tensor that are not finite numbers. */
void tensor_reader_check_finite(tensor_reader *r, const stored_tensor *t, const float *values, size_t count);

#endif
