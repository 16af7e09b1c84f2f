/* Which of the server's answers a request asks for. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

#include "heed.h"

/* X(name, what the metrics call it, its method) */
#define ROUTES(X)                                                                                                      \
    X(ROUTE_NONE, "none", "")                                                                                          \
    X(ROUTE_PAGE, "/", "GET")                                                                                          \
    X(ROUTE_LIVE, "/v2/health/live", "GET")                                                                            \
    X(ROUTE_READY, "/v2/health/ready", "GET")                                                                          \
    X(ROUTE_METRICS, "/metrics", "GET")                                                                                \
    X(ROUTE_SERVER, "/v2", "GET")                                                                                      \
    X(ROUTE_MODEL, "/v2/models/{model}", "GET")                                                                        \
    X(ROUTE_MODEL_READY, "/v2/models/{model}/ready", "GET")                                                            \
    X(ROUTE_STATUS, "/v1/models/{model}", "GET")                                                                       \
    X(ROUTE_INFER, "/v2/models/{model}/infer", "POST")                                                                 \
    X(ROUTE_TFSERVING, "/v1/models/{model}:predict", "POST")                                                           \
    X(ROUTE_EXPLAIN, "/v1/models/{model}:explain", "POST")                                                             \
    X(ROUTE_HUGGINGFACE, "/predict", "POST")

typedef enum route {
#define ROUTE_NAME(name, label, method) name,
    ROUTES(ROUTE_NAME)
#undef ROUTE_NAME
        ROUTE_COUNT
} route;

typedef struct routed {
    route route;
    heed_bytes model, version; /* data NULL: not said */
    const char *allow;         /* the method of the path, where another one came */
} routed;

/* The status, 200, 404 or 405, and where to. HEAD goes where GET goes. */
unsigned route_find(routed *out, heed_bytes method, heed_bytes path);
/* As the metrics call it. */
const char *route_label(route r);

#endif
