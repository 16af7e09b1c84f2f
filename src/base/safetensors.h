/* The safetensors container: tensors by name, and string metadata, in one file.
 *
 * 8 bytes: length N of the header, little-endian; N bytes: a JSON object, name -> {dtype, shape, data_offsets}, and
 * "__metadata__" -> {string: string}; the rest: the tensors' bytes, one after the other without gaps. */
#ifndef BASE_SAFETENSORS_H
#define BASE_SAFETENSORS_H

#include "base/writer.h"

/* The first five are those of heed's own files; others are in files of other programs. */
typedef enum tensor_type {
    TENSOR_F32,
    TENSOR_I32,
    TENSOR_U32,
    TENSOR_U8,
    TENSOR_U64,
    TENSOR_BF16,
    TENSOR_F16,
    TENSOR_F64,
    TENSOR_I8,
    TENSOR_I16,
    TENSOR_I64,
    TENSOR_U16,
    TENSOR_BOOL
} tensor_type;

enum { TENSOR_RANK = 4, TENSOR_NAME = 128 };

typedef struct stored_tensor {
    char name[TENSOR_NAME + 1];
    tensor_type type;
    int rank;
    uint64_t shape[TENSOR_RANK];
    const char *data; /* little-endian; at any address */
    size_t size;      /* bytes */
} stored_tensor;

typedef struct stored_text {
    char *key, *value;
} stored_text;

typedef struct safetensors {
    stored_tensor *tensors; /* in the order of their data */
    size_t count;
    stored_text *metadata;
    size_t metadata_count;
    bool gives_back; /* nobody reads a tensor's bytes once they were copied: they may be given back to the system */
} safetensors;

/* Bytes of an element, and its name in a header. */
size_t tensor_width(tensor_type type);
const char *tensor_type_name(tensor_type type);

/* Reads a file's bytes, which the tensors borrow. Refuses (HEED_BAD_DATA) anything that breaks the container's rules:
 * sizes, duplicate keys, types that heed's files do not have, overlaps, gaps, bytes at the end. */
heed_status safetensors_parse(safetensors *out, const char *data, size_t size, heed_error *error);
/* The same with all types of the list above: the file of another program. */
heed_status safetensors_parse_any(safetensors *out, const char *data, size_t size, heed_error *error);
void safetensors_release(safetensors *file);
/* NULL if there is none. */
const stored_tensor *safetensors_find(const safetensors *file, const char *name);
const char *safetensors_metadata(const safetensors *file, const char *key);

/* The bytes of a file: metadata and tensors in the order given, the header padded so that data begins at a multiple of
 * 64 bytes. */
void safetensors_write(writer *out, const safetensors *file);
/* Whether a parsed file has the header that safetensors_write gives it; another program writes the same JSON with other
 * blanks, order or padding. */
heed_status safetensors_is_as_written(bool *out, const safetensors *file, const char *data, size_t size,
                                      heed_error *error);

#endif
