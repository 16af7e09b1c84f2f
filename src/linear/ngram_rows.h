/* The words and bigrams of many rows. */
#ifndef LINEAR_NGRAM_ROWS_H
#define LINEAR_NGRAM_ROWS_H

#include "base/pool.h"
#include "linear/ngrams.h"

/* The features of examples that are whole texts. */
heed_status ngram_rows_make(sparse_rows *out, const ngrams *features, const examples *rows, pool *workers,
                            heed_error *error);

/* What turns the values of rows into those of a model that has learned its features from a part of these rows: scale
 * [F] is the idf of the part divided by that of all rows; 0 of features that fewer than min_count of the part have. */
heed_status ngram_rows_scale(float *scale, const ngrams *features, const sparse_rows *rows, sparse_part part,
                             uint32_t min_count, heed_error *error);
/* The values of a part of the rows by this scale. */
heed_status ngram_rows_weigh(sparse_rows *out, const float *scale, const sparse_rows *rows, sparse_part part,
                             heed_error *error);

#endif
