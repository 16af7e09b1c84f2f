/* The features of many rows, by row and by feature. */
#ifndef LINEAR_SPARSE_H
#define LINEAR_SPARSE_H

#include "base/pool.h"
#include "linear/ngrams.h"

typedef struct sparse_rows {
    sparse_value *values;
    size_t *first;  /* [count]: of a row in values */
    uint32_t *size; /* [count]: its features */
    uint32_t count;
} sparse_rows;

typedef struct sparse_columns {
    sparse_value *values; /* of a feature, with increasing rows */
    size_t *first;        /* [count + 1] into values */
    size_t count;
} sparse_columns;

/* The features of examples that are whole texts. */
heed_status sparse_rows_make(sparse_rows *out, const ngrams *features, const examples *rows, pool *workers,
                             heed_error *error);
void sparse_rows_release(sparse_rows *rows);
/* The same numbers by feature. */
heed_status sparse_transpose(sparse_columns *out, const sparse_rows *rows, size_t features, heed_error *error);
void sparse_columns_release(sparse_columns *columns);

#endif
