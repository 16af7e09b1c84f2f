/* Ratios whose denominator may be 0. */
#ifndef METRICS_RATIO_H
#define METRICS_RATIO_H

/* 0 if the whole is 0, as in scikit-learn and Keras. */
static inline double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

#endif
