/* The pool: every task runs once, none is still running behind pool_run, whatever the number of threads, also where
 * runs follow each other faster than threads wake up, or slower than they look for work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "unit/asked_stops.h"
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

/* ---- stopping */

static size_t count_runs(const record *r)
{
    size_t count = 0;
    for (size_t i = 0; i < MAX_TASKS; i++)
        count += r->runs[i] > 0;
    return count;
}

/* Tasks before the question that is answered by true run, those after it do not, and neither do those of later runs. */
static void a_stopped_pool_gives_out_no_more_tasks(void **state)
{
    (void)state;
    heed_error error;
    for (unsigned threads = 1; threads <= 4; threads++)
        for (unsigned at = 1; at <= MAX_TASKS; at++) {
            pool *p;
            asked a = {.at = at};
            record r = {.threads = threads};
            assert_int_equal(pool_new(&p, threads, &error), HEED_OK);
            pool_watch(p, stops_at, &a);
            pool_run(p, MAX_TASKS, note, &r);
            assert_int_equal(count_runs(&r), at - 1);
            a.at = 1000000; /* an answer is kept */
            pool_run(p, MAX_TASKS, note, &r);
            assert_int_equal(count_runs(&r), at - 1);
            assert_true(pool_stopped(p));
            assert_int_equal(pool_check(p, &error), HEED_STOPPED);
            assert_string_equal(error.message, "stopped before its end");
            pool_watch(p, stops_at, &a); /* and forgotten */
            run(p, MAX_TASKS);
            pool_watch(p, NULL, NULL);
            assert_int_equal(pool_check(p, &error), HEED_OK);
            run(p, MAX_TASKS);
            pool_free(p);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once),
        cmocka_unit_test(threads_that_sleep_are_woken),
        cmocka_unit_test(a_pool_ends_used_or_not),
        cmocka_unit_test(a_stopped_pool_gives_out_no_more_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
