/* What heed serve is told: what the command line fills and the server reads. */
#ifndef OPTIONS_SERVE_OPTIONS_H
#define OPTIONS_SERVE_OPTIONS_H

#include "heed.h"

typedef struct serve_options {
    const char *const *models; /* [model_count]: "FILE" or "NAME=FILE" */
    size_t model_count;
    const char *address; /* numeric */
    uint32_t port;       /* 0: any free one */
    unsigned threads;    /* workers; 0: one a processor */
    heed_precision storage;
    heed_precision weights;
    uint32_t connections, connections_each; /* each: of one address; 0: as many as there may be in all */
    uint32_t max_body;                      /* bytes of a request's body */
    uint32_t max_texts;                     /* of a request */
    uint32_t queue;                         /* texts that may wait */
    double header_seconds, request_seconds, drain_seconds;
    bool quiet;
} serve_options;

/* Serves until a signal ends it: what heed serve runs. */
typedef heed_status server_entry(const serve_options *options, heed_error *error);

#endif
