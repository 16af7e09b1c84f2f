/* Word vectors in memory, as the readers of the formats fill them. */
#ifndef VECTORS_VECTOR_STORE_H
#define VECTORS_VECTOR_STORE_H

#include "base/intern.h"
#include "vectors/vector_format.h"
#include "vectors/vector_input.h"
#include "vectors/vector_row.h"

#define VECTORS_NONE UINT32_MAX

typedef struct vectors {
    vector_kind kind;
    uint32_t dimensions;
    uint32_t width;       /* required dimensions; 0: any */
    const intern *wanted; /* borrowed; NULL: all words of the file, which are in own */
    intern own;
    uint32_t *place; /* [words]: which row of values, or VECTORS_NONE */
    size_t place_capacity;
    float *values;         /* [stored][dimensions] */
    size_t value_capacity; /* in floats */
    uint32_t stored;
    uint32_t found;     /* words with a vector */
    uint32_t composed;  /* of them: made only of sub-words */
    uint64_t declared;  /* number of rows in the header; 0: none */
    uint64_t rows;      /* of the file, those below too */
    uint64_t bad;       /* skipped: wrong length, not finite, or a word of over 255 bytes */
    uint64_t first_bad; /* number of the first of them, from 1 */
    uint64_t not_utf8;  /* skipped: the word is not UTF-8 */
    uint64_t repeated;  /* repeated rows of a kept word: the first one counts */
    uint64_t digest[2]; /* XXH3-128 of the file's uncompressed bytes: high, low */
    uint64_t tokens;    /* VECTORS_LEARNED: of the text */
} vectors;

void vectors_release(vectors *v);

static inline const intern *vectors_words(const vectors *v)
{
    return v->wanted != NULL ? v->wanted : &v->own;
}
/* The vector of a word by its number, NULL if it has none. */
static inline const float *vectors_row(const vectors *v, uint32_t number)
{
    return v->place[number] == VECTORS_NONE ? NULL : v->values + (size_t)v->place[number] * v->dimensions;
}

/* ---- for the readers of the formats; the input keeps what fails */

/* Begins without vectors, with room for those of the wanted words. */
void vectors_begin(vectors *v, vector_input *in, const intern *wanted, uint32_t width);
/* The number of a word if it is to be kept, else INTERN_NONE; a new one has no vector yet. */
uint32_t vectors_number(vectors *v, vector_input *in, heed_bytes word);
/* Room for a word's vector, zeroed, and its place; borrowed until the next call. NULL on failure. */
float *vectors_add(vectors *v, vector_input *in, uint32_t number);
/* Takes a row as it was read: keeps it if its word is wanted and new, else counts it. */
void vectors_take_row(vectors *v, vector_input *in, vector_row row, heed_bytes word, const float *values);
/* Counts a row that is not VECTOR_ROW_FINE; v->rows counts it already. */
void vectors_skip(vectors *v, bool not_utf8);
/* Fails if these are not the required dimensions (HEED_USAGE). */
void vectors_check_width(const vectors *v, vector_input *in);

#endif
