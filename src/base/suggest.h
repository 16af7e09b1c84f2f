/* "Did you mean": the known word nearest to what was typed. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "heed.h"

/* The number of single-character edits between two words: insert, delete, replace, swap neighbours (optimal string
 * alignment, Boytsov 2011, section 2.2.1). Only the first 64 bytes of a word count. */
size_t edit_distance(heed_bytes a, heed_bytes b);
/* The nearest word, the first on a tie; "" where count is 0. */
const char *suggest_nearest(heed_bytes typed, const char *const *words, size_t count);

/* The nearest of words that are offered one by one; none if more than one letter and more than a third of them are
 * wrong.
 */
typedef struct suggestion {
    heed_bytes typed;
    const char *word; /* NULL: none is near so far */
    size_t distance;  /* of word; until there is one, the largest distance that is near enough */
} suggestion;

suggestion suggest_begin(heed_bytes typed);
void suggest_offer(suggestion *s, const char *word);

#endif
