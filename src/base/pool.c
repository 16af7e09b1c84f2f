#include "base/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/status.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/* PAUSES: how long a thread spins before it sleeps: some tens of microseconds, about as long as waking it takes. */
enum { MAX_THREADS = 256, PAUSES = 2000 };

struct pool {
    unsigned threads;  /* with the caller's */
    pthread_t *thread; /* [started] */
    unsigned started;  /* none before the first run of several tasks */
    bool asked;        /* for them */
    bool spins;        /* there are as many processors as threads, as far as the pool knows */
    pthread_mutex_t mutex;
    pthread_cond_t begin, end;
    atomic_uint round; /* of runs; a worker waits for the next. This and the next two change under the mutex. */
    atomic_uint busy;  /* workers busy with the tasks of this round */
    bool open;         /* workers may still join the round: one that wakes too late is not waited for */
    bool closing;
    pool_task task;
    void *context;
    size_t count;
    atomic_size_t next;
    bool (*stopped)(void *user); /* these two do not change during a run */
    void *user;
    atomic_bool halted; /* it has said true: an answer is kept, so that no part that was left out is taken for done */
};

struct worker {
    pool *pool;
    unsigned number;
};

/* Denormals are a hundred times slower than normal numbers on many processors, and padded recurrent states produce
 * them. */
static unsigned flush_denormals(void)
{
#if defined(__SSE2__)
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040); /* flush to zero, denormals are zero */
    return before;
#else
    return 0;
#endif
}

static void restore_denormals(unsigned before)
{
#if defined(__SSE2__)
    _mm_setcsr(before);
#else
    (void)before;
#endif
}

static void take_tasks(pool *p, unsigned worker)
{
    unsigned mode = flush_denormals();
    for (;;) {
        size_t task = atomic_fetch_add_explicit(&p->next, 1, memory_order_relaxed);
        if (task >= p->count || pool_stopped(p))
            break;
        p->task(p->context, task, worker);
    }
    restore_denormals(mode);
}

static void pause_briefly(void)
{
#if defined(__SSE2__)
    _mm_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Spins for a while, as long as *value does not change. */
static void watch(const pool *p, const atomic_uint *value, unsigned as_it_is)
{
    for (int i = 0; p->spins && i < PAUSES && atomic_load_explicit(value, memory_order_relaxed) == as_it_is; i++)
        pause_briefly();
}

static void *work(void *argument)
{
    struct worker self = *(struct worker *)argument;
    free(argument);
    pool *p = self.pool;
    for (unsigned seen = 0;;) {
        watch(p, &p->round, seen);
        pthread_mutex_lock(&p->mutex);
        while (p->round == seen && !p->closing)
            pthread_cond_wait(&p->begin, &p->mutex);
        bool closing = p->closing, joins = p->open;
        seen = p->round;
        p->busy += joins;
        pthread_mutex_unlock(&p->mutex);
        if (closing)
            return NULL;
        if (!joins)
            continue;
        take_tasks(p, self.number);
        pthread_mutex_lock(&p->mutex);
        if (--p->busy == 0)
            pthread_cond_signal(&p->end);
        pthread_mutex_unlock(&p->mutex);
    }
}

static unsigned processors(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > MAX_THREADS ? MAX_THREADS : (unsigned)online;
}

heed_status pool_new(pool **out, unsigned threads, heed_error *error)
{
    *out = NULL;
    if (threads > MAX_THREADS)
        return fail(error, HEED_USAGE, "threads: found %u, expected at most %d", threads, MAX_THREADS);
    if (threads == 0)
        threads = processors();
    pool *p = memory_array(1, sizeof *p);
    pthread_t *thread = memory_array(threads, sizeof *thread);
    if (p == NULL || thread == NULL) {
        free(p);
        free(thread);
        return fail_memory(error, "threads");
    }
    p->threads = threads;
    p->thread = thread;
    p->spins = threads <= processors();
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->begin, NULL);
    pthread_cond_init(&p->end, NULL);
    *out = p;
    return HEED_OK;
}

/* If the system refuses a thread, the pool works without it: results do not depend on the threads. */
static void start_threads(pool *p)
{
    p->asked = true;
    for (unsigned i = 1; i < p->threads; i++) {
        struct worker *worker = malloc(sizeof *worker);
        if (worker == NULL)
            return;
        *worker = (struct worker){p, i};
        if (pthread_create(&p->thread[p->started], NULL, work, worker) != 0) {
            free(worker);
            return;
        }
        p->started++;
    }
}

unsigned pool_threads(const pool *p)
{
    return p->threads;
}

void pool_run(pool *p, size_t count, pool_task task, void *context)
{
    pool_run_beside(p, count, task, context, NULL, NULL);
}

void pool_watch(pool *p, bool (*stopped)(void *user), void *user)
{
    p->stopped = stopped;
    p->user = user;
    atomic_store_explicit(&p->halted, false, memory_order_relaxed);
}

bool pool_stopped(pool *p)
{
    if (p->stopped == NULL)
        return false;
    if (atomic_load_explicit(&p->halted, memory_order_relaxed))
        return true;
    if (!p->stopped(p->user))
        return false;
    atomic_store_explicit(&p->halted, true, memory_order_relaxed);
    return true;
}

heed_status pool_check(pool *p, heed_error *error)
{
    return pool_stopped(p) ? fail(error, HEED_STOPPED, "stopped before its end") : HEED_OK;
}

static void open_round(pool *p)
{
    pthread_mutex_lock(&p->mutex); /* publishes what pool_run_beside wrote */
    p->open = true;
    p->round++;
    pthread_cond_broadcast(&p->begin);
    pthread_mutex_unlock(&p->mutex);
}

/* After this no worker is busy with the tasks, and none can join. */
static void close_round(pool *p)
{
    pthread_mutex_lock(&p->mutex);
    p->open = false;
    pthread_mutex_unlock(&p->mutex);
    unsigned busy = p->busy, left = 0;
    for (; busy > 0 && left != busy; left = busy, busy = p->busy)
        watch(p, &p->busy, busy);
    pthread_mutex_lock(&p->mutex);
    while (p->busy > 0)
        pthread_cond_wait(&p->end, &p->mutex);
    pthread_mutex_unlock(&p->mutex);
}

void pool_run_beside(pool *p, size_t count, pool_task task, void *context, void (*beside)(void *), void *with)
{
    p->task = task;
    p->context = context;
    p->count = count;
    atomic_store_explicit(&p->next, 0, memory_order_relaxed);
    if (count > 1 && !p->asked)
        start_threads(p);
    bool fork = p->started > 0 && count > 1;
    if (fork)
        open_round(p);
    if (beside != NULL)
        beside(with);
    take_tasks(p, 0);
    if (fork)
        close_round(p);
}

void pool_free(pool *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->mutex);
    p->closing = true;
    pthread_cond_broadcast(&p->begin);
    pthread_mutex_unlock(&p->mutex);
    for (unsigned i = 0; i < p->started; i++)
        pthread_join(p->thread[i], NULL);
    pthread_cond_destroy(&p->begin);
    pthread_cond_destroy(&p->end);
    pthread_mutex_destroy(&p->mutex);
    free(p->thread);
    free(p);
}
