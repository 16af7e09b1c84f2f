/* Mean and standard deviation of the results of several trainings. */
#ifndef EXPERIMENT_SPREAD_H
#define EXPERIMENT_SPREAD_H

#include "heed.h"

/* Of the values that are not NaN. The deviation is that of a sample (divided by their number - 1); NaN if there are too
 * few. */
heed_spread spread_of(const double *values, size_t count);
/* How many these are. */
size_t spread_size(const double *values, size_t count);

#endif
