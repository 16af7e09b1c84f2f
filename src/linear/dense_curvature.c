#include "linear/dense_curvature.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "math/kernels.h"

/* Rows that are enough for each feature; features of a task of products, and outputs of one of solving. */
enum { ROWS_PER_FEATURE = 8, TASK_FEATURES = 32, TASK_OUTPUTS = 8 };
/* What is added to the correlation of each feature with itself, at first and at most. */
static const double FIRST_RIDGE = 1e-8, LAST_RIDGE = 1e6;

/* ---- correlations of the features */

typedef struct correlating {
    const dense_frame *frame;
    const kernels *kernels;
    size_t count; /* of the rows that are used */
    real *rows;   /* [count][F]: standardised */
    real *sums;   /* [F][F]: their products, up to the diagonal and a little further */
} correlating;

static void take_rows(void *context, size_t task, unsigned worker)
{
    const correlating *c = context;
    size_t features = c->frame->rows->features, last = (task + 1) * TASK_FEATURES;
    (void)worker;
    for (size_t i = task * TASK_FEATURES; i < last && i < c->count; i++)
        dense_frame_standardise(c->frame, i * c->frame->rows->count / c->count, c->rows + i * features);
}

static void multiply_features(void *context, size_t task, unsigned worker)
{
    const correlating *c = context;
    int features = (int)c->frame->rows->features, first = (int)task * TASK_FEATURES;
    int count = features - first < TASK_FEATURES ? features - first : TASK_FEATURES;
    matrix rows = matrix_of(c->rows, (int)c->count, features), sums = matrix_of(c->sums, features, features);
    (void)worker;
    matmul(c->kernels, matrix_columns(matrix_rows(sums, first, count), 0, first + count),
           transposed(matrix_columns(rows, first, count)), matrix_columns(rows, 0, first + count));
}

static size_t tasks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

static heed_status correlate(correlating *out, const dense_frame *frame, pool *workers, heed_error *error)
{
    size_t features = frame->rows->features, enough = ROWS_PER_FEATURE * features;
    *out = (correlating){.frame = frame,
                         .kernels = kernels_choose(),
                         .count = frame->rows->count < enough ? frame->rows->count : enough};
    out->rows = memory_scratch(out->count * features, sizeof *out->rows);
    out->sums = memory_scratch(features * features, sizeof *out->sums);
    if (out->rows == NULL || out->sums == NULL)
        return fail_memory(error, "training");
    pool_run(workers, tasks(out->count, TASK_FEATURES), take_rows, out);
    pool_run(workers, tasks(features, TASK_FEATURES), multiply_features, out);
    return HEED_OK;
}

/* ---- the factor */

static double dot(const double *a, const double *b, size_t n)
{
    enum { SIDE_BY_SIDE = 8 }; /* so that additions need not wait for each other */
    double sum[SIDE_BY_SIDE] = {0}, all = 0;
    size_t i = 0;
    for (; i + SIDE_BY_SIDE <= n; i += SIDE_BY_SIDE)
        for (size_t j = 0; j < SIDE_BY_SIDE; j++)
            sum[j] += a[i + j] * b[i + j];
    for (; i < n; i++)
        sum[0] += a[i] * b[i];
    for (size_t j = 0; j < SIDE_BY_SIDE; j++)
        all += sum[j];
    return all;
}

/* H of the features less their means, with so much added to each one's variance. */
static void fill_hessian(dense_curvature *c, const correlating *of, double penalty, double ridge)
{
    size_t features = c->frame->rows->features;
    const double *scale = c->frame->scale;
    for (size_t i = 0; i < features; i++) {
        double *row = c->factor + i * features;
        for (size_t j = 0; j <= i; j++)
            row[j] = c->spread * scale[i] * scale[j] * (double)of->sums[i * features + j] / (double)of->count;
        row[i] += c->spread * scale[i] * scale[i] * ridge + penalty;
    }
}

/* Cholesky's factor in place of the lower triangle of a; false if a pivot is smaller than this share of the diagonal.
 */
static bool factorise(double *a, size_t n, double least)
{
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * n;
        for (size_t j = 0; j < i; j++)
            row[j] = (row[j] - dot(row, a + j * n, j)) / a[j * n + j];
        double pivot = row[i] - dot(row, row, i);
        if (!(pivot >= least * row[i]))
            return false;
        row[i] = sqrt(pivot);
    }
    return true;
}

/* float32 sums may make a small eigenvalue negative: then more is added (Nocedal & Wright 2006, algorithm 3.3). */
static void find_factor(dense_curvature *c, const correlating *of, double penalty)
{
    bool found = false;
    for (double ridge = FIRST_RIDGE; ridge < LAST_RIDGE && !found; ridge *= 10) {
        fill_hessian(c, of, penalty, ridge);
        found = factorise(c->factor, c->frame->rows->features, ridge / 10);
    }
}

double dense_curvature_memory(size_t features, unsigned threads)
{
    double square = (double)features * (double)features;
    return square * (sizeof(double) + (1 + ROWS_PER_FEATURE) * sizeof(real)) +
           ((double)features + 1) * TASK_OUTPUTS * threads * sizeof(double);
}

heed_status dense_curvature_init(dense_curvature *c, double penalty, heed_error *error)
{
    size_t features = c->frame->rows->features;
    correlating of;
    heed_status status;
    TRY(correlate(&of, c->frame, c->workers, error));
    c->factor = memory_scratch(features * features, sizeof *c->factor);
    c->columns = memory_aligned(pool_threads(c->workers) * (features + 1) * TASK_OUTPUTS, sizeof *c->columns);
    TRY(c->factor == NULL || c->columns == NULL ? fail_memory(error, "training") : HEED_OK);
    find_factor(c, &of, penalty);
done:
    free(of.rows);
    free(of.sums);
    return status;
}

void dense_curvature_release(dense_curvature *c)
{
    free(c->factor);
    free(c->columns);
    c->factor = c->columns = NULL;
}

/* ---- solving, for TASK_OUTPUTS outputs at a time: rows of so many numbers, however many outputs there are */

static void subtract(double *from, double a, const double *x)
{
    for (size_t k = 0; k < TASK_OUTPUTS; k++)
        from[k] -= a * x[k];
}

static void divide(double *x, double by)
{
    for (size_t k = 0; k < TASK_OUTPUTS; k++)
        x[k] /= by;
}

/* v [F + 1][TASK_OUTPUTS]: forward with L, then backward with L'. The row at hand is a copy, which stays in registers.
 */
static void solve(const dense_curvature *c, double *v)
{
    size_t features = c->frame->rows->features;
    double at[TASK_OUTPUTS], *bias = v + features * TASK_OUTPUTS;
    for (size_t i = 0; i < features; i++) {
        const double *row = c->factor + i * features;
        memcpy(at, v + i * TASK_OUTPUTS, sizeof at);
        subtract(at, (double)c->frame->mean[i], bias);
        for (size_t j = 0; j < i; j++)
            subtract(at, row[j], v + j * TASK_OUTPUTS);
        divide(at, row[i]);
        memcpy(v + i * TASK_OUTPUTS, at, sizeof at);
    }
    divide(bias, c->spread);
    for (size_t i = features; i-- > 0;) {
        const double *row = c->factor + i * features;
        memcpy(at, v + i * TASK_OUTPUTS, sizeof at);
        divide(at, row[i]);
        for (size_t j = 0; j < i; j++)
            subtract(v + j * TASK_OUTPUTS, row[j], at);
        subtract(bias, (double)c->frame->mean[i], at);
        memcpy(v + i * TASK_OUTPUTS, at, sizeof at);
    }
}

static void solve_outputs(void *context, size_t task, unsigned worker)
{
    const dense_curvature *c = context;
    size_t rows = c->frame->rows->features + 1, first = task * TASK_OUTPUTS, left = c->outputs - first;
    size_t count = left < TASK_OUTPUTS ? left : TASK_OUTPUTS;
    double *v = c->columns + worker * rows * TASK_OUTPUTS;
    for (size_t i = 0; i < rows; i++)
        memcpy(v + i * TASK_OUTPUTS, c->vector + i * c->outputs + first, count * sizeof *v);
    solve(c, v);
    for (size_t i = 0; i < rows; i++)
        memcpy(c->vector + i * c->outputs + first, v + i * TASK_OUTPUTS, count * sizeof *v);
}

void dense_curvature_solve(dense_curvature *c, double *vector)
{
    c->vector = vector;
    pool_run(c->workers, tasks(c->outputs, TASK_OUTPUTS), solve_outputs, c);
}
