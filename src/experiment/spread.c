#include "experiment/spread.h"

#include <math.h>

heed_spread spread_of(const double *values, size_t count)
{
    double sum = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - sum / n) * (values[i] - sum / n);
    return (heed_spread){n > 0 ? sum / n : NAN, n > 1 ? sqrt(squares / (n - 1)) : NAN};
}
