#include "metrics/paired_bootstrap.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "metrics/bootstrap.h"

enum { ACCURACY, MACRO_F1, COMPARED };

typedef struct compared {
    double of[COMPARED];
} compared;

typedef struct paired {
    const answered *data;
    uint64_t seed;
    unsigned resamples;
    size_t trials;
    resample *scratch; /* [threads] */
    compared *trial;   /* [threads][trials] */
    compared *mean;    /* [resamples][contenders] */
    double *values;    /* [resamples]: scratch */
} paired;

/* Of one trial, on the rows of a resample. */
static compared measure(const paired *p, resample *s, size_t trial)
{
    label_counts_fill(&s->counts, &p->data->truth, &p->data->answers[trial], s->rows, s->weight);
    return (compared){{[ACCURACY] = (double)s->counts.exact / (double)s->rows,
                       [MACRO_F1] = label_counts_average(&s->counts, AVERAGE_MACRO, p->data->several).of[SCORE_F1]}};
}

/* The mean over a contender's trials, resampled for the resample of this number; NULL: each of them once. */
static compared mean_of(const paired *p, const compared *trial, size_t contender, const uint32_t *number)
{
    size_t first = p->data->first_trial[contender], count = p->data->first_trial[contender + 1] - first;
    compared mean = {{0}};
    for (size_t i = 0; i < count; i++) {
        size_t drawn = i;
        if (number != NULL) {
            random_key key = {p->seed, RANDOM_RESAMPLE, RESAMPLE_TRIALS, 0, *number};
            drawn = (uint64_t)random_word(key, (uint32_t)(first + i)) * count >> 32;
        }
        for (int k = 0; k < COMPARED; k++)
            mean.of[k] += trial[first + drawn].of[k];
    }
    for (int k = 0; k < COMPARED; k++)
        mean.of[k] /= (double)count; /* NaN without trials */
    return mean;
}

static void run_resample(void *context, size_t number, unsigned worker)
{
    paired *p = context;
    resample *s = &p->scratch[worker];
    compared *trial = p->trial + worker * p->trials;
    uint32_t drawn = (uint32_t)number;
    resample_draw(s, p->seed, drawn);
    for (size_t i = 0; i < p->trials; i++)
        trial[i] = measure(p, s, i);
    for (size_t i = 0; i < p->data->contenders; i++)
        p->mean[number * p->data->contenders + i] = mean_of(p, trial, i, &drawn);
}

/* mean: of the rows as they are. */
static heed_interval difference_of(paired *p, double mean, size_t contender, int what)
{
    heed_interval difference = {mean, NAN, NAN};
    if (isnan(mean) || p->data->rows < MIN_BOOTSTRAP_ROWS)
        return difference;
    for (size_t i = 0; i < p->resamples; i++) {
        const compared *means = p->mean + i * p->data->contenders;
        p->values[i] = means[contender].of[what] - means[0].of[what];
    }
    bootstrap_interval(&difference.low, &difference.high, p->values, p->resamples);
    return difference;
}

/* The first thread's scratch serves for the rows as they are. */
static void find_differences(heed_interval *accuracy, heed_interval *macro_f1, paired *p)
{
    for (size_t row = 0; row < p->data->rows; row++)
        p->scratch[0].weight[row] = 1;
    for (size_t i = 0; i < p->trials; i++)
        p->trial[i] = measure(p, &p->scratch[0], i);
    compared first = mean_of(p, p->trial, 0, NULL);
    for (size_t i = 0; i < p->data->contenders; i++) {
        compared mean = mean_of(p, p->trial, i, NULL);
        accuracy[i] = difference_of(p, mean.of[ACCURACY] - first.of[ACCURACY], i, ACCURACY);
        macro_f1[i] = difference_of(p, mean.of[MACRO_F1] - first.of[MACRO_F1], i, MACRO_F1);
    }
}

heed_status bootstrap_differences(heed_interval *accuracy, heed_interval *macro_f1, const answered *a,
                                  unsigned resamples, uint64_t seed, pool *workers, heed_error *error)
{
    unsigned threads = pool_threads(workers);
    paired p = {.data = a, .seed = seed, .resamples = resamples, .trials = a->first_trial[a->contenders]};
    p.scratch = memory_array(threads, sizeof *p.scratch);
    p.trial = memory_array(threads * p.trials, sizeof *p.trial);
    p.mean = memory_array(resamples * a->contenders, sizeof *p.mean);
    p.values = memory_array(resamples, sizeof *p.values);
    bool fine = p.scratch && p.trial && p.mean && p.values;
    for (unsigned i = 0; i < threads && fine; i++)
        fine = resample_init(&p.scratch[i], a->rows, a->labels);
    if (fine) {
        pool_run(workers, resamples, run_resample, &p);
        find_differences(accuracy, macro_f1, &p);
    }
    for (unsigned i = 0; i < threads && p.scratch != NULL; i++)
        resample_release(&p.scratch[i]);
    free(p.scratch);
    free(p.trial);
    free(p.mean);
    free(p.values);
    return fine ? HEED_OK : fail_memory(error, "the bootstrap");
}
