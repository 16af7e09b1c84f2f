/* fastText's .bin: a dictionary, and vectors of words and of their sub-words (Bojanowski et al. 2017, "Enriching word
 * vectors with subword information"). */
#ifndef VECTORS_SUBWORD_MODEL_H
#define VECTORS_SUBWORD_MODEL_H

#include "vectors/vectors.h"

enum { SUBWORD_HEADER = 92 }; /* bytes, the magic number with them */

typedef struct subword_header {
    uint32_t dimensions, buckets, shortest, longest; /* characters of a sub-word; longest 0: there are none */
    uint32_t entries, words;                         /* of the dictionary; words come first, labels behind them */
} subword_header;

/* data: the first SUBWORD_HEADER bytes. Errors: HEED_BAD_DATA for numbers that no model of ours to read has. */
heed_status subword_header_parse(subword_header *out, const char *data, const char *name, heed_error *error);
/* The bucket of a sub-word. */
uint32_t subword_bucket(const subword_header *h, heed_bytes subword);
/* Reads vectors of wanted words: a known word is the mean of its own row and those of its sub-words, an unknown one the
 * mean of its sub-words. The window of `in` holds the file's beginning. */
heed_status subword_model_read(vectors *v, vector_input *in, heed_error *error);

#endif
