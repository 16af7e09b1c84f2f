#include "experiment/cross_validation.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"
#include "experiment/spread.h"
#include "options/option_structs.h"
#include "train/seen_rows.h"
#include "train/train.h"
#include "train/training.h"
#include "train/training_data.h"
#include "train/training_table.h"
#include "train/training_split.h"

/* context: the data of this fold. */
static heed_status run_fold(heed_folds *out, training_context context, heed_corpus *corpus, heed_error *error)
{
    split parts = {0};
    training_data data = {0};
    training_result result = {0};
    heed_status status;
    TRY(split_fold(&parts, corpus, context.fold - 1, context.folds, context.options->seed, error));
    TRY(training_data_make(&data, training_class_of(context.options->architecture), corpus, &parts, context.options,
                           NULL, error));
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

/* ---- before the first fold */

/* Whether a shell and the list of --drop-label take the label as it is. */
static bool is_plain(const char *label)
{
    return label[strspn(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+/")] == '\0';
}

/* "the label 'c' has too few texts for 5 folds: 1 row trains in every fold and validates in none; --drop-label c leaves
 * it out" */
static void write_kept(writer *out, const heed_corpus *c, unsigned folds, const uint32_t *kept, const split *sum)
{
    enum { SHOWN = 5 };
    uint32_t labels = sum->kept_label_count, rows = sum->kept_rows;
    bool plain = labels <= SHOWN;
    if (labels > 1)
        writer_print(out, "%" PRIu32 " labels (", labels);
    for (uint32_t i = 0; i < labels && i < SHOWN; i++) {
        writer_print(out, "%s'%.60s'", labels == 1 ? "the label " : i == 0 ? "" : ", ", c->labels[kept[i]]);
        plain = plain && is_plain(c->labels[kept[i]]);
    }
    writer_text(out, labels == 1 ? " has" : labels > SHOWN ? ", ...) have" : ") have");
    writer_print(out, " too few texts for %u folds: %" PRIu32 " row%s in every fold and %s in none; --drop-label",
                 folds, rows, rows == 1 ? " trains" : "s train", rows == 1 ? "validates" : "validate");
    for (uint32_t i = 0; i < labels && plain; i++)
        writer_print(out, "%s%s", i == 0 ? " " : ",", c->labels[kept[i]]);
    writer_text(out, labels == 1 ? " leaves it out" : " leaves them out");
}

/* kept: ranks of labels whose rows are in no fold's validation part. */
static heed_status tell_kept(const heed_corpus *c, const training_context *context, const uint32_t *kept,
                             const split *sum, heed_error *error)
{
    const heed_listener *listener = context->listener;
    writer line = {0};
    write_kept(&line, c, context->folds, kept, sum);
    writer_byte(&line, '\0');
    heed_status status = writer_check(&line, error);
    heed_event event = {
        .stage = HEED_STAGE_WARNING, .warning = HEED_WARNING_LABELS_RARE, .note = line.data, .folds = context->folds};
    if (status == HEED_OK && listener != NULL && listener->on_event(listener->user, &event) != 0)
        status = fail(error, HEED_STOPPED, "stopped before training");
    writer_release(&line);
    return status;
}

/* Of a fold without validation rows. */
static heed_status refuse_fold(heed_corpus *c, const training_context *context, unsigned fold, const split *parts,
                               heed_error *error)
{
    heed_status status = train_judge_labels(c, context->listener, true, error);
    if (status != HEED_OK)
        return status;
    if (parts->kept_label_count == 0)
        return fail(error, HEED_BAD_DATA, "fold %u of %u has no rows; use fewer folds", fold + 1, context->folds);
    return fail(error, HEED_BAD_DATA,
                "fold %u of %u has no rows to validate: its %" PRIu32
                " rows are the last ones of their labels, which have to train; is the label column the right one?",
                fold + 1, context->folds, parts->kept_rows);
}

/* Adds the fold's rows that have the text of one of its training rows. */
static heed_status count_leak(leak *l, const heed_corpus *c, const split *parts, heed_error *error)
{
    digest_list texts = {0};
    heed_status status = digest_list_add_rows(&texts, c, parts->train, parts->train_count, error);
    l->rows += digest_list_count(&texts, c, parts->validation, parts->validation_count);
    l->of += parts->validation_count;
    digest_list_release(&texts);
    return status;
}

/* Finds out whether every fold can be trained and validated. A label is kept in one fold at most. */
static heed_status check_folds(heed_corpus *c, const training_context *context, heed_error *error)
{
    heed_status status = HEED_OK;
    split sum = {0}, parts = {0};
    leak leaked = {.part = "validation"};
    uint32_t *kept = memory_array(c->label_names.count, sizeof *kept);
    if (kept == NULL)
        return fail_memory(error, "labels");
    for (unsigned fold = 0; fold < context->folds; fold++) {
        TRY(split_fold(&parts, c, fold, context->folds, context->options->seed, error));
        if (parts.validation_count == 0)
            TRY(refuse_fold(c, context, fold, &parts, error));
        memcpy(kept + sum.kept_label_count, parts.kept_labels, parts.kept_label_count * sizeof *kept);
        sum.kept_label_count += parts.kept_label_count;
        sum.kept_rows += parts.kept_rows;
        TRY(count_leak(&leaked, c, &parts, error));
        split_release(&parts);
    }
    TRY(train_judge_labels(c, context->listener, sum.kept_label_count == 0, error));
    if (sum.kept_label_count > 0)
        TRY(tell_kept(c, context, kept, &sum, error));
    status = leaks_tell(c, &leaked, 1, context->listener, error);
done:
    split_release(&parts);
    free(kept);
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
    training_measure_apart(&o);
    if (folds < 2 || folds > HEED_MAX_FOLDS)
        return fail(error, HEED_USAGE, "--folds: found %u, expected 2 to %d", folds, HEED_MAX_FOLDS);
    TRY(train_check_encoder(corpus, &o, error));
    TRY(train_check(corpus, &o, error));
    TRY(check_folds(corpus, &context, error));
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
    heed_train_options o;
    double sum = 0;
    if (options_take(HEED_OPTIONS_TRAIN, &o, options, NULL) != HEED_OK)
        return;
    if (o.validation == HEED_VALIDATION_AUTO && training_class_of(o.architecture)->crossfits)
        return; /* it trains on all rows by itself, and finds its epochs */
    for (unsigned i = 0; i < folds->count; i++)
        sum += folds->items[i].best_epoch;
    o.epochs = (unsigned)fmax(1, round(sum / folds->count));
    o.validation = HEED_VALIDATION_NONE;
    o.keep = HEED_KEEP_LAST;
    heed_options_copy(options, &o, NULL);
}
