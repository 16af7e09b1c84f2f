#include "rows/json_line.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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

json_line_result json_line_parse(json_t **object, json_numbers *numbers, char why[JSON_ERROR_TEXT_LENGTH],
                                 heed_bytes line, heed_error *error)
{
    json_error_t where;
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    heed_status status = json_parse_any(object, numbers, line, flags, &where, error);
    if (status == HEED_FAILED)
        return JSON_LINE_FAILED;
    if (status != HEED_OK) {
        snprintf(why, JSON_ERROR_TEXT_LENGTH, "%s", where.text);
        return is_lone_bracket(line) ? JSON_LINE_PIECE : JSON_LINE_BROKEN;
    }
    if (json_is_object(*object))
        return JSON_LINE_OBJECT;
    json_decref(*object);
    *object = NULL;
    return JSON_LINE_OTHER;
}

static bool is_integer(heed_bytes text)
{
    size_t at = text.size > 0 && text.data[0] == '-';
    while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
        at++;
    return at == text.size;
}

/* pandas writes the whole numbers of a column with gaps as 1.0. */
static bool real_value(heed_bytes *out, char number[JSON_NUMBER], const json_t *value, const json_numbers *numbers)
{
    const double most = 1e15; /* up to here a double has every digit */
    double real = json_real_value(value);
    *out = json_number_text(numbers, value);
    if (out->data != NULL)
        return is_integer(*out);
    if (!(fabs(real) < most) || real != trunc(real))
        return false;
    snprintf(number, JSON_NUMBER, "%.0f", real);
    *out = (heed_bytes){number, strlen(number)};
    return true;
}

bool json_line_value(heed_bytes *out, char number[JSON_NUMBER], const json_t *value, const json_numbers *numbers)
{
    *out = (heed_bytes){NULL, 0};
    if (value == NULL || json_is_null(value))
        return true;
    if (json_is_string(value)) {
        *out = (heed_bytes){json_string_value(value), json_string_length(value)};
        return true;
    }
    if (json_is_real(value))
        return real_value(out, number, value, numbers);
    if (json_is_integer(value))
        snprintf(number, JSON_NUMBER, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        snprintf(number, JSON_NUMBER, "%s", json_is_true(value) ? "true" : "false");
    else
        return false;
    *out = (heed_bytes){number, strlen(number)};
    return true;
}

void json_line_describe(char out[JSON_SHOWN], const json_t *value, const json_numbers *numbers)
{
    enum { DIGITS = 15 };
    heed_bytes text = json_number_text(numbers, value);
    char *written = NULL;
    if (value == NULL || json_is_object(value) || json_is_array(value)) {
        snprintf(out, JSON_SHOWN, "%s", value == NULL ? "nothing" : json_is_array(value) ? "a list" : "an object");
        return;
    }
    if (text.data == NULL) {
        json_print(&written, value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS), json_memory_failures(), "", NULL);
        text = written == NULL ? (heed_bytes){"a value", 7} : (heed_bytes){written, strlen(written)};
    }
    bool cut = text.size > JSON_SHOWN - 4;
    snprintf(out, JSON_SHOWN, "%.*s%s", cut ? JSON_SHOWN - 4 : (int)text.size, text.data, cut ? "..." : "");
    free(written);
}
