/* heed_compare: several architectures and seeds, one split, and intervals of the differences. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "experiment/comparison_trials.h"
#include "experiment/contenders.h"
#include "experiment/outcome.h"
#include "options/option_structs.h"
#include "train/part_labels.h"
#include "train/train.h"
#include "train/training.h"
#include "train/training_data.h"

enum { MAX_RESAMPLES = 1000000, DEFAULT_RESAMPLES = 2000 };

static heed_status check_contender(const heed_train_options *o, unsigned seeds, heed_error *error)
{
    return o->seed > (uint64_t)INT64_MAX - seeds
               ? fail(error, HEED_USAGE, "--seed: found %llu, which is too large for %u seeds",
                      (unsigned long long)o->seed, seeds)
               : heed_architecture_check(o->architecture, error);
}

static heed_status check_options(const heed_compare_options *o, heed_error *error)
{
    heed_status status = HEED_OK;
    if (o->seeds < 1 || o->seeds > MAX_SEEDS)
        return fail(error, HEED_USAGE, "--seeds: found %u, expected 1 to %d", o->seeds, MAX_SEEDS);
    if (o->resamples > MAX_RESAMPLES)
        return fail(error, HEED_USAGE, "resamples: found %u, expected at most %d", o->resamples, MAX_RESAMPLES);
    for (size_t i = 0; i < o->count; i++)
        TRY(check_contender(o->contenders[i], o->seeds, error));
done:
    return status;
}

/* A caller's contenders, which may have been laid out by an older heed.h; free_contenders releases them. */
static heed_status take_contenders(heed_compare_options *o, heed_error *error)
{
    const heed_train_options *const *given = o->contenders;
    heed_train_options *taken;
    const heed_train_options **list;
    heed_status status;
    o->contenders = NULL;
    if (o->count == 0)
        return fail(error, HEED_USAGE, "compare: found no architecture, expected at least one");
    taken = memory_array(o->count, sizeof *taken);
    list = memory_array(o->count, sizeof *list);
    TRY(taken == NULL || list == NULL ? fail_memory(error, "a comparison") : HEED_OK);
    for (size_t i = 0; i < o->count; i++) {
        TRY(options_take(HEED_OPTIONS_TRAIN, &taken[i], given[i], error));
        list[i] = &taken[i];
    }
    o->contenders = list;
    return HEED_OK;
done:
    free(taken);
    free(list);
    return status;
}

static void free_contenders(heed_compare_options *o)
{
    if (o->contenders != NULL)
        free((void *)(uintptr_t)o->contenders[0]);
    free((void *)(uintptr_t)o->contenders);
}

/* Every contender that has an encoder gets one, and one is not given for none of them. */
static heed_status check_encoder(const heed_comparison *r, const heed_corpus *corpus, heed_error *error)
{
    bool used = false;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < r->contender_count && status == HEED_OK; i++) {
        status = training_data_check_encoder(corpus, r->options[i].architecture, error);
        used = used || train_check_encoder(corpus, &r->options[i], NULL) == HEED_OK;
    }
    return status != HEED_OK || used ? status : train_check_encoder(corpus, &r->options[0], error);
}

static heed_status begin(heed_comparison *r, heed_corpus *corpus, const heed_compare_options *o, heed_error *error)
{
    heed_status status;
    r->seeds = o->seeds;
    r->resamples = o->resamples > 0 ? o->resamples : DEFAULT_RESAMPLES;
    TRY(contenders_list(r, o, error));
    r->info = (heed_comparison_info){.contender_count = r->contender_count, .trial_count = r->trial_count};
    TRY(train_check(corpus, &r->options[0], error));
    for (size_t i = 1; i < r->contender_count; i++)
        TRY(train_options_check(&r->options[i], error));
    status = check_encoder(r, corpus, error);
done:
    return status;
}

heed_status heed_compare(heed_comparison **out, heed_corpus *corpus, const heed_compare_options *options,
                         const heed_listener *listener, heed_error *error)
{
    heed_status status, ran = HEED_OK;
    heed_comparison *result = NULL;
    comparison_trials t = {0};
    heed_compare_options o = {.contenders = NULL};
    *out = NULL;
    TRY(options_take(HEED_OPTIONS_COMPARE, &o, options, error));
    TRY(take_contenders(&o, error));
    TRY(check_options(&o, error));
    result = memory_array(1, sizeof *result);
    TRY(result == NULL ? fail_memory(error, "a comparison") : begin(result, corpus, &o, error));
    TRY(train_judge_labels(corpus, listener, true, error));
    TRY(part_labels_check(corpus, HEED_PART_VALIDATION, listener, error));
    TRY(part_labels_check(corpus, HEED_PART_TEST, listener, error));
    TRY(comparison_trials_init(&t, result, corpus, listener, error));
    ran = comparison_trials_run(&t, error);
    TRY(ran == HEED_STOPPED && t.done > 0 ? HEED_OK : ran);
    TRY(outcome_find(&t, ran == HEED_OK ? error : NULL));
    status = ran;
    *out = result;
    result = NULL;
done:
    free_contenders(&o);
    comparison_trials_release(&t);
    heed_comparison_free(result);
    return status;
}
