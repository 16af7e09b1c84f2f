/* The features of many rows, by row and by feature. */
#ifndef LINEAR_SPARSE_H
#define LINEAR_SPARSE_H

#include "heed.h"

/* An entry of a sparse row or column: a feature of the row, or a row with the feature. */
typedef struct sparse_value {
    uint32_t index; /* of the feature, or of the row */
    float value;
} sparse_value;

typedef struct sparse_rows {
    sparse_value *values;
    size_t *first;  /* [count]: of a row in values */
    uint32_t *size; /* [count]: its features */
    uint32_t count;
} sparse_rows;

/* Some of N rows; borrowed. */
typedef struct sparse_part {
    const uint32_t *rows; /* [count] */
    uint32_t count;
} sparse_part;

typedef struct sparse_columns {
    sparse_value *values; /* of a feature, with increasing rows */
    size_t *first;        /* [count + 1] into values */
    size_t count;
} sparse_columns;

/* Zeroed rows with room for so many values; the caller sets where each row begins. what names the data. */
heed_status sparse_rows_init(sparse_rows *out, uint32_t count, size_t values, const char *what, heed_error *error);
/* A copy of some rows. */
heed_status sparse_rows_take(sparse_rows *out, const sparse_rows *rows, sparse_part part, heed_error *error);
/* Scales the values of a row to length 1; a row of zeros stays. */
void sparse_to_length_one(sparse_value *row, size_t count);
void sparse_rows_release(sparse_rows *rows);
/* The same numbers by feature. */
heed_status sparse_transpose(sparse_columns *out, const sparse_rows *rows, size_t features, heed_error *error);
void sparse_columns_release(sparse_columns *columns);
/* to [width] += sum over values of value * x[index] [width]: the product of a sparse row or column and a matrix. With
 * width 1 in a fixed order, else in that of the values. */
void sparse_add(double *to, const sparse_value *values, size_t count, const double *x, size_t width);
/* The same bits on any processor. */
void sparse_add_anywhere(double *to, const sparse_value *values, size_t count, const double *x, size_t width);

#endif
