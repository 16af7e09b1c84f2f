/* What became of words seen before. Most tokens are one of a few thousand words, so a small table that forgets is
 * enough; it may be missing or emptied at any time without changing an answer. */
#ifndef TEXT_WORD_CACHE_H
#define TEXT_WORD_CACHE_H

#include "heed.h"

#define WORD_CACHE_LONGEST 21 /* bytes of a word; longer ones are not kept */

typedef enum word_fate { WORD_UNKNOWN, WORD_STAYS, WORD_CHANGES, WORD_DROPPED } word_fate;

typedef struct word_entry {
    char word[WORD_CACHE_LONGEST];
    unsigned char size, fate, lemma_size;
    const char *lemma; /* static bytes, for a word that changes */
} word_entry;

typedef struct word_cache {
    void *memory;
    word_entry *entries; /* in it, on a cache line; NULL: not in use */
    uint64_t rules; /* digest of the rules the entries were made by */
} word_cache;

void word_cache_release(word_cache *cache);
/* Makes it ready for words under these rules, empty if it held words under others. */
heed_status word_cache_prepare(word_cache *cache, uint64_t rules, heed_error *error);
/* The entry of a word: known, or WORD_UNKNOWN and to be filled by the caller (fate, and the lemma where it changes).
 * NULL for a word that is not kept. */
word_entry *word_cache_find(word_cache *cache, heed_bytes word);

#endif
