/* A small fork-join pool of threads. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "heed.h"

typedef struct pool pool;

/* One task of a run; worker counts from 0 and names the thread, for its scratch. */
typedef void (*pool_task)(void *context, size_t task, unsigned worker);

/* threads: 0 is one a processor. The caller's own thread is worker 0, so one thread starts none. */
heed_status pool_new(pool **out, unsigned threads, heed_error *error);
unsigned pool_threads(const pool *p);
/* Runs tasks 0 ... count - 1 and returns when all are done. Which worker takes which task is open, so a result must
 * not depend on it. Denormal numbers are flushed to zero inside tasks, on every thread, and as before afterwards. */
void pool_run(pool *p, size_t count, pool_task task, void *context);
void pool_free(pool *p);

#endif
