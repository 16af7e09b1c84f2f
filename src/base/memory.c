#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/status.h"

void *memory_array(size_t count, size_t size)
{
    if (count == 0 || size == 0)
        return calloc(1, 1);
    if (count > PTRDIFF_MAX / size) /* calloc checks it too, but ends the process under AddressSanitizer */
        return NULL;
    return calloc(count, size);
}

void *memory_scratch(size_t count, size_t size)
{
    enum { line = 64, huge = 2 << 20 };
    if (size != 0 && count > (SIZE_MAX - huge) / size)
        return NULL;
    size_t bytes = count == 0 || size == 0 ? 1 : count * size, alignment = bytes < huge ? line : huge;
    void *block = aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (block == NULL)
        return NULL;
#ifdef MADV_HUGEPAGE
    if (alignment == huge) /* one page fault instead of 512, and fewer TLB misses afterwards */
        madvise(block, bytes / huge * huge, MADV_HUGEPAGE);
#endif
    return block;
}

void *memory_aligned(size_t count, size_t size)
{
    void *block = memory_scratch(count, size);
    if (block != NULL)
        memset(block, 0, count * size);
    return block;
}

heed_status memory_grow(void *block, size_t *capacity, size_t needed, size_t size, heed_error *error)
{
    if (needed <= *capacity && *capacity > 0)
        return HEED_OK;
    size_t grown = *capacity < SIZE_MAX / 2 ? *capacity * 2 : SIZE_MAX;
    if (grown < needed)
        grown = needed;
    if (grown < 16)
        grown = 16;
    if (grown > SIZE_MAX / size)
        return fail_memory(error, "a growing block");
    void *old;
    memcpy(&old, block, sizeof old); /* any pointer type may be passed by its address */
    void *moved = realloc(old, grown * size);
    if (moved == NULL)
        return fail_memory(error, "a growing block");
    memcpy(block, &moved, sizeof moved);
    *capacity = grown;
    return HEED_OK;
}

void memory_give_back(void *begin, size_t size)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = ((uintptr_t)begin + page - 1) / page * page, end = ((uintptr_t)begin + size) / page * page;
    if (end > first)
        madvise((void *)first, end - first, MADV_DONTNEED);
}

char *memory_copy(const char *data, size_t size)
{
    char *copy = size < SIZE_MAX ? malloc(size + 1) : NULL;
    if (copy != NULL) {
        if (size > 0)
            memcpy(copy, data, size);
        copy[size] = '\0';
    }
    return copy;
}

/* ---- how much there is */

static uint64_t smaller_limit(uint64_t limit, uint64_t other)
{
    return other > 0 && (limit == 0 || other < limit) ? other : limit;
}

static uint64_t process_limit(void)
{
    struct rlimit found;
    if (getrlimit(RLIMIT_AS, &found) != 0 || found.rlim_cur == RLIM_INFINITY)
        return 0;
    return (uint64_t)found.rlim_cur;
}

/* The number in a file after a word, or at its beginning; 0: there is none, as in a group's file that says "max". */
static uint64_t number_in(const char *path, const char *word)
{
    char line[200];
    unsigned long long number = 0;
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return 0;
    while (number == 0 && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, word, strlen(word)) == 0 && sscanf(line + strlen(word), "%llu", &number) != 1)
            number = 0;
    fclose(file);
    return number;
}

/* Of a container. */
static uint64_t group_limit(void)
{
    return number_in("/sys/fs/cgroup/memory.max", "");
}

uint64_t memory_limit(void)
{
    struct sysinfo machine;
    uint64_t limit = 0;
    if (sysinfo(&machine) == 0)
        limit = ((uint64_t)machine.totalram + (uint64_t)machine.totalswap) * machine.mem_unit;
    return smaller_limit(smaller_limit(limit, process_limit()), group_limit());
}

uint64_t memory_free(void)
{
    enum { KILO = 1024 };
    const uint64_t group = group_limit(), used = number_in("/sys/fs/cgroup/memory.current", "");
    uint64_t free = smaller_limit(number_in("/proc/meminfo", "MemAvailable:") * KILO, process_limit());
    return group > used ? smaller_limit(free, group - used) : free;
}
