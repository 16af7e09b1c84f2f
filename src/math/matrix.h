/* A matrix as a view of numbers that somebody else owns. Views are small and passed by value. Parts of a matrix and its
 * transpose are views too, so they copy nothing. Views of weights are only read. */
#ifndef MATH_MATRIX_H
#define MATH_MATRIX_H

#include <stddef.h>

#include "math/real.h"

typedef struct matrix {
    real *data;
    int rows, columns;
    ptrdiff_t row, step; /* distance between rows, and between the elements of a row */
} matrix;

/* Rows are one after the other. */
static inline matrix matrix_of(const real *data, int rows, int columns)
{
    return (matrix){(real *)data, rows, columns, columns, 1};
}

/* Rows are `row` numbers apart. */
static inline matrix matrix_spaced(const real *data, int rows, int columns, ptrdiff_t row)
{
    return (matrix){(real *)data, rows, columns, row, 1};
}

static inline matrix transposed(matrix m)
{
    return (matrix){m.data, m.columns, m.rows, m.step, m.row};
}

static inline real *matrix_row(matrix m, int row)
{
    return m.data + row * m.row;
}

static inline matrix matrix_rows(matrix m, int first, int count)
{
    return (matrix){m.data + first * m.row, count, m.columns, m.row, m.step};
}

static inline matrix matrix_columns(matrix m, int first, int count)
{
    return (matrix){m.data + first * m.step, m.rows, count, m.row, m.step};
}

/* How many numbers it has. */
static inline size_t matrix_count(matrix m)
{
    return (size_t)m.rows * (size_t)m.columns;
}

#endif
