/* Intervals of an evaluation's figures by the bootstrap over its rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "metrics/bootstrap.h"
#include "metrics/evaluation.h"

enum { LABEL_VALUES_MOST = 10000000 }; /* labels times resamples, beyond which labels have no intervals of their own */

/* A row at its place by falling score of a label: sorted once, every resample's area is one walk along it. */
typedef struct ranked {
    uint32_t row;
    bool is_positive;
    bool ends_step; /* the last row of its score */
} ranked;

typedef struct ranking {
    ranked *rows; /* [rows] */
} ranking;

typedef struct run {
    const heed_evaluation *e;
    uint64_t seed;
    label_lists truth, answer;
    ranking *rankings;   /* [labels]; of two labels the positive's alone */
    resample *scratch;   /* [threads] */
    double *distance;    /* [rows]: of the Brier score */
    scored *answers;     /* [rows][answers_a_row]: how sure each is, and whether it is right, */
    unsigned char *bins; /* and its bin, of the calibration error */
    size_t answers_a_row;
    double *values; /* [figures][resamples] */
    size_t figures, resamples;
} run;

static double *value_at(const run *r, size_t figure, size_t number)
{
    return &r->values[figure * r->resamples + number];
}

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
    free(sorted);
    return HEED_OK;
}

/* As curve_areas_of, of weighted rows. */
static curve_areas ranking_areas(const ranking *r, const uint32_t *weight, size_t rows)
{
    uint64_t hits = 0, alarms = 0, hits_before = 0, alarms_before = 0;
    double twice_won = 0, precisions = 0;
    for (size_t i = 0; i < rows; i++) {
        uint32_t times = weight[r->rows[i].row];
        hits += r->rows[i].is_positive ? times : 0;
        alarms += r->rows[i].is_positive ? 0 : times;
        if (!r->rows[i].ends_step)
            continue;
        twice_won += (double)(alarms - alarms_before) * (double)(hits_before + hits);
        if (hits > hits_before)
            precisions += (double)(hits - hits_before) * ((double)hits / (double)(hits + alarms));
        hits_before = hits;
        alarms_before = alarms;
    }
    return (curve_areas){
        .roc = hits > 0 && alarms > 0 ? twice_won / 2 / ((double)hits * (double)alarms) : NAN,
        .average_precision = hits > 0 ? precisions / (double)hits : NAN,
    };
}

static void take_defined(double *sum, size_t *count, double value)
{
    *sum += isnan(value) ? 0 : value;
    *count += isnan(value) ? 0 : 1;
}

/* Means over the labels for which they are defined. */
static curve_areas areas_of(const run *r, const uint32_t *weight)
{
    double areas = 0, precisions = 0;
    size_t with_area = 0, with_precision = 0;
    for (size_t i = 0; i < r->e->label_count; i++) {
        if (r->rankings[i].rows == NULL || r->e->labels[i].support == 0)
            continue;
        curve_areas of_label = ranking_areas(&r->rankings[i], weight, r->e->rows);
        take_defined(&areas, &with_area, of_label.roc);
        take_defined(&precisions, &with_precision, of_label.average_precision);
    }
    return (curve_areas){with_area > 0 ? areas / (double)with_area : NAN,
                         with_precision > 0 ? precisions / (double)with_precision : NAN};
}

/* ---- precision, recall, F1 */

static void put_scores(run *r, size_t figure, size_t number, const scores *s)
{
    *value_at(r, figure, number) = s->precision;
    *value_at(r, figure + 1, number) = s->recall;
    *value_at(r, figure + 2, number) = s->f1;
}

/* As evaluation.c and evaluation_several.c have them. */
static void measure_labels(run *r, const resample *s, size_t number)
{
    scores macro = {0}, weighted = {0}, micro;
    uint64_t hits = 0, predicted = 0, support = 0;
    size_t counted = 0, own = (r->figures - MEASURED) / 3;
    for (size_t i = 0; i < s->labels; i++) {
        scores one = evaluation_scores(s->right[i], s->answered[i], s->wanted[i]);
        hits += s->right[i];
        predicted += s->answered[i];
        support += s->wanted[i];
        if (i < own)
            put_scores(r, MEASURED + 3 * i, number, &one);
        if (!evaluation_is_several(r->e) && s->answered[i] + s->wanted[i] == 0)
            continue;
        scores_add(&macro, &one, 1);
        scores_add(&weighted, &one, (double)s->wanted[i]);
        counted++;
    }
    scores_divide(&macro, counted > 0 ? (double)counted : 1);
    scores_divide(&weighted, support > 0 ? (double)support : 1);
    micro = evaluation_scores(hits, predicted, support);
    put_scores(r, MEASURED_MACRO, number, &macro);
    put_scores(r, MEASURED_WEIGHTED, number, &weighted);
    put_scores(r, MEASURED_MICRO, number, &micro);
}

/* ---- probabilities */

static double distance_of(const heed_evaluation *e, size_t row)
{
    const float *p = e->probabilities + row * e->label_count;
    double sum = 0;
    for (size_t i = 0; i < e->label_count; i++) {
        double apart = (double)p[i] - (evaluation_has_truth(e, row, i) ? 1 : 0);
        sum += evaluation_is_binary(e) && i != e->positive ? 0 : apart * apart;
    }
    return evaluation_is_several(e) ? sum / (double)e->label_count : sum;
}

static void fill_distances(run *r)
{
    for (size_t i = 0; i < r->e->rows; i++)
        r->distance[i] = distance_of(r->e, i);
    size_t count = evaluation_fill_answers(r->answers, r->e);
    for (size_t i = 0; i < count; i++)
        r->bins[i] = (unsigned char)calibration_bin_of((double)r->answers[i].score, CALIBRATION_BINS);
}

static void measure_probabilities(run *r, const uint32_t *weight, size_t number)
{
    calibration_bin bins[CALIBRATION_BINS] = {{0}};
    double distances = 0;
    for (size_t i = 0; i < r->e->rows; i++) {
        distances += weight[i] * r->distance[i];
        for (size_t j = i * r->answers_a_row; weight[i] > 0 && j < (i + 1) * r->answers_a_row; j++) {
            calibration_bin *bin = &bins[r->bins[j]];
            bin->rows += weight[i];
            bin->positives += r->answers[j].is_positive ? weight[i] : 0;
            bin->sum += weight[i] * (double)r->answers[j].score;
        }
    }
    *value_at(r, MEASURED_BRIER, number) = distances / (double)r->e->rows;
    *value_at(r, MEASURED_ECE, number) = calibration_error(bins, CALIBRATION_BINS);
}

static void run_resample(void *context, size_t number, unsigned worker)
{
    run *r = context;
    resample *s = &r->scratch[worker];
    resample_draw(s, r->seed, (uint32_t)number);
    figure_pair figures = resample_measure(s, &r->truth, &r->answer, evaluation_is_several(r->e));
    curve_areas areas = areas_of(r, s->weight);
    measure_labels(r, s, number);
    measure_probabilities(r, s->weight, number);
    *value_at(r, MEASURED_ACCURACY, number) = figures.accuracy;
    *value_at(r, MEASURED_AUC, number) = areas.roc;
    *value_at(r, MEASURED_AVERAGE_PRECISION, number) = areas.average_precision;
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
    r->answers_a_row = evaluation_is_several(e) ? e->label_count : 1;
    r->distance = memory_array(e->rows, sizeof *r->distance);
    r->answers = memory_array(most, sizeof *r->answers);
    r->bins = memory_array(most, sizeof *r->bins);
    r->resamples = resamples;
    r->figures = MEASURED + 3 * (e->label_count <= LABEL_VALUES_MOST / resamples ? e->label_count : 0);
    r->values = memory_array(r->figures * resamples, sizeof *r->values);
    bool fine = r->truth.first && r->truth.label && r->answer.first && r->answer.label && r->rankings && r->scratch &&
                r->distance && r->answers && r->bins && r->values;
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
    free(r->distance);
    free(r->answers);
    free(r->bins);
    free(r->values);
}

static void fill_lists(run *r)
{
    const heed_evaluation *e = r->e;
    const answer_rule rule = evaluation_rule(e);
    uint32_t truths = 0, answers = 0;
    for (size_t i = 0; i < e->rows; i++) {
        if (!evaluation_is_several(e)) {
            r->truth.label[truths++] = e->truth[i];
            r->answer.label[answers++] = (uint32_t)answer_one(&rule, evaluation_row(e, i));
        }
        for (size_t j = 0; j < e->label_count && evaluation_is_several(e); j++) {
            if (evaluation_has_truth(e, i, j))
                r->truth.label[truths++] = (uint32_t)j;
            if (answer_has(&rule, evaluation_row(e, i), j))
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

static heed_status take_intervals(heed_evaluation *e, run *r, heed_error *error)
{
    size_t count = MEASURED + 3 * e->label_count;
    interval *intervals = memory_array(count, sizeof *intervals);
    if (intervals == NULL)
        return fail_memory(error, "the bootstrap");
    for (size_t i = 0; i < count; i++) {
        intervals[i] = (interval){NAN, NAN};
        if (i < r->figures)
            bootstrap_interval(&intervals[i].low, &intervals[i].high, value_at(r, i, 0), r->resamples);
    }
    free(e->intervals); /* of a bootstrap before */
    e->intervals = intervals;
    e->accuracy_interval = intervals[MEASURED_ACCURACY];
    e->macro_f1_interval = intervals[MEASURED_MACRO_F1];
    e->auc_interval = intervals[MEASURED_AUC];
    e->resamples = (unsigned)r->resamples;
    e->seed = r->seed;
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
        fill_distances(&r);
        pool_run(workers, resamples, run_resample, &r);
        status = take_intervals(e, &r, error);
    }
    run_release(&r, threads);
    pool_free(workers);
    return status;
}

/* The place of a figure of this name among the intervals; false where there is none. */
static bool find_interval(size_t *out, const heed_evaluation *e, const char *name)
{
    static const char *const names[MEASURED] = {
        "accuracy",     "auc",      "average_precision",  "brier",           "ece",         "macro_precision",
        "macro_recall", "macro_f1", "weighted_precision", "weighted_recall", "weighted_f1", "micro_precision",
        "micro_recall", "micro_f1"};
    static const char *const of_label[] = {"precision:", "recall:", "f1:"};
    for (*out = 0; *out < MEASURED; ++*out)
        if (strcmp(name, names[*out]) == 0)
            return true;
    for (size_t i = 0; i < sizeof of_label / sizeof *of_label; i++) {
        size_t size = strlen(of_label[i]);
        uint32_t label = strncmp(name, of_label[i], size) == 0
                             ? intern_find(&e->names, (heed_bytes){name + size, strlen(name + size)})
                             : INTERN_NONE;
        *out = MEASURED + 3 * (size_t)label + i;
        if (label != INTERN_NONE)
            return true;
    }
    return false;
}

heed_status heed_evaluation_interval(const heed_evaluation *evaluation, const char *name, double *low, double *high,
                                     heed_error *error)
{
    const heed_evaluation *e = evaluation;
    size_t found;
    *low = *high = NAN;
    if (e->resamples == 0)
        return fail(error, HEED_USAGE, "evaluation: call heed_evaluation_bootstrap before asking for intervals");
    if (!find_interval(&found, e, name))
        return fail(error, HEED_USAGE,
                    "evaluation: no interval of '%s', expected one of: accuracy, auc, average_precision, brier, ece, "
                    "macro_, weighted_ or micro_f1, _precision or _recall, f1:LABEL, precision:LABEL, recall:LABEL",
                    name);
    *low = e->intervals[found].low;
    *high = e->intervals[found].high;
    return HEED_OK;
}
