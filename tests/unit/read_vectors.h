/* For tests of vector files: reading them from memory. */
#ifndef UNIT_READ_VECTORS_H
#define UNIT_READ_VECTORS_H

#include "unit/made_rows.h"

#include "vectors/vectors.h"

#define BYTES(text) ((heed_bytes){text, sizeof(text) - 1})

/* Reads bytes that come in pieces. The name is "f". */
static inline heed_status read_bytes(vectors *v, heed_bytes data, size_t piece, const intern *wanted)
{
    vector_input in;
    must(vector_input_memory(&in, data, piece, "f", &made_error));
    heed_status status = vectors_read_input(v, &in, wanted, 0);
    vector_input_release(&in);
    return status;
}

static inline const float *row_of(const vectors *v, heed_bytes word)
{
    uint32_t number = intern_find(vectors_words(v), word);
    return number == INTERN_NONE ? NULL : vectors_row(v, number);
}

#endif
