/* Seconds, and when to call a listener again. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <time.h>

/* Seconds of a clock that only goes forward. */
static inline double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

typedef struct stopwatch {
    struct timespec began, last_call;
} stopwatch;

static inline stopwatch stopwatch_start(void)
{
    stopwatch w;
    clock_gettime(CLOCK_MONOTONIC, &w.began);
    w.last_call = w.began;
    return w;
}

static inline double clock_between(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
}

/* Seconds since its start. */
static inline double stopwatch_seconds(const stopwatch *w)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return clock_between(w->began, now);
}

/* True at most ten times a second. */
static inline bool stopwatch_due(stopwatch *w)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (clock_between(w->last_call, now) < 0.1)
        return false;
    w->last_call = now;
    return true;
}

#endif
