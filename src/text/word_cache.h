/* A cache of what words become. Most tokens are one of a few thousand words, so a small table that forgets is enough;
 * it may be missing or emptied at any time without changing results. */
#ifndef TEXT_WORD_CACHE_H
#define TEXT_WORD_CACHE_H

#include <string.h>

#include "heed.h"

#define WORD_CACHE_LONGEST 16 /* bytes of a word; longer ones, less than one in a thousand, are not kept */

/* A short word by value, so that comparing and hashing it needs no loop. */
typedef struct word_key {
    uint64_t half[2]; /* its bytes, then zeros */
    uint32_t size;
    uint32_t digest;
} word_key;

typedef enum word_status { WORD_UNKNOWN, WORD_STAYS, WORD_CHANGES, WORD_DROPPED } word_status;

typedef struct word_entry {
    uint64_t half[2];  /* as in its key */
    const char *lemma; /* static bytes, for a word that changes; else NULL */
    unsigned char size, status;
    unsigned char lemma_size; /* if the word is unchanged, its own size */
} word_entry;

typedef struct word_cache {
    void *memory;
    word_entry *entries; /* points into memory, on a cache line; NULL: not in use */
    uint64_t rules;      /* digest of the rules the entries were made by */
} word_cache;

void word_cache_release(word_cache *cache);
/* Prepares it for words under these rules; clears it if the rules have changed. */
heed_status word_cache_prepare(word_cache *cache, uint64_t rules, heed_error *error);

/* The key of a word of at most WORD_CACHE_LONGEST bytes. This many must be readable from its beginning, whatever its
 * size. */
static inline word_key word_key_of(heed_bytes word)
{
    static const unsigned char kept[2 * WORD_CACHE_LONGEST] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                               255, 255, 255, 255, 255, 255, 255, 255};
    uint64_t bytes[2], mask[2];
    memcpy(bytes, word.data, sizeof bytes);
    memcpy(mask, kept + WORD_CACHE_LONGEST - word.size, sizeof mask);
    word_key key = {{bytes[0] & mask[0], bytes[1] & mask[1]}, (uint32_t)word.size, 0};
    /* odd constants spread the bits; the upper half of the last product depends on all of them */
    uint64_t mixed = key.half[1] * 0x9E3779B97F4A7C15u;
    mixed = (key.half[0] ^ (mixed << 32 | mixed >> 32)) * 0xD6E8FEB86659FD93u;
    key.digest = (uint32_t)((mixed ^ mixed >> 32) * 0x9E3779B97F4A7C15u >> 32);
    return key;
}

/* Prefetches the memory where the word would be. */
void word_cache_expect(const word_cache *cache, const word_key *key);
/* The entry of a word: known, or WORD_UNKNOWN and to be filled by the caller (status, and what the word becomes). It is
 * valid until the next call. */
word_entry *word_cache_find(word_cache *cache, const word_key *key);

#endif
