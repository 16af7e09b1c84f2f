#define XXH_INLINE_ALL
#include "text/word_cache.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/status.h"

/* Sets of words with the same digest: a word moves up when it is met again, a new one takes the place of the last, so
 * that rare words do not drive out common ones. One megabyte a thread. */
enum { SETS = 1 << 13, WAYS = 4, ENTRIES = SETS * WAYS, LINE = 64 };

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
    /* calloc leaves fresh pages alone, so that a few words cost a few of them */
    cache->memory = memory_array(ENTRIES * sizeof *cache->entries + LINE, 1);
    if (cache->memory == NULL)
        return fail_memory(error, "a word cache");
    uintptr_t at = (uintptr_t)cache->memory;
    cache->entries = (word_entry *)(void *)((char *)cache->memory + (LINE - at % LINE) % LINE);
    return HEED_OK;
}

static bool is_word(const word_entry *entry, heed_bytes word)
{
    return entry->size == word.size && memcmp(entry->word, word.data, word.size) == 0;
}

word_entry *word_cache_find(word_cache *cache, heed_bytes word)
{
    if (cache->entries == NULL || word.size == 0 || word.size > WORD_CACHE_LONGEST)
        return NULL;
    word_entry *set = cache->entries + XXH3_64bits(word.data, word.size) % SETS * WAYS;
    if (is_word(&set[0], word))
        return &set[0];
    for (unsigned way = 1; way < WAYS; way++)
        if (is_word(&set[way], word)) {
            word_entry found = set[way];
            set[way] = set[way - 1];
            set[way - 1] = found;
            return &set[way - 1];
        }
    word_entry *last = &set[WAYS - 1];
    last->fate = WORD_UNKNOWN;
    last->size = (unsigned char)word.size;
    memcpy(last->word, word.data, word.size);
    return last;
}
