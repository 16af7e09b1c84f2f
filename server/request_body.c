#include "request_body.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_numbers.h"
#include "base/status.h"

/* Writes the message; its value is the HTTP status. */
#define refuse(error, status, ...) (fail(error, HEED_BAD_DATA, __VA_ARGS__), (unsigned)(status))

/* How many JSON values a request may have: each text may be in a list or object of its own; the others say how to
 * answer. */
enum { VALUES_PER_TEXT = 4, OTHER_VALUES = 1000, MAX_EXPLAINED_BYTES = 64 << 10 };

static unsigned text_take(request_body *out, const json_t *item, heed_error *error)
{
    if (json_is_object(item))
        item = json_object_get(item, "text");
    if (!json_is_string(item))
        return refuse(error, 422, "text %zu: found something that is not a string, expected a text", out->count + 1);
    out->texts[out->count++] = (heed_bytes){json_string_value(item), json_string_length(item)};
    return 0;
}

/* Lists within the list, as the shape [n, 1] has them, are flattened; deeper ones are refused, since they are not
 * strings. */
static unsigned texts_take(request_body *out, const json_t *list, const char *where, size_t max_texts,
                           heed_error *error)
{
    size_t count = 0, i;
    const json_t *item;
    if (!json_is_array(list))
        return refuse(error, 400, "\"%s\" is missing or not a list, expected a list of texts", where);
    json_array_foreach(list, i, item) count += json_is_array(item) ? json_array_size(item) : 1;
    if (count > max_texts)
        return refuse(error, 413, "found %zu texts, expected %zu at most in one request", count, max_texts);
    out->texts = calloc(count + 1, sizeof *out->texts);
    if (out->texts == NULL)
        return refuse(error, 503, "out of memory for the texts");
    unsigned status = 0;
    json_array_foreach(list, i, item)
    {
        size_t j;
        const json_t *inner;
        if (!json_is_array(item))
            status = status != 0 ? status : text_take(out, item, error);
        else
            json_array_foreach(item, j, inner) status = status != 0 ? status : text_take(out, inner, error);
    }
    return status;
}

/* ---------------------------------------------------------------- KServe */

static unsigned shape_check(const request_body *out, const json_t *shape, heed_error *error)
{
    json_int_t product = 1;
    size_t i;
    const json_t *size;
    if (!json_is_array(shape) || json_array_size(shape) < 1 || json_array_size(shape) > 2)
        return refuse(error, 400, "\"shape\" is missing or has another rank, expected [n] or [n, 1]");
    json_array_foreach(shape, i, size)
    {
        json_int_t one = json_is_integer(size) ? json_integer_value(size) : -1;
        if (one < 0 || (i == 1 && one != 1))
            return refuse(error, 400, "\"shape\" is not [n] or [n, 1]");
        product = i == 0 ? one : product;
    }
    if ((size_t)product != out->count)
        return refuse(error, 400, "\"shape\" says %lld texts, \"data\" has %zu", (long long)product, out->count);
    return 0;
}

static unsigned outputs_take(request_body *out, const json_t *outputs, heed_error *error)
{
    size_t i;
    const json_t *output;
    out->label = out->scores = outputs == NULL;
    if (outputs != NULL && !json_is_array(outputs))
        return refuse(error, 400, "\"outputs\" is not a list");
    json_array_foreach(outputs, i, output)
    {
        const char *name = json_string_value(json_object_get(output, "name"));
        if (name == NULL || (strcmp(name, "label") != 0 && strcmp(name, "scores") != 0))
            return refuse(error, 400, "\"outputs\": found an unknown output, expected label or scores");
        *(*name == 'l' ? &out->label : &out->scores) = true;
    }
    return 0;
}

static unsigned infer_read(request_body *out, size_t max_texts, heed_error *error)
{
    const json_t *inputs = json_object_get(out->root, "inputs"), *input = json_array_get(inputs, 0);
    const char *name = json_string_value(json_object_get(input, "name"));
    const char *type = json_string_value(json_object_get(input, "datatype"));
    out->id = json_object_get(out->root, "id");
    if (out->id != NULL && !json_is_string(out->id))
        return refuse(error, 400, "\"id\" is not a string");
    if (json_array_size(inputs) != 1 || name == NULL || strcmp(name, "text") != 0)
        return refuse(error, 400, "\"inputs\": expected one input, named text");
    if (type == NULL || strcmp(type, "BYTES") != 0)
        return refuse(error, 400, "\"datatype\": expected BYTES");
    unsigned status = texts_take(out, json_object_get(input, "data"), "data", max_texts, error);
    if (status == 0)
        status = shape_check(out, json_object_get(input, "shape"), error);
    return status != 0 ? status : outputs_take(out, json_object_get(out->root, "outputs"), error);
}

/* ---------------------------------------------------------------- Hugging Face, TensorFlow Serving, explanations */

static unsigned huggingface_read(request_body *out, size_t max_texts, heed_error *error)
{
    const json_t *inputs = json_object_get(out->root, "inputs");
    const json_t *parameters = json_object_get(out->root, "parameters");
    const json_t *top = json_object_get(parameters, "top_k"),
                 *function = json_object_get(parameters, "function_to_apply");
    if (parameters != NULL && !json_is_object(parameters))
        return refuse(error, 400, "\"parameters\" is not an object");
    if (top != NULL && !json_is_null(top) && (!json_is_integer(top) || json_integer_value(top) < 1))
        return refuse(error, 400, "\"top_k\": expected a whole number, 1 or more");
    if (function != NULL && !json_is_null(function))
        return refuse(error, 400, "\"function_to_apply\": the model has its own, leave it out");
    out->top_k = json_is_integer(top) ? (size_t)json_integer_value(top) : 0;
    out->single = json_is_string(inputs);
    if (!out->single)
        return texts_take(out, inputs, "inputs", max_texts, error);
    out->texts = calloc(1, sizeof *out->texts);
    return out->texts == NULL ? refuse(error, 503, "out of memory for the texts") : text_take(out, inputs, error);
}

static unsigned explain_read(request_body *out, heed_error *error)
{
    const json_t *parameters = json_object_get(out->root, "parameters");
    const json_t *method = json_object_get(parameters, "method"), *label = json_object_get(parameters, "label");
    heed_explain_options_init(&out->explain);
    if ((parameters != NULL && !json_is_object(parameters)) || (method != NULL && !json_is_string(method)) ||
        (label != NULL && !json_is_string(label)))
        return refuse(error, 400, "\"parameters\": expected an object whose method and label are strings");
    out->explain.label = json_string_value(label);
    for (int m = HEED_METHOD_AUTO; method != NULL && m <= HEED_METHOD_WEIGHTS; m++)
        if (strcmp(json_string_value(method), heed_method_name((heed_method)m)) == 0) {
            out->explain.method = (heed_method)m;
            method = NULL;
        }
    return method == NULL ? 0
                          : refuse(error, 400,
                                   "\"method\": found an unknown method, expected auto, attention, gradient, "
                                   "integrated, leave-one-out or weights");
}

/* An upper bound on the number of values in this JSON: a value of two bytes takes a hundred bytes once it is read. */
static size_t values_bound(heed_bytes json)
{
    size_t count = 1;
    bool inside = false; /* a string */
    for (size_t i = 0; i < json.size; i++) {
        char c = json.data[i];
        if (c == '"')
            inside = !inside;
        else if (inside)
            i += c == '\\';
        else
            count += c == ',' || c == '[' || c == '{' || c == ':';
    }
    return count;
}

/* Drawing an explanation takes a kilobyte for every word and every blank. */
static unsigned explained_check(const request_body *body, heed_error *error)
{
    size_t bytes = 0;
    for (size_t i = 0; i < body->count; i++)
        bytes += body->texts[i].size;
    return bytes <= MAX_EXPLAINED_BYTES
               ? 0
               : refuse(error, 413, "found %zu bytes of text, expected %d at most to be explained", bytes,
                        MAX_EXPLAINED_BYTES);
}

unsigned request_body_read(request_body *out, route route, heed_bytes body, size_t max_texts, heed_error *error)
{
    json_error_t why;
    *out = (request_body){.label = true, .scores = true};
    if (values_bound(body) > OTHER_VALUES + VALUES_PER_TEXT * max_texts)
        return refuse(error, 413, "found too much JSON for %zu texts at most in one request", max_texts);
    heed_status read = json_parse_any(&out->root, NULL, body, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why, NULL);
    if (read == HEED_FAILED)
        return refuse(error, 503, "out of memory for the request");
    if (read != HEED_OK)
        return refuse(error, 400, "not JSON: byte %d: %s", why.position, why.text);
    if (!json_is_object(out->root))
        return refuse(error, 400, "found something else, expected a JSON object");
    if (route == ROUTE_INFER)
        return infer_read(out, max_texts, error);
    if (route == ROUTE_HUGGINGFACE)
        return huggingface_read(out, max_texts, error);
    unsigned status = route == ROUTE_EXPLAIN ? explain_read(out, error) : 0;
    if (status == 0)
        status = texts_take(out, json_object_get(out->root, "instances"), "instances", max_texts, error);
    return status == 0 && route == ROUTE_EXPLAIN ? explained_check(out, error) : status;
}

void request_body_release(request_body *body)
{
    free(body->texts);
    json_decref(body->root);
    *body = (request_body){0};
}
