/* Preloaded by tests/cli/short_memory.sh: allocations of a program that fail (glibc).
 * FAIL_AT=N: the Nth, and if FAIL_EVER is 1 all after it. FAIL_EACH=N: each Nth, from SIGUSR1 until SIGUSR2.
 * FAIL_COUNT=FILE: how many there were is written there at the end. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_long asked;
static long at = -1, each;
static int ever;
static atomic_int failing;

static long number_of(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? atol(text) : 0;
}

static void begin_failing(int number)
{
    failing = number == SIGUSR1;
}

__attribute__((constructor)) static void begin(void)
{
    at = number_of("FAIL_AT");
    each = number_of("FAIL_EACH");
    ever = number_of("FAIL_EVER") != 0;
    if (each > 0) {
        signal(SIGUSR1, begin_failing);
        signal(SIGUSR2, begin_failing);
    }
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAIL_COUNT");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file != NULL) {
        fprintf(file, "%ld\n", (long)asked);
        fclose(file);
    }
}

static int fails(void)
{
    long number = ++asked;
    if (number != at && !(ever && at > 0 && number > at) && !(failing && number % each == 0))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return fails() ? NULL : __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}
