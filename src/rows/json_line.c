#include "rows/json_line.h"

#include <stdio.h>
#include <string.h>

static bool is_lone_bracket(heed_bytes line)
{
    size_t seen = 0;
    for (size_t i = 0; i < line.size; i++) {
        if (line.data[i] == ' ' || line.data[i] == '\t')
            continue;
        if (seen++ > 0 || (line.data[i] != '{' && line.data[i] != '['))
            return false;
    }
    return seen == 1;
}

json_line_result json_line_parse(json_t **object, char why[JSON_ERROR_TEXT_LENGTH], heed_bytes line)
{
    json_error_t error;
    *object = json_loadb(line.data, line.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (*object == NULL) {
        snprintf(why, JSON_ERROR_TEXT_LENGTH, "%s", error.text);
        return is_lone_bracket(line) ? JSON_LINE_PIECE : JSON_LINE_BROKEN;
    }
    if (json_is_object(*object))
        return JSON_LINE_OBJECT;
    json_decref(*object);
    *object = NULL;
    return JSON_LINE_OTHER;
}

bool json_line_value(heed_bytes *out, char number[JSON_NUMBER], const json_t *value)
{
    *out = (heed_bytes){NULL, 0};
    if (value == NULL || json_is_null(value))
        return true;
    if (json_is_string(value)) {
        *out = (heed_bytes){json_string_value(value), json_string_length(value)};
        return true;
    }
    if (json_is_integer(value))
        snprintf(number, JSON_NUMBER, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        snprintf(number, JSON_NUMBER, "%s", json_is_true(value) ? "true" : "false");
    else
        return false;
    *out = (heed_bytes){number, strlen(number)};
    return true;
}
