/* What texts are compared by: their runs of 5 words, as digests; of a text with fewer words, its words. */
#ifndef CHECK_SHINGLES_H
#define CHECK_SHINGLES_H

#include "heed.h"

enum { SHINGLE_WORDS = 5 };

typedef struct shingles {
    uint64_t *items;
    size_t count, capacity;
} shingles;

/* Of the words of a text, in their order. */
heed_status shingles_make(shingles *out, const heed_token *words, size_t count, heed_error *error);
/* Sorts them, each once. */
void shingles_sort(shingles *s);
/* The Jaccard similarity of two sorted sets, of which one is not empty: how many are in both, divided by how many are
 * in one. */
double shingles_similarity(const shingles *a, const shingles *b);
void shingles_release(shingles *s);

#endif
