/* Pre-trained word vectors: the rows of a file for wanted words. */
#ifndef VECTORS_VECTORS_H
#define VECTORS_VECTORS_H

#include "vectors/vector_store.h"

struct heed_vectors {
    vectors vectors;
    intern wanted; /* of heed_vectors_load with words */
    heed_vectors_info info;
};

/* Fills info, once the vectors are there. */
void vectors_fill_info(heed_vectors *v);
/* Reads a file of any kind; memory is used only for the words that are kept. wanted may be NULL and must outlive out.
 * width: the required dimensions, 0: any. Errors: HEED_FAILED; HEED_USAGE (another width); HEED_BAD_DATA for what
 * cannot be opened, is not a vector file, is cut short (binary) or has more than 1% bad rows; HEED_STOPPED (the
 * listener). out is empty then. */
heed_status vectors_read(vectors *out, const char *path, const intern *wanted, uint32_t width,
                         const heed_listener *listener, heed_error *error);
/* The same from an input. */
heed_status vectors_read_input(vectors *out, vector_input *in, const intern *wanted, uint32_t width);

#endif
