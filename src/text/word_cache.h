/* A cache of what words become. Most tokens are one of a few thousand words, so a small table that forgets is enough;
 * it may be missing or emptied at any time without changing results. */
#ifndef TEXT_WORD_CACHE_H
#define TEXT_WORD_CACHE_H

#include "base/word_key.h"

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

/* Prefetches the memory where the word would be. */
void word_cache_expect(const word_cache *cache, const word_key *key);
/* The entry of a word: known, or WORD_UNKNOWN and to be filled by the caller (status, and what the word becomes). It is
 * valid until the next call. */
word_entry *word_cache_find(word_cache *cache, const word_key *key);

#endif
