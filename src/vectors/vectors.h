/* Pre-trained word vectors: the rows of a file for the words that are wanted. */
#ifndef VECTORS_VECTORS_H
#define VECTORS_VECTORS_H

#include "base/intern.h"
#include "vectors/vector_format.h"
#include "vectors/vector_input.h"

#define VECTORS_NONE UINT32_MAX

typedef struct vectors {
    vector_kind kind;
    uint32_t dimensions;
    uint32_t width;       /* dimensions that are asked for; 0: any */
    const intern *wanted; /* borrowed; NULL: all the words of the file, which stand in own */
    intern own;
    uint32_t *place; /* [words]: which row of values, or VECTORS_NONE */
    size_t place_capacity;
    float *values;         /* [stored][dimensions] */
    size_t value_capacity; /* in floats */
    uint32_t stored;
    uint32_t found;     /* words with a vector */
    uint32_t composed;  /* of them: from sub-words alone */
    uint64_t declared;  /* rows as the header has it; 0 where there is none */
    uint64_t rows;      /* of the file, those below too */
    uint64_t bad;       /* skipped: of a wrong length, not finite, with a word of over 255 bytes */
    uint64_t first_bad; /* number of the first of them, from 1 */
    uint64_t not_utf8;  /* skipped: the word is not UTF-8 */
    uint64_t repeated;  /* rows of a kept word that stood before: the first one counts */
    uint64_t digest[2]; /* XXH3-128 of the file's bytes, unpacked: high, low */
    uint64_t tokens;    /* VECTORS_LEARNED: of the text */
} vectors;

struct heed_vectors {
    vectors vectors;
    intern wanted; /* of heed_vectors_load with words */
};

/* Reads a file of any kind; memory goes to the words that are kept alone. wanted may be NULL and must outlive out.
 * width: the dimensions that are asked for, 0: any. Errors: HEED_FAILED; HEED_USAGE (another width); HEED_BAD_DATA for
 * what cannot be opened, is no vector file, is cut short (binary) or has more than 1% bad rows; HEED_STOPPED (the
 * listener). out is empty then. */
heed_status vectors_read(vectors *out, const char *path, const intern *wanted, uint32_t width,
                         const heed_listener *listener, heed_error *error);
/* The same from an input. */
heed_status vectors_read_input(vectors *out, vector_input *in, const intern *wanted, uint32_t width, heed_error *error);
void vectors_release(vectors *v);

static inline const intern *vectors_words(const vectors *v)
{
    return v->wanted != NULL ? v->wanted : &v->own;
}
/* The vector of a word by its number, NULL where there is none. */
static inline const float *vectors_row(const vectors *v, uint32_t number)
{
    return v->place[number] == VECTORS_NONE ? NULL : v->values + (size_t)v->place[number] * v->dimensions;
}

/* ---- for the readers of the formats */

/* The number of a word that is to be kept, or INTERN_NONE; a new one has no vector yet. */
heed_status vectors_number(uint32_t *out, vectors *v, heed_bytes word, heed_error *error);
/* Room for a word's vector, zeros so far, and its place; borrowed until the next call. */
heed_status vectors_add(float **out, vectors *v, uint32_t number, heed_error *error);
/* Refuses dimensions that are not those asked for. */
heed_status vectors_check_width(const vectors *v, const char *name, heed_error *error);
/* Counts a row that is not VECTOR_ROW_FINE; v->rows counts it already. */
void vectors_skip(vectors *v, bool not_utf8);

#endif
