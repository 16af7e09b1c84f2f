/* Short words as the keys of caches. */
#ifndef BASE_WORD_KEY_H
#define BASE_WORD_KEY_H

#include <string.h>

#include "heed.h"

#define WORD_CACHE_LONGEST 16 /* bytes of a word; longer ones, less than one in a thousand, are not kept */

/* A short word by value, so that comparing and hashing it needs no loop. */
typedef struct word_key {
    uint64_t half[2]; /* its bytes, then zeros */
    uint32_t size;
    uint32_t digest;
} word_key;

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

#endif
