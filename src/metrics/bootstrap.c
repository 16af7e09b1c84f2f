#include "metrics/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

bool resample_init(resample *s, size_t rows, size_t labels)
{
    *s = (resample){.rows = rows, .weight = memory_array(rows, sizeof *s->weight)};
    return label_counts_init(&s->counts, labels) && s->weight != NULL;
}

void resample_release(resample *s)
{
    free(s->weight);
    label_counts_release(&s->counts);
}

void resample_draw(resample *s, uint64_t seed, uint32_t number)
{
    random_key key = {seed, RANDOM_RESAMPLE, RESAMPLE_ROWS, 0, number};
    uint32_t words[4];
    memset(s->weight, 0, s->rows * sizeof *s->weight);
    for (size_t i = 0; i < s->rows; i++) {
        if (i % 4 == 0)
            random_block(words, key, (uint32_t)(i / 4));
        s->weight[(uint64_t)words[i % 4] * s->rows >> 32]++;
    }
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Linear between the two nearest of the sorted values. */
static double percentile(const double *sorted, size_t count, double share)
{
    double place = share * (double)(count - 1), below = floor(place);
    size_t i = (size_t)below;
    return i + 1 < count ? sorted[i] + (place - below) * (sorted[i + 1] - sorted[i]) : sorted[i];
}

void bootstrap_interval(double *low, double *high, double *values, size_t count)
{
    size_t defined = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[defined++] = values[i];
    qsort(values, defined, sizeof *values, compare_numbers);
    *low = defined > 0 ? percentile(values, defined, 0.025) : NAN;
    *high = defined > 0 ? percentile(values, defined, 0.975) : NAN;
}

bool difference_is_sure(heed_interval difference)
{
    return fabs(difference.mean) >= MIN_DIFFERENCE && (difference.low > 0 || difference.high < 0);
}
