#include "experiment/outcome.h"

#include <math.h>
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
    k->unseen_accuracy = metric_spread(trials, k->trials, offsetof(heed_trial, unseen_accuracy));
    k->unseen_macro_f1 = metric_spread(trials, k->trials, offsetof(heed_trial, unseen_macro_f1));
    k->unseen_auc = metric_spread(trials, k->trials, offsetof(heed_trial, unseen_auc));
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

/* The lists of the rows that were not seen. */
static heed_status take_unseen(label_lists *out, const label_lists *all, const measured_rows *r, heed_error *error)
{
    uint32_t rows = 0, labels = 0;
    *out = (label_lists){memory_array((size_t)r->count + 1, sizeof *out->first),
                         memory_array(all->first[r->count], sizeof *out->label)};
    if (out->first == NULL || out->label == NULL)
        return fail_memory(error, "a comparison");
    for (uint32_t i = 0; i < r->count; i++) {
        for (uint32_t k = all->first[i]; k < all->first[i + 1] && !r->seen[i]; k++)
            out->label[labels++] = all->label[k];
        rows += !r->seen[i];
        out->first[rows] = labels;
    }
    return HEED_OK;
}

static heed_status compare_answers(heed_interval *accuracy, heed_interval *macro_f1, const comparison_trials *t,
                                   const answered *a, heed_error *error)
{
    const heed_comparison *r = t->result;
    return bootstrap_differences(accuracy, macro_f1, a, r->resamples, r->options[0].seed, t->workers, error);
}

/* a: of all rows. */
static heed_status compare_unseen(heed_interval *accuracy, heed_interval *macro_f1, const comparison_trials *t,
                                  const answered *a, heed_error *error)
{
    size_t trials = a->first_trial[a->contenders];
    answered unseen = *a;
    label_lists *answers = memory_array(trials, sizeof *answers);
    heed_status status;
    unseen.rows = a->rows - t->rows.seen_count;
    unseen.answers = answers;
    unseen.truth = (label_lists){0};
    TRY(answers == NULL ? fail_memory(error, "a comparison") : HEED_OK);
    TRY(take_unseen(&unseen.truth, &a->truth, &t->rows, error));
    for (size_t i = 0; i < trials; i++)
        TRY(take_unseen(&answers[i], &a->answers[i], &t->rows, error));
    TRY(compare_answers(accuracy, macro_f1, t, &unseen, error));
done:
    label_lists_release(&unseen.truth);
    for (size_t i = 0; answers != NULL && i < trials; i++)
        label_lists_release(&answers[i]);
    free(answers);
    return status;
}

/* Of all measured rows, and of those that were not seen. */
static heed_status take_differences(heed_comparison *r, const comparison_trials *t, const answered *a,
                                    heed_error *error)
{
    size_t count = r->contender_count;
    bool unseen = t->rows.seen_count > 0 && t->rows.seen_count < t->rows.count;
    heed_interval *of = memory_array(4 * count, sizeof *of);
    heed_status status;
    TRY(of == NULL ? fail_memory(error, "a comparison") : compare_answers(of, of + count, t, a, error));
    if (unseen)
        TRY(compare_unseen(of + 2 * count, of + 3 * count, t, a, error));
    for (size_t i = 0; i < count; i++) {
        heed_contender *k = &r->contenders[i];
        k->accuracy_difference = of[i];
        k->macro_f1_difference = of[count + i];
        k->unseen_accuracy_difference = unseen ? of[2 * count + i] : (heed_interval){NAN, NAN, NAN};
        k->unseen_macro_f1_difference = unseen ? of[3 * count + i] : (heed_interval){NAN, NAN, NAN};
        if (t->rows.seen_count == 0) {
            k->unseen_accuracy_difference = k->accuracy_difference;
            k->unseen_macro_f1_difference = k->macro_f1_difference;
        }
    }
done:
    free(of);
    return status;
}

static heed_status find_differences(const comparison_trials *t, heed_error *error)
{
    heed_comparison *r = t->result;
    size_t count = r->contender_count;
    label_lists *answers = memory_array(r->trial_count, sizeof *answers);
    size_t *first = memory_array(count + 1, sizeof *first);
    heed_status status;
    TRY(answers && first ? HEED_OK : fail_memory(error, "a comparison"));
    gather_answers(t, answers, first);
    const answered a = {.rows = t->rows.count,
                        .labels = t->rows.corpus->learnable + t->rows.unknown_count,
                        .truth = t->rows.truth,
                        .answers = answers,
                        .first_trial = first,
                        .contenders = count,
                        .several = corpus_task(t->rows.corpus) == HEED_TASK_MULTILABEL};
    TRY(take_differences(r, t, &a, error));
done:
    free(answers);
    free(first);
    return status;
}

heed_status outcome_find(const comparison_trials *t, heed_error *error)
{
    heed_comparison *r = t->result;
    for (size_t i = 0; i < r->contender_count; i++)
        sum_up(&r->contenders[i], r->trials + r->contenders[i].first);
    return find_differences(t, error);
}
