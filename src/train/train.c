/* heed_train: split, train, and make a model of the result. */
#include "train/train.h"

#include "base/status.h"
#include "data/label_signs.h"
#include "model/encoder_spec.h"
#include "network/architecture.h"
#include "options/option_structs.h"
#include "train/part_labels.h"
#include "train/seen_rows.h"
#include "train/thresholds.h"
#include "train/trained_model.h"
#include "train/training.h"
#include "train/training_data.h"
#include "train/training_split.h"
#include "train/training_table.h"

enum { MAX_LABELS = 65536 };

/* ---- checks */

static heed_status check_corpus(const heed_corpus *corpus, heed_error *error)
{
    if (corpus->row_count == 0)
        return fail(error, HEED_BAD_DATA, "no rows to train on");
    if (corpus->row_count > INT32_MAX)
        return fail(error, HEED_BAD_DATA, "%zu rows, expected at most %d", corpus->row_count, INT32_MAX);
    if (corpus->label_names.count > MAX_LABELS)
        return fail(error, HEED_BAD_DATA, "%u labels, expected at most %d; is the label column the right one?",
                    corpus->label_names.count, MAX_LABELS);
    return HEED_OK;
}

/* There are at least two labels. They are sorted. */
static heed_status check_label_count(const heed_corpus *corpus, heed_error *error)
{
    uint32_t labels = corpus->label_names.count;
    if (labels >= 2)
        return HEED_OK;
    if (corpus->several)
        return fail(error, HEED_BAD_DATA,
                    "found %u label%s in all %zu rows, expected at least two; is '--label-separator' "
                    "the right one?",
                    labels, labels == 1 ? "" : "s", corpus->row_count);
    return fail(error, HEED_BAD_DATA, "all %zu rows have the label '%.60s', expected at least two labels",
                corpus->row_count, corpus->labels[0]);
}

heed_status train_check_encoder(const heed_corpus *corpus, const heed_train_options *options, heed_error *error)
{
    if (corpus->encoder != NULL && architecture_recipe_of(options->architecture) == RECIPE_NONE &&
        !architecture_has_encoder(options->architecture))
        return fail(error, HEED_USAGE,
                    "--encoder: found the architecture '%.100s', which has no encoder; expected one such as 'encoder | "
                    "mean | linear', or none, for the recipe",
                    options->architecture);
    return HEED_OK;
}

heed_status train_check(heed_corpus *corpus, const heed_train_options *options, heed_error *error)
{
    heed_status status;
    TRY(train_options_check(options, error));
    TRY(training_data_check_encoder(corpus, options->architecture, error));
    TRY(check_corpus(corpus, error));
    TRY(corpus_sort_labels(corpus, error));
    TRY(check_label_count(corpus, error));
done:
    return status;
}

heed_status train_judge_labels(heed_corpus *corpus, const heed_listener *listener, bool tells_rare, heed_error *error)
{
    if (listener == NULL || corpus->rows_judged == corpus->row_count)
        return HEED_OK;
    label_signs signs;
    heed_status status = label_signs_find(&signs, corpus, error);
    const struct {
        const writer *line;
        heed_warning kind;
        bool told;
    } found[] = {
        {&signs.joined, HEED_WARNING_LABELS_JOINED, true}, {&signs.column, HEED_WARNING_LABEL_COLUMN, true},
        {&signs.alike, HEED_WARNING_LABELS_ALIKE, true},   {&signs.header, HEED_WARNING_HEADER, true},
        {&signs.twice, HEED_WARNING_TWO_LABELS, true},     {&signs.rare, HEED_WARNING_LABELS_RARE, tells_rare}};
    for (size_t i = 0; i < sizeof found / sizeof *found && status == HEED_OK; i++) {
        heed_event event = {.stage = HEED_STAGE_WARNING, .warning = found[i].kind, .note = found[i].line->data};
        if (found[i].told && found[i].line->size > 0 && listener->on_event(listener->user, &event) != 0)
            status = fail(error, HEED_STOPPED, "stopped before training");
    }
    corpus->rows_judged = corpus->row_count;
    label_signs_release(&signs);
    return status;
}

/* ---- a model */

static heed_status make_model(heed_model **out, const training_context *c, training_result *result, heed_error *error)
{
    heed_model *m = NULL;
    heed_status status;
    TRY(trained_model_make(&m, c, result, error));
    TRY(thresholds_choose(m, c, result, error));
    model_fill_info(m);
    *out = m;
    return HEED_OK;
done:
    heed_model_free(m);
    return status;
}

heed_status train_model(heed_model **out, heed_corpus *corpus, const training_data *data,
                        const heed_train_options *options, const heed_listener *listener, heed_error *error)
{
    const training_context context = {.data = data,
                                      .corpus = corpus,
                                      .options = options,
                                      .listener = listener,
                                      .crossfits = training_crossfits(corpus, options)};
    training_result result = {0};
    bool stopped = false;
    heed_status status;
    *out = NULL;
    TRY(thresholds_check(&context, error));
    status = training_run(&result, &context, error);
    stopped = status == HEED_STOPPED;
    if (stopped && result.epochs_run > 0)
        status = HEED_OK;
    TRY(status);
    TRY(make_model(out, &context, &result, error));
    status = stopped ? HEED_STOPPED : HEED_OK;
done:
    training_result_release(&result);
    return status;
}

heed_status heed_train(heed_model **out, heed_corpus *corpus, const heed_train_options *options,
                       const heed_listener *listener, heed_error *error)
{
    heed_train_options o;
    split parts = {0};
    training_data data = {0};
    seen_rows seen = {0};
    bool told; /* of a search, an earlier trial told of the labels */
    heed_status status;
    *out = NULL;
    TRY(options_take(HEED_OPTIONS_TRAIN, &o, options, error));
    TRY(train_check_encoder(corpus, &o, error));
    TRY(train_check(corpus, &o, error));
    told = corpus->rows_judged == corpus->row_count;
    TRY(train_judge_labels(corpus, listener, true, error));
    TRY(part_labels_check(corpus, HEED_PART_VALIDATION, told ? NULL : listener, error));
    TRY(training_split(&parts, corpus, &o, error));
    TRY(training_data_make(&data, training_class_of(o.architecture), corpus, &parts, &o, NULL, error));
    TRY(seen_rows_find(&seen, corpus, &data, &o, listener, error));
    status = train_model(out, corpus, &data, &o, listener, error);
    if (*out != NULL)
        seen_rows_give(&seen, *out, &o);
done:
    seen_rows_release(&seen);
    training_data_release(&data);
    split_release(&parts);
    return status;
}
