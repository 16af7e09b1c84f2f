#include "experiment/outcome.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "experiment/spread.h"
#include "metrics/paired_bootstrap.h"

/* ---- spreads */

static bool has_metrics(const heed_trial *trial)
{
    return trial->status == HEED_OK;
}

/* Of the number at this offset of the trials that have metrics. */
static heed_spread metric_spread(const heed_trial *trials, size_t count, size_t offset)
{
    double values[MAX_SEEDS];
    size_t fine = 0;
    for (size_t i = 0; i < count; i++)
        if (has_metrics(&trials[i]))
            values[fine++] = *(const double *)(const void *)((const char *)&trials[i] + offset);
    return spread_of(values, fine);
}

static void sum_up(heed_contender *k, const heed_trial *trials)
{
    k->failed = 0;
    for (size_t i = 0; i < k->trials; i++) {
        if (has_metrics(&trials[i]))
            k->parameters = trials[i].parameters;
        else
            k->failed++;
    }
    k->accuracy = metric_spread(trials, k->trials, offsetof(heed_trial, accuracy));
    k->macro_f1 = metric_spread(trials, k->trials, offsetof(heed_trial, macro_f1));
    k->auc = metric_spread(trials, k->trials, offsetof(heed_trial, auc));
    k->seconds = metric_spread(trials, k->trials, offsetof(heed_trial, seconds));
}

/* ---- differences */

/* Moves trials with metrics together; first[contenders + 1] says which contender they belong to. */
static void gather_answers(const comparison_trials *t, label_lists *answers, size_t *first)
{
    const heed_comparison *r = t->result;
    size_t kept = 0;
    for (size_t i = 0; i < r->contender_count; i++) {
        const heed_contender *k = &r->contenders[i];
        first[i] = kept;
        for (size_t j = k->first; j < k->first + k->trials; j++)
            if (has_metrics(&r->trials[j]))
                answers[kept++] = t->answers[j];
    }
    first[r->contender_count] = kept;
}

static heed_status find_differences(const comparison_trials *t, heed_error *error)
{
    heed_comparison *r = t->result;
    size_t count = r->contender_count;
    label_lists *answers = memory_array(r->trial_count, sizeof *answers);
    size_t *first = memory_array(count + 1, sizeof *first);
    heed_interval *accuracy = memory_array(count, sizeof *accuracy), *macro_f1 = memory_array(count, sizeof *macro_f1);
    heed_status status;
    TRY(answers && first && accuracy && macro_f1 ? HEED_OK : fail_memory(error, "a comparison"));
    gather_answers(t, answers, first);
    const answered a = {.rows = t->rows.count,
                        .labels = t->rows.corpus->learnable + t->rows.unknown_count,
                        .truth = t->rows.truth,
                        .answers = answers,
                        .first_trial = first,
                        .contenders = count,
                        .several = corpus_task(t->rows.corpus) == HEED_TASK_MULTILABEL};
    TRY(bootstrap_differences(accuracy, macro_f1, &a, r->resamples, r->options[0].seed, t->workers, error));
    for (size_t i = 0; i < count; i++) {
        r->contenders[i].accuracy_difference = accuracy[i];
        r->contenders[i].macro_f1_difference = macro_f1[i];
    }
done:
    free(answers);
    free(first);
    free(accuracy);
    free(macro_f1);
    return status;
}

heed_status outcome_find(const comparison_trials *t, heed_error *error)
{
    heed_comparison *r = t->result;
    for (size_t i = 0; i < r->contender_count; i++)
        sum_up(&r->contenders[i], r->trials + r->contenders[i].first);
    return find_differences(t, error);
}
