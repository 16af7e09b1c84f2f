#include "linear/span_fit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/linear_loss.h"
#include "linear/span_vectors.h"

/* A step has to lower the value by this share of what the slope predicts; it is halved until it does. */
static const double SUFFICIENT_DECREASE = 1e-4;
/* Conjugate gradients end when the residual's length is this share of the gradient's, or a smaller one near the end. */
static const double COARSE = 0.5;
/* From zero weights it begins with a penalty so many times larger, which becomes smaller by tens: so Newton's steps
 * need not be shortened. Each ends at this tolerance. */
static const double FIRST_PENALTY = 100, APPROACH = 0.5;
static const double LEAST_LENGTH = 1e-12;
enum { TASK_ROWS = 64, TASK_FEATURES = 64, MAX_HALVINGS = 30, VECTORS = 6, CELLS = 2 };

struct span_fit {
    logistic *model;
    linear_examples examples;
    span_space space;
    sparse_columns columns;
    double *memory;
    double *point, *gradient, *direction, *residual, *conjugate, *product; /* VECTORS of the span */
    double *probability, *cells; /* CELLS [N][K]; cells: by what the rows are multiplied to be summed */
    double *features;            /* [F][K]: their sums */
    double *chunk_loss;          /* of tasks of rows */
    size_t *chunk_correct;
    double penalty; /* 1 / (C N) */
    double step;    /* along the direction from the point, where the loss is computed */
    double value, mean_loss;
    size_t correct;
    /* of the run: */
    linear_end end;
    const linear_listener *listener;
    unsigned passes;
    bool stopped, started; /* started: there was a run before */
};

static size_t tasks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

static size_t task_end(size_t task, size_t size, size_t count)
{
    return (task + 1) * size < count ? (task + 1) * size : count;
}

/* ---- a pass: sums of rows, and their logits */

static void sum_of_features(void *context, size_t task, unsigned worker)
{
    const span_fit *f = context;
    const sparse_columns *c = &f->columns;
    size_t outputs = f->space.outputs, last = task_end(task, TASK_FEATURES, c->count);
    (void)worker;
    for (size_t i = task * TASK_FEATURES; i < last; i++) {
        double *sum = f->features + i * outputs;
        for (size_t k = 0; k < outputs; k++)
            sum[k] = 0;
        sparse_add(sum, c->values + c->first[i], c->first[i + 1] - c->first[i], f->cells, outputs);
    }
}

static void sum_rows(span_fit *f)
{
    pool_run(f->space.workers, tasks(f->columns.count, TASK_FEATURES), sum_of_features, f);
}

/* The vector that is completed: A = cells + penalty * A of x, and the same of Z and the bias. */
typedef struct span_pass {
    span_fit *fit;
    const double *x;
    double *out;
} span_pass;

static void finish_rows(void *context, size_t task, unsigned worker)
{
    const span_pass *p = context;
    const span_fit *f = p->fit;
    const sparse_rows *rows = f->examples.rows;
    size_t outputs = f->space.outputs, cells = span_cells(&f->space), last = task_end(task, TASK_ROWS, rows->count);
    (void)worker;
    for (size_t i = task * TASK_ROWS; i < last; i++) {
        const double *x = p->x + i * outputs;
        double *a = p->out + i * outputs, *z = a + cells;
        for (size_t k = 0; k < outputs; k++) {
            a[k] = f->cells[i * outputs + k] + f->penalty * x[k];
            z[k] = f->penalty * x[cells + k];
        }
        sparse_add(z, rows->values + rows->first[i], rows->size[i], f->features, outputs);
    }
}

static void tell(span_fit *f)
{
    const linear_progress progress = {++f->passes, f->end.max_passes, f->mean_loss, f->correct, f->space.rows};
    if (f->listener != NULL && f->listener->tell(f->listener->user, &progress) != 0)
        f->stopped = true;
}

/* One more pass, and another one for the gradient of the point after it. */
static bool may_pass(const span_fit *f)
{
    return !f->stopped && f->passes + 1 < f->end.max_passes;
}

/* out = the rows summed with f->cells, and the penalty's share of x. */
static void make_pass(span_fit *f, double *out, const double *x)
{
    span_pass p = {f, x, out};
    size_t outputs = f->space.outputs, rows = f->space.rows;
    double *bias = out + 2 * span_cells(&f->space);
    sum_rows(f);
    pool_run(f->space.workers, tasks(rows, TASK_ROWS), finish_rows, &p);
    for (size_t k = 0; k < outputs; k++)
        bias[k] = 0;
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < outputs; k++)
            bias[k] += f->cells[i * outputs + k];
    tell(f);
}

/* ---- loss */

static double weight_of(const span_fit *f, size_t row, size_t output)
{
    const float *weight = f->examples.weight;
    return (weight == NULL ? 1 : (double)weight[row * f->space.outputs + output]) / (double)f->space.rows;
}

/* Loss, probability and its gradient of some rows, a step along the direction from the point. */
static void loss_of_rows(void *context, size_t task, unsigned worker)
{
    span_fit *f = context;
    size_t outputs = f->space.outputs, cells = span_cells(&f->space), last = task_end(task, TASK_ROWS, f->space.rows);
    (void)worker;
    f->chunk_loss[task] = 0;
    f->chunk_correct[task] = 0;
    for (size_t i = task * TASK_ROWS; i < last; i++) {
        const float *target = f->examples.target + i * outputs;
        const float *weight = f->examples.weight == NULL ? NULL : f->examples.weight + i * outputs;
        const double *z = f->point + cells + i * outputs, *dz = f->direction + cells + i * outputs;
        double *p = f->probability + i * outputs;
        for (size_t k = 0; k < outputs; k++)
            p[k] = z[k] + f->point[2 * cells + k] + f->step * (dz[k] + f->direction[2 * cells + k]);
        f->chunk_loss[task] += logistic_link(p, outputs, f->model->softmax, target, weight);
        f->chunk_correct[task] += linear_is_correct(p, target, outputs);
        for (size_t k = 0; k < outputs; k++)
            f->cells[i * outputs + k] = (p[k] - (double)target[k]) * weight_of(f, i, k);
    }
}

/* The mean loss there. */
static double loss_at(span_fit *f, double step)
{
    size_t count = tasks(f->space.rows, TASK_ROWS);
    f->step = step;
    pool_run(f->space.workers, count, loss_of_rows, f);
    f->mean_loss = 0;
    f->correct = 0;
    for (size_t i = 0; i < count; i++) {
        f->mean_loss += f->chunk_loss[i];
        f->correct += f->chunk_correct[i];
    }
    f->mean_loss /= (double)f->space.rows;
    return f->mean_loss;
}

/* <weights, weights'> of two vectors, without biases. */
static double dot_weights(const span_fit *f, const double *a, const double *b)
{
    double sum = span_dot(&f->space, a, b);
    for (size_t k = 2 * span_cells(&f->space); k < span_length(&f->space); k++)
        sum -= a[k] * b[k];
    return sum;
}

/* Moves along the direction; false if no step lowers the value. */
static bool take_step(span_fit *f)
{
    double slope = span_dot(&f->space, f->gradient, f->direction), step = 1;
    double along = dot_weights(f, f->point, f->direction), square = dot_weights(f, f->direction, f->direction);
    double start = dot_weights(f, f->point, f->point) / 2, before = f->value;
    for (int i = 0; i < MAX_HALVINGS && slope < 0; i++, step /= 2) {
        f->value = loss_at(f, step) + f->penalty * (start + step * along + step * step * square / 2);
        if (f->value <= before + SUFFICIENT_DECREASE * step * slope) {
            span_add(&f->space, f->point, 1, step, f->direction);
            return true;
        }
    }
    f->value = before;
    return false;
}

/* ---- the direction */

/* cells = the loss's Hessian, by logits, times the logits of the vector. */
static void curve_rows(void *context, size_t task, unsigned worker)
{
    const span_pass *p = context;
    const span_fit *f = p->fit;
    size_t outputs = f->space.outputs, cells = span_cells(&f->space), last = task_end(task, TASK_ROWS, f->space.rows);
    const double *bias = p->x + 2 * cells;
    (void)worker;
    for (size_t i = task * TASK_ROWS; i < last; i++) {
        const double *z = p->x + cells + i * outputs, *q = f->probability + i * outputs;
        double *to = f->cells + i * outputs, mean = 0;
        for (size_t k = 0; k < outputs; k++)
            mean += q[k] * (z[k] + bias[k]);
        for (size_t k = 0; k < outputs; k++) {
            double spread = f->model->softmax ? z[k] + bias[k] - mean : (1 - q[k]) * (z[k] + bias[k]);
            to[k] = q[k] * spread * weight_of(f, i, k);
        }
    }
}

/* product = Hessian * conjugate. */
static void multiply_hessian(span_fit *f)
{
    span_pass p = {f, f->conjugate, f->product};
    pool_run(f->space.workers, tasks(f->space.rows, TASK_ROWS), curve_rows, &p);
    make_pass(f, f->product, f->conjugate);
}

/* direction = about -(Hessian's inverse) * gradient: algorithm 7.1, until the residual is short. */
static void find_direction(span_fit *f, double tolerance)
{
    const span_space *s = &f->space;
    memset(f->direction, 0, span_length(s) * sizeof *f->direction);
    span_add(s, f->residual, 0, -1, f->gradient);
    span_add(s, f->conjugate, 0, 1, f->residual);
    double square = span_dot(s, f->residual, f->residual);
    while (sqrt(square) > tolerance && may_pass(f)) {
        multiply_hessian(f);
        double curvature = span_dot(s, f->conjugate, f->product), before = square;
        if (!(curvature > 0))
            return;
        span_add(s, f->direction, 1, square / curvature, f->conjugate);
        span_add(s, f->residual, 1, -square / curvature, f->product);
        square = span_dot(s, f->residual, f->residual);
        span_add(s, f->conjugate, square / before, 1, f->residual);
    }
}

/* ---- the run */

static double renew_gradient(span_fit *f)
{
    make_pass(f, f->gradient, f->point);
    return sqrt(span_dot(&f->space, f->gradient, f->gradient));
}

/* How long the gradient may be in the end. */
static double end_length(const span_fit *f, double tolerance)
{
    return fmax(LEAST_LENGTH, tolerance * f->penalty * sqrt(fmax(0, dot_weights(f, f->point, f->point))));
}

/* With a penalty; returns the length of the gradient. */
static double minimise(span_fit *f, double penalty, double tolerance)
{
    f->penalty = penalty;
    f->value = loss_at(f, 0) + f->penalty / 2 * dot_weights(f, f->point, f->point);
    double length = renew_gradient(f), first = length, least = end_length(f, tolerance);
    while (length > least && may_pass(f)) {
        double share = fmin(COARSE, sqrt(length / first));
        find_direction(f, fmax(share * length, least / 2));
        if (f->stopped || !take_step(f))
            break;
        length = renew_gradient(f);
        least = end_length(f, tolerance);
    }
    return length;
}

/* The same from where the last run ended, or from zero weights. */
static double approach(span_fit *f, double penalty)
{
    double length = 0;
    for (double share = f->started ? 1 : FIRST_PENALTY; share > 1 && may_pass(f); share /= 10)
        length = minimise(f, share * penalty, APPROACH);
    f->started = true;
    if (may_pass(f) || f->passes == 0)
        length = minimise(f, penalty, f->end.tolerance);
    bool one_left = f->passes + 1 == f->end.max_passes && !f->stopped; /* a step needs two */
    return one_left && length > end_length(f, f->end.tolerance) ? renew_gradient(f) : length;
}

/* W = x' A; false if a number is not finite. */
static bool take_weights(span_fit *f)
{
    size_t cells = span_cells(&f->space), outputs = f->space.outputs;
    bool finite = true;
    memcpy(f->cells, f->point, cells * sizeof *f->cells);
    sum_rows(f);
    for (size_t i = 0; i < f->columns.count * outputs; i++)
        finite = finite && fabs(f->features[i]) <= FLT_MAX; /* false for NaN */
    for (size_t k = 0; k < outputs; k++)
        finite = finite && fabs(f->point[2 * cells + k]) <= FLT_MAX;
    if (!finite)
        return false;
    for (size_t i = 0; i < f->columns.count * outputs; i++)
        f->model->weights[i] = (float)f->features[i];
    for (size_t k = 0; k < outputs; k++)
        f->model->bias[k] = (float)f->point[2 * cells + k];
    return true;
}

heed_status span_fit_run(span_fit *f, linear_end end, const linear_listener *listener, heed_error *error)
{
    f->end = end;
    f->listener = listener;
    f->passes = 0;
    double length = approach(f, 1 / (f->model->strength * (double)f->space.rows));
    if (f->stopped)
        return fail(error, HEED_STOPPED, "stopped after %u passes", f->passes);
    if (!isfinite(length) || !take_weights(f))
        return fail(error, HEED_BAD_DATA,
                    "a weight of the wide model is not a finite number; give smaller weights to rows and labels");
    return HEED_OK;
}

/* ---- memory */

double span_fit_memory(size_t features, size_t outputs, size_t rows)
{
    double parameters = ((double)features + 1) * (double)outputs, cells = (double)rows * (double)outputs;
    return parameters * (sizeof(float) + sizeof(double)) +
           cells * (3 * sizeof(float) + (2.0 * VECTORS + CELLS) * sizeof(double));
}

heed_status span_fit_new(span_fit **out, logistic *model, const linear_examples *e, pool *workers, heed_error *error)
{
    span_fit *f = *out = memory_array(1, sizeof *f);
    size_t rows = e->rows->count, chunks = tasks(rows, TASK_ROWS);
    heed_status status;
    if (f == NULL)
        return fail_memory(error, "training");
    f->model = model;
    f->examples = *e;
    TRY(span_space_init(&f->space, rows, model->outputs, workers, error));
    TRY(sparse_transpose(&f->columns, e->rows, model->features, error));
    size_t length = span_length(&f->space), cells = span_cells(&f->space);
    double **vectors[VECTORS] = {&f->point, &f->gradient, &f->direction, &f->residual, &f->conjugate, &f->product};
    f->memory = memory_array(VECTORS * length + CELLS * cells, sizeof *f->memory);
    f->features = memory_array(model->features * model->outputs, sizeof *f->features);
    f->chunk_loss = memory_array(chunks, sizeof *f->chunk_loss);
    f->chunk_correct = memory_array(chunks, sizeof *f->chunk_correct);
    TRY(f->memory && f->features && f->chunk_loss && f->chunk_correct ? HEED_OK : fail_memory(error, "training"));
    for (size_t i = 0; i < VECTORS; i++)
        *vectors[i] = f->memory + i * length;
    f->probability = f->memory + VECTORS * length;
    f->cells = f->probability + cells;
    return HEED_OK;
done:
    span_fit_free(f);
    *out = NULL;
    return status;
}

void span_fit_free(span_fit *f)
{
    if (f == NULL)
        return;
    span_space_release(&f->space);
    sparse_columns_release(&f->columns);
    free(f->memory);
    free(f->features);
    free(f->chunk_loss);
    free(f->chunk_correct);
    free(f);
}
