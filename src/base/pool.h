/* A small fork-join pool of threads. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "heed.h"

typedef struct pool pool;

/* One task of a run; worker is the number of the thread, from 0, to find its scratch memory. */
typedef void (*pool_task)(void *context, size_t task, unsigned worker);

/* threads: 0 means one per processor. The caller's own thread is worker 0; the others start with the first run of more
 * than one task, and the pool works without those that the system refuses. */
heed_status pool_new(pool **out, unsigned threads, heed_error *error);
unsigned pool_threads(const pool *p);
/* Runs tasks 0 ... count - 1 and returns when all are done. Any worker may take any task, so results must not depend on
 * it; a single task runs on the calling thread. Denormal numbers are flushed to zero inside tasks, on every thread, and
 * handled as before afterwards. If there are enough processors, threads that wait for a run, or for its end, spin for
 * some tens of microseconds before they sleep. */
void pool_run(pool *p, size_t count, pool_task task, void *context);
/* The same while the calling thread does something else first: `beside` must not touch what the tasks work on. */
void pool_run_beside(pool *p, size_t count, pool_task task, void *context, void (*beside)(void *), void *with);
/* From now on `stopped` is asked before each task, by the thread that takes it, and by pool_stopped. Once it has said
 * true, runs give out no more tasks, and what those would have computed is not there: who called for it asks pool_check
 * before reading any of it. Another pool_watch ends this. NULL: nobody is asked. */
void pool_watch(pool *p, bool (*stopped)(void *user), void *user);
/* Whether it has; asks it, from any thread. Long tasks ask by themselves and end early. */
bool pool_stopped(pool *p);
/* HEED_STOPPED if so. */
heed_status pool_check(pool *p, heed_error *error);
void pool_free(pool *p);

#endif
