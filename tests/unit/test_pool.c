/* The pool: every task runs once, none is still running behind pool_run, whatever the number of threads, also where
 * runs follow each other faster than threads wake up, or slower than they look for work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "base/pool.h"

enum { MAX_TASKS = 64, MAX_WORKERS = 8 };

/* No task's numbers are another's, so that a data race is a fault of the pool. */
typedef struct record {
    unsigned threads;
    int runs[MAX_TASKS];
    unsigned worker[MAX_TASKS];
    uint64_t sum[MAX_TASKS];
    int beside;
} record;

static void note(void *context, size_t task, unsigned worker)
{
    record *r = context;
    r->runs[task]++;
    r->worker[task] = worker;
    for (uint64_t i = 0; i < 50 * (uint64_t)task; i++)
        r->sum[task] += i;
}

static void note_beside(void *context)
{
    ((record *)context)->beside++;
}

static void check(const record *r, size_t count)
{
    for (size_t i = 0; i < MAX_TASKS; i++) {
        uint64_t terms = 50 * (uint64_t)i;
        assert_int_equal(r->runs[i], i < count);
        if (i < count) {
            assert_true(r->worker[i] < r->threads);
            assert_true(terms == 0 || r->sum[i] == terms * (terms - 1) / 2);
        }
    }
}

static void run(pool *p, size_t count)
{
    record r = {.threads = pool_threads(p)};
    pool_run(p, count, note, &r);
    check(&r, count);
    memset(&r, 0, sizeof r);
    r.threads = pool_threads(p);
    pool_run_beside(p, count, note, &r, note_beside, &r);
    check(&r, count);
    assert_int_equal(r.beside, 1);
}

static void every_task_runs_once(void **state)
{
    (void)state;
    heed_error error;
    for (unsigned threads = 1; threads <= MAX_WORKERS; threads++) {
        pool *p;
        assert_int_equal(pool_new(&p, threads, &error), HEED_OK);
        for (size_t round = 0; round < 400; round++)
            run(p, round % (MAX_TASKS + 1));
        pool_free(p);
    }
}

static void threads_that_sleep_are_woken(void **state)
{
    (void)state;
    heed_error error;
    pool *p;
    assert_int_equal(pool_new(&p, 2, &error), HEED_OK);
    for (int round = 0; round < 20; round++) {
        nanosleep(&(struct timespec){.tv_nsec = 100000 * round}, NULL);
        run(p, MAX_TASKS);
    }
    pool_free(p);
}

static void a_pool_ends_used_or_not(void **state)
{
    (void)state;
    heed_error error;
    for (int round = 0; round < 100; round++) {
        pool *p;
        assert_int_equal(pool_new(&p, 4, &error), HEED_OK);
        if (round % 2 > 0)
            run(p, (size_t)round % 5);
        pool_free(p);
    }
    pool_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once),
        cmocka_unit_test(threads_that_sleep_are_woken),
        cmocka_unit_test(a_pool_ends_used_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
