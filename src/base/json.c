#include "base/json.h"

#include <math.h>
#include <string.h>

#include "base/json_memory.h"

/* Puts a value where the builder is; NULL means that jansson failed. */
static void put(json_builder *j, heed_bytes key, json_t *value)
{
    json_t *parent = j->depth > 0 && !j->failed ? j->open[j->depth - 1] : NULL;
    if (value == NULL || j->failed || (parent == NULL && j->root != NULL)) {
        json_decref(value);
        j->failed = true;
    } else if (parent == NULL) {
        j->root = value;
    } else if (json_is_array(parent)) {
        j->failed = json_array_append_new(parent, value) != 0;
    } else if (key.data != NULL) {
        j->failed = json_object_setn_new(parent, key.data, key.size, value) != 0;
    } else {
        json_decref(value);
        j->failed = true;
    }
}

static heed_bytes key_of(const char *key)
{
    return key == NULL ? (heed_bytes){NULL, 0} : (heed_bytes){key, strlen(key)};
}

static void open_value(json_builder *j, heed_bytes key, json_t *value)
{
    put(j, key, value);
    if (j->depth == JSON_DEPTH)
        j->failed = true;
    else if (!j->failed)
        j->open[j->depth] = value;
    j->depth++;
}

void json_open_object(json_builder *j, const char *key)
{
    open_value(j, key_of(key), json_object());
}

void json_open_list(json_builder *j, const char *key)
{
    open_value(j, key_of(key), json_array());
}

void json_open_entry(json_builder *j, heed_bytes key)
{
    open_value(j, key, json_object());
}

void json_close(json_builder *j)
{
    j->depth--;
}

void json_put_number(json_builder *j, const char *key, double value)
{
    put(j, key_of(key), isfinite(value) ? json_real(value) : json_null());
}

void json_put_exact(json_builder *j, const char *key, double value)
{
    j->exact = true;
    json_put_number(j, key, value);
}

void json_put_count(json_builder *j, const char *key, uint64_t value)
{
    put(j, key_of(key), json_integer((json_int_t)value));
}

void json_put_text(json_builder *j, const char *key, const char *text)
{
    put(j, key_of(key), text == NULL ? json_null() : json_string(text));
}

void json_put_bytes(json_builder *j, const char *key, heed_bytes text)
{
    put(j, key_of(key), json_stringn(text.data, text.size));
}

void json_put_flag(json_builder *j, const char *key, bool value)
{
    put(j, key_of(key), json_boolean(value));
}

void json_put_null(json_builder *j, const char *key)
{
    put(j, key_of(key), json_null());
}

void json_put_json(json_builder *j, const char *key, const char *json)
{
    json_t *value;
    json_error_t where;
    json_parse(&value, (heed_bytes){json, strlen(json)}, JSON_ALLOW_NUL, &where, NULL); /* NULL shows the failure */
    put(j, key_of(key), value);
}

heed_status json_take(json_builder *j, char **out, const char *what, heed_error *error)
{
    enum { DIGITS = 15, EXACT_DIGITS = 17 };
    const size_t flags = JSON_INDENT(2) | JSON_REAL_PRECISION((size_t)(j->exact ? EXACT_DIGITS : DIGITS));
    const json_t *whole = j->failed || j->depth > 0 ? NULL : j->root;
    heed_status status = json_print(out, whole, flags, json_memory_failures(), what, error);
    json_release(j);
    return status;
}

void json_release(json_builder *j)
{
    json_decref(j->root);
    *j = (json_builder){0};
}
