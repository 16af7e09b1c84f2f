/* Intervals of an evaluation's headline figures by the bootstrap over its rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "report/bootstrap.h"
#include "report/evaluation.h"

/* A row at its place by falling score of a label: sorted once, every resample's area is one walk along it. */
typedef struct ranked {
    uint32_t row;
    bool is_positive;
    bool ends_step; /* the last row of its score */
} ranked;

typedef struct ranking {
    ranked *rows; /* [rows] */
    bool counts;  /* some rows have the label, others have not */
} ranking;

typedef struct run {
    const heed_evaluation *e;
    uint64_t seed;
    label_lists truth, answer;
    ranking *rankings;                 /* [labels]; of two labels the positive's alone */
    resample *scratch;                 /* [threads] */
    double *accuracy, *macro_f1, *auc; /* [resamples] */
} run;

/* ---- the area of a resample */

typedef struct scored_row {
    scored item;
    uint32_t row;
} scored_row;

static int compare_rows(const void *left, const void *right)
{
    float a = ((const scored_row *)left)->item.score, b = ((const scored_row *)right)->item.score;
    return (a < b) - (a > b); /* rows of equal score are one step, in any order */
}

static heed_status ranking_init(ranking *r, const heed_evaluation *e, size_t label, heed_error *error)
{
    scored_row *sorted = memory_array(e->rows, sizeof *sorted);
    r->rows = memory_array(e->rows, sizeof *r->rows);
    if (sorted == NULL || r->rows == NULL) {
        free(sorted);
        return fail_memory(error, "the bootstrap");
    }
    for (size_t i = 0; i < e->rows; i++)
        sorted[i] = (scored_row){{e->probabilities[i * e->label_count + label], evaluation_has_truth(e, i, label)},
                                 (uint32_t)i};
    qsort(sorted, e->rows, sizeof *sorted, compare_rows);
    for (size_t i = 0; i < e->rows; i++) {
        bool last = i + 1 == e->rows || sorted[i + 1].item.score != sorted[i].item.score;
        r->rows[i] = (ranked){sorted[i].row, sorted[i].item.is_positive, last};
    }
    r->counts = e->labels[label].support > 0 && e->labels[label].support < e->rows;
    free(sorted);
    return HEED_OK;
}

/* As curve_areas_of, of weighted rows; NaN where the drawn ones are of one kind. */
static double ranking_area(const ranking *r, const uint32_t *weight, size_t rows)
{
    uint64_t hits = 0, alarms = 0, hits_before = 0, alarms_before = 0;
    double twice_won = 0;
    for (size_t i = 0; i < rows; i++) {
        uint32_t times = weight[r->rows[i].row];
        hits += r->rows[i].is_positive ? times : 0;
        alarms += r->rows[i].is_positive ? 0 : times;
        if (!r->rows[i].ends_step)
            continue;
        twice_won += (double)(alarms - alarms_before) * (double)(hits_before + hits);
        hits_before = hits;
        alarms_before = alarms;
    }
    return hits > 0 && alarms > 0 ? twice_won / 2 / ((double)hits * (double)alarms) : NAN;
}

static double area_of(const run *r, const uint32_t *weight)
{
    double sum = 0;
    size_t defined = 0;
    for (size_t i = 0; i < r->e->label_count; i++) {
        double area = r->rankings[i].counts ? ranking_area(&r->rankings[i], weight, r->e->rows) : NAN;
        sum += isnan(area) ? 0 : area;
        defined += isnan(area) ? 0 : 1;
    }
    return defined > 0 ? sum / (double)defined : NAN;
}

static void run_resample(void *context, size_t number, unsigned worker)
{
    run *r = context;
    resample *s = &r->scratch[worker];
    resample_draw(s, r->seed, (uint32_t)number);
    figure_pair figures = resample_measure(s, &r->truth, &r->answer, evaluation_is_several(r->e));
    r->accuracy[number] = figures.accuracy;
    r->macro_f1[number] = figures.macro_f1;
    r->auc[number] = area_of(r, s->weight);
}

/* ---- memory */

static bool run_init(run *r, const heed_evaluation *e, unsigned resamples, unsigned threads)
{
    size_t most = e->rows * (evaluation_is_several(e) ? e->label_count : 1);
    r->truth =
        (label_lists){memory_array(e->rows + 1, sizeof *r->truth.first), memory_array(most, sizeof *r->truth.label)};
    r->answer =
        (label_lists){memory_array(e->rows + 1, sizeof *r->answer.first), memory_array(most, sizeof *r->answer.label)};
    r->rankings = memory_array(e->label_count, sizeof *r->rankings);
    r->scratch = memory_array(threads, sizeof *r->scratch);
    r->accuracy = memory_array(resamples, sizeof *r->accuracy);
    r->macro_f1 = memory_array(resamples, sizeof *r->macro_f1);
    r->auc = memory_array(resamples, sizeof *r->auc);
    bool fine = r->truth.first && r->truth.label && r->answer.first && r->answer.label && r->rankings && r->scratch &&
                r->accuracy && r->macro_f1 && r->auc;
    for (unsigned i = 0; i < threads && fine; i++)
        fine = resample_init(&r->scratch[i], e->rows, e->label_count);
    return fine;
}

static void run_release(run *r, unsigned threads)
{
    for (size_t i = 0; i < r->e->label_count && r->rankings != NULL; i++)
        free(r->rankings[i].rows);
    for (unsigned i = 0; i < threads && r->scratch != NULL; i++)
        resample_release(&r->scratch[i]);
    label_lists_release(&r->truth);
    label_lists_release(&r->answer);
    free(r->rankings);
    free(r->scratch);
    free(r->accuracy);
    free(r->macro_f1);
    free(r->auc);
}

static void fill_lists(run *r)
{
    const heed_evaluation *e = r->e;
    uint32_t truths = 0, answers = 0;
    for (size_t i = 0; i < e->rows; i++) {
        if (!evaluation_is_several(e)) {
            const float *row = e->probabilities + i * e->label_count;
            r->truth.label[truths++] = e->truth[i];
            r->answer.label[answers++] = (uint32_t)label_answered(row, e->label_count, e->positive, e->threshold);
        }
        for (size_t j = 0; j < e->label_count && evaluation_is_several(e); j++) {
            if (evaluation_has_truth(e, i, j))
                r->truth.label[truths++] = (uint32_t)j;
            if (evaluation_answers(e, i, j))
                r->answer.label[answers++] = (uint32_t)j;
        }
        r->truth.first[i + 1] = truths;
        r->answer.first[i + 1] = answers;
    }
}

static heed_status fill_rankings(run *r, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < r->e->label_count && status == HEED_OK; i++)
        if (!evaluation_is_binary(r->e) || i == r->e->positive)
            status = ranking_init(&r->rankings[i], r->e, i, error);
    return status;
}

/* ---- the calls */

static heed_status check_bootstrap(const heed_evaluation *e, unsigned resamples, heed_error *error)
{
    heed_status status = evaluation_check_finished(e, error);
    if (status != HEED_OK)
        return status;
    if (resamples == 0)
        return fail(error, HEED_USAGE, "evaluation: a bootstrap of 0 resamples, expected at least 1");
    size_t labels = evaluation_is_several(e) ? e->label_count : 1;
    if (e->rows >= UINT32_MAX / labels) /* rows and their labels are numbered by 32 bits */
        return fail(error, HEED_USAGE, "evaluation: %zu rows are too many for a bootstrap", e->rows);
    return HEED_OK;
}

heed_status heed_evaluation_bootstrap(heed_evaluation *evaluation, unsigned resamples, uint64_t seed, unsigned threads,
                                      heed_error *error)
{
    heed_evaluation *e = evaluation;
    pool *workers = NULL;
    heed_status status = check_bootstrap(e, resamples, error);
    if (status == HEED_OK)
        status = pool_new(&workers, threads, error);
    if (status != HEED_OK)
        return status;
    run r = {.e = e, .seed = seed};
    threads = pool_threads(workers);
    status = run_init(&r, e, resamples, threads) ? fill_rankings(&r, error) : fail_memory(error, "the bootstrap");
    if (status == HEED_OK) {
        fill_lists(&r);
        pool_run(workers, resamples, run_resample, &r);
        bootstrap_interval(&e->accuracy_interval.low, &e->accuracy_interval.high, r.accuracy, resamples);
        bootstrap_interval(&e->macro_f1_interval.low, &e->macro_f1_interval.high, r.macro_f1, resamples);
        bootstrap_interval(&e->auc_interval.low, &e->auc_interval.high, r.auc, resamples);
        e->resamples = resamples;
        e->seed = seed;
    }
    run_release(&r, threads);
    pool_free(workers);
    return status;
}

heed_status heed_evaluation_interval(const heed_evaluation *evaluation, const char *name, double *low, double *high,
                                     heed_error *error)
{
    const heed_evaluation *e = evaluation;
    const struct {
        const char *name;
        interval range;
    } known[] = {{"accuracy", e->accuracy_interval}, {"macro_f1", e->macro_f1_interval}, {"auc", e->auc_interval}};
    *low = *high = NAN;
    if (e->resamples == 0)
        return fail(error, HEED_USAGE, "evaluation: call heed_evaluation_bootstrap before asking for intervals");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0) {
            *low = known[i].range.low;
            *high = known[i].range.high;
            return HEED_OK;
        }
    return fail(error, HEED_USAGE, "evaluation: no interval of '%s', expected one of: accuracy, macro_f1, auc", name);
}
