/* The metrics of an evaluation, as a table. A new one is a function and a row of the table in metric_table.c: then
 * heed_evaluation_metric and --require have it, the bootstrap gives it an interval, and JSON, text and the report page
 * show it, each if its row says so. */
#ifndef METRICS_METRIC_TABLE_H
#define METRICS_METRIC_TABLE_H

#include "metrics/label_bases.h"
#include "metrics/tally.h"

enum { TASKS = HEED_TASK_MULTILABEL + 1 };

typedef struct metric {
    const char *name;             /* its name in heed_evaluation_metric, --require and JSON */
    double (*of)(const tally *t); /* NaN if it is not defined. NULL: the metric is an average, */
    average average;              /* of this kind, */
    score score;                  /* of precision, recall or F1 */
    bool falling;                 /* lower is better */
    unsigned tasks;  /* tasks that have it, as bits 1 << heed_task; 0: all. For others its name is unknown. (NaN is for
                        evaluations of its own tasks in which it is undefined.) */
    bool resampled;  /* has an interval by the bootstrap: `of` counts each row as often as its weight says */
    int shown_place; /* its place in text and page, from 1; 0: not shown */
    int json_place;  /* its place among the numbers of the JSON object, from 1; 0: not there */

    label_basis (*basis)(const heed_evaluation *e); /* of a mean over labels: over how many; NULL: it is not one */
    bool of_rare; /* its line is only shown where labels are far from equal (evaluation_rare_label) */

    const char *heading;          /* of its line in the text; NULL: none */
    bool tells_interval;          /* its line shows the interval too */
    const char *note[TASKS];      /* the rest of its line, by task; NULL: nothing. {commonest} is replaced by the most
                                     frequent labels, any other {NAME} by the value of that metric */
    const char *undefined[TASKS]; /* why it can be undefined, by task; NULL: it never is */

    const char *page_heading; /* of its row in the report page; NULL: none */
    const char *page_note[TASKS];
} metric;

extern const metric metrics[];
extern const size_t metric_count;

double metric_compute(const metric *m, const tally *t);
/* NULL if there is none of this name. */
const metric *metric_find(const char *name);
/* The average of a score over labels or rows, and whether a metric is one. */
const metric *metric_of_average(average kind, score part);
bool metric_is_average(const metric *m);
/* The next in the order of a place, after one, or the first after NULL; NULL at the end. */
const metric *metric_next_shown(const metric *after);
const metric *metric_next_json(const metric *after);

/* Whether evaluations of this task have it. */
static inline bool metric_is_defined(const metric *m, const heed_evaluation *e)
{
    return m->tasks == 0 || (m->tasks >> e->task & 1) != 0;
}
static inline double metric_value(const metric *m, const heed_evaluation *e)
{
    return e->values[m - metrics];
}
/* The value of a metric of the table, by its name. */
static inline double evaluation_value(const heed_evaluation *e, const char *name)
{
    return metric_value(metric_find(name), e);
}
static inline scores evaluation_average(const heed_evaluation *e, average kind)
{
    scores s;
    for (score i = 0; i < SCORE_COUNT; i++)
        s.of[i] = metric_value(metric_of_average(kind, i), e);
    return s;
}

/* Numbers of intervals: those of the metrics, then those of each label's scores. */
static inline size_t interval_count(const heed_evaluation *e)
{
    return metric_count + SCORE_COUNT * evaluation_labels(e);
}
static inline size_t interval_of_label(size_t label, score part)
{
    return metric_count + SCORE_COUNT * label + part;
}
/* NaN without a bootstrap. */
static inline interval evaluation_interval(const heed_evaluation *e, size_t number)
{
    return e->intervals != NULL ? e->intervals[number] : (interval){(double)NAN, (double)NAN};
}
static inline interval metric_interval(const metric *m, const heed_evaluation *e)
{
    return evaluation_interval(e, (size_t)(m - metrics));
}

#endif
