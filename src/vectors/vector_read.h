/* Vector files that are rows of a word and its numbers. */
#ifndef VECTORS_VECTOR_READ_H
#define VECTORS_VECTOR_READ_H

#include "vectors/vector_store.h"

/* One row per line: GloVe, word2vec's text. */
void vector_rows_read_text(vectors *v, vector_input *in);
/* word2vec's binary format: word, space, floats, maybe a line end. */
void vector_rows_read_binary(vectors *v, vector_input *in);

#endif
