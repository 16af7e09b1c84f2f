/* JSON made piece by piece, by jansson. A builder remembers its first failure and does nothing from then on: it is
 * asked once, at the end. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "heed.h"

enum { JSON_DEPTH = 32 };

/* Begins as {0}. */
typedef struct json_builder {
    struct json_t *root; /* the whole; NULL: nothing yet */
    struct json_t
        *open[JSON_DEPTH]; /* objects and lists that are not closed, the outermost first; borrowed from root */
    size_t depth;          /* how many those are */
    bool failed;
} json_builder;

/* What an object holds has a key, which comes in this order in the text and only once; what a list holds has none
 * (NULL), nor has the whole. Text is UTF-8. */
void json_open_object(json_builder *j, const char *key);
void json_open_list(json_builder *j, const char *key);
/* An object whose key comes from data. */
void json_open_entry(json_builder *j, heed_bytes key);
/* Ends what was opened last. */
void json_close(json_builder *j);

/* null where the value is not finite. */
void json_put_number(json_builder *j, const char *key, double value);
void json_put_count(json_builder *j, const char *key, uint64_t value);
/* null for NULL. */
void json_put_text(json_builder *j, const char *key, const char *text);
void json_put_bytes(json_builder *j, const char *key, heed_bytes text);
void json_put_flag(json_builder *j, const char *key, bool value);
void json_put_null(json_builder *j, const char *key);
/* What is JSON already, such as heed_model_json's. */
void json_put_json(json_builder *j, const char *key, const char *json);

/* The text, indented, numbers with 15 digits; free() releases it. Releases the builder in any case. what: named where
 * something failed, which is HEED_FAILED. */
heed_status json_take(json_builder *j, char **out, const char *what, heed_error *error);
/* Gives up what was built; nothing to do after json_take. */
void json_release(json_builder *j);

#endif
