/* Finds out what a request asks for, by its method and path. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

#include "heed.h"

typedef enum route {
    ROUTE_NONE,
    ROUTE_PAGE,
    ROUTE_OPENAPI,
    ROUTE_LIVE,
    ROUTE_READY,
    ROUTE_METRICS,
    ROUTE_SERVER,      /* KServe: what is served */
    ROUTE_MODEL,       /* KServe: metadata of a model */
    ROUTE_MODEL_READY, /* KServe */
    ROUTE_CONFIG,      /* Triton: configuration of a model */
    ROUTE_STATISTICS,  /* Triton: counts of all models, or of one */
    ROUTE_MODELS,      /* KServe's first version, OpenAI: list of models */
    ROUTE_STATUS,      /* the same of a model; TensorFlow Serving: its versions */
    ROUTE_METADATA,    /* TensorFlow Serving: signature of a model */
    ROUTE_INFO,        /* text-embeddings-inference: limits and labels of the first model */
    ROUTE_REPOSITORY,  /* Triton: list of models; has a body that says nothing about texts */
    /* from here on with a body that has texts: */
    ROUTE_INFER, /* KServe */
    ROUTE_TFSERVING,
    ROUTE_EXPLAIN,
    ROUTE_HUGGINGFACE, /* its pipelines, text-embeddings-inference */
    ROUTE_HUB,         /* Hugging Face's hub: always a list of lists */
    ROUTE_CLASSIFY,    /* vLLM */
    ROUTE_COUNT
} route;

/* The paths, in a table: {model} is a name, after which "/versions/NUMBER" may follow. */
typedef struct route_path {
    route route;
    const char *method, *pattern;
} route_path;
extern const route_path route_paths[];
extern const size_t route_path_count;

typedef struct routed {
    route route;
    heed_bytes model, version; /* data NULL: not in the path; borrowed from `room` */
    const char *allow;         /* the methods of the path, if another one came */
} routed;

/* Returns the status, 200, 404 or 405, and fills `out`. HEAD has the routes of GET. path: as sent, without the query;
 * room: as many bytes, for its escapes decoded. Broken escapes, %00 and %2F are in no path. */
unsigned route_find(routed *out, heed_bytes method, heed_bytes path, char *room);
/* Its name in the metrics: its first path. */
const char *route_label(route r);

#endif
