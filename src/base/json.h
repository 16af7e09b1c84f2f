/* JSON built piece by piece, with jansson. A builder keeps its first failure and does nothing from then on: it is asked
 * once, at the end. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "heed.h"

enum { JSON_DEPTH = 32 };

/* Begins as {0}. */
typedef struct json_builder {
    struct json_t *root;             /* the whole; NULL: nothing yet */
    struct json_t *open[JSON_DEPTH]; /* open objects and lists, the outermost first; borrowed from root */
    size_t depth;                    /* how many those are */
    bool failed;
    bool exact; /* numbers read back as they are: with 17 digits in place of 15 */
} json_builder;

/* Members of an object have a key and keep the order in which they are put; each key is put once. Items of a list and
 * the root have no key (NULL). Text is UTF-8. */
void json_open_object(json_builder *j, const char *key);
void json_open_list(json_builder *j, const char *key);
/* An object whose key comes from data. */
void json_open_entry(json_builder *j, heed_bytes key);
/* Ends what was opened last. */
void json_close(json_builder *j);

/* null if the value is not finite. */
void json_put_number(json_builder *j, const char *key, double value);
/* The same for a number that has to be read back as it is, in a text that has no others. */
void json_put_exact(json_builder *j, const char *key, double value);
void json_put_count(json_builder *j, const char *key, uint64_t value);
/* null for NULL. */
void json_put_text(json_builder *j, const char *key, const char *text);
void json_put_bytes(json_builder *j, const char *key, heed_bytes text);
void json_put_flag(json_builder *j, const char *key, bool value);
void json_put_null(json_builder *j, const char *key);
/* Text that is already JSON, such as heed_model_json's. */
void json_put_json(json_builder *j, const char *key, const char *json);

/* The text, indented, numbers with 15 digits unless they are exact; free() releases it. Releases the builder in any
 * case. what: named in the message if something failed (HEED_FAILED). */
heed_status json_take(json_builder *j, char **out, const char *what, heed_error *error);
/* Discards what was built; does nothing after json_take. */
void json_release(json_builder *j);

#endif
