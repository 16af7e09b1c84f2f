#include "check/order.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/statistics.h"
#include "check/wording.h"

enum { FEW_ROWS = 100 };

#define LAST_SHARE 0.2
#define CHANCE 1e-4
#define DISTANCE 0.05   /* smaller ones do not matter */
#define RUNS_SHARE 0.75 /* of the runs that chance makes: more of them do not matter */

/* The labels of training rows that have one, in their order. */
typedef struct label_order {
    uint32_t *rows, *labels; /* [count] */
    size_t count;
    uint64_t *before, *last; /* [labels]: how many of the first 80% have each, and of the last 20% */
} label_order;

static void order_release(label_order *o)
{
    free(o->rows);
    free(o->labels);
    free(o->before);
    free(o->last);
}

static heed_status order_init(label_order *o, const heed_check *c, heed_error *error)
{
    uint32_t labels = c->labels.names.count;
    *o = (label_order){memory_array(c->row_count, sizeof *o->rows), memory_array(c->row_count, sizeof *o->labels), 0,
                       memory_array(labels, sizeof *o->before), memory_array(labels, sizeof *o->last)};
    if (o->rows == NULL || o->labels == NULL || o->before == NULL || o->last == NULL)
        return fail_memory(error, "the order of the labels");
    for (size_t i = 0; i < c->row_count; i++) {
        uint32_t label = label_table_only(&c->labels, c->rows[i].label);
        if (part_of(&c->rows[i]) == 0 && label != NO_LABEL) {
            o->rows[o->count] = (uint32_t)i;
            o->labels[o->count++] = label;
        }
    }
    size_t border = (size_t)((1 - LAST_SHARE) * (double)o->count);
    for (size_t i = 0; i < o->count; i++)
        (i < border ? o->before : o->last)[o->labels[i]]++;
    return HEED_OK;
}

/* ---- runs of one label */

/* How many runs there are, and how many chance makes, with its standard deviation (Barton & David 1957, "Multiple
 * runs"). */
typedef struct runs_test {
    double runs, expected, deviation;
} runs_test;

static runs_test runs_count(const label_order *o, uint32_t labels)
{
    runs_test t = {.runs = 0};
    double n = (double)o->count, squares = 0, cubes = 0;
    for (size_t i = 0; i < o->count; i++)
        t.runs += i == 0 || o->labels[i] != o->labels[i - 1];
    for (uint32_t k = 0; k < labels; k++) {
        double rows = (double)(o->before[k] + o->last[k]);
        squares += rows * rows;
        cubes += rows * rows * rows;
    }
    t.expected = (n * (n + 1) - squares) / n;
    double variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n * n * n) / (n * n * (n - 1));
    t.deviation = sqrt(variance > 0 ? variance : 0);
    return t;
}

/* ---- what is said */

static void last_say(heed_check *c, const label_order *o, const shares_test *t)
{
    size_t border = (size_t)((1 - LAST_SHARE) * (double)o->count);
    writer *w = finding_begin(&c->found, "order-labels", o->count - border, o->count, o->rows[border]);
    finding_parts(&c->found, 0, 0);
    finding_figure(&c->found, "chi_squared", t->statistic);
    finding_figure(&c->found, "degrees_of_freedom", t->degrees);
    finding_figure(&c->found, "p", t->p);
    finding_figure(&c->found, "distance", t->distance);
    writer_text(w, "the last 20% of the training rows have other labels than those before: ");
    say_label(w, intern_word(&c->labels.names, (uint32_t)t->most));
    writer_text(w, " is ");
    say_share(w, (double)o->before[t->most] / (double)border);
    writer_text(w, " of the first and ");
    say_share(w, (double)o->last[t->most] / (double)(o->count - border));
    writer_print(w, " of the last (chi-squared %.3g, p %.1g); draw the validation rows by chance, not from the end",
                 t->statistic, t->p);
}

static void runs_say(heed_check *c, const label_order *o, const runs_test *t)
{
    writer *w = finding_begin(&c->found, "order-grouped", o->count, o->count, SIZE_MAX);
    finding_parts(&c->found, 0, 0);
    finding_figure(&c->found, "runs", t->runs);
    finding_figure(&c->found, "expected_runs", t->expected);
    writer_print(w,
                 "the training rows are sorted or grouped by label: their labels change %.0f times, by chance they "
                 "would %.0f times; a part that is cut out of their order is no sample of them",
                 t->runs - 1, t->expected - 1);
}

heed_status order_find(heed_check *check, pool *workers, heed_error *error)
{
    label_order o;
    (void)workers;
    if (check->labels.names.count < 2)
        return HEED_OK;
    heed_status status = order_init(&o, check, error);
    if (status == HEED_OK && o.count >= FEW_ROWS) {
        shares_test t = shares_compare(o.before, o.last, check->labels.names.count);
        runs_test runs = runs_count(&o, check->labels.names.count);
        if (t.p < CHANCE && t.distance >= DISTANCE)
            last_say(check, &o, &t);
        if (normal_tail((runs.expected - runs.runs) / runs.deviation) < CHANCE &&
            runs.runs < RUNS_SHARE * runs.expected)
            runs_say(check, &o, &runs);
    }
    order_release(&o);
    return status;
}
