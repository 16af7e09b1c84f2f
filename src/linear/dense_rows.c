#include "linear/dense_rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

enum { TASK_FEATURES = 64 };
/* Values are smaller, and scales are not: so differences of values, and inverses of scales, are floats too. */
static const double TOO_LARGE = 0x1p126, LEAST_SCALE = 0x1p-126;

static bool is_wrong(real value)
{
    return !(fabs((double)value) < TOO_LARGE); /* true for NaN */
}

/* Mean and standard deviation of some features. Sums are of differences to the first row, which an offset that all rows
 * have does not make imprecise. */
static void measure_features(void *context, size_t task, unsigned worker)
{
    const dense_frame *f = context;
    const dense_rows *x = f->rows;
    size_t first = task * TASK_FEATURES, left = x->features - first;
    size_t count = left < TASK_FEATURES ? left : TASK_FEATURES;
    double sum[TASK_FEATURES] = {0}, square[TASK_FEATURES] = {0}, rows = (double)x->count;
    int wrong[TASK_FEATURES] = {0};
    (void)worker;
    for (size_t i = 0; i < x->count; i++) {
        const real *row = x->values + i * x->features + first;
        for (size_t j = 0; j < count; j++) {
            double difference = (double)row[j] - (double)x->values[first + j];
            sum[j] += difference;
            square[j] += difference * difference;
            wrong[j] |= is_wrong(row[j]);
        }
    }
    for (size_t j = 0; j < count; j++) {
        double mean = sum[j] / rows, scale = sqrt(square[j] / rows - mean * mean);
        bool varies = scale >= LEAST_SCALE;
        f->mean[first + j] = (real)(mean + (double)x->values[first + j]);
        f->scale[first + j] = wrong[j] ? NAN : varies ? scale : 0;
        f->inverse[first + j] = varies ? (real)(1 / scale) : 0;
    }
}

static heed_status refuse_feature(const dense_rows *rows, size_t feature, heed_error *error)
{
    size_t i = 0;
    while (i + 1 < rows->count && !is_wrong(rows->values[i * rows->features + feature]))
        i++;
    return fail(
        error, HEED_BAD_DATA,
        "row %zu of the features: number %zu is %g, expected a finite number smaller than %g; scale the features",
        i + 1, feature + 1, (double)rows->values[i * rows->features + feature], TOO_LARGE);
}

double dense_frame_memory(size_t features)
{
    return (double)features * (double)(2 * sizeof(real) + sizeof(double));
}

heed_status dense_frame_init(dense_frame *out, const dense_rows *rows, pool *workers, heed_error *error)
{
    *out = (dense_frame){.rows = rows,
                         .mean = memory_array(rows->features, sizeof *out->mean),
                         .inverse = memory_array(rows->features, sizeof *out->inverse),
                         .scale = memory_array(rows->features, sizeof *out->scale)};
    heed_status status;
    TRY(out->mean && out->inverse && out->scale ? HEED_OK : fail_memory(error, "training"));
    pool_run(workers, (rows->features + TASK_FEATURES - 1) / TASK_FEATURES, measure_features, out);
    for (size_t f = 0; f < rows->features; f++)
        TRY(isnan(out->scale[f]) ? refuse_feature(rows, f, error) : HEED_OK);
    return HEED_OK;
done:
    dense_frame_release(out);
    return status;
}

void dense_frame_release(dense_frame *f)
{
    free(f->mean);
    free(f->inverse);
    free(f->scale);
    *f = (dense_frame){0};
}

void dense_frame_standardise(const dense_frame *f, size_t row, real *to)
{
    size_t features = f->rows->features;
    const real *from = f->rows->values + row * features, *mean = f->mean, *inverse = f->inverse;
    for (size_t j = 0; j < features; j++)
        to[j] = (from[j] - mean[j]) * inverse[j];
}
