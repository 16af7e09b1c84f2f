#include "math/transpose.h"

enum { TRANSPOSED_ROWS = 16 }; /* rows at a time, a line of out */

void matrix_transpose(matrix x, matrix out)
{
    int t = 0;
    for (; t + TRANSPOSED_ROWS <= x.rows; t += TRANSPOSED_ROWS)
        for (int i = 0; i < x.columns; i++) {
            const real *from = matrix_row(x, t) + i;
            real *to = matrix_row(out, i) + t;
            for (int j = 0; j < TRANSPOSED_ROWS; j++)
                to[j] = from[j * x.row];
        }
    for (; t < x.rows; t++)
        for (int i = 0; i < x.columns; i++)
            matrix_row(out, i)[t] = matrix_row(x, t)[i];
}
