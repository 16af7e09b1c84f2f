#include "request_body.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_numbers.h"
#include "base/status.h"
#include "infer_body.h"

/* How many JSON values a request may have: each text may be in a list or object of its own; the others say how to
 * answer. */
enum { VALUES_PER_TEXT = 4, OTHER_VALUES = 1000 };

/* A flag that changes nothing, as it is so in any case; another value is refused. */
static unsigned flag_check(const json_t *object, const char *key, bool only, const char *why, heed_error *error)
{
    const json_t *value = json_object_get(object, key);
    return value == NULL || json_is_null(value) || (json_is_boolean(value) && json_boolean_value(value) == only)
               ? 0
               : refusal(error, 400, "\"%s\": %s; leave it out", key, why);
}

/* ---- Hugging Face, text-embeddings-inference */

static unsigned top_k_take(request_body *out, const json_t *parameters, heed_error *error)
{
    const json_t *top = json_object_get(parameters, "top_k");
    if (top != NULL && !json_is_null(top) && (!json_is_integer(top) || json_integer_value(top) < 1))
        return refusal(error, 400, "\"top_k\": expected a whole number, 1 or more");
    out->top_k = json_is_integer(top) ? (size_t)json_integer_value(top) : 0;
    return 0;
}

static unsigned parameters_read(request_body *out, const json_t *parameters, heed_error *error)
{
    static const char *const known[] = {"top_k", "truncation", "function_to_apply", NULL};
    const json_t *function = json_object_get(parameters, "function_to_apply");
    unsigned status = 0;
    if (function != NULL && !json_is_null(function))
        return refusal(error, 400, "\"function_to_apply\": the model has its own, leave it out");
    status = keys_check(parameters, known, "the parameters", error);
    if (status == 0)
        status = flag_check(parameters, "truncation", true, "longer texts are always cut", error);
    return status == 0 ? top_k_take(out, parameters, error) : status;
}

/* text-embeddings-inference says whether and where a text that is too long is cut: heed cuts it as the model was
 * trained, so that nothing is to be done. */
static unsigned huggingface_read(request_body *out, size_t max_texts, heed_error *error)
{
    const json_t *root = out->root;
    unsigned status = parameters_read(out, json_object_get(root, "parameters"), error);
    if (status == 0)
        status = flag_check(root, "raw_scores", false, "scores are probabilities", error);
    return status == 0 ? texts_take_any(out, json_object_get(root, "inputs"), "inputs", max_texts, error) : status;
}

/* ---- vLLM */

static unsigned classify_read(request_body *out, size_t max_texts, heed_error *error)
{
    static const char *const known[] = {"model", "input",    "use_activation",     "activation",
                                        "user",  "priority", "add_special_tokens", NULL};
    const json_t *root = out->root, *model = json_object_get(root, "model"),
                 *priority = json_object_get(root, "priority");
    unsigned status = keys_check(root, known, "the request", error);
    if (status == 0)
        status = flag_check(root, "use_activation", true, "scores are probabilities", error);
    if (status == 0)
        status = flag_check(root, "activation", true, "scores are probabilities", error);
    if (status == 0)
        status = flag_check(root, "add_special_tokens", true, "a text has those of its model", error);
    if (status == 0 && priority != NULL && !json_is_null(priority) && json_integer_value(priority) != 0)
        return refusal(error, 400, "\"priority\": all requests have the same, leave it out");
    if (status == 0 && model != NULL && !json_is_null(model) && !json_is_string(model))
        return refusal(error, 400, "\"model\" is not a string");
    if (json_is_string(model))
        out->model = (heed_bytes){json_string_value(model), json_string_length(model)};
    return status == 0 ? texts_take_any(out, json_object_get(root, "input"), "input", max_texts, error) : status;
}

/* ---- TensorFlow Serving, and explanations, which are asked for in the same way */

static unsigned columns_read(request_body *out, const json_t *inputs, size_t max_texts, heed_error *error)
{
    static const char *const known[] = {"text", NULL};
    unsigned status = 0;
    out->columns = true;
    if (json_is_object(inputs) && json_object_get(inputs, "b64") == NULL) { /* by the name of the input */
        status = keys_check(inputs, known, "the inputs", error);
        inputs = json_object_get(inputs, "text");
    }
    return status == 0 ? texts_take_any(out, inputs, "inputs", max_texts, error) : status;
}

static unsigned tfserving_read(request_body *out, size_t max_texts, heed_error *error)
{
    static const char name[] = "serving_default";
    const json_t *instances = json_object_get(out->root, "instances"), *inputs = json_object_get(out->root, "inputs");
    const json_t *signature = json_object_get(out->root, "signature_name");
    if (signature != NULL && (!json_is_string(signature) ||
                              (strcmp(json_string_value(signature), name) != 0 && json_string_length(signature) > 0)))
        return refusal(error, 400, "\"signature_name\": found another one, expected %s", name);
    if (instances != NULL && inputs != NULL)
        return refusal(error, 400, "found both \"instances\" and \"inputs\", expected one of them");
    return inputs != NULL ? columns_read(out, inputs, max_texts, error)
                          : texts_take(out, instances, "instances", max_texts, error);
}

static unsigned explain_read(request_body *out, size_t max_texts, heed_error *error)
{
    static const char *const known[] = {"method", "label", NULL};
    const json_t *parameters = json_object_get(out->root, "parameters");
    const json_t *method = json_object_get(parameters, "method"), *label = json_object_get(parameters, "label");
    unsigned status = keys_check(parameters, known, "the parameters", error);
    heed_explain_options_init(&out->explain);
    if (status != 0)
        return status;
    if ((method != NULL && !json_is_string(method)) || (label != NULL && !json_is_string(label)))
        return refusal(error, 400, "\"parameters\": expected an object whose method and label are strings");
    out->explain.label = json_string_value(label);
    for (int m = HEED_METHOD_AUTO; method != NULL && m <= HEED_METHOD_WEIGHTS; m++)
        if (strcmp(json_string_value(method), heed_method_name((heed_method)m)) == 0) {
            out->explain.method = (heed_method)m;
            method = NULL;
        }
    if (method != NULL)
        return refusal(error, 400,
                       "\"method\": found an unknown method, expected auto, attention, gradient, integrated, "
                       "leave-one-out or weights");
    return texts_take(out, json_object_get(out->root, "instances"), "instances", max_texts, error);
}

/* ---- the whole */

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

static unsigned root_read(request_body *out, heed_bytes json, size_t max_texts, heed_error *error)
{
    json_error_t why;
    if (values_bound(json) > OTHER_VALUES + VALUES_PER_TEXT * max_texts)
        return refusal(error, 413, "found too much JSON for %zu texts at most in one request", max_texts);
    heed_status read = json_parse_any(&out->root, NULL, json, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why, NULL);
    if (read == HEED_FAILED)
        return refusal(error, 503, "out of memory for the request");
    if (read != HEED_OK)
        return refusal(error, 400, "not JSON: byte %d: %s", why.position, why.text);
    if (!json_is_object(out->root))
        return refusal(error, 400, "found something else, expected a JSON object");
    out->decoded = malloc(json.size + 1); /* base64 is longer than what it stands for */
    return out->decoded != NULL ? 0 : refusal(error, 503, "out of memory for the texts");
}

unsigned request_body_read(request_body *out, route route, heed_bytes body, const body_limits *limits,
                           heed_error *error)
{
    *out = (request_body){.label = OUTPUT_JSON, .scores = OUTPUT_JSON};
    const size_t json_size = limits->json_size < body.size ? limits->json_size : body.size;
    const heed_bytes json = {body.data, json_size}, tensors = {body.data + json_size, body.size - json_size};
    if (limits->json_size > body.size)
        return refusal(error, 400, "Inference-Header-Content-Length: found %zu, expected at most the %zu of the body",
                       limits->json_size, body.size);
    if (route != ROUTE_INFER && tensors.size > 0)
        return refusal(error, 400, "Inference-Header-Content-Length: only /v2/models/NAME/infer takes binary tensors");
    unsigned status = root_read(out, json, limits->max_texts, error);
    if (status != 0)
        return status;
    return route == ROUTE_INFER       ? infer_body_read(out, tensors, limits->max_texts, error)
           : route == ROUTE_EXPLAIN   ? explain_read(out, limits->max_texts, error)
           : route == ROUTE_CLASSIFY  ? classify_read(out, limits->max_texts, error)
           : route == ROUTE_TFSERVING ? tfserving_read(out, limits->max_texts, error)
                                      : huggingface_read(out, limits->max_texts, error);
}

void request_body_release(request_body *body)
{
    free(body->texts);
    free(body->decoded);
    json_decref(body->root);
    *body = (request_body){0};
}
