#include "network/layer_norm.h"

void layer_norm_forward(const layer_norm *n, const real *x, real *y)
{
    ptrdiff_t width = n->width;
    for (int r = 0; r < n->rows; r++, x += width, y += width)
        n->inverse[r] = n->kernels->normalize((size_t)width, n->gamma, n->beta, x, n->normal + r * width, y);
}

void layer_norm_backward(const layer_norm *n, real *dgamma, real *dbeta, real *d)
{
    ptrdiff_t width = n->width;
    n->kernels->sum_rows(n->rows, n->width, d, width, dbeta);
    for (int r = 0; r < n->rows; r++, d += width)
        n->kernels->normalize_backward((size_t)width, n->inverse[r], n->gamma, n->normal + r * width, dgamma, d);
}
