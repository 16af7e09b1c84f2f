#include "vectors/vector_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MAX_KEPT = 256, MAX_FLOATS = 1 << 26 }; /* 256 MiB */

typedef struct kept_values {
    XXH128_hash_t key;
    float *values;
    size_t count;
} kept_values;

struct vector_cache {
    kept_values items[MAX_KEPT];
    size_t count, floats;
};

vector_cache *vector_cache_new(void)
{
    return memory_array(1, sizeof(vector_cache));
}

void vector_cache_free(vector_cache *cache)
{
    for (size_t i = 0; cache != NULL && i < cache->count; i++)
        free(cache->items[i].values);
    free(cache);
}

const float *vector_cache_find(const vector_cache *cache, XXH128_hash_t key, size_t count)
{
    for (size_t i = 0; i < cache->count; i++)
        if (XXH128_isEqual(cache->items[i].key, key) && cache->items[i].count == count)
            return cache->items[i].values;
    return NULL;
}

void vector_cache_keep(vector_cache *cache, XXH128_hash_t key, const float *values, size_t count)
{
    if (cache->count == MAX_KEPT || count > MAX_FLOATS - cache->floats)
        return;
    float *copy = memory_array(count, sizeof *copy);
    if (copy == NULL) /* then they are learned again */
        return;
    memcpy(copy, values, count * sizeof *copy);
    cache->items[cache->count++] = (kept_values){key, copy, count};
    cache->floats += count;
}
