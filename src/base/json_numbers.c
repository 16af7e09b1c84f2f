/* A number that jansson cannot hold is replaced in a copy of the document by "Ne200": N counts such numbers from 1. No
 * other number of that document is as large: whatever might be, because of its exponent or of its length, is replaced
 * as well. */
#include "base/json_numbers.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/writer.h"

enum {
    INTEGER = 18, /* bytes of an integer that always fits in 64 bits */
    REAL = 30,    /* bytes of a real without a large exponent that is far below LEAST */
    EXPONENT = 2  /* digits of an exponent that is not large */
};
static const double UNIT = 1e200, LEAST = 1e199;

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The bytes of the number at the beginning, by the grammar of JSON; 0 if there is none. */
static size_t number_length(const char *data, size_t size, bool *replaced)
{
    size_t at = data[0] == '-', exponent = 0, digits = at;
    bool integer = true;
    while (at < size && is_digit(data[at]))
        at++;
    if (at == digits || (data[digits] == '0' && at > digits + 1))
        return 0;
    if (at + 1 < size && data[at] == '.' && is_digit(data[at + 1])) {
        integer = false;
        for (at++; at < size && is_digit(data[at]);)
            at++;
    }
    if (at < size && (data[at] == 'e' || data[at] == 'E')) {
        size_t sign = at + 1 < size && (data[at + 1] == '+' || data[at + 1] == '-'), begin = at + 1 + sign, end = begin;
        while (end < size && is_digit(data[end]))
            end++;
        exponent = end - begin;
        integer = integer && exponent == 0;
        at = exponent > 0 ? end : at;
    }
    *replaced = at > (size_t)(integer ? INTEGER : REAL) || exponent > EXPONENT;
    return at;
}

/* The bytes of the string at the beginning, with its quotes. */
static size_t string_length(const char *data, size_t size)
{
    size_t at = 1;
    while (at < size && data[at] != '"')
        at += data[at] == '\\' && at + 1 < size ? 2 : 1;
    return at < size ? at + 1 : size;
}

static void replace_number(json_numbers *numbers, writer *copy, heed_bytes text)
{
    if (memory_grow(&numbers->text, &numbers->capacity, numbers->count + 1, sizeof *numbers->text, NULL) != HEED_OK) {
        writer_fail(copy, ENOMEM);
        return;
    }
    size_t begin = copy->size;
    numbers->text[numbers->count++] = text;
    writer_print(copy, "%zue200", numbers->count);
    if (copy->size - begin < text.size) /* so that a message about what follows has its place */
        writer_repeat(copy, ' ', text.size - (copy->size - begin));
}

static void replace_numbers(json_numbers *numbers, writer *copy, heed_bytes document)
{
    for (size_t at = 0, size; at < document.size; at += size) {
        const char *data = document.data + at;
        bool replaced = false;
        size = 1;
        if (*data == '"')
            size = string_length(data, document.size - at);
        else if (*data == '-' || is_digit(*data))
            size = number_length(data, document.size - at, &replaced);
        size = size == 0 ? 1 : size;
        if (replaced)
            replace_number(numbers, copy, (heed_bytes){data, size});
        else
            writer_bytes(copy, data, size);
    }
}

heed_status json_parse_any(json_t **out, json_numbers *numbers, heed_bytes document, size_t flags, json_error_t *where,
                           heed_error *error)
{
    json_numbers own = {0};
    writer copy = {0};
    numbers = numbers == NULL ? &own : numbers;
    numbers->count = 0;
    heed_status status = json_parse(out, document, flags, where, error);
    if (status == HEED_BAD_DATA && json_error_code(where) == json_error_numeric_overflow) {
        replace_numbers(numbers, &copy, document);
        status = writer_check(&copy, error);
        if (status == HEED_OK)
            status = json_parse(out, (heed_bytes){copy.data, copy.size}, flags, where, error);
        writer_release(&copy);
    }
    json_numbers_release(&own);
    return status;
}

heed_bytes json_number_text(const json_numbers *numbers, const json_t *value)
{
    double number = json_real_value(value); /* 0 for anything else */
    if (numbers->count == 0 || number < LEAST)
        return (heed_bytes){NULL, 0};
    size_t place = (size_t)(number / UNIT + 0.5);
    return place >= 1 && place <= numbers->count ? numbers->text[place - 1] : (heed_bytes){NULL, 0};
}

void json_numbers_release(json_numbers *numbers)
{
    free(numbers->text);
    *numbers = (json_numbers){0};
}
