#include "metrics/rank_correlation.h"

#include <math.h>

static int order_of(double a, double b)
{
    return (a > b) - (a < b);
}

double kendall_tau_b(const double *x, const double *y, size_t count)
{
    double agreement = 0, differ_x = 0,
           differ_y = 0; /* pairs: concordant minus discordant, not tied in x, not tied in y */
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            int in_x = order_of(x[i], x[j]), in_y = order_of(y[i], y[j]);
            agreement += in_x * in_y;
            differ_x += in_x != 0;
            differ_y += in_y != 0;
        }
    return differ_x > 0 && differ_y > 0 ? agreement / sqrt(differ_x * differ_y) : NAN;
}
