/* Mean and standard deviation of the results of several trainings. */
#ifndef EXPERIMENT_SPREAD_H
#define EXPERIMENT_SPREAD_H

#include "heed.h"

/* The deviation is that of a sample (divided by count - 1); NaN if there are too few values. */
heed_spread spread_of(const double *values, size_t count);

#endif
