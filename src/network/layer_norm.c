#include "network/layer_norm.h"

#include <math.h>

static const real epsilon = (real)1e-6; /* Keras's in the transformers of its guides; its layer's own default is 1e-3 */

/* In lanes, which compilers turn into vectors without changing the order of the sums. */
static real sum(int n, const real *x)
{
    enum { LANES = 16 };
    real lane[LANES] = {0}, total = 0;
    int whole = n - n % LANES;
    for (int i = 0; i < whole; i += LANES)
        for (int j = 0; j < LANES; j++)
            lane[j] += x[i + j];
    for (int i = whole; i < n; i++)
        lane[i - whole] += x[i];
    for (int j = 0; j < LANES; j++)
        total += lane[j];
    return total;
}

void layer_norm_forward(const layer_norm *n, const real *x, real *y)
{
    int width = n->width;
    for (int r = 0; r < n->rows; r++, x += width, y += width) {
        real *normal = n->normal + (ptrdiff_t)r * width, mean = sum(width, x) / (real)width;
        for (int i = 0; i < width; i++)
            normal[i] = x[i] - mean;
        real variance = n->kernels->dot((size_t)width, normal, normal) / (real)width;
        real inverse = n->inverse[r] = 1 / (real)sqrt((double)(variance + epsilon));
        for (int i = 0; i < width; i++) {
            normal[i] *= inverse;
            y[i] = n->gamma[i] * normal[i] + n->beta[i];
        }
    }
}

/* dn = gamma dy;  dx = (dn - mean of dn - n mean of (dn n)) / sqrt(variance + 1e-6) */
void layer_norm_backward(const layer_norm *n, real *dgamma, real *dbeta, real *d)
{
    int width = n->width;
    n->kernels->sum_rows(n->rows, width, d, width, dbeta);
    for (int r = 0; r < n->rows; r++, d += width) {
        const real *normal = n->normal + (ptrdiff_t)r * width;
        for (int i = 0; i < width; i++) {
            dgamma[i] += d[i] * normal[i];
            d[i] *= n->gamma[i];
        }
        real mean = sum(width, d) / (real)width;
        real along = n->kernels->dot((size_t)width, d, normal) / (real)width, inverse = n->inverse[r];
        for (int i = 0; i < width; i++)
            d[i] = inverse * (d[i] - mean - normal[i] * along);
    }
}
