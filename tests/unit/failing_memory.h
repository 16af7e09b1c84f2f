/* For tests that are linked with --wrap (CMakeLists.txt): memory that runs out when it is told to. */
#ifndef UNIT_FAILING_MEMORY_H
#define UNIT_FAILING_MEMORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "heed.h"

static atomic_long left = LONG_MAX; /* allocations until they fail */
static atomic_bool once;            /* only one of them fails */
static atomic_size_t asked;         /* bytes of all allocations until now, whatever was released */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

/* Whether memory runs out for jansson's shared library too. The copy inside heed calls the wrapped malloc in any case.
 */
static inline void jansson_fails(bool fails)
{
#ifdef HEED_JANSSON
    (void)fails;
#else
    json_set_alloc_funcs(fails ? __wrap_malloc : __real_malloc, free);
#endif
}

static bool is_granted(size_t bytes)
{
    asked += bytes;
    long rest = --left;
    if (rest >= 0 || (once && rest < -1))
        return true;
    errno = ENOMEM;
    return false;
}

void *__wrap_malloc(size_t size)
{
    return is_granted(size) ? __real_malloc(size) : NULL;
}
void *__wrap_calloc(size_t count, size_t size)
{
    return is_granted(count * size) ? __real_calloc(count, size) : NULL;
}
void *__wrap_realloc(void *block, size_t size)
{
    return is_granted(size) ? __real_realloc(block, size) : NULL;
}
void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return is_granted(size) ? __real_aligned_alloc(alignment, size) : NULL;
}

/* Releases all that it made, and asserts that an output is there after a success only. */
typedef heed_status memory_call(void *user);

/* Calls with memory for 0, 1, 2, ... allocations (in larger steps where there are many, as those of a JSON document are
 * much alike) until it succeeds, and returns how often it failed: at least once, each time with HEED_FAILED and one
 * line about memory in the error. */
static inline long fail_without_memory(memory_call *call, void *user, const heed_error *error, const char *what)
{
    enum { ONE_BY_ONE = 128 };
    long failed = 0;
    for (long allocations = 0;; allocations += 1 + allocations / ONE_BY_ONE, failed++) {
        left = allocations;
        heed_status status = call(user);
        left = LONG_MAX;
        if (status == HEED_OK && allocations > 0)
            return failed;
        if (status != HEED_FAILED || strstr(error->message, "memory") == NULL || strchr(error->message, '\n') != NULL)
            fail_msg("%s after %ld allocations: %s: %s", what, allocations, heed_status_name(status), error->message);
    }
}

#endif
