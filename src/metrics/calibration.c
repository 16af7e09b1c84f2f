#include "metrics/calibration.h"

#include <math.h>

double brier_score(const scored *items, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double distance = (double)items[i].score - (items[i].is_positive ? 1 : 0);
        sum += distance * distance;
    }
    return sum / (double)count;
}

/* The edges are numpy.linspace's, so that a score on an edge falls on the same side. */
size_t calibration_bin_of(double score, size_t bin_count)
{
    double width = 1.0 / (double)bin_count;
    size_t bin = 0;
    while (bin + 1 < bin_count && score > (double)(bin + 1) * width)
        bin++;
    return bin;
}

void calibration_fill(calibration_bin *bins, size_t bin_count, const scored *items, size_t count)
{
    for (size_t i = 0; i < bin_count; i++)
        bins[i] = (calibration_bin){0};
    for (size_t i = 0; i < count; i++)
        calibration_put(&bins[calibration_bin_of((double)items[i].score, bin_count)], items[i], 1);
}

double calibration_error(const calibration_bin *bins, size_t bin_count)
{
    double apart = 0;
    uint64_t rows = 0;
    for (size_t i = 0; i < bin_count; i++) {
        apart += fabs(bins[i].sum - (double)bins[i].positives);
        rows += bins[i].rows;
    }
    return apart / (double)rows;
}
