/* The tensors of a model file while a model is read from them. A reader keeps its first failure, gives nothing from
 * then on, and is asked once, at the end. */
#ifndef MODEL_TENSOR_READER_H
#define MODEL_TENSOR_READER_H

#include "model/tensor_list.h"

typedef struct tensor_reader {
    const safetensors *file;
    size_t taken;       /* tensors that were found; in the end all that the file has */
    heed_status status; /* the first failure */
    heed_error *error;  /* its message; borrowed */
} tensor_reader;

/* The tensor of this type and shape (columns 0: any number of them). NULL where it is missing or another, which is a
 * failure (HEED_BAD_DATA), and after a failure. */
const stored_tensor *tensor_reader_need(tensor_reader *r, tensor_spec spec);
/* A tensor of any type and shape that may be missing: NULL then, and after a failure. */
const stored_tensor *tensor_reader_find(tensor_reader *r, const char *name);
/* count zeroed elements; free() releases them. NULL after a failure, of which want of memory is one; what names the
 * thing. */
void *tensor_reader_memory(tensor_reader *r, size_t count, size_t size, const char *what);
/* Bytes of a tensor with a NUL after them; the same otherwise. */
char *tensor_reader_copy(tensor_reader *r, heed_bytes bytes, const char *what);
/* The file does not hold a model: HEED_BAD_DATA, unless there was a failure before. */
void tensor_reader_refuse(tensor_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Refuses values [count] of a tensor of this name that are not finite numbers. */
void tensor_reader_check_finite(tensor_reader *r, const char *name, const float *values, size_t count);

#endif
