#include "tokenizer/json_section.h"

#include <string.h>

#include "base/json_memory.h"
#include "base/status.h"

/* Bytes of a document: twice those of a file in a folder (tokenizer.c), as what heed writes is indented. */
enum { LARGEST = 48 << 20 };

static bool is_among(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (strcmp(key, *keys) == 0)
            return true;
    return false;
}

heed_status section_only(const json_section *s, const char *const *keys, heed_error *error)
{
    if (!json_is_object(s->object))
        return fail(error, HEED_BAD_DATA, "%.200s: %s: expected an object", s->file, s->where);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)s->object, key, value)
    {
        if (!is_among(key, keys))
            return fail(error, HEED_BAD_DATA, "%.200s: %s: found '%.60s', which heed does not know", s->file, s->where,
                        key);
    }
    return HEED_OK;
}

static heed_status refuse(const json_section *s, const char *key, const char *expected, heed_error *error)
{
    return fail(error, HEED_BAD_DATA, "%.200s: %s: %s: %s, expected %s", s->file, s->where, key,
                json_object_get(s->object, key) == NULL ? "missing" : "found something else", expected);
}

heed_status section_flag(bool *out, const json_section *s, const char *key, heed_error *error)
{
    const json_t *value = json_object_get(s->object, key);
    *out = json_is_true(value);
    return json_is_boolean(value) ? HEED_OK : refuse(s, key, "true or false", error);
}

heed_status section_text(const char **out, const json_section *s, const char *key, heed_error *error)
{
    const json_t *value = json_object_get(s->object, key);
    *out = json_string_value(value);
    return *out != NULL ? HEED_OK : refuse(s, key, "a text", error);
}

heed_status section_count(uint64_t *out, const json_section *s, const char *key, uint64_t most, heed_error *error)
{
    const json_t *value = json_object_get(s->object, key);
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
    *out = number < 0 ? 0 : (uint64_t)number;
    return number >= 0 && *out <= most ? HEED_OK : refuse(s, key, "a whole number in its range", error);
}

heed_status section_list(const json_t **out, const json_section *s, const char *key, heed_error *error)
{
    *out = json_object_get(s->object, key);
    return json_is_array(*out) ? HEED_OK : refuse(s, key, "a list", error);
}

heed_status section_object(json_section *out, const json_section *s, const char *key, const char *where,
                           heed_error *error)
{
    *out = (json_section){json_object_get(s->object, key), s->file, where};
    return json_is_object(out->object) ? HEED_OK : refuse(s, key, "an object", error);
}

const json_t *section_find(const json_section *s, const char *key)
{
    const json_t *value = json_object_get(s->object, key);
    return json_is_null(value) ? NULL : value;
}

const char *section_type(const json_section *s)
{
    const char *type = json_string_value(json_object_get(s->object, "type"));
    return type == NULL ? "" : type;
}

heed_status section_parse(json_t **out, heed_bytes document, const char *file, heed_error *error)
{
    json_error_t where;
    *out = NULL;
    if (document.size > LARGEST)
        return fail(error, HEED_BAD_DATA, "%.200s: %zu bytes, expected at most %d", file, document.size, LARGEST);
    heed_status status = json_parse(out, document, JSON_REJECT_DUPLICATES, &where, error);
    return status != HEED_BAD_DATA ? status
                                   : fail(error, status, "%.200s:%d: broken JSON: %s", file, where.line, where.text);
}
