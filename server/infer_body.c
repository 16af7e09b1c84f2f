#include "infer_body.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"

enum { LENGTH_BYTES = 4 };

/* ---- texts */

/* The n of a shape [n] or [n, 1]. */
static unsigned shape_take(size_t *count, const json_t *shape, heed_error *error)
{
    size_t i;
    const json_t *size;
    if (!json_is_array(shape) || json_array_size(shape) < 1 || json_array_size(shape) > 2)
        return refusal(error, 400, "\"shape\" is missing or has another rank, expected [n] or [n, 1]");
    json_array_foreach(shape, i, size)
    {
        json_int_t one = json_is_integer(size) ? json_integer_value(size) : -1;
        if (one < 0 || (i == 1 && one != 1))
            return refusal(error, 400, "\"shape\" is not [n] or [n, 1]");
        *count = i == 0 ? (size_t)one : *count;
    }
    return 0;
}

/* Takes the next text off the tensors. */
static unsigned tensor_text(request_body *out, heed_bytes *rest, heed_error *error)
{
    const unsigned char *b = (const unsigned char *)rest->data;
    const size_t number = out->count + 1;
    size_t size = 0;
    if (rest->size < LENGTH_BYTES)
        return refusal(error, 400, "text %zu: the binary tensor ends before it", number);
    for (int i = LENGTH_BYTES; i-- > 0;)
        size = size << 8 | b[i];
    if (size > rest->size - LENGTH_BYTES)
        return refusal(error, 400, "text %zu: found a length of %zu bytes, and %zu are left of the binary tensor",
                       number, size, rest->size - LENGTH_BYTES);
    const heed_bytes text = {rest->data + LENGTH_BYTES, size};
    *rest = (heed_bytes){text.data + size, rest->size - LENGTH_BYTES - size};
    if (utf8_check(text.data, size) != size)
        return refusal(error, 422, "text %zu: not UTF-8", number);
    out->texts[out->count++] = text;
    return 0;
}

static unsigned tensor_take(request_body *out, heed_bytes tensor, size_t count, heed_error *error)
{
    unsigned status = 0;
    if (count > tensor.size / LENGTH_BYTES)
        return refusal(error, 400, "\"shape\" says %zu texts, the binary tensor has %zu bytes", count, tensor.size);
    out->texts = calloc(count + 1, sizeof *out->texts);
    if (out->texts == NULL)
        return refusal(error, 503, "out of memory for the texts");
    for (size_t i = 0; i < count && status == 0; i++)
        status = tensor_text(out, &tensor, error);
    return status == 0 && tensor.size > 0
               ? refusal(error, 400, "\"shape\" says %zu texts, and %zu bytes follow them in the binary tensor", count,
                         tensor.size)
               : status;
}

/* The only input: in JSON, or as all of the bytes after it. */
static unsigned input_take(request_body *out, const json_t *input, heed_bytes tensors, size_t max_texts,
                           heed_error *error)
{
    static const char *const known[] = {"binary_data_size", NULL};
    const json_t *data = json_object_get(input, "data"), *parameters = json_object_get(input, "parameters");
    const json_t *size = json_object_get(parameters, "binary_data_size");
    size_t count = 0;
    unsigned status = keys_check(parameters, known, "the parameters of an input", error);
    if (status == 0)
        status = shape_take(&count, json_object_get(input, "shape"), error);
    if (status != 0)
        return status;
    if (count > max_texts)
        return refusal(error, 413, "found %zu texts, expected %zu at most in one request", count, max_texts);
    if (size == NULL && tensors.size > 0)
        return refusal(error, 400, "found %zu bytes after the JSON, and no \"binary_data_size\"", tensors.size);
    if (size != NULL) {
        if (data != NULL || !json_is_integer(size) || (uint64_t)json_integer_value(size) != tensors.size)
            return refusal(error, 400,
                           "\"binary_data_size\": expected no \"data\" beside it, and the size of the %zu bytes that "
                           "follow the JSON of Inference-Header-Content-Length",
                           tensors.size);
        return tensor_take(out, tensors, count, error);
    }
    status = texts_take(out, data, "data", max_texts, error);
    return status == 0 && out->count != count
               ? refusal(error, 400, "\"shape\" says %zu texts, \"data\" has %zu", count, out->count)
               : status;
}

/* ---- outputs */

static unsigned output_take(request_body *out, const json_t *output, output_form usual, heed_error *error)
{
    static const char *const known[] = {"binary_data", NULL};
    const char *name = json_string_value(json_object_get(output, "name"));
    const json_t *parameters = json_object_get(output, "parameters"),
                 *binary = json_object_get(parameters, "binary_data");
    if (name == NULL || (strcmp(name, "label") != 0 && strcmp(name, "scores") != 0))
        return refusal(error, 400, "\"outputs\": found an unknown output, expected label or scores");
    unsigned status = keys_check(parameters, known, "the parameters of an output", error);
    if (status != 0)
        return status;
    if (binary != NULL && !json_is_boolean(binary))
        return refusal(error, 400, "\"binary_data\" is not true or false");
    out->scores_first |= *name == 's' && out->label == OUTPUT_NONE;
    *(*name == 'l' ? &out->label : &out->scores) = binary == NULL         ? usual
                                                   : json_is_true(binary) ? OUTPUT_BINARY
                                                                          : OUTPUT_JSON;
    return 0;
}

static unsigned outputs_take(request_body *out, heed_error *error)
{
    static const char *const known[] = {"binary_data_output", NULL};
    const json_t *outputs = json_object_get(out->root, "outputs"),
                 *parameters = json_object_get(out->root, "parameters");
    const json_t *binary = json_object_get(parameters, "binary_data_output");
    const output_form usual = json_is_true(binary) ? OUTPUT_BINARY : OUTPUT_JSON;
    unsigned status = keys_check(parameters, known, "the parameters", error);
    if (status != 0)
        return status;
    if (binary != NULL && !json_is_boolean(binary))
        return refusal(error, 400, "\"binary_data_output\" is not true or false");
    if (outputs != NULL && !json_is_null(outputs) && !json_is_array(outputs))
        return refusal(error, 400, "\"outputs\" is not a list");
    out->label = out->scores = json_array_size(outputs) == 0 ? usual : OUTPUT_NONE;
    for (size_t i = 0; i < json_array_size(outputs) && status == 0; i++)
        status = output_take(out, json_array_get(outputs, i), usual, error);
    return status;
}

unsigned infer_body_read(request_body *out, heed_bytes tensors, size_t max_texts, heed_error *error)
{
    const json_t *inputs = json_object_get(out->root, "inputs"), *input = json_array_get(inputs, 0);
    const char *name = json_string_value(json_object_get(input, "name"));
    const char *type = json_string_value(json_object_get(input, "datatype"));
    out->id = json_object_get(out->root, "id");
    if (json_is_null(out->id))
        out->id = NULL;
    if (out->id != NULL && !json_is_string(out->id))
        return refusal(error, 400, "\"id\" is not a string");
    if (json_array_size(inputs) != 1 || name == NULL || strcmp(name, "text") != 0)
        return refusal(error, 400, "\"inputs\": expected one input, named text");
    if (type == NULL || strcmp(type, "BYTES") != 0)
        return refusal(error, 400, "\"datatype\": expected BYTES");
    unsigned status = input_take(out, input, tensors, max_texts, error);
    return status != 0 ? status : outputs_take(out, error);
}
