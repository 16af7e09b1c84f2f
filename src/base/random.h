/* Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"),
 * from Random123. A number is a pure function of its purpose and place, never of earlier draws. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

typedef enum random_purpose {
    RANDOM_INIT,     /* initial weights: layer, tensor as row */
    RANDOM_DROPOUT,  /* layer, epoch, training row, element */
    RANDOM_SHUFFLE,  /* epoch */
    RANDOM_SPLIT,    /* validation split: row is the group's digest folded */
    RANDOM_RESAMPLE, /* bootstrap: layer 0 draws rows, 1 trials; row is the resample. Layer 2: a report's rows */
    RANDOM_VECTORS,  /* learning word vectors: layer is the purpose, then epoch; row is a word or block of the text */
    RANDOM_EXPLAIN,  /* faithfulness: layer is the purpose, epoch the number of the draw, row that of the sample */
    RANDOM_ENCODER   /* dropout in an encoder: counters of its own (math/kernels.h, drop) */
} random_purpose;

typedef struct random_key {
    uint64_t seed;
    random_purpose purpose;
    uint32_t layer; /* up to 255 */
    uint32_t epoch; /* up to 65535 */
    uint32_t row;
} random_key;

/* Philox itself: four random words, a function of seed and counter. The counter's last word is 0 with a random_key, 1 in
 * the trials of heed_tune, and more in an encoder's dropout. */
void random_words(uint32_t out[4], uint64_t seed, const uint32_t counter[4]);
/* Four random words for elements 4 * block ... 4 * block + 3. */
void random_block(uint32_t out[4], random_key key, uint32_t block);
/* One random word of an element. */
uint32_t random_word(random_key key, uint32_t element);
/* Uniform in [0, 1), 24 bits. */
static inline double random_unit(uint32_t word)
{
    return (double)(word >> 8) * (1.0 / 16777216.0);
}
/* Shuffles numbers by Fisher and Yates with the key's words. */
void random_shuffle(uint32_t *numbers, uint32_t count, random_key key);

#endif
