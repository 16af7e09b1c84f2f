/* The body of a request: JSON in one of the ways that other servers have made known, to texts. */
#ifndef SERVER_REQUEST_BODY_H
#define SERVER_REQUEST_BODY_H

#include <jansson.h>

#include "heed.h"
#include "route.h"

typedef struct request_body {
    json_t *root;      /* everything below is borrowed from it, but for texts itself */
    heed_bytes *texts; /* valid UTF-8 */
    size_t count;
    bool single;        /* Hugging Face: one text that stood in no list */
    size_t top_k;       /* Hugging Face: 0 for all labels */
    const json_t *id;   /* KServe: echoed; NULL: none */
    bool label, scores; /* KServe: which outputs were asked for */
    heed_explain_options explain;
} request_body;

/* Reads a body for ROUTE_INFER, ROUTE_TFSERVING, ROUTE_EXPLAIN or ROUTE_HUGGINGFACE. Returns 0, or the status to
 * refuse it with and why in error: 400 for what is no JSON, or not of this way; 413 for more than `most` texts; 422 for
 * what is no text. Release it in any case. */
unsigned request_body_read(request_body *out, route route, heed_bytes body, size_t most, heed_error *error);
void request_body_release(request_body *a);

#endif
