/* Disjoint sets of numbers from 0 on, which can be joined (Galler & Fischer 1964, with path halving). */
#ifndef BASE_DISJOINT_SETS_H
#define BASE_DISJOINT_SETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct disjoint_sets {
    uint32_t *parent, *size; /* [count]: each number leads to the least one of its set, which has its size */
} disjoint_sets;

/* Every number by itself. False: memory. Release it in any case. */
bool disjoint_sets_init(disjoint_sets *out, size_t count);
void disjoint_sets_release(disjoint_sets *d);
/* The least number of the set that this one is in. */
uint32_t disjoint_sets_first(const disjoint_sets *d, uint32_t number);
/* Joins the sets of two numbers, unless the new one would have more than `most`. */
void disjoint_sets_join(disjoint_sets *d, uint32_t one, uint32_t other, size_t most);

#endif
