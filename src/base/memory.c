#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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
    if (needed <= *capacity)
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
