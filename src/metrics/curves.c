#include "metrics/curves.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

static int compare_scores(const void *left, const void *right)
{
    float a = ((const scored *)left)->score, b = ((const scored *)right)->score;
    return (a < b) - (a > b);
}

void scored_sort(scored *items, size_t count)
{
    qsort(items, count, sizeof *items, compare_scores);
}

/* ---- the steps of a curve: one for each distinct score */

typedef struct curve_step {
    size_t end;            /* items up to here have this score or a higher one: */
    uint64_t hits, alarms; /* positives and negatives among them */
} curve_step;

static bool step_on(curve_step *s, const scored *sorted, size_t count)
{
    if (s->end == count)
        return false;
    for (float score = sorted[s->end].score; s->end < count && sorted[s->end].score == score; s->end++)
        *(sorted[s->end].is_positive ? &s->hits : &s->alarms) += 1;
    return true;
}

static double precision_of(const curve_step *s)
{
    return (double)s->hits / (double)(s->hits + s->alarms);
}

curve_areas area_sums_end(const area_sums *a)
{
    return (curve_areas){
        .roc = a->hits > 0 && a->alarms > 0 ? a->twice_won / 2 / ((double)a->hits * (double)a->alarms) : NAN,
        .average_precision = a->hits > 0 ? a->precisions / (double)a->hits : NAN,
    };
}

curve_areas curve_areas_of(const scored *sorted, size_t count)
{
    area_sums sums = {0};
    for (curve_step s = {0}; step_on(&s, sorted, count);)
        area_sums_step(&sums, s.hits, s.alarms);
    return area_sums_end(&sums);
}

/* ---- the curves */

static heed_status curve_init(curve *c, size_t points, heed_error *error)
{
    *c = (curve){.x = memory_array(points, sizeof *c->x),
                 .y = memory_array(points, sizeof *c->y),
                 .threshold = memory_array(points, sizeof *c->threshold)};
    if (c->x != NULL && c->y != NULL && c->threshold != NULL)
        return HEED_OK;
    curve_release(c);
    return fail_memory(error, "a curve");
}

static size_t count_steps(const scored *sorted, size_t count)
{
    size_t steps = 0;
    for (curve_step s = {0}; step_on(&s, sorted, count);)
        steps++;
    return steps;
}

static void add_point(curve *c, double x, double y, double threshold)
{
    c->x[c->count] = x;
    c->y[c->count] = y;
    c->threshold[c->count++] = threshold;
}

/* As many further hits and alarms before it as after it: the curve is straight here. */
static bool is_straight(const curve_step *before, const curve_step *at, const curve_step *after)
{
    return after->hits - at->hits == at->hits - before->hits &&
           after->alarms - at->alarms == at->alarms - before->alarms;
}

heed_status roc_curve(curve *out, const scored *sorted, size_t count, heed_error *error)
{
    heed_status status = curve_init(out, count_steps(sorted, count) + 1, error);
    if (status != HEED_OK)
        return status;
    curve_step before = {0}, at = {0}, after = {0};
    add_point(out, 0, 0, INFINITY);
    for (bool first = true, more = step_on(&at, sorted, count); more; first = false) {
        after = at;
        more = step_on(&after, sorted, count);
        if (first || !more || !is_straight(&before, &at, &after))
            add_point(out, (double)at.alarms, (double)at.hits, (double)sorted[at.end - 1].score);
        before = at;
        at = after;
    }
    for (size_t i = 0; i < out->count; i++) {
        out->x[i] = at.alarms > 0 ? out->x[i] / (double)at.alarms : NAN;
        out->y[i] = at.hits > 0 ? out->y[i] / (double)at.hits : NAN;
    }
    out->area = curve_areas_of(sorted, count).roc;
    return HEED_OK;
}

static void reverse(double *values, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        double value = values[i];
        values[i] = values[count - 1 - i];
        values[count - 1 - i] = value;
    }
}

heed_status precision_recall_curve(curve *out, const scored *sorted, size_t count, heed_error *error)
{
    heed_status status = curve_init(out, count_steps(sorted, count) + 1, error);
    if (status != HEED_OK)
        return status;
    curve_step s = {0};
    add_point(out, 0, 1, INFINITY);
    while (step_on(&s, sorted, count))
        add_point(out, (double)s.hits, precision_of(&s), (double)sorted[s.end - 1].score);
    for (size_t i = 1; i < out->count; i++)
        out->x[i] = s.hits > 0 ? out->x[i] / (double)s.hits : 1;
    reverse(out->x, out->count);
    reverse(out->y, out->count);
    reverse(out->threshold, out->count);
    out->area = s.hits > 0 ? curve_areas_of(sorted, count).average_precision : 0;
    return HEED_OK;
}

void curve_release(curve *c)
{
    free(c->x);
    free(c->y);
    free(c->threshold);
    *c = (curve){0};
}
