/* What the server counts, in the format of Prometheus. Counting takes no lock. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include <stdatomic.h>

#include "models.h"
#include "base/writer.h"
#include "route.h"

enum { STATUS_COUNT = 20, BUCKET_COUNT = 12, BATCH_BUCKETS = 6 };

typedef struct histogram {
    atomic_ullong bucket[BUCKET_COUNT + 1]; /* the last: above all bounds */
    atomic_ullong sum;                      /* of the values */
} histogram;

/* Begins as {0}. */
typedef struct metrics {
    atomic_ullong requests[ROUTE_COUNT][STATUS_COUNT + 1]; /* the last: any other status */
    histogram latency[ROUTE_COUNT];                        /* in microseconds */
    histogram batch;
} metrics;

/* What is read when it is asked for. */
typedef struct server_gauges {
    size_t waiting_texts, waiting_explanations, connections;
    double began; /* time() of the start */
} server_gauges;

void metrics_request(metrics *m, route route, unsigned status, double seconds);
void metrics_batch(metrics *m, size_t texts);
/* Everything, in Prometheus's text format 0.0.4. */
void metrics_write(const metrics *m, writer *out, const model_set *models, server_gauges now);

#endif
