/* A transpose as a matrix of its own, where a view of it (matrix.h) does not do. */
#ifndef MATH_TRANSPOSE_H
#define MATH_TRANSPOSE_H

#include "math/matrix.h"

/* out [x.columns][x.rows] = x transposed; both have steps of 1 and do not overlap. */
void matrix_transpose(matrix x, matrix out);

#endif
