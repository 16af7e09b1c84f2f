/* Members of an object in a JSON file from anybody: each has to be there and of its type, and no others. */
#ifndef TOKENIZER_JSON_SECTION_H
#define TOKENIZER_JSON_SECTION_H

#include <jansson.h>

#include "heed.h"

typedef struct json_section {
    const json_t *object; /* any value: what is not an object has no members */
    const char *file;     /* for messages: the file, */
    const char *where;    /* and where in it the object is */
} json_section;

/* HEED_BAD_DATA: the value is not an object, or has a member that is not among these; keys: ends with NULL. */
heed_status section_only(const json_section *s, const char *const *keys, heed_error *error);
/* HEED_BAD_DATA: the member is missing, or is something else. Texts are borrowed and have no NUL. */
heed_status section_flag(bool *out, const json_section *s, const char *key, heed_error *error);
heed_status section_text(const char **out, const json_section *s, const char *key, heed_error *error);
heed_status section_count(uint64_t *out, const json_section *s, const char *key, uint64_t most, heed_error *error);
heed_status section_list(const json_t **out, const json_section *s, const char *key, heed_error *error);
heed_status section_object(json_section *out, const json_section *s, const char *key, const char *where,
                           heed_error *error);
/* The member, or NULL if it is missing or null. */
const json_t *section_find(const json_section *s, const char *key);
/* The text of its member "type"; "" if there is none. */
const char *section_type(const json_section *s);

/* Parses a document; limits: its size, and jansson's own on depth. free with json_decref. */
heed_status section_parse(json_t **out, heed_bytes document, const char *file, heed_error *error);

#endif
