/* heed_cross_validate: each part of the rows validates a training on the others. */
#include "base/status.h"
#include "train/training.h"

enum { MAX_FOLDS = 100 };

/* number from 0. */
static heed_status run_fold(heed_fold *out, heed_corpus *corpus, const heed_train_options *options, unsigned number,
                            unsigned folds, const heed_listener *listener, heed_error *error)
{
    split parts = {0};
    training_data data = {0};
    training_result result = {0};
    heed_status status;
    TRY(split_fold(&parts, corpus, number, folds, options->seed, error));
    TRY(parts.validation_count > 0
            ? HEED_OK
            : fail(error, HEED_BAD_DATA, "fold %u of %u has no rows; use fewer folds", number + 1, folds));
    TRY(training_data_make(&data, corpus, &parts, options, error));
    TRY(training_run(&result, &data, corpus, options, number + 1, folds, listener, error));
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
    heed_status status;
    if (folds < 2 || folds > MAX_FOLDS)
        return fail(error, HEED_USAGE, "--folds: found %u, expected 2 to %d", folds, MAX_FOLDS);
    TRY(train_check(corpus, options, error));
    for (unsigned i = 0; i < folds; i++)
        TRY(run_fold(&out[i], corpus, options, i, folds, listener, error));
done:
    return status;
}
