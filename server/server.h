/* The server of heed serve: models behind HTTP, until a signal ends it. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "heed.h"

typedef struct server_options {
    const char *const *models; /* [model_count]: "FILE" or "NAME=FILE" */
    size_t model_count;
    const char *address; /* numeric */
    uint16_t port;       /* 0: any free one */
    unsigned threads;    /* workers; 0: one a processor */
    heed_storage storage;
    heed_weights weights;
    unsigned connections, connections_each; /* each: of one address; 0: as many as there may be in all */
    uint64_t body_most;                     /* bytes of a request's body */
    size_t texts_most;                      /* of a request */
    size_t queue;                           /* texts that may wait */
    double header_seconds, request_seconds, drain_seconds;
    bool quiet;
} server_options;

/* Loads the models, listens, prints the address on standard output, and serves until SIGTERM or SIGINT; then it answers
 * what it has accepted and is HEED_OK. SIGHUP loads all models again. Signals of the whole process are its own. */
heed_status server_run(const server_options *options, heed_error *error);

#endif
