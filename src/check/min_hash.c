#include "check/min_hash.h"

#include <string.h>

/* The hash of an element in a round: SplitMix64's last step (Steele et al. 2014). */
static uint64_t hash_in_round(uint64_t element, unsigned round)
{
    uint64_t h = element + (round + 1) * 0x9E3779B97F4A7C15u;
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9u;
    h = (h ^ h >> 27) * 0x94D049BB133111EBu;
    return h ^ h >> 31;
}

/* value: the round in front, so that an earlier one is smaller. Returns whether the place was empty. */
static unsigned put(uint64_t *place, uint64_t value)
{
    unsigned empty = *place == UINT64_MAX;
    *place = value < *place ? value : *place;
    return empty;
}

void min_hash_sketch(uint32_t out[SKETCH], const uint64_t *elements, size_t count)
{
    uint64_t least[SKETCH];
    unsigned filled = 0;
    memset(least, 0xFF, sizeof least);
    for (unsigned round = 0; filled < SKETCH; round++)
        for (size_t i = 0; i < count; i++) {
            uint64_t h = hash_in_round(elements[i], round), value = (uint64_t)round << 32 | (uint32_t)h;
            filled += put(&least[round < SKETCH ? (h >> 32) * SKETCH >> 32 : round - SKETCH], value);
        }
    for (unsigned i = 0; i < SKETCH; i++)
        out[i] = (uint32_t)(least[i] ^ (least[i] >> 32) * 0x85EBCA6Bu);
}

unsigned min_hash_agree(const uint32_t *a, const uint32_t *b)
{
    unsigned agree = 0;
    for (unsigned i = 0; i < SKETCH; i++)
        agree += a[i] == b[i];
    return agree;
}
