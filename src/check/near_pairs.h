/* All pairs of texts that are nearly equal, without a look at all pairs. */
#ifndef CHECK_NEAR_PAIRS_H
#define CHECK_NEAR_PAIRS_H

#include "base/pool.h"

#define NEAR_LEAST 0.8 /* the Jaccard similarity of their shingles */

typedef struct near_pair {
    uint32_t one, other; /* one < other */
    double similarity;
} near_pair;

typedef struct near_pairs {
    near_pair *items; /* sorted */
    size_t count;
} near_pairs;

typedef struct near_source {
    const uint32_t *sketches; /* [count][SKETCH] */
    uint32_t count;
    /* The similarity of two texts, on any thread. */
    heed_status (*similarity)(double *out, void *user, uint32_t one, uint32_t other, unsigned worker,
                              heed_error *error);
    void *user;
} near_source;

/* Texts that agree at all places of one of 20 bands of 5 places are compared: of pairs with a similarity of 0.8 this
 * misses one in 2,800, of more similar ones fewer (Leskovec et al. 2020, "Mining of massive datasets", section 3.4). No
 * pair is reported whose similarity is less. Of a band that more than 32 texts share each is compared with the first
 * and the three before it, so that thousands of nearly equal texts take no longer than others: they are then all found,
 * but not all of their pairs. */
heed_status near_pairs_find(near_pairs *out, const near_source *source, pool *workers, heed_error *error);
void near_pairs_release(near_pairs *pairs);

#endif
