/* Answers requests: finds the route, reads the body, runs the model, writes the answer as JSON. */
#ifndef SERVER_HANDLERS_H
#define SERVER_HANDLERS_H

#include "batcher.h"
#include "http.h"

/* What requests share. */
typedef struct serving {
    model_set models;
    metrics metrics;
    batcher *batcher;
    http_server *http;
    size_t max_texts;     /* of one request */
    atomic_bool draining; /* the server is ending, so it is not ready */
    bool quiet;
} serving;

/* Answers one request; called by many threads at once. */
void request_answer(void *user, const http_request *request, http_answer *answer);
/* Counts an answer, and logs it unless quiet: one line on standard error, without the texts. */
void answer_log(void *user, const http_request *request, const http_answer *answer);

#endif
