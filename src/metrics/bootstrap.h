/* Intervals by the bootstrap over rows (Efron & Tibshirani 1993, chapter 13: percentiles). */
#ifndef METRICS_BOOTSTRAP_H
#define METRICS_BOOTSTRAP_H

#include "metrics/label_counts.h"

/* What is resampled, as the layer of the random numbers. */
enum { RESAMPLE_ROWS, RESAMPLE_TRIALS };

/* A resample of rows, and its label counts. */
typedef struct resample {
    size_t rows;
    uint32_t *weight; /* [rows]: how often each row was drawn */
    label_counts counts;
} resample;

/* False without memory; release it in any case. */
bool resample_init(resample *s, size_t rows, size_t labels);
void resample_release(resample *s);
/* Draws as many rows as there are, with replacement: a function of only seed and number. */
void resample_draw(resample *s, uint64_t seed, uint32_t number);
/* The 2.5% and 97.5% percentiles of those values that are not NaN, NaN if all are; reorders values. */
void bootstrap_interval(double *low, double *high, double *values, size_t count);

/* An interval from one row or text would be a point: it says nothing about others. */
enum { MIN_BOOTSTRAP_ROWS = 2 };
/* Differences below it are what floating point rounds, even where every resample has the same sign. */
#define MIN_DIFFERENCE 1e-6
/* Whether a difference has an interval without 0, and is more than rounding: what a star in a table means. */
bool difference_is_sure(heed_interval difference);

#endif
