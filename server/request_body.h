/* Reads the body of a request: JSON in the format of Hugging Face, TensorFlow Serving or KServe becomes texts. */
#ifndef SERVER_REQUEST_BODY_H
#define SERVER_REQUEST_BODY_H

#include <jansson.h>

#include "heed.h"
#include "route.h"

typedef struct request_body {
    json_t *root;      /* owns everything below but the array `texts` */
    heed_bytes *texts; /* valid UTF-8 */
    size_t count;
    bool single;        /* Hugging Face: one text outside a list */
    size_t top_k;       /* Hugging Face: 0: all labels */
    const json_t *id;   /* KServe: repeated in the answer; may be NULL */
    bool label, scores; /* KServe: which outputs were asked for */
    heed_explain_options explain;
} request_body;

/* Reads a body for ROUTE_INFER, ROUTE_TFSERVING, ROUTE_EXPLAIN or ROUTE_HUGGINGFACE. Returns 0, or the status to
 * refuse it with, and why in error: 400 if it is not JSON or not in this format; 413 for more than max_texts texts; 422
 * if a text is not a string. Release it in any case. */
unsigned request_body_read(request_body *out, route route, heed_bytes body, size_t max_texts, heed_error *error);
void request_body_release(request_body *body);

#endif
