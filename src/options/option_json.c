#include "options/option_json.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"

/* ---- written */

static json_t *whole_json(uint32_t number, const option *o)
{
    if (o->word != NULL && number == o->word_number)
        return json_string(o->word);
    return number >= o->min && number <= o->max ? json_integer(number) : json_null();
}

static json_t *choice_json(const option *o, const void *home)
{
    unsigned number = 0;
    memcpy(&number, option_field(o, home), sizeof number);
    const char *name = names_of(o->choices, number), *file = option_file(o, home);
    return file == NULL ? json_string(name) : json_sprintf("%s:%s", name, file);
}

json_t *option_json_list(const text_list *list)
{
    json_t *array = list->count > 0 ? json_array() : json_null();
    for (size_t i = 0; i < list->count && array != NULL; i++)
        if (json_array_append_new(array, json_string(list->items[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    return array;
}

static json_t *validation_json(const heed_train_options *options)
{
    double part = options->validation_fraction;
    if (options->validation == HEED_VALIDATION_NONE)
        return json_string("none");
    if (options->validation == HEED_VALIDATION_AUTO)
        return json_string("auto");
    if (options->validation == HEED_VALIDATION_FRACTION)
        return json_real(part);
    return json_sprintf("%s%.*g", option_validation_prefix(options->validation), number_digits(part), part);
}

json_t *option_json(const option *o, const void *home)
{
    const void *place = option_field(o, home);
    switch (o->kind) {
    case OPTION_FLAG:
        return json_boolean(*(const bool *)place);
    case OPTION_NO_FLAG:
        return json_boolean(!*(const bool *)place);
    case OPTION_TEXT:
    case OPTION_JOINED: {
        const char *text = *(const char *const *)place;
        return text != NULL ? json_string(text) : json_null();
    }
    case OPTION_LIST:
        return option_json_list(place);
    case OPTION_WHOLE:
        return whole_json(*(const uint32_t *)place, o);
    case OPTION_SEED:
        return json_integer((json_int_t) * (const uint64_t *)place);
    case OPTION_REAL:
        return json_real(*(const double *)place);
    case OPTION_CHOICE:
        return choice_json(o, home);
    case OPTION_VALIDATION:
        return validation_json(home);
    }
    return NULL;
}

/* ---- read */

const char *json_kind_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "a whole number";
    case JSON_REAL:
        return "a number with a point or exponent";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        return "null";
    }
    return "";
}

/* What a value of this option must be in JSON; NULL if this is such a value. */
static const char *kind_missed(char scratch[80], const option *o, const json_t *value)
{
    switch (o->kind) {
    case OPTION_FLAG:
    case OPTION_NO_FLAG:
        return json_is_boolean(value) ? NULL : "true or false";
    case OPTION_TEXT:
    case OPTION_CHOICE:
        return json_is_string(value) ? NULL : "a string";
    case OPTION_JOINED:
    case OPTION_LIST:
        return json_is_string(value) || json_is_array(value) ? NULL : "a string or an array of strings";
    case OPTION_WHOLE:
        if (o->word == NULL || json_is_integer(value) || json_is_string(value))
            return o->word != NULL || json_is_integer(value) ? NULL : "a whole number";
        snprintf(scratch, 80, "a whole number or \"%s\"", o->word);
        return scratch;
    case OPTION_SEED:
        return json_is_integer(value) ? NULL : "a whole number";
    case OPTION_REAL:
        return json_is_number(value) ? NULL : "a number";
    case OPTION_VALIDATION:
        return json_is_number(value) || json_is_string(value)
                   ? NULL
                   : "a number, \"last:0.2\", \"grouped:0.2\", \"auto\" or \"none\"";
    }
    return NULL;
}

heed_status option_json_check(const option *o, const json_t *value, const char *source, heed_error *error)
{
    char scratch[80];
    const char *expected = kind_missed(scratch, o, value);
    return expected == NULL ? HEED_OK
                            : fail(error, HEED_USAGE, "%.300s: %s: found %s, expected %s", source, o->name,
                                   json_kind_name(value), expected);
}

char *option_json_text(const json_t *value)
{
    char scratch[40];
    const char *text = scratch;
    if (json_is_string(value))
        text = json_string_value(value);
    else if (json_is_boolean(value))
        text = json_is_true(value) ? "true" : "false";
    else if (json_is_integer(value))
        snprintf(scratch, sizeof scratch, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else
        snprintf(scratch, sizeof scratch, "%.*g", number_digits(json_real_value(value)), json_real_value(value));
    return memory_copy(text, strlen(text));
}
