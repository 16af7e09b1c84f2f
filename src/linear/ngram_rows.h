/* The words and bigrams of many rows. */
#ifndef LINEAR_NGRAM_ROWS_H
#define LINEAR_NGRAM_ROWS_H

#include "base/pool.h"
#include "linear/ngrams.h"

/* The features of examples that are whole texts. */
heed_status ngram_rows_make(sparse_rows *out, const ngrams *features, const examples *rows, pool *workers,
                            heed_error *error);

#endif
