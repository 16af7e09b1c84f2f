/* heed_cross_validate: each part of the rows validates a training on the others. */
#include "base/status.h"
#include "train/train.h"
#include "train/training.h"
#include "train/training_data.h"

enum { MAX_FOLDS = 100 };

/* context: its data are this fold's own. */
static heed_status run_fold(heed_fold *out, training_context context, heed_corpus *corpus, heed_error *error)
{
    split parts = {0};
    training_data data = {0};
    training_result result = {0};
    heed_status status;
    TRY(split_fold(&parts, corpus, context.fold - 1, context.folds, context.options->seed, error));
    if (parts.validation_count == 0)
        TRY(fail(error, HEED_BAD_DATA, "fold %u of %u has no rows; use fewer folds", context.fold, context.folds));
    TRY(training_data_make(&data, corpus, &parts, context.options, error));
    context.data = &data;
    TRY(training_run(&result, &context, error));
    *out = (heed_fold){data.train.count, data.validation.count, result.epoch_kept,
                       result.validation[result.epoch_kept - 1]};
done:
    training_result_release(&result);
    training_data_release(&data);
    split_release(&parts);
    return status;
}

heed_status heed_cross_validate(heed_fold *out, unsigned folds, heed_corpus *corpus, const heed_train_options *options,
                                const heed_listener *listener, heed_error *error)
{
    training_context context = {.corpus = corpus, .options = options, .listener = listener, .folds = folds};
    heed_status status;
    if (folds < 2 || folds > MAX_FOLDS)
        return fail(error, HEED_USAGE, "--folds: found %u, expected 2 to %d", folds, MAX_FOLDS);
    TRY(train_check(corpus, options, error));
    for (context.fold = 1; context.fold <= folds; context.fold++)
        TRY(run_fold(&out[context.fold - 1], context, corpus, error));
done:
    return status;
}
