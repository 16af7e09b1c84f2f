#include "experiment/tuning.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

void heed_tuning_free(heed_tuning *t)
{
    if (t == NULL)
        return;
    trials_release(&t->table);
    ranges_values_free(t->best_values);
    ranges_release(&t->ranges);
    free(t);
}

/* ---- ranking */

double tuning_score(const heed_tuning *tuning, const heed_tune_trial *t)
{
    const double goals[] = {[HEED_GOAL_LOSS] = t->loss, [HEED_GOAL_ACCURACY] = -t->accuracy, [HEED_GOAL_AUC] = -t->auc};
    double score = goals[tuning->options.goal];
    return t->status != HEED_OK || isnan(score) ? INFINITY : score;
}

typedef struct ranked_trial {
    const heed_tune_trial *trial;
    double score;
} ranked_trial;

static int ranked_compare(const void *left, const void *right)
{
    const ranked_trial *a = left, *b = right;
    if (a->trial->rung != b->trial->rung)
        return a->trial->rung > b->trial->rung ? -1 : 1;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return a->trial->number < b->trial->number ? -1 : a->trial->number > b->trial->number;
}

/* Whether the trial went on to a later rung without failing there. */
static bool is_surpassed(const trial_table *table, const heed_tune_trial *t)
{
    for (unsigned rung = t->rung + 1; rung <= table->search.rung_count; rung++) {
        const heed_tune_trial *later = trials_find(table, rung, t->number);
        if (later != NULL && later->status == HEED_OK)
            return true;
    }
    return false;
}

const heed_tune_trial **tuning_ranked(const heed_tuning *tuning, size_t *count)
{
    const trial_table *table = &tuning->table;
    ranked_trial *list = memory_array(table->count, sizeof *list);
    const heed_tune_trial **out = memory_array(table->count, sizeof *out);
    *count = 0;
    if (list == NULL || out == NULL) {
        free(list);
        free(out);
        return NULL;
    }
    for (size_t i = 0; i < table->count; i++) {
        const heed_tune_trial *t = &table->rows[i];
        if (t->status == HEED_OK && !is_surpassed(table, t))
            list[(*count)++] = (ranked_trial){t, tuning_score(tuning, t)};
    }
    qsort(list, *count, sizeof *list, ranked_compare);
    for (size_t i = 0; i < *count; i++)
        out[i] = list[i].trial;
    free(list);
    return out;
}

const heed_tuning_info *heed_tuning_describe(const heed_tuning *tuning)
{
    return &tuning->info;
}

const heed_tune_trial *heed_tuning_trial(const heed_tuning *tuning, size_t i)
{
    return &tuning->table.rows[i];
}

heed_status tuning_fill_info(heed_tuning *t, heed_error *error)
{
    size_t count;
    const heed_tune_trial **all = tuning_ranked(t, &count), *best = all != NULL && count > 0 ? all[0] : NULL;
    t->info = (heed_tuning_info){.trial_count = t->table.count};
    free(all);
    if (best == NULL)
        return all != NULL ? HEED_OK : fail_memory(error, "a search");
    t->best_values = ranges_draw(&t->ranges, t->table.search.seed, best->number);
    if (t->best_values == NULL)
        return fail_memory(error, "a search");
    t->best_options = t->base;
    heed_status status = ranges_lay(&t->best_options, &t->ranges, t->best_values, error);
    trial_set_epochs(&t->best_options, best->epochs);
    if (status == HEED_OK)
        t->info = (heed_tuning_info){t->table.count, best, &t->best_options.text, &t->best_options.train};
    return status;
}
