/* Answers to requests that have texts, in the format that the request has. */
#ifndef SERVER_TEXT_ANSWERS_H
#define SERVER_TEXT_ANSWERS_H

#include "request_body.h"
#include "serving.h"

/* A request to predict or explain texts. */
typedef struct text_request {
    serving *serving;
    served_model *served;
    model_version *version; /* borrowed */
    request_body body;
    size_t *order; /* [labels]: scratch */
    float *probabilities;
    heed_explanation **explanations;
} text_request;

/* Writes the answer of a request whose texts are computed, and counts its labels. */
void text_request_write(text_request *r, route route, http_answer *answer);
/* Answers with what was written, which it releases; 503 if memory was short. */
void answer_take(http_answer *answer, writer *body, const char *type);

#endif
