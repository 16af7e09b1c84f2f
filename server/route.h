/* Finds out what a request asks for, by its method and path. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

#include "heed.h"

/* X(constant, name in the metrics, method) */
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
    heed_bytes model, version; /* data NULL: not in the path */
    const char *allow;         /* the methods of the path, if another one came */
} routed;

/* Returns the status, 200, 404 or 405, and fills `out`. HEAD has the routes of GET. */
unsigned route_find(routed *out, heed_bytes method, heed_bytes path);
/* Its name in the metrics. */
const char *route_label(route r);

#endif
