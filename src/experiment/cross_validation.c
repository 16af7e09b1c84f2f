#include "experiment/cross_validation.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"
#include "experiment/spread.h"
#include "options/option_structs.h"
#include "train/train.h"
#include "train/training.h"
#include "train/training_data.h"

/* context: the data of this fold. */
static heed_status run_fold(heed_folds *out, training_context context, heed_corpus *corpus, heed_error *error)
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
    heed_keras_metrics *validation = &out->validation[out->count];
    *validation = result.validation[result.epoch_kept - 1];
    out->items[out->count++] = (heed_fold){data.train.count, data.validation.count, result.epoch_kept, validation};
done:
    training_result_release(&result);
    training_data_release(&data);
    split_release(&parts);
    return status;
}

static heed_status run_folds(heed_folds *out, training_context *context, heed_corpus *corpus, heed_error *error)
{
    heed_status status = HEED_OK;
    out->items = memory_array(context->folds, sizeof *out->items);
    out->validation = memory_array(context->folds, sizeof *out->validation);
    if (out->items == NULL || out->validation == NULL)
        return fail_memory(error, "folds");
    for (context->fold = 1; context->fold <= context->folds && status == HEED_OK; context->fold++)
        status = run_fold(out, *context, corpus, error);
    return status;
}

heed_status heed_cross_validate(heed_folds **out, unsigned folds, heed_corpus *corpus,
                                const heed_train_options *options, const heed_listener *listener, heed_error *error)
{
    heed_train_options o;
    training_context context = {.corpus = corpus, .options = &o, .listener = listener, .folds = folds};
    heed_folds *made = NULL;
    heed_status status;
    *out = NULL;
    TRY(options_take(HEED_OPTIONS_TRAIN, &o, options, error));
    if (folds < 2 || folds > HEED_MAX_FOLDS)
        return fail(error, HEED_USAGE, "--folds: found %u, expected 2 to %d", folds, HEED_MAX_FOLDS);
    TRY(train_check(corpus, &o, error));
    made = memory_array(1, sizeof *made);
    TRY(made == NULL ? fail_memory(error, "folds") : run_folds(made, &context, corpus, error));
    *out = made;
    made = NULL;
done:
    heed_folds_free(made);
    return status;
}

void heed_folds_free(heed_folds *folds)
{
    if (folds == NULL)
        return;
    free(folds->items);
    free(folds->validation);
    free(folds);
}

unsigned heed_folds_count(const heed_folds *folds)
{
    return folds->count;
}

const heed_fold *heed_folds_item(const heed_folds *folds, unsigned i)
{
    return &folds->items[i];
}

/* ---- results of the folds */

/* "auc: 0.9000 ± 0.0100 (3 of 5 folds)": of the metric at this offset, over the folds in which it is defined. */
static void print_spread(writer *out, const char *name, const heed_folds *folds, size_t offset)
{
    double values[HEED_MAX_FOLDS];
    for (unsigned i = 0; i < folds->count; i++)
        values[i] = *(const double *)(const void *)((const char *)&folds->validation[i] + offset);
    heed_spread spread = spread_of(values, folds->count);
    size_t defined = spread_size(values, folds->count);
    char number[NUMBER_TEXT];
    writer_print(out, "%s: %s", name, number_fixed(number, spread.mean, 4));
    if (defined > 1)
        writer_print(out, " ± %.4f", spread.deviation);
    if (defined < folds->count)
        writer_print(out, " (%zu of %u folds)", defined, folds->count);
    writer_byte(out, '\n');
}

heed_status heed_folds_report(char **out, const heed_folds *folds, heed_error *error)
{
    writer text = {0};
    for (unsigned i = 0; i < folds->count; i++) {
        const heed_fold *fold = &folds->items[i];
        char auc[NUMBER_TEXT];
        writer_print(&text,
                     "fold %u/%u: rows %" PRIu64 " + %" PRIu64 ", best epoch %u, accuracy %.4f, loss %.4f, auc %s\n",
                     i + 1, folds->count, fold->rows_train, fold->rows_validation, fold->best_epoch,
                     fold->validation->accuracy, fold->validation->loss, number_fixed(auc, fold->validation->auc, 4));
    }
    print_spread(&text, "accuracy", folds, offsetof(heed_keras_metrics, accuracy));
    print_spread(&text, "loss", folds, offsetof(heed_keras_metrics, loss));
    print_spread(&text, "auc", folds, offsetof(heed_keras_metrics, auc));
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}

void heed_folds_apply(heed_train_options *options, const heed_folds *folds)
{
    double sum = 0;
    for (unsigned i = 0; i < folds->count; i++)
        sum += folds->items[i].best_epoch;
    options->epochs = (unsigned)fmax(1, round(sum / folds->count));
    options->validation = HEED_VALIDATION_NONE;
    options->keep = HEED_KEEP_LAST;
}
