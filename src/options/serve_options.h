/* The options of heed serve, filled by the command line and read by the server. */
#ifndef OPTIONS_SERVE_OPTIONS_H
#define OPTIONS_SERVE_OPTIONS_H

#include "heed.h"

typedef struct serve_options {
    const char *const *models; /* [model_count]: "FILE" or "NAME=FILE" */
    size_t model_count;
    const char *address; /* numeric */
    uint32_t port;       /* 0: any free port */
    unsigned threads;    /* workers; 0: one per processor */
    heed_precision storage;
    heed_precision weights;
    uint32_t connections, connections_each; /* each: from one address; 0: no such limit */
    uint32_t max_body;                      /* bytes of a request's body */
    uint32_t max_texts;                     /* of a request */
    uint32_t queue;                         /* texts of a client that may wait */
    double header_seconds, request_seconds, drain_seconds;
    bool quiet;
    uint32_t max_cost;                               /* of a request: tokens times passes */
    const char *const *allow_hosts, *const *origins; /* names, and origins of other sites' pages, that may ask */
    size_t allow_host_count, origin_count;
    const char *token_file; /* NULL: no token is asked for */
} serve_options;

/* Serves until a signal ends it: what heed serve runs. */
typedef heed_status server_entry(const serve_options *options, heed_error *error);

#endif
