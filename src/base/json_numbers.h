/* JSON with numbers of any size. RFC 8259 sets no limit, but jansson refuses integers beyond 64 bits and numbers beyond
 * a double, in any key, read or not. */
#ifndef BASE_JSON_NUMBERS_H
#define BASE_JSON_NUMBERS_H

#include "base/json_memory.h"

/* The numbers of one document that jansson cannot hold, as they are written there. Begins as {0}. */
typedef struct json_numbers {
    heed_bytes *text; /* [count], in the document */
    size_t count, capacity;
} json_numbers;

/* json_parse, and the numbers that jansson could not hold. These are reals in the result, which json_number_text knows;
 * their values mean nothing. numbers may be NULL. */
heed_status json_parse_any(json_t **out, json_numbers *numbers, heed_bytes document, size_t flags, json_error_t *where,
                           heed_error *error);
/* The text of such a number, in the document of the last call; data NULL for any other value. */
heed_bytes json_number_text(const json_numbers *numbers, const json_t *value);
void json_numbers_release(json_numbers *numbers);

#endif
