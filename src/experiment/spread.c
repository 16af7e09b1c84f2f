#include "experiment/spread.h"

#include <math.h>

size_t spread_size(const double *values, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += isnan(values[i]) ? 0 : 1;
    return size;
}

heed_spread spread_of(const double *values, size_t count)
{
    double sum = 0, squares = 0, n = (double)spread_size(values, count);
    for (size_t i = 0; i < count; i++)
        sum += isnan(values[i]) ? 0 : values[i];
    for (size_t i = 0; i < count; i++)
        squares += isnan(values[i]) ? 0 : (values[i] - sum / n) * (values[i] - sum / n);
    return (heed_spread){n > 0 ? sum / n : NAN, n > 1 ? sqrt(squares / (n - 1)) : NAN};
}
