#include "check/shingles.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/memory.h"

/* A run of words is a polynomial in this number, so that the order of the words counts. */
#define BASE 0x9E3779B97F4A7C15u

/* MurmurHash3's last step (Appleby): each bit of the sum changes each bit of the digest. */
static uint64_t mix(uint64_t sum)
{
    sum = (sum ^ sum >> 33) * 0xFF51AFD7ED558CCDu;
    sum = (sum ^ sum >> 33) * 0xC4CEB9FE1A85EC53u;
    return sum ^ sum >> 33;
}

/* Turns digests of words into those of runs. */
static void runs_make(shingles *s)
{
    if (s->count < SHINGLE_WORDS)
        return;
    s->count -= SHINGLE_WORDS - 1;
    for (size_t i = 0; i < s->count; i++) {
        uint64_t sum = 0;
        for (size_t k = 0; k < SHINGLE_WORDS; k++)
            sum = sum * BASE + s->items[i + k];
        s->items[i] = mix(sum);
    }
}

heed_status shingles_make(shingles *out, const heed_token *words, size_t count, heed_error *error)
{
    heed_status status = memory_grow(&out->items, &out->capacity, count + 1, sizeof *out->items, error);
    if (status != HEED_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        out->items[i] = XXH3_64bits(words[i].text.data, words[i].text.size);
    out->count = count;
    runs_make(out);
    return HEED_OK;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void shingles_sort(shingles *s)
{
    size_t kept = 0;
    if (s->count > 0)
        qsort(s->items, s->count, sizeof *s->items, by_value);
    for (size_t i = 0; i < s->count; i++)
        if (i == 0 || s->items[i] != s->items[kept - 1])
            s->items[kept++] = s->items[i];
    s->count = kept;
}

double shingles_similarity(const shingles *a, const shingles *b)
{
    size_t i = 0, k = 0, both = 0;
    while (i < a->count && k < b->count) {
        uint64_t x = a->items[i], y = b->items[k];
        both += x == y;
        i += x <= y;
        k += y <= x;
    }
    return (double)both / (double)(a->count + b->count - both);
}

void shingles_release(shingles *s)
{
    free(s->items);
    *s = (shingles){0};
}
