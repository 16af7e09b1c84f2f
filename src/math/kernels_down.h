/* Kernels that go down the columns of a matrix, which compilers can turn into vectors across columns. kernels_loops.h
 * includes this file: every table has them, with the same bits in all. */
#ifndef MATH_KERNELS_DOWN_H
#define MATH_KERNELS_DOWN_H

#include <math.h>
#include <string.h>

#include "math/kernels.h"

/* Columns whose sums stay in registers. What works on a strip is compiled for whole ones, and again for the columns
 * that are left. */
enum { STRIP = 16 };

static void add_to_rows(const matrix *y, const real *bias, const matrix *x)
{
    for (int i = 0; i < y->rows; i++) {
        real *restrict yi = matrix_row(*y, i);
        const real *restrict xi = x == NULL ? NULL : matrix_row(*x, i);
        for (int j = 0; j < y->columns && xi == NULL; j++)
            yi[j] += bias[i];
        for (int j = 0; j < y->columns && xi != NULL; j++)
            yi[j] += bias[i] + xi[j];
    }
}

static inline __attribute__((always_inline)) void softmax_strip_backward(real scale, matrix weights, matrix d,
                                                                         const int width)
{
    real sum[STRIP] = {0};
    for (int i = 0; i < d.rows; i++)
        for (int j = 0; j < width; j++)
            sum[j] += matrix_row(weights, i)[j] * matrix_row(d, i)[j];
    for (int i = 0; i < d.rows; i++) {
        const real *restrict w = matrix_row(weights, i);
        real *restrict di = matrix_row(d, i);
        for (int j = 0; j < width; j++)
            di[j] = scale * w[j] * (di[j] - sum[j]);
    }
}

static void softmax_down_backward(real scale, const matrix *weights, const matrix *d)
{
    int j = 0;
    for (; j + STRIP <= d->columns; j += STRIP)
        softmax_strip_backward(scale, matrix_columns(*weights, j, STRIP), matrix_columns(*d, j, STRIP), STRIP);
    int left = d->columns - j;
    if (left > 0)
        softmax_strip_backward(scale, matrix_columns(*weights, j, left), matrix_columns(*d, j, left), left);
}

/* Mean 0 and variance 1 in every column of x; inverse [width]: 1 / the deviation that it had. */
static inline __attribute__((always_inline)) void standardize_strip(real epsilon, matrix x, real *inverse,
                                                                    const int width)
{
    real sum[STRIP] = {0}, squares[STRIP] = {0};
    for (int i = 0; i < x.rows; i++)
        for (int j = 0; j < width; j++)
            sum[j] += matrix_row(x, i)[j];
    for (int j = 0; j < width; j++)
        sum[j] /= (real)x.rows;
    for (int i = 0; i < x.rows; i++) {
        real *xi = matrix_row(x, i);
        for (int j = 0; j < width; j++) {
            xi[j] -= sum[j];
            squares[j] += xi[j] * xi[j];
        }
    }
    for (int j = 0; j < width; j++)
        inverse[j] = 1 / (real)sqrt((double)(squares[j] / (real)x.rows + epsilon));
    for (int i = 0; i < x.rows; i++)
        for (int j = 0; j < width; j++)
            matrix_row(x, i)[j] *= inverse[j];
}

/* One way for the norm and for what is computed from its n again, so that both have the same bits. */
static __attribute__((noinline)) void scale_row(int count, real gamma, real beta, const real *n, real *y)
{
    for (int j = 0; j < count; j++)
        y[j] = gamma * n[j] + beta;
}

static void normalize_down_again(const norm_down *norm, const matrix *normal, const matrix *y)
{
    for (int i = 0; i < y->rows; i++)
        scale_row(y->columns, norm->gamma[i], norm->beta[i], matrix_row(*normal, i), matrix_row(*y, i));
}

static void normalize_down(const norm_down *norm, const matrix *x, const matrix *normal, real *inverse)
{
    for (int j = 0; j < x->columns; j += STRIP) {
        real deviations[STRIP];
        if (j + STRIP <= x->columns)
            standardize_strip(norm->epsilon, matrix_columns(*x, j, STRIP), deviations, STRIP);
        else
            standardize_strip(norm->epsilon, matrix_columns(*x, j, x->columns - j), deviations, x->columns - j);
        for (int c = j; c < x->columns && c < j + STRIP && inverse != NULL; c++)
            inverse[c] = deviations[c - j];
    }
    for (int i = 0; i < x->rows; i++) {
        real *xi = matrix_row(*x, i);
        if (normal != NULL)
            memcpy(matrix_row(*normal, i), xi, (size_t)x->columns * sizeof *xi);
        scale_row(x->columns, norm->gamma[i], norm->beta[i], xi, xi);
    }
}

/* network/layer_norm.c has the formulas; d is dy, then dx. */
static inline __attribute__((always_inline)) void normalize_strip_backward(const real *gamma, matrix normal,
                                                                           const real *inverse, matrix d,
                                                                           const int width)
{
    real dn[STRIP] = {0}, dn_n[STRIP] = {0}, share = 1 / (real)d.rows;
    for (int i = 0; i < d.rows; i++) {
        real *restrict di = matrix_row(d, i);
        const real *restrict n = matrix_row(normal, i);
        for (int j = 0; j < width; j++) {
            di[j] *= gamma[i];
            dn[j] += di[j];
            dn_n[j] += di[j] * n[j];
        }
    }
    for (int i = 0; i < d.rows; i++) {
        real *restrict di = matrix_row(d, i);
        const real *restrict n = matrix_row(normal, i);
        for (int j = 0; j < width; j++)
            di[j] = inverse[j] * (di[j] - share * dn[j] - n[j] * (share * dn_n[j]));
    }
}

static void normalize_down_backward(const norm_down *norm, const matrix *normal, const real *inverse, const matrix *d)
{
    int j = 0;
    for (; j + STRIP <= d->columns; j += STRIP)
        normalize_strip_backward(norm->gamma, matrix_columns(*normal, j, STRIP), inverse + j,
                                 matrix_columns(*d, j, STRIP), STRIP);
    int left = d->columns - j;
    if (left > 0)
        normalize_strip_backward(norm->gamma, matrix_columns(*normal, j, left), inverse + j,
                                 matrix_columns(*d, j, left), left);
}

#endif
