#include "linear/lbfgs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

/* Wolfe conditions: the value falls by at least a share of what the slope predicts, and the slope flattens. */
static const double SUFFICIENT_DECREASE = 1e-4, CURVATURE = 0.9;
enum { MAX_TRIALS = 30 };

/* A point on the line x + step * direction. */
typedef struct trial {
    double step, value, slope;
} trial;

typedef struct minimisation {
    lbfgs_function function;
    void *context;
    size_t n, history, kept; /* pairs kept so far, */
    size_t next;             /* and the place of the next one, in a ring */
    double *x, *gradient, *direction;
    double *next_x, *next_gradient;  /* of the last trial */
    double *steps, *changes;         /* [history][n]: s and y */
    double *curvature, *coefficient; /* [history]: s y, and the alpha of algorithm 7.4 */
    double noise;
    lbfgs_result *result;
} minimisation;

/* Four sums side by side, so that additions need not wait for each other. */
static double dot(const double *a, const double *b, size_t n)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t j = 0; j < 4; j++)
            sum[j] += a[i + j] * b[i + j];
    for (; i < n; i++)
        sum[0] += a[i] * b[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void add_scaled(double *to, double scale, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += scale * x[i];
}

static double largest(const double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fabs(x[i]) > most ? fabs(x[i]) : most;
    return most;
}

/* ---- line search */

static trial try_step(minimisation *s, double step)
{
    for (size_t i = 0; i < s->n; i++)
        s->next_x[i] = s->x[i] + step * s->direction[i];
    double value = s->function(s->context, s->next_x, s->next_gradient);
    s->result->evaluations++;
    return (trial){step, value, dot(s->next_gradient, s->direction, s->n)};
}

static bool falls_enough(const minimisation *s, const trial *start, const trial *t)
{
    if (t->value <= start->value + SUFFICIENT_DECREASE * t->step * start->slope) /* false for NaN */
        return true;
    return t->value <= start->value + s->noise * fabs(start->value) &&
           t->slope <= (2 * SUFFICIENT_DECREASE - 1) * start->slope && s->noise > 0;
}

/* Whether it is above the other by more than what is not known of both. */
static bool is_above(const minimisation *s, const trial *t, const trial *other)
{
    return t->value >= other->value + s->noise * fabs(other->value);
}

static bool is_flat(const trial *start, const trial *t)
{
    return fabs(t->slope) <= -CURVATURE * start->slope;
}

/* The minimum of the cubic through both (equation 3.59), or their midpoint if that is near an end or undefined. */
static double between(const trial *a, const trial *b)
{
    double d1 = a->slope + b->slope - 3 * (a->value - b->value) / (a->step - b->step);
    double d2 = copysign(sqrt(d1 * d1 - a->slope * b->slope), b->step - a->step);
    double step = b->step - (b->step - a->step) * (b->slope + d2 - d1) / (b->slope - a->slope + 2 * d2);
    double low = fmin(a->step, b->step), width = fabs(b->step - a->step);
    return step > low + 0.1 * width && step < low + 0.9 * width ? step : low + width / 2;
}

/* Algorithm 3.6; low decreases the value enough, and a step that meets both conditions is between low and high. */
static trial zoom(minimisation *s, const trial *start, trial low, trial high)
{
    for (int i = 0; i < MAX_TRIALS && low.step != high.step; i++) {
        trial t = try_step(s, between(&low, &high));
        if (!falls_enough(s, start, &t) || is_above(s, &t, &low)) {
            high = t;
            continue;
        }
        if (is_flat(start, &t))
            return t;
        if (t.slope * (high.step - low.step) >= 0)
            high = low;
        low = t;
    }
    return low.step > 0 ? try_step(s, low.step) : low;
}

/* Algorithm 3.5; a step of 0 if no lower value can be found. */
static trial line_search(minimisation *s, const trial *start, double step)
{
    trial before = *start;
    for (int i = 0; i < MAX_TRIALS; i++, step *= 2) {
        trial t = try_step(s, step);
        if (!falls_enough(s, start, &t) || (i > 0 && is_above(s, &t, &before)))
            return zoom(s, start, before, t);
        if (is_flat(start, &t))
            return t;
        if (t.slope >= 0)
            return zoom(s, start, t, before);
        before = t;
    }
    return before.step > 0 ? try_step(s, before.step) : before;
}

/* ---- directions */

/* direction = H0 direction: the initial inverse Hessian, scaled by the newest pair (equation 7.20, which is for the
 * identity). Uses the place of the next point, which there is not yet. */
static void begin_direction(minimisation *s, const lbfgs_options *o)
{
    double *product = s->next_x;
    if (s->kept > 0) {
        size_t p = (s->next + s->history - 1) % s->history;
        const double *y = s->changes + p * s->n;
        memcpy(product, y, s->n * sizeof *product);
        if (o->precondition != NULL)
            o->precondition(s->context, product);
        double scale = s->curvature[p] / dot(y, product, s->n);
        for (size_t i = 0; i < s->n; i++)
            s->direction[i] *= scale;
    }
    if (o->precondition != NULL)
        o->precondition(s->context, s->direction);
}

/* Algorithm 7.4: direction = -H gradient, H the inverse Hessian that the kept pairs describe. */
static void find_direction(minimisation *s, const lbfgs_options *o)
{
    double *d = s->direction;
    for (size_t i = 0; i < s->n; i++)
        d[i] = -s->gradient[i];
    for (size_t i = 0; i < s->kept; i++) { /* from the newest pair to the oldest */
        size_t p = (s->next + s->history - 1 - i) % s->history;
        s->coefficient[p] = dot(s->steps + p * s->n, d, s->n) / s->curvature[p];
        add_scaled(d, -s->coefficient[p], s->changes + p * s->n, s->n);
    }
    begin_direction(s, o);
    for (size_t i = s->kept; i > 0; i--) {
        size_t p = (s->next + s->history - i) % s->history;
        double beta = dot(s->changes + p * s->n, d, s->n) / s->curvature[p];
        add_scaled(d, s->coefficient[p] - beta, s->steps + p * s->n, s->n);
    }
}

/* Keeps the step to the last trial as a pair, unless it has no information about the curvature, and moves there. */
static void move(minimisation *s)
{
    double *step = s->steps + s->next * s->n, *change = s->changes + s->next * s->n;
    for (size_t i = 0; i < s->n; i++) {
        step[i] = s->next_x[i] - s->x[i];
        change[i] = s->next_gradient[i] - s->gradient[i];
    }
    double curvature = dot(step, change, s->n);
    if (curvature > 1e-300) {
        s->curvature[s->next] = curvature;
        s->next = (s->next + 1) % s->history;
        s->kept = s->kept < s->history ? s->kept + 1 : s->kept;
    }
    memcpy(s->x, s->next_x, s->n * sizeof *s->x);
    memcpy(s->gradient, s->next_gradient, s->n * sizeof *s->gradient);
}

/* Algorithm 7.5. */
static void iterate(minimisation *s, const lbfgs_options *o)
{
    lbfgs_result *r = s->result;
    while (!r->converged && !r->stopped && r->iterations < o->iterations) {
        find_direction(s, o);
        trial start = {0, r->value, dot(s->gradient, s->direction, s->n)};
        double first = s->kept > 0 ? 1 : fmin(1, 1 / sqrt(-start.slope));
        trial found = start.slope < 0 ? line_search(s, &start, first) : start;
        if (found.step <= 0) {
            if (s->kept == 0)
                return;
            s->kept = 0; /* the stored pairs mislead: try steepest descent once */
            continue;
        }
        move(s);
        r->value = found.value;
        r->gradient = largest(s->gradient, s->n);
        r->converged = r->gradient <= o->tolerance;
        r->iterations++;
        r->stopped = o->tell != NULL && o->tell(s->context, r->iterations, r->value) != 0;
    }
}

enum { POINTS = 4 }; /* gradient, direction, next point and its gradient; a kept pair is two more */

size_t lbfgs_memory(unsigned history)
{
    return (POINTS + 2 * (size_t)history) * sizeof(double);
}

heed_status lbfgs_minimise(lbfgs_result *out, double *x, size_t n, lbfgs_function function, void *context,
                           const lbfgs_options *options, heed_error *error)
{
    *out = (lbfgs_result){.evaluations = 1};
    size_t history = options->history, vectors = POINTS + 2 * history;
    double *memory = n <= SIZE_MAX / vectors ? memory_array(vectors * n, sizeof *memory) : NULL;
    double *numbers = memory_array(2 * history, sizeof *numbers);
    heed_status status = memory == NULL || numbers == NULL ? fail_memory(error, "L-BFGS") : HEED_OK;
    if (status == HEED_OK) {
        minimisation s = {.function = function,
                          .context = context,
                          .n = n,
                          .history = history,
                          .noise = options->noise,
                          .x = x,
                          .result = out};
        s.gradient = memory;
        s.direction = memory + n;
        s.next_x = memory + 2 * n;
        s.next_gradient = memory + 3 * n;
        s.steps = memory + POINTS * n;
        s.changes = s.steps + history * n;
        s.curvature = numbers;
        s.coefficient = numbers + history;
        out->value = function(context, x, s.gradient);
        out->gradient = largest(s.gradient, n);
        out->converged = out->gradient <= options->tolerance;
        if (isfinite(out->value))
            iterate(&s, options);
        else
            status = fail(error, HEED_BAD_DATA, "L-BFGS: the start value is not a finite number");
    }
    free(memory);
    free(numbers);
    return status;
}
