#include "text/word_cache.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* Sets of words with the same digest, each on one cache line: a word moves up when it occurs again, and a new one
 * replaces the last, so that rare words do not drive out frequent ones. Four megabytes per thread. */
enum { SETS = 1 << 16, WAYS = 2, ENTRIES = SETS * WAYS, LINE = 64 };

void word_cache_release(word_cache *cache)
{
    free(cache->memory);
    *cache = (word_cache){0};
}

heed_status word_cache_prepare(word_cache *cache, uint64_t rules, heed_error *error)
{
    if (cache->entries != NULL && cache->rules == rules)
        return HEED_OK;
    cache->rules = rules;
    if (cache->entries != NULL) {
        memset(cache->entries, 0, ENTRIES * sizeof *cache->entries);
        return HEED_OK;
    }
    /* calloc does not touch fresh pages, so a few words use only a few pages */
    cache->memory = memory_array(ENTRIES * sizeof *cache->entries + LINE, 1);
    if (cache->memory == NULL)
        return fail_memory(error, "a word cache");
    uintptr_t at = (uintptr_t)cache->memory;
    cache->entries = (word_entry *)(void *)((char *)cache->memory + (LINE - at % LINE) % LINE);
    return HEED_OK;
}

static word_entry *find_set(const word_cache *cache, const word_key *key)
{
    return cache->entries + (size_t)(key->digest % SETS) * WAYS;
}

void word_cache_expect(const word_cache *cache, const word_key *key)
{
    __builtin_prefetch(find_set(cache, key));
}

static bool is_word(const word_entry *entry, const word_key *key)
{
    return ((entry->half[0] ^ key->half[0]) | (entry->half[1] ^ key->half[1]) | (entry->size ^ key->size)) == 0;
}

word_entry *word_cache_find(word_cache *cache, const word_key *key)
{
    word_entry *set = find_set(cache, key);
    if (is_word(&set[0], key))
        return &set[0];
    if (is_word(&set[1], key)) {
        word_entry found = set[1];
        set[1] = set[0];
        set[0] = found;
        return &set[0];
    }
    set[1] = (word_entry){.half = {key->half[0], key->half[1]}, .size = (unsigned char)key->size};
    return &set[1];
}
