#include "metrics/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"

enum { DRAW_ROWS, DRAW_TRIALS };

typedef struct bootstrap {
    const answered *data;
    uint64_t seed;
    size_t trials;
    resample *scratch;   /* [threads] */
    figure_pair *figure; /* [threads][trials] */
    figure_pair *mean;   /* [resamples][contenders] */
} bootstrap;

/* ---- the figures of one trial on weighted rows */

static bool count_row(const resample *s, const label_lists *truth, const label_lists *answer, size_t row)
{
    uint32_t weight = s->weight[row], i = truth->first[row], j = answer->first[row];
    uint32_t i_end = truth->first[row + 1], j_end = answer->first[row + 1];
    bool equal = i_end - i == j_end - j;
    for (; i < i_end; i++) {
        uint32_t label = truth->label[i];
        s->wanted[label] += weight;
        for (; j < j_end && answer->label[j] < label; j++)
            s->answered[answer->label[j]] += weight;
        if (j < j_end && answer->label[j] == label)
            s->right[label] += weight;
        else
            equal = false;
    }
    for (; j < j_end; j++)
        s->answered[answer->label[j]] += weight;
    return equal;
}

figure_pair resample_measure(resample *s, const label_lists *truth, const label_lists *answer, bool several)
{
    uint64_t equal = 0;
    double f1 = 0;
    size_t counted = 0;
    memset(s->right, 0, s->labels * sizeof *s->right);
    memset(s->wanted, 0, s->labels * sizeof *s->wanted);
    memset(s->answered, 0, s->labels * sizeof *s->answered);
    for (size_t row = 0; row < s->rows; row++)
        if (s->weight[row] > 0 && count_row(s, truth, answer, row))
            equal += s->weight[row];
    for (size_t i = 0; i < s->labels; i++)
        if (s->wanted[i] + s->answered[i] > 0) {
            f1 += 2 * (double)s->right[i] / (double)(s->wanted[i] + s->answered[i]);
            counted++;
        }
    counted = several ? s->labels : counted;
    return (figure_pair){(double)equal / (double)s->rows, counted == 0 ? 0 : f1 / (double)counted};
}

static figure_pair measure(const bootstrap *b, resample *s, size_t trial)
{
    return resample_measure(s, &b->data->truth, &b->data->answers[trial], b->data->several);
}

/* ---- one resample */

void resample_draw(resample *s, uint64_t seed, uint32_t number)
{
    random_key key = {seed, RANDOM_RESAMPLE, DRAW_ROWS, 0, number};
    uint32_t words[4];
    memset(s->weight, 0, s->rows * sizeof *s->weight);
    for (size_t i = 0; i < s->rows; i++) {
        if (i % 4 == 0)
            random_block(words, key, (uint32_t)(i / 4));
        s->weight[(uint64_t)words[i % 4] * s->rows >> 32]++;
    }
}

/* The mean of a contender's trials, drawn anew for a resample where number is not NULL. */
static figure_pair mean_of(const bootstrap *b, const figure_pair *figure, size_t contender, const uint32_t *number)
{
    size_t first = b->data->first_trial[contender], count = b->data->first_trial[contender + 1] - first;
    figure_pair sum = {0};
    for (size_t i = 0; i < count; i++) {
        size_t drawn = i;
        if (number != NULL) {
            random_key key = {b->seed, RANDOM_RESAMPLE, DRAW_TRIALS, 0, *number};
            drawn = (uint64_t)random_word(key, (uint32_t)(first + i)) * count >> 32;
        }
        sum.accuracy += figure[first + drawn].accuracy;
        sum.macro_f1 += figure[first + drawn].macro_f1;
    }
    return (figure_pair){sum.accuracy / (double)count, sum.macro_f1 / (double)count}; /* NaN without trials */
}

static void run_resample(void *context, size_t number, unsigned worker)
{
    bootstrap *b = context;
    resample *s = &b->scratch[worker];
    figure_pair *figure = b->figure + worker * b->trials;
    uint32_t drawn = (uint32_t)number;
    resample_draw(s, b->seed, drawn);
    for (size_t trial = 0; trial < b->trials; trial++)
        figure[trial] = measure(b, s, trial);
    for (size_t i = 0; i < b->data->contenders; i++)
        b->mean[number * b->data->contenders + i] = mean_of(b, figure, i, &drawn);
}

/* ---- intervals */

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Linear between the two nearest of the sorted values. */
static double percentile(const double *sorted, size_t count, double share)
{
    double place = share * (double)(count - 1), below = floor(place);
    size_t i = (size_t)below;
    return i + 1 < count ? sorted[i] + (place - below) * (sorted[i + 1] - sorted[i]) : sorted[i];
}

void bootstrap_interval(double *low, double *high, double *values, size_t count)
{
    size_t defined = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[defined++] = values[i];
    qsort(values, defined, sizeof *values, compare_numbers);
    *low = defined > 0 ? percentile(values, defined, 0.025) : NAN;
    *high = defined > 0 ? percentile(values, defined, 0.975) : NAN;
}

static heed_difference make_difference(double mean, double *values, size_t count)
{
    heed_difference difference = {mean, NAN, NAN};
    if (!isnan(mean))
        bootstrap_interval(&difference.low, &difference.high, values, count);
    return difference;
}

/* values [resamples]: scratch. The first thread's scratch serves for the figures of the rows as they are. */
static void make_differences(heed_difference *accuracy, heed_difference *macro_f1, bootstrap *b, unsigned resamples,
                             double *values)
{
    size_t contenders = b->data->contenders;
    for (size_t row = 0; row < b->data->rows; row++)
        b->scratch[0].weight[row] = 1;
    for (size_t trial = 0; trial < b->trials; trial++)
        b->figure[trial] = measure(b, &b->scratch[0], trial);
    figure_pair base = mean_of(b, b->figure, 0, NULL);
    for (size_t i = 0; i < contenders; i++) {
        figure_pair mean = mean_of(b, b->figure, i, NULL);
        for (size_t j = 0; j < resamples; j++)
            values[j] = b->mean[j * contenders + i].accuracy - b->mean[j * contenders].accuracy;
        accuracy[i] = make_difference(mean.accuracy - base.accuracy, values, resamples);
        for (size_t j = 0; j < resamples; j++)
            values[j] = b->mean[j * contenders + i].macro_f1 - b->mean[j * contenders].macro_f1;
        macro_f1[i] = make_difference(mean.macro_f1 - base.macro_f1, values, resamples);
    }
}

/* ---- memory */

bool resample_init(resample *s, size_t rows, size_t labels)
{
    *s = (resample){.rows = rows,
                    .labels = labels,
                    .weight = memory_array(rows, sizeof *s->weight),
                    .right = memory_array(labels, sizeof *s->right),
                    .wanted = memory_array(labels, sizeof *s->wanted),
                    .answered = memory_array(labels, sizeof *s->answered)};
    return s->weight != NULL && s->right != NULL && s->wanted != NULL && s->answered != NULL;
}

void resample_release(resample *s)
{
    free(s->weight);
    free(s->right);
    free(s->wanted);
    free(s->answered);
}

heed_status bootstrap_differences(heed_difference *accuracy, heed_difference *macro_f1, const answered *a,
                                  unsigned resamples, uint64_t seed, pool *workers, heed_error *error)
{
    unsigned threads = pool_threads(workers);
    bootstrap b = {.data = a, .seed = seed, .trials = a->first_trial[a->contenders]};
    double *values = memory_array(resamples, sizeof *values);
    b.scratch = memory_array(threads, sizeof *b.scratch);
    b.figure = memory_array(threads * b.trials, sizeof *b.figure);
    b.mean = memory_array(resamples * a->contenders, sizeof *b.mean);
    bool fine = values && b.scratch && b.figure && b.mean;
    for (unsigned i = 0; i < threads && fine; i++)
        fine = resample_init(&b.scratch[i], a->rows, a->labels);
    if (fine) {
        pool_run(workers, resamples, run_resample, &b);
        make_differences(accuracy, macro_f1, &b, resamples, values);
    }
    for (unsigned i = 0; i < threads && b.scratch != NULL; i++)
        resample_release(&b.scratch[i]);
    free(b.scratch);
    free(b.figure);
    free(b.mean);
    free(values);
    return fine ? HEED_OK : fail_memory(error, "the bootstrap");
}
