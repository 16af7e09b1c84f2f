#include "metrics/evaluation_bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "metrics/bootstrap.h"
#include "metrics/metric_table.h"
#include "metrics/ranking.h"

enum {
    MAX_LABEL_VALUES = 2000000, /* labels times resamples; beyond it labels do not get intervals */
    TOLD_RESAMPLES = 20         /* between two calls of the listener */
};

/* Data of one thread. */
typedef struct bootstrap_scratch {
    resample sample;
    curve_areas *areas; /* [label_count] */
} bootstrap_scratch;

typedef struct run {
    const heed_evaluation *e;
    uint64_t seed;
    size_t resamples, numbered; /* numbered: intervals */
    size_t first;               /* resample of the tasks that run now */
    bool with_areas;            /* else neither areas nor, with several labels per row, the calibration */
    unsigned threads;
    bootstrap_scratch *scratch; /* [threads] */
    double *values;             /* [numbered][resamples] */
    label_lists answer;         /* what follows is computed once from the rows, for all resamples */
    ranked_row **rankings;      /* [label_count]; NULL for a label that is not needed or that no row has */
    double *distance;           /* [rows]: squared, of probabilities to 0 and 1 */
    scored *answers;            /* [rows][answers_a_row]: the most likely ones, */
    unsigned char *bins;        /* and the bin of each for the calibration error */
    size_t answers_a_row;
} run;

/* ---- a resample */

static void fill_areas(curve_areas *areas, const run *r, const uint32_t *weight)
{
    for (size_t i = 0; i < r->e->label_count; i++)
        areas[i] = r->rankings[i] != NULL ? ranking_areas(r->rankings[i], r->e->known_rows, weight)
                                          : (curve_areas){(double)NAN, (double)NAN};
}

static void take_probabilities(tally *t, const run *r)
{
    double distances = 0;
    for (size_t i = 0; i < r->e->rows; i++) {
        if (!evaluation_knows_row(r->e, i))
            continue;
        t->known_rows += t->weight[i];
        distances += t->weight[i] * r->distance[i];
        for (size_t j = i * r->answers_a_row; t->weight[i] > 0 && j < (i + 1) * r->answers_a_row; j++)
            calibration_put(&t->bins[r->bins[j]], r->answers[j], t->weight[i]);
    }
    t->distance = distances / (double)t->known_rows;
}

static void measure(run *r, const tally *t, size_t number)
{
    for (size_t i = 0; i < metric_count; i++)
        if (metrics[i].resampled)
            r->values[i * r->resamples + number] = metric_compute(&metrics[i], t);
    for (size_t i = metric_count; i < r->numbered; i += SCORE_COUNT) {
        scores s = scores_of(t->counts->of[(i - metric_count) / SCORE_COUNT]);
        for (size_t j = 0; j < SCORE_COUNT; j++)
            r->values[(i + j) * r->resamples + number] = s.of[j];
    }
}

static void run_resample(void *context, size_t number, unsigned worker)
{
    run *r = context;
    number += r->first;
    bootstrap_scratch *own = &r->scratch[worker];
    resample *s = &own->sample;
    tally t = {.e = r->e, .weight = s->weight, .counts = &s->counts, .areas = own->areas};
    resample_draw(s, r->seed, (uint32_t)number);
    label_counts_fill(&s->counts, &r->e->truth, &r->answer, r->e->rows, s->weight);
    tally_average(&t);
    fill_areas(own->areas, r, s->weight);
    take_probabilities(&t, r);
    measure(r, &t, number);
}

/* ---- what is computed once */

static void fill_probabilities(run *r)
{
    for (size_t i = 0; i < r->e->rows; i++)
        r->distance[i] = evaluation_knows_row(r->e, i) ? evaluation_distance(r->e, i) : 0;
    for (size_t i = 0; i < r->e->rows; i++)
        for (size_t j = 0; j < r->answers_a_row; j++) {
            scored *answer = &r->answers[i * r->answers_a_row + j];
            *answer = evaluation_answer(r->e, i, j);
            r->bins[i * r->answers_a_row + j] =
                (unsigned char)calibration_bin_of((double)answer->score, CALIBRATION_BINS);
        }
}

static bool fill_rankings(run *r)
{
    for (size_t i = 0; i < r->e->label_count && r->with_areas; i++) {
        if (!evaluation_asks(r->e, i) || r->e->counts.of[i].support == 0)
            continue;
        r->rankings[i] = ranking_new(r->e, i);
        if (r->rankings[i] == NULL)
            return false;
    }
    return true;
}

/* ---- memory */

static bool scratch_init(bootstrap_scratch *l, const heed_evaluation *e)
{
    l->areas = memory_array(e->label_count, sizeof *l->areas);
    return resample_init(&l->sample, e->rows, evaluation_labels(e)) && l->areas != NULL;
}

static bool run_init(run *r)
{
    const heed_evaluation *e = r->e;
    r->with_areas = bootstrap_has_areas(e, (unsigned)r->resamples);
    r->answers_a_row = r->with_areas || !evaluation_is_multilabel(e) ? evaluation_answers_a_row(e) : 0;
    size_t answers = e->rows * r->answers_a_row;
    r->numbered = evaluation_labels(e) <= MAX_LABEL_VALUES / r->resamples ? interval_count(e) : metric_count;
    r->scratch = memory_array(r->threads, sizeof *r->scratch);
    r->values = memory_array(r->numbered * r->resamples, sizeof *r->values);
    r->rankings = memory_array(e->label_count, sizeof *r->rankings);
    r->distance = memory_array(e->rows, sizeof *r->distance);
    r->answers = memory_array(answers, sizeof *r->answers);
    r->bins = memory_array(answers, sizeof *r->bins);
    bool fine = r->scratch && r->values && r->rankings && r->distance && r->answers && r->bins;
    for (unsigned i = 0; i < r->threads && fine; i++)
        fine = scratch_init(&r->scratch[i], e);
    return fine && fill_rankings(r);
}

static void run_release(run *r)
{
    for (size_t i = 0; i < r->e->label_count && r->rankings != NULL; i++)
        free(r->rankings[i]);
    for (unsigned i = 0; i < r->threads && r->scratch != NULL; i++) {
        resample_release(&r->scratch[i].sample);
        free(r->scratch[i].areas);
    }
    label_lists_release(&r->answer);
    free(r->rankings);
    free(r->scratch);
    free(r->distance);
    free(r->answers);
    free(r->bins);
    free(r->values);
}

/* ---- the call */

bool bootstrap_has_areas(const heed_evaluation *e, unsigned resamples)
{
    enum { ANY_LABELS = 100 };
    static const double max_steps = 1e9;
    return e->label_count <= ANY_LABELS || (double)e->label_count * (double)e->rows * resamples <= max_steps;
}

static heed_status check_bootstrap(const heed_evaluation *e, unsigned resamples, heed_error *error)
{
    heed_status status = evaluation_check_finished(e, error);
    if (status == HEED_OK && resamples == 0)
        return fail(error, HEED_USAGE, "evaluation: a bootstrap of 0 resamples, expected at least 1");
    if (status == HEED_OK && e->rows >= UINT32_MAX) /* they are numbered by 32 bits */
        return fail(error, HEED_USAGE, "evaluation: %zu rows are too many for a bootstrap", e->rows);
    return status;
}

/* NaN for metrics without an interval, and for labels if there are too many. */
static void find_intervals(interval *out, run *r)
{
    for (size_t i = 0; i < interval_count(r->e); i++) {
        out[i] = (interval){NAN, NAN};
        bool drawn = r->e->rows >= MIN_BOOTSTRAP_ROWS && (i >= metric_count || metrics[i].resampled);
        if (i < r->numbered && drawn)
            bootstrap_interval(&out[i].low, &out[i].high, r->values + i * r->resamples, r->resamples);
    }
}

static heed_status run_all(run *r, pool *workers, heed_error *error)
{
    stopwatch watch = stopwatch_start();
    while (r->first < r->resamples) {
        size_t left = r->resamples - r->first, now = left < TOLD_RESAMPLES ? left : TOLD_RESAMPLES;
        pool_run(workers, now, run_resample, r);
        r->first += now;
        if (!evaluation_tell(r->e, &watch, r->first, r->resamples))
            return fail(error, HEED_STOPPED, "stopped; no intervals");
    }
    return HEED_OK;
}

heed_status heed_evaluation_bootstrap(heed_evaluation *evaluation, unsigned resamples, uint64_t seed, unsigned threads,
                                      heed_error *error)
{
    heed_evaluation *e = evaluation;
    heed_status status;
    pool *workers = NULL;
    interval *intervals = NULL;
    const answer_rule rule = evaluation_rule(e);
    run r = {.e = e, .seed = seed, .resamples = resamples};
    TRY(check_bootstrap(e, resamples, error));
    TRY(pool_new(&workers, threads, error));
    TRY(label_lists_of_answers(&r.answer, &rule, e->probabilities, (uint32_t)e->rows, error));
    r.threads = pool_threads(workers);
    intervals = memory_array(interval_count(e), sizeof *intervals);
    TRY(intervals != NULL && run_init(&r) ? HEED_OK : fail_memory(error, "the bootstrap"));
    fill_probabilities(&r);
    TRY(run_all(&r, workers, error));
    find_intervals(intervals, &r);
    free(e->intervals); /* of an earlier bootstrap */
    e->intervals = intervals;
    e->resamples = resamples;
    e->seed = seed;
    intervals = NULL;
    if (e->unseen != NULL)
        status = heed_evaluation_bootstrap(e->unseen, resamples, seed, threads, error);
done:
    free(intervals);
    run_release(&r);
    pool_free(workers);
    return status;
}
