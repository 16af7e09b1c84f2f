/* Kernels in which few elements or none depend on others: plain loops that compilers turn into vectors by themselves. Included
 * by every table's source, so each gets them for its own instruction set, with the same bits in all. */
#ifndef MATH_KERNELS_LOOPS_H
#define MATH_KERNELS_LOOPS_H

#include "math/kernels.h"

static double squares(size_t n, const real *x)
{
    enum { SUMS = 16 };
    double sum[SUMS] = {0}, total = 0;
    size_t i = 0;
    for (; n - i >= SUMS; i += SUMS)
        for (size_t j = 0; j < SUMS; j++)
            sum[j] += (double)(x[i + j] * x[i + j]);
    for (size_t j = 0; i + j < n; j++)
        sum[j] += (double)(x[i + j] * x[i + j]);
    for (size_t j = 0; j < SUMS; j++)
        total += sum[j];
    return total;
}

static void relu(size_t n, real *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = x[i] < 0 ? 0 : x[i]; /* NaN stays NaN */
}

static void relu_backward(size_t n, const real *restrict y, real *restrict d)
{
    for (size_t i = 0; i < n; i++)
        d[i] = y[i] > 0 ? d[i] : 0;
}

static void largest(size_t n, const real *restrict x, real *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > y[i] || x[i] != x[i] ? x[i] : y[i]; /* NaN stays NaN */
}

static void largest_backward(size_t n, const real *restrict x, const real *restrict y, real *restrict dx,
                             real *restrict dy)
{
    for (size_t i = 0; i < n; i++) {
        real share = x[i] == y[i] ? dy[i] : 0;
        dx[i] += share;
        dy[i] = x[i] == y[i] ? 0 : dy[i];
    }
}

static void multiply(size_t n, const real *restrict a, const real *restrict b, real *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] * b[i];
}

static void multiply_add(size_t n, const real *restrict a, const real *restrict b, real *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a[i] * b[i];
}

static void softmax_slope(size_t n, real factor, real mean, const real *restrict weights, real *restrict d)
{
    for (size_t i = 0; i < n; i++)
        d[i] = factor * weights[i] * (d[i] - mean);
}

#define LOOP_KERNELS                                                                                \
    .squares = squares, .relu = relu, .relu_backward = relu_backward, .largest = largest,           \
    .largest_backward = largest_backward, .multiply = multiply, .multiply_add = multiply_add,       \
    .softmax_slope = softmax_slope

#endif
