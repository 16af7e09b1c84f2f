/* Values of options in JSON, as --show-config writes them and --config reads them. */
#ifndef OPTIONS_OPTION_JSON_H
#define OPTIONS_OPTION_JSON_H

#include <jansson.h>

#include "options/option.h"

/* The value of the field; null: a text that is NULL, or a number that is not set. json_decref releases it; NULL: no
 * memory, or a text that is not UTF-8. */
json_t *option_json(const option *o, const void *home);
/* The same for several texts: an array, null if there are none. */
json_t *option_json_list(const text_list *texts);
/* Whether this can be a value of the option; HEED_USAGE if not, "SOURCE: NAME: found a string, expected ...". */
heed_status option_json_check(const option *o, const json_t *value, const char *source, heed_error *error);
/* A text, number or flag in the form that option_store accepts, which checks its range; free() releases it. NULL: no
 * memory. */
char *option_json_text(const json_t *value);
/* "a string", "an array", for messages. */
const char *json_kind_name(const json_t *value);

#endif
