/* How far two rankings of the same items agree. */
#ifndef METRICS_RANK_CORRELATION_H
#define METRICS_RANK_CORRELATION_H

#include <stddef.h>

/* Kendall's tau-b (Kendall 1945, "The treatment of ties in ranking problems"), from -1 to 1; NaN if either side's
 * values are all equal, or there are fewer than two. Compares every pair. */
double kendall_tau_b(const double *x, const double *y, size_t count);

#endif
