#include "linear/linear_parts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* The features of a row, and how often each occurs. */
typedef struct placed_features {
    sparse_value *values; /* [count], sorted by index */
    size_t count;
    uint32_t *places; /* [count] */
} placed_features;

static int compare_index(const void *a, const void *b)
{
    uint32_t x = ((const sparse_value *)a)->index, y = ((const sparse_value *)b)->index;
    return x < y ? -1 : x > y;
}

static size_t find_feature(const placed_features *f, uint32_t index)
{
    const sparse_value key = {.index = index};
    const sparse_value *found = bsearch(&key, f->values, f->count, sizeof *f->values, compare_index);
    return (size_t)(found - f->values);
}

static void count_places(placed_features *f, const ngrams *n, const uint32_t *ids, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint32_t ending[2];
        size_t found = ngrams_ending(n, ids, i, ending);
        for (size_t j = 0; j < found; j++)
            f->places[find_feature(f, ending[j])]++;
    }
}

/* The part of one occurrence of a feature. */
static double share(const placed_features *f, const linear *l, uint32_t index, linear_logit logit)
{
    size_t i = find_feature(f, index);
    return logit.sign * (double)f->values[i].value *
           (double)l->fit.weights[(size_t)index * l->fit.outputs + logit.output] / f->places[i];
}

static void add_shares(double *parts, const placed_features *f, const linear *l, const uint32_t *ids, size_t length,
                       linear_logit logit)
{
    for (size_t i = 0; i < length; i++) {
        uint32_t ending[2];
        size_t found = ngrams_ending(&l->features, ids, i, ending);
        if (found > 0)
            parts[i] += share(f, l, ending[0], logit);
        if (found > 1) {
            double half = share(f, l, ending[1], logit) / 2;
            parts[i] += half;
            parts[i - 1] += half;
        }
    }
}

heed_status linear_add_parts(double *parts, const linear *l, const uint32_t *ids, size_t length, linear_logit logit,
                             heed_error *error)
{
    placed_features f = {.values = memory_array(2 * length, sizeof *f.values),
                         .places = memory_array(2 * length, sizeof *f.places)};
    bool fine = f.values != NULL && f.places != NULL;
    if (fine) {
        f.count = ngrams_row(&l->features, ids, length, f.values);
        count_places(&f, &l->features, ids, length);
        add_shares(parts, &f, l, ids, length, logit);
    }
    free(f.values);
    free(f.places);
    return fine ? HEED_OK : fail_memory(error, "an explanation");
}
