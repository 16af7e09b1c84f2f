/* Rows of vector files as byte ranges: a word and its numbers. */
#ifndef VECTORS_VECTOR_ROW_H
#define VECTORS_VECTOR_ROW_H

#include "heed.h"

enum { LONGEST_VECTOR_WORD = 255 }; /* bytes */

typedef enum vector_row { VECTOR_ROW_FINE, VECTOR_ROW_BAD, VECTOR_ROW_NOT_UTF8 } vector_row;

/* A line of text without its LF: the word, and `dimensions` numbers, each after a space. The word may contain spaces,
 * but must not end in one more number: then the row is too long. */
vector_row vector_row_parse(heed_bytes *word, float *values, uint32_t dimensions, heed_bytes line);
/* A word, followed by little-endian floats. */
vector_row vector_row_decode(float *values, uint32_t dimensions, heed_bytes word, const char *numbers);
/* With how many numbers a line ends; the first field is not counted. */
uint32_t vector_row_width(heed_bytes line);

#endif
