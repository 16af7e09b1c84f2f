/* Kernels that compilers can turn into vectors by themselves. Every table's source includes this file, so each gets
 * them for its own instruction set, with the same bits in all. */
#ifndef MATH_KERNELS_LOOPS_H
#define MATH_KERNELS_LOOPS_H

#include <math.h>
#include <string.h>

#include "math/kernels.h"
#include "math/kernels_down.h"
#include "math/kernels_drop.h"

static double sum_squares(size_t n, const real *x)
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

static void max_all(size_t n, const real *restrict x, real *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > y[i] || x[i] != x[i] ? x[i] : y[i]; /* NaN stays NaN */
}

static void max_backward(size_t n, const real *restrict x, const real *restrict y, real *restrict dx,
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

static void softmax_backward(size_t n, real factor, real mean, const real *restrict weights, real *restrict d)
{
    for (size_t i = 0; i < n; i++)
        d[i] = factor * weights[i] * (d[i] - mean);
}

enum { NORM_SUMS = 16 }; /* sums side by side, so that vectors of any length add in the same order */

/* The upper half is added to the lower one, until one number is left. Overwrites sum. */
static real sum_of_sums(real *sum)
{
    for (int half = NORM_SUMS / 2; half > 0; half /= 2)
        for (int j = 0; j < half; j++)
            sum[j] += sum[j + half];
    return sum[0];
}

static real sum_of(size_t n, const real *x)
{
    real sum[NORM_SUMS] = {0};
    size_t i = 0;
    for (; n - i >= NORM_SUMS; i += NORM_SUMS)
        for (size_t j = 0; j < NORM_SUMS; j++)
            sum[j] += x[i + j];
    for (size_t j = 0; i + j < n; j++)
        sum[j] += x[i + j];
    return sum_of_sums(sum);
}

static real sum_of_products(size_t n, const real *x, const real *y)
{
    real sum[NORM_SUMS] = {0};
    size_t i = 0;
    for (; n - i >= NORM_SUMS; i += NORM_SUMS)
        for (size_t j = 0; j < NORM_SUMS; j++)
            sum[j] += x[i + j] * y[i + j];
    for (size_t j = 0; i + j < n; j++)
        sum[j] += x[i + j] * y[i + j];
    return sum_of_sums(sum);
}

static real normalize(size_t n, const real *gamma, const real *beta, const real *x, real *restrict normal, real *y)
{
    real mean = sum_of(n, x) / (real)n;
    for (size_t i = 0; i < n; i++)
        normal[i] = x[i] - mean;
    real variance = sum_of_products(n, normal, normal) / (real)n;
    real inverse = 1 / (real)sqrt((double)(variance + NORM_EPSILON));
    for (size_t i = 0; i < n; i++)
        normal[i] *= inverse;
    for (size_t i = 0; i < n; i++)
        y[i] = gamma[i] * normal[i] + beta[i];
    return inverse;
}

/* network/layer_norm.c has the formulas; d is dy, then dn, then dx. */
static void normalize_backward(size_t n, real inverse, const real *restrict gamma, const real *restrict normal,
                               real *restrict dgamma, real *restrict d)
{
    for (size_t i = 0; i < n; i++) {
        dgamma[i] += d[i] * normal[i];
        d[i] *= gamma[i];
    }
    real mean_dn = sum_of(n, d) / (real)n, mean_dn_n = sum_of_products(n, d, normal) / (real)n;
    for (size_t i = 0; i < n; i++)
        d[i] = inverse * (d[i] - mean_dn - normal[i] * mean_dn_n);
}

static void widen_bfloat16(size_t n, const uint16_t *restrict x, real *restrict y)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = (uint32_t)x[i] << 16;
        float value;
        memcpy(&value, &bits, sizeof value);
        y[i] = value;
    }
}

static void widen_int8(size_t n, real factor, const int8_t *restrict x, real *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = factor * (real)x[i];
}

/* The table of a source file, whose own kernels have these names. */
#define KERNEL_TABLE(NAME)                                                                                             \
    {                                                                                                                  \
        .name = (NAME), .matmul = matmul_from, .lstm_forward = lstm_forward, .lstm_backward = lstm_backward,           \
        .gru_forward = gru_forward, .gru_backward = gru_backward, .tanh = tanh_all, .add = add_all, .scale = scale,    \
        .axpy = axpy, .dot = dot, .exchange = exchange, .sum_rows = sum_rows_of, .sum_listed = sum_listed,             \
        .adam = adam, .sgd = sgd, .adam_idle = adam_idle, .adam_fade = adam_fade, .exp = exp_all,                      \
        .softmax = softmax, .softmax_again = softmax_again, .affine_bf16 = affine_bf16_of,                             \
        .matmul_bf16 = matmul_bf16_of, .to_pairs = to_pairs_of,                                                    \
        .sum_squares = sum_squares, .relu = relu, .relu_backward = relu_backward, .max = max_all,                      \
        .max_backward = max_backward, .multiply = multiply, .multiply_add = multiply_add,                              \
        .softmax_backward = softmax_backward, .normalize = normalize, .normalize_backward = normalize_backward,        \
        .widen_bfloat16 = widen_bfloat16, .widen_int8 = widen_int8, .gelu = gelu, .gelu_backward = gelu_backward,      \
        .gelu_tanh = gelu_tanh, .gelu_tanh_backward = gelu_tanh_backward, .add_to_rows = add_to_rows,                  \
        .softmax_down = softmax_down, .softmax_down_again = softmax_down_again,                                        \
        .softmax_down_backward = softmax_down_backward, .normalize_down = normalize_down,                              \
        .normalize_down_again = normalize_down_again, .normalize_down_backward = normalize_down_backward,              \
        .drop = drop                                                                                                   \
    }

#endif
