/* The embedded sample of WordNet's definitions: how tools/make_glosses.c lays it out and glosses.c reads it.
 *
 *   header    for each part: size of its rows, size of them packed (32 bits each, little-endian)
 *   parts     train, validation, test: the rows as tab-separated text, packed by zlib, one after the other */
#ifndef ROWS_GLOSSES_H
#define ROWS_GLOSSES_H

#include "heed.h"

enum { GLOSSES_PARTS = 3, GLOSSES_HEADER = 8 * GLOSSES_PARTS };

/* Unpacks one part of a blob; a NUL comes after it, heed_free releases it. HEED_BAD_DATA if the blob's sizes and
 * bytes do not agree. */
heed_status glosses_unpack(char **out, size_t *size, const unsigned char *blob, size_t blob_size, size_t part,
                           heed_error *error);

#endif
