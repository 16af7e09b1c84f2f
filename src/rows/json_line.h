/* A line with one JSON object, and its values as bytes. */
#ifndef ROWS_JSON_LINE_H
#define ROWS_JSON_LINE_H

#include "base/json_numbers.h"

enum {
    JSON_NUMBER = 24, /* digits of an integer and a sign */
    JSON_SHOWN = 72   /* a value in a message */
};

typedef enum json_line_result {
    JSON_LINE_OBJECT,
    JSON_LINE_BROKEN,
    JSON_LINE_OTHER, /* JSON, but not an object */
    JSON_LINE_PIECE, /* a lone bracket: an object takes several lines */
    JSON_LINE_FAILED /* no memory */
} json_line_result;

/* The object belongs to the caller (json_decref); numbers are those that it cannot hold, whose texts are in the line;
 * `why` says what is wrong with a broken line, error that memory is short. */
json_line_result json_line_parse(json_t **object, json_numbers *numbers, char why[JSON_ERROR_TEXT_LENGTH],
                                 heed_bytes line, heed_error *error);

/* A string, a whole number (of any size; 1.0 is 1) or a boolean as bytes, written into `number` if needed; data NULL
 * for null and for a missing key. False for anything else. */
bool json_line_value(heed_bytes *out, char number[JSON_NUMBER], const json_t *value, const json_numbers *numbers);

/* What the value is, for messages: "1.5", "null", "a list". */
void json_line_describe(char out[JSON_SHOWN], const json_t *value, const json_numbers *numbers);

#endif
