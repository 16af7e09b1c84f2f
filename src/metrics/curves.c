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

typedef struct step {
    size_t end;            /* items up to here have this score or a higher one: */
    uint64_t hits, alarms; /* positives and negatives among them */
} step;

static bool step_on(step *s, const scored *sorted, size_t count)
{
    if (s->end == count)
        return false;
    for (float score = sorted[s->end].score; s->end < count && sorted[s->end].score == score; s->end++)
        *(sorted[s->end].is_positive ? &s->hits : &s->alarms) += 1;
    return true;
}

static double precision_of(const step *s)
{
    return (double)s->hits / (double)(s->hits + s->alarms);
}

/* The ROC area by trapezoids: the share of the pairs of a positive and a negative in which the positive scores higher,
 * equal scores counting half. Average precision: precision at each step, weighted by the recall that it adds. */
curve_areas curve_areas_of(const scored *sorted, size_t count)
{
    double twice_won = 0 /* whole numbers all along */, precisions = 0;
    step before = {0}, s = {0};
    while (step_on(&s, sorted, count)) {
        twice_won += (double)(s.alarms - before.alarms) * (double)(before.hits + s.hits);
        precisions += (double)(s.hits - before.hits) * precision_of(&s);
        before = s;
    }
    return (curve_areas){
        .roc = s.hits > 0 && s.alarms > 0 ? twice_won / 2 / ((double)s.hits * (double)s.alarms) : NAN,
        .average_precision = s.hits > 0 ? precisions / (double)s.hits : NAN,
    };
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
    for (step s = {0}; step_on(&s, sorted, count);)
        steps++;
    return steps;
}

static void add_point(curve *c, double x, double y, double threshold)
{
    c->x[c->count] = x;
    c->y[c->count] = y;
    c->threshold[c->count++] = threshold;
}

/* Equal numbers of further hits and alarms before and behind it: the curve goes straight on. */
static bool is_straight(const step *before, const step *at, const step *behind)
{
    return behind->hits - at->hits == at->hits - before->hits &&
           behind->alarms - at->alarms == at->alarms - before->alarms;
}

heed_status roc_curve(curve *out, const scored *sorted, size_t count, heed_error *error)
{
    heed_status status = curve_init(out, count_steps(sorted, count) + 1, error);
    if (status != HEED_OK)
        return status;
    step before = {0}, at = {0}, behind = {0};
    add_point(out, 0, 0, INFINITY);
    for (bool first = true, more = step_on(&at, sorted, count); more; first = false) {
        behind = at;
        more = step_on(&behind, sorted, count);
        if (first || !more || !is_straight(&before, &at, &behind))
            add_point(out, (double)at.alarms, (double)at.hits, (double)sorted[at.end - 1].score);
        before = at;
        at = behind;
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
    step s = {0};
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

/* ---- scores as probabilities */

double brier_score(const scored *items, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double distance = (double)items[i].score - (items[i].is_positive ? 1 : 0);
        sum += distance * distance;
    }
    return sum / (double)count;
}

/* The edges are numpy.linspace's, so that a score on one falls to the same side. */
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
    for (size_t i = 0; i < count; i++) {
        calibration_bin *bin = &bins[calibration_bin_of((double)items[i].score, bin_count)];
        bin->rows++;
        bin->positives += items[i].is_positive;
        bin->sum += (double)items[i].score;
    }
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
