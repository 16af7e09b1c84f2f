/* "Did you mean": the known word nearest to what was typed. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "heed.h"

/* The word with the smallest edit distance (Levenshtein 1966), the first on a tie; "" where count is 0. */
const char *nearest_word(heed_bytes typed, const char *const *words, size_t count);

#endif
