/* Reads the body of a request: JSON in the format of Hugging Face, text-embeddings-inference, vLLM, TensorFlow Serving
 * or KServe becomes texts. What a format has and heed does not do is refused, never passed over. */
#ifndef SERVER_REQUEST_BODY_H
#define SERVER_REQUEST_BODY_H

#include "body_texts.h"
#include "route.h"

/* What is known of a body before it is read. */
typedef struct body_limits {
    size_t max_texts;
    size_t json_size; /* of a body with binary tensors after its JSON: the size of that; else the whole */
} body_limits;

/* Reads a body for a route that has texts. Returns 0, or the status to refuse it with, and why in error: 400 if it is
 * not JSON or not in this format; 413 for more than max_texts texts; 422 if a text is not a string. Texts borrow from
 * the body. Release it in any case. */
unsigned request_body_read(request_body *out, route route, heed_bytes body, const body_limits *limits,
                           heed_error *error);
void request_body_release(request_body *body);

#endif
