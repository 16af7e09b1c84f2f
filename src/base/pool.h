/* A small fork-join pool of threads. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "heed.h"

typedef struct pool pool;

/* One task of a run; worker counts from 0 and names the thread, for its scratch. */
typedef void (*pool_task)(void *context, size_t task, unsigned worker);

/* threads: 0 is one a processor. The caller's own thread is worker 0; the others start with the first run of more than
 * one task, and the pool does without those that the system refuses. */
heed_status pool_new(pool **out, unsigned threads, heed_error *error);
unsigned pool_threads(const pool *p);
/* Runs tasks 0 ... count - 1 and returns when all are done. Which worker takes which task is open, so a result must
 * not depend on it; a single task is the caller's own. Denormal numbers are flushed to zero inside tasks, on every
 * thread, and as before afterwards. Where every thread has a processor, those that wait for a run, or for its end, look
 * out for it for some tens of microseconds before they sleep. */
void pool_run(pool *p, size_t count, pool_task task, void *context);
/* The same while the calling thread does something else first: `beside` must not touch what the tasks work on. */
void pool_run_beside(pool *p, size_t count, pool_task task, void *context, void (*beside)(void *), void *with);
void pool_free(pool *p);

#endif
