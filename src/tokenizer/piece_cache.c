#include "tokenizer/piece_cache.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* Pairs of words with the same digest: the word found last is the first of its pair, a new one replaces the second. Two
 * megabytes. */
enum { PAIRS = 1 << 14, LINE = 64 };

heed_status piece_cache_prepare(piece_cache *cache, heed_error *error)
{
    cache->memory = memory_array(2 * PAIRS * sizeof *cache->entries + LINE, 1);
    if (cache->memory == NULL)
        return fail_memory(error, "a word cache");
    uintptr_t at = (uintptr_t)cache->memory;
    cache->entries = (piece_entry *)(void *)((char *)cache->memory + (LINE - at % LINE) % LINE);
    return HEED_OK;
}

void piece_cache_release(piece_cache *cache)
{
    free(cache->memory);
    *cache = (piece_cache){0};
}

static bool is_word(const piece_entry *entry, const word_key *key)
{
    return ((entry->half[0] ^ key->half[0]) | (entry->half[1] ^ key->half[1]) | (entry->size ^ key->size)) == 0;
}

piece_entry *piece_cache_find(piece_cache *cache, const word_key *key)
{
    piece_entry *pair = cache->entries + (size_t)(key->digest % PAIRS) * 2;
    if (is_word(&pair[0], key))
        return &pair[0];
    piece_entry second = pair[1];
    if (is_word(&second, key)) {
        pair[1] = pair[0];
        pair[0] = second;
        return &pair[0];
    }
    pair[1] = (piece_entry){.half = {key->half[0], key->half[1]}};
    return &pair[1];
}
