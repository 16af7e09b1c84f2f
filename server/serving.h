/* What the requests of a server share. */
#ifndef SERVER_SERVING_H
#define SERVER_SERVING_H

#include "access.h"
#include "batcher.h"
#include "http.h"

typedef struct serving {
    model_set models;
    metrics metrics;
    access_rules access;
    batcher *predictions, *explanations;
    http_server *http;
    size_t max_texts;          /* of one request */
    uint64_t max_cost;         /* of one request (cost.h) */
    double began;              /* time() */
    size_t queue, connections; /* limits, to be told */
    atomic_ullong answered;    /* answers that have a number of their own */
    atomic_bool draining;      /* the server is ending, so it is not ready */
    bool quiet;
} serving;

#endif
