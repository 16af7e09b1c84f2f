/* Writing word2vec's formats. */
#ifndef VECTORS_VECTOR_WRITE_H
#define VECTORS_VECTOR_WRITE_H

#include "heed.h"

/* Whether a file can contain the word: 1 to LONGEST_VECTOR_WORD bytes, no line end; in a binary file no space either.
 */
bool vector_word_fits(heed_bytes word, bool binary);

#endif
