/* The texts of a request's body, and what else it says: what the files that read a format fill in. */
#ifndef SERVER_BODY_TEXTS_H
#define SERVER_BODY_TEXTS_H

#include <jansson.h>

#include "heed.h"
#include "refusal.h"

/* An output of KServe. */
typedef enum output_form { OUTPUT_NONE, OUTPUT_JSON, OUTPUT_BINARY } output_form;

typedef struct request_body {
    json_t *root;      /* owns what is below, but for the texts that are not in it, */
    char *decoded;     /* which lie here, or in the body, */
    heed_bytes *texts; /* and the array of them; all are UTF-8 */
    size_t count;
    bool single;               /* one text outside a list */
    size_t top_k;              /* Hugging Face: 0: all labels */
    bool columns;              /* TensorFlow Serving: asked by columns ("inputs"), so answered by columns */
    const json_t *id;          /* KServe: repeated in the answer; NULL: none */
    output_form label, scores; /* KServe: which outputs were asked for, and how */
    bool scores_first;         /* KServe: named in this order */
    heed_bytes model;          /* vLLM: the model that it names; data NULL: none */
    heed_explain_options explain;
    size_t decoded_size; /* used of decoded */
} request_body;

/* Takes the texts of a list, each of which may be a string, {"text": a string}, {"b64": base64}, or a list of exactly
 * one of these. where: the list's name in messages. */
unsigned texts_take(request_body *out, const json_t *list, const char *where, size_t max_texts, heed_error *error);
/* The same, or one text outside a list. */
unsigned texts_take_any(request_body *out, const json_t *value, const char *where, size_t max_texts, heed_error *error);
/* Refuses an object with another key than these (NULL after the last) whose value is not null; where: what it is. An
 * object that is missing or null has none. */
unsigned keys_check(const json_t *object, const char *const *known, const char *where, heed_error *error);

#endif
