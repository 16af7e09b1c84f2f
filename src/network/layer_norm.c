#include "network/layer_norm.h"

void layer_norm_forward(const layer_norm *n, matrix x, matrix y)
{
    for (int i = 0; i < x.rows; i++)
        n->inverse[i] = n->kernels->normalize((size_t)x.columns, n->gamma, n->beta, matrix_row(x, i),
                                              matrix_row(n->normal, i), matrix_row(y, i));
}

void layer_norm_backward(const layer_norm *n, real *dgamma, real *dbeta, matrix d)
{
    sum_rows(n->kernels, d, dbeta);
    for (int i = 0; i < d.rows; i++)
        n->kernels->normalize_backward((size_t)d.columns, n->inverse[i], n->gamma, matrix_row(n->normal, i), dgamma,
                                       matrix_row(d, i));
}
