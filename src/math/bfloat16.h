/* bfloat16: the upper 16 bits of a float, and matrices of them. The product of two such numbers is exact in float. */
#ifndef MATH_BFLOAT16_H
#define MATH_BFLOAT16_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "math/real.h"

/* Rounded to nearest, ties to even. */
static inline uint16_t bfloat16_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint32_t nearest = bits + 0x7fff + (bits >> 16 & 1);
    return (uint16_t)((x != x ? bits | 0x400000 : nearest) >> 16); /* NaN stays NaN */
}

static inline float bfloat16_value(uint16_t x)
{
    uint32_t bits = (uint32_t)x << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void bfloat16_values(size_t count, const uint16_t *x, real *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = bfloat16_value(x[i]);
}

/* Pairs of bfloat16 numbers, the first one of each in the lower half; rows are `row` apart. */
typedef struct pair_matrix {
    uint32_t *data;
    int rows, columns;
    ptrdiff_t row;
} pair_matrix;

static inline uint32_t bfloat16_pair(real first, real second)
{
    return bfloat16_of((float)first) | (uint32_t)bfloat16_of((float)second) << 16;
}

/* How many pairs a bf16 matrix has (affine_bf16 in kernels.h). */
static inline size_t bf16_count(int depth, int columns)
{
    return ((size_t)depth + 1) / 2 * (size_t)columns;
}

/* bf16 [(depth + 1) / 2][columns] from w [depth][columns]. */
static inline void bf16_pack(int depth, int columns, const real *w, uint32_t *bf16)
{
    for (int k = 0; k < depth; k += 2, bf16 += columns, w += 2 * (ptrdiff_t)columns)
        for (int j = 0; j < columns; j++)
            bf16[j] = bfloat16_pair(w[j], k + 1 < depth ? w[columns + j] : 0);
}

#endif
