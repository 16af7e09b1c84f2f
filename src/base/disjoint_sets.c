#include "base/disjoint_sets.h"

#include <stdlib.h>

#include "base/memory.h"

bool disjoint_sets_init(disjoint_sets *out, size_t count)
{
    *out = (disjoint_sets){memory_array(count, sizeof *out->parent), memory_array(count, sizeof *out->size)};
    bool fine = out->parent != NULL && out->size != NULL;
    for (size_t i = 0; i < count && fine; i++) {
        out->parent[i] = (uint32_t)i;
        out->size[i] = 1;
    }
    return fine;
}

void disjoint_sets_release(disjoint_sets *d)
{
    free(d->parent);
    free(d->size);
    *d = (disjoint_sets){0};
}

uint32_t disjoint_sets_first(const disjoint_sets *d, uint32_t number)
{
    while (d->parent[number] != number) {
        d->parent[number] = d->parent[d->parent[number]];
        number = d->parent[number];
    }
    return number;
}

void disjoint_sets_join(disjoint_sets *d, uint32_t one, uint32_t other, size_t most)
{
    uint32_t a = disjoint_sets_first(d, one), b = disjoint_sets_first(d, other);
    if (a == b || d->size[a] > most || d->size[b] > most - d->size[a])
        return;
    uint32_t first = a < b ? a : b, second = a < b ? b : a;
    d->parent[second] = first;
    d->size[first] += d->size[second];
}
