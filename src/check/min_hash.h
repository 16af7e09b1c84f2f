/* Sketches of sets: two sketches agree at each place with a probability that is the Jaccard similarity of the sets.
 *
 * MinHash (Broder 1997, "On the resemblance and containment of documents") as Dahlgaard, Knudsen and Thorup compute it
 * (2017, "Fast similarity sketching"): in each round every element falls on one place by chance, where the smallest of
 * the first round that reached it stays; after that many rounds as there are places, round by round all elements fall
 * on one place. Most sets need a few rounds, where one hash for each place would need as many as there are places. */
#ifndef CHECK_MIN_HASH_H
#define CHECK_MIN_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { SKETCH = 100 }; /* places */

/* Of a set whose elements are digests, each any number of times; count > 0. */
void min_hash_sketch(uint32_t out[SKETCH], const uint64_t *elements, size_t count);
/* At how many places two sketches agree. */
unsigned min_hash_agree(const uint32_t *a, const uint32_t *b);

#endif
