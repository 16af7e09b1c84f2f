#include "body_texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"
#include "base64.h"

static unsigned base64_take(request_body *out, const json_t *code, heed_bytes *text, heed_error *error)
{
    size_t size = 0;
    const heed_bytes given = {json_string_value(code), json_string_length(code)};
    if (!base64_decode(out->decoded + out->decoded_size, &size, given))
        return refusal(error, 422, "text %zu: \"b64\" is not base64", out->count + 1);
    *text = (heed_bytes){out->decoded + out->decoded_size, size};
    out->decoded_size += size;
    return utf8_check(text->data, text->size) == text->size
               ? 0
               : refusal(error, 422, "text %zu: \"b64\" is not UTF-8", out->count + 1);
}

/* The string of an item; NULL, with a status, if there is none. is_code: it is base64. */
static const json_t *string_of(const request_body *out, const json_t *item, bool *is_code, heed_error *error)
{
    const size_t number = out->count + 1;
    if (json_is_array(item)) {
        if (json_array_size(item) != 1) {
            fail(error, HEED_BAD_DATA, "text %zu: found a list of %zu, expected a text; pairs of texts are not offered",
                 number, json_array_size(item));
            return NULL;
        }
        item = json_array_get(item, 0);
    }
    for (int depth = 0; depth < 2 && json_is_object(item); depth++) { /* {"text": {"b64": ...}} */
        const json_t *code = json_object_get(item, "b64");
        *is_code = code != NULL;
        if (json_object_size(item) != 1) {
            fail(error, HEED_BAD_DATA, "text %zu: found an object of %zu keys, expected only \"text\" or \"b64\"",
                 number, json_object_size(item));
            return NULL;
        }
        item = code != NULL ? code : json_object_get(item, "text");
    }
    if (!json_is_string(item))
        fail(error, HEED_BAD_DATA, "text %zu: found something that is not a string, expected a text", number);
    return json_is_string(item) ? item : NULL;
}

static unsigned text_take(request_body *out, const json_t *item, heed_error *error)
{
    bool is_code = false;
    heed_bytes text;
    item = string_of(out, item, &is_code, error);
    if (item == NULL)
        return 422;
    if (is_code) {
        unsigned status = base64_take(out, item, &text, error);
        if (status != 0)
            return status;
    } else {
        text = (heed_bytes){json_string_value(item), json_string_length(item)};
    }
    out->texts[out->count++] = text;
    return 0;
}

unsigned texts_take(request_body *out, const json_t *list, const char *where, size_t max_texts, heed_error *error)
{
    const size_t count = json_array_size(list);
    unsigned status = 0;
    if (!json_is_array(list))
        return refusal(error, 400, "\"%s\" is missing or not a list, expected a list of texts", where);
    if (count > max_texts)
        return refusal(error, 413, "found %zu texts, expected %zu at most in one request", count, max_texts);
    out->texts = calloc(count + 1, sizeof *out->texts);
    if (out->texts == NULL)
        return refusal(error, 503, "out of memory for the texts");
    for (size_t i = 0; i < count && status == 0; i++)
        status = text_take(out, json_array_get(list, i), error);
    return status;
}

unsigned texts_take_any(request_body *out, const json_t *value, const char *where, size_t max_texts, heed_error *error)
{
    if (!json_is_string(value) && !json_is_object(value))
        return texts_take(out, value, where, max_texts, error);
    out->single = true;
    out->texts = calloc(1, sizeof *out->texts);
    return out->texts == NULL ? refusal(error, 503, "out of memory for the texts") : text_take(out, value, error);
}

unsigned keys_check(const json_t *object, const char *const *known, const char *where, heed_error *error)
{
    const char *key;
    json_t *value;
    if (object == NULL || json_is_null(object))
        return 0;
    if (!json_is_object(object))
        return refusal(error, 400, "%s: found something that is not an object", where);
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], key) != 0)
            i++;
        if (known[i] == NULL && !json_is_null(value))
            return refusal(error, 400, "%s: \"%.40s\" is not offered, leave it out", where, key);
    }
    return 0;
}
