/* Learned vectors that several trainings have in common. */
#ifndef VECTORS_VECTOR_CACHE_H
#define VECTORS_VECTOR_CACHE_H

#include <stddef.h>

#include <xxhash.h>

typedef struct vector_cache vector_cache;

/* NULL: no memory. */
vector_cache *vector_cache_new(void);
void vector_cache_free(vector_cache *cache);
/* The values [count] of a key, borrowed; NULL if there are none. */
const float *vector_cache_find(const vector_cache *cache, XXH128_hash_t key, size_t count);
/* Keeps a copy, unless the cache is full: what it has stays, as trainings of the same kind come round again in the
 * same order. */
void vector_cache_keep(vector_cache *cache, XXH128_hash_t key, const float *values, size_t count);

#endif
