/* heed_cross_validate: each part of the rows validates a training on the others. */
#include <inttypes.h>
#include <math.h>

#include "base/status.h"
#include "base/writer.h"
#include "experiment/spread.h"
#include "train/train.h"
#include "train/training.h"
#include "train/training_data.h"

/* context: the data of this fold. */
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
    if (folds < 2 || folds > HEED_MAX_FOLDS)
        return fail(error, HEED_USAGE, "--folds: found %u, expected 2 to %d", folds, HEED_MAX_FOLDS);
    TRY(train_check(corpus, options, error));
    for (context.fold = 1; context.fold <= folds; context.fold++)
        TRY(run_fold(&out[context.fold - 1], context, corpus, error));
done:
    return status;
}

/* ---- results of the folds */

/* Of the metric at this offset of heed_keras_metrics. */
static void print_spread(writer *out, const char *name, const heed_fold *folds, unsigned count, size_t offset)
{
    double values[HEED_MAX_FOLDS];
    for (unsigned i = 0; i < count; i++)
        values[i] = *(const double *)(const void *)((const char *)&folds[i].validation + offset);
    heed_spread spread = spread_of(values, count);
    writer_print(out, "%s: %.4f ± %.4f\n", name, spread.mean, spread.deviation);
}

heed_status heed_folds_report(const heed_fold *folds, unsigned count, char **out, heed_error *error)
{
    writer text = {0};
    *out = NULL;
    if (count < 2 || count > HEED_MAX_FOLDS)
        return fail(error, HEED_USAGE, "folds: found %u, expected 2 to %d", count, HEED_MAX_FOLDS);
    for (unsigned i = 0; i < count; i++)
        writer_print(&text,
                     "fold %u/%u: rows %" PRIu64 " + %" PRIu64 ", best epoch %u, accuracy %.4f, loss %.4f, auc %.4f\n",
                     i + 1, count, folds[i].rows_train, folds[i].rows_validation, folds[i].best_epoch,
                     folds[i].validation.accuracy, folds[i].validation.loss, folds[i].validation.auc);
    print_spread(&text, "accuracy", folds, count, offsetof(heed_keras_metrics, accuracy));
    print_spread(&text, "loss", folds, count, offsetof(heed_keras_metrics, loss));
    print_spread(&text, "auc", folds, count, offsetof(heed_keras_metrics, auc));
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}

void heed_folds_apply(heed_train_options *options, const heed_fold *folds, unsigned count)
{
    double sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += folds[i].best_epoch;
    options->epochs = (unsigned)fmax(1, round(sum / count));
    options->validation = HEED_VALIDATION_NONE;
    options->keep = HEED_KEEP_LAST;
}
