/* A cache of the pieces of short words, which may be emptied at any time without changing results. Most words of a text
 * are some of a few thousand. */
#ifndef TOKENIZER_PIECE_CACHE_H
#define TOKENIZER_PIECE_CACHE_H

#include "base/word_key.h"
#include "tokenizer/token_model.h"

enum { PIECES_KEPT = 5 };

typedef struct piece_entry {
    uint64_t half[2];          /* as in the key of its word */
    unsigned char size, count; /* size 0: no word */
    word_piece pieces[PIECES_KEPT];
} piece_entry;

/* Begins as {0}. */
typedef struct piece_cache {
    void *memory;
    piece_entry *entries; /* points into memory, on a cache line */
} piece_cache;

heed_status piece_cache_prepare(piece_cache *cache, heed_error *error);
void piece_cache_release(piece_cache *cache);

/* The entry of a word that is not empty; its size is 0 if the word is not known: then the caller fills all of it but
 * the word, and sets the size. Valid until the next call. */
piece_entry *piece_cache_find(piece_cache *cache, const word_key *key);

#endif
