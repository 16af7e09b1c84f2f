/* Layer normalization (Ba et al. 2016, section 3): the features of every position get mean 0 and variance 1, and are
 * then scaled and shifted.
 *
 *   x, n, y [P][D]; gamma, beta [D]; means and variance are over the D features of a position
 *
 *   forward    inverse = 1 / sqrt(variance of x + 1e-6)        n = (x - mean of x) inverse        y = gamma * n + beta
 *   backward   dgamma += sum of dy * n        dbeta += sum of dy        dn = gamma * dy
 *              dx = (dn - mean of dn - n * mean of (dn * n)) inverse */
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
