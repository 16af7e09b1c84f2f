/* A request's way through the server: route, body, models, and the answer as JSON. */
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
    size_t texts_most;    /* of one request */
    atomic_bool draining; /* not ready any more */
    bool quiet;
} serving;

/* Answers one request; called by many threads at once. */
void reply_handle(void *user, const http_request *request, http_answer *answer);
/* Counts an answer, and logs it unless quiet: one line on standard error, without any text. */
void reply_answered(void *user, const http_request *request, const http_answer *answer);

#endif
