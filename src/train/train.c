/* heed_train and heed_cross_validate: split, train, and make a model of the result. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/linear_classifier.h"
#include "model/network_classifier.h"
#include "network/architecture.h"
#include "network/batch.h"
#include "train/thresholds.h"

enum { MAX_LABELS = 65536 };

/* ---- from a result to a model */

static char *text_copy(const char *text)
{
    return memory_copy(text, strlen(text));
}

/* Where stop words come from a file, the model keeps the words themselves; an empty file is none. */
static heed_status copy_text_options(heed_model *m, const heed_corpus *corpus, uint32_t window, heed_error *error)
{
    heed_text_options *text = &m->config.text;
    bool listed = corpus->stop_list_size > 0;
    const char *named = listed ? "list" : corpus->stop_list == NULL ? corpus->options.stop_words : NULL;
    *text = corpus->options;
    text->stop_words = NULL;
    text->max_length = window;
    if (window == 0) /* the linear model reads everything */
        text->max_words = 0;
    if (named != NULL && (text->stop_words = text_copy(named)) == NULL)
        return fail_memory(error, "a model");
    if (!listed)
        return cleaner_new(&m->cleaner, text, NULL, error);
    m->stop_list = memory_copy(corpus->stop_list, corpus->stop_list_size);
    m->stop_list_size = corpus->stop_list_size;
    return m->stop_list == NULL ? fail_memory(error, "stop words")
                                : cleaner_new(&m->cleaner, text, &(heed_bytes){m->stop_list, m->stop_list_size}, error);
}

static heed_status copy_words(heed_model *m, const vocabulary *words, heed_error *error)
{
    uint32_t count = words->words.count;
    heed_bytes *texts = memory_array(count, sizeof *texts);
    if (texts == NULL)
        return fail_memory(error, "a vocabulary");
    for (uint32_t i = 0; i < count; i++)
        texts[i] = intern_word(&words->words, i);
    heed_status status = vocabulary_from_words(&m->words, words->kind, texts, count, error);
    free(texts);
    return status;
}

static heed_status copy_labels(heed_model *m, const heed_corpus *corpus, heed_error *error)
{
    uint32_t count = m->config.labels.count;
    m->labels = memory_array(count, sizeof *m->labels);
    for (uint32_t i = 0; i < count && m->labels != NULL; i++)
        if ((m->labels[i] = text_copy(corpus->labels[i])) == NULL)
            return fail_memory(error, "labels");
    return m->labels == NULL ? fail_memory(error, "labels") : HEED_OK;
}

/* How rows came to validate, such as "fraction 0.2". Decimals by hand: printf's point depends on the locale, and the
 * same training gives the same file everywhere. */
static void describe_validation(char *text, size_t size, const heed_corpus *corpus, const heed_train_options *o)
{
    static const char *const kinds[] = {"fraction", "last", "none"};
    if (split_is_fixed(corpus) || o->validation == HEED_VALIDATION_NONE) {
        snprintf(text, size, "%s", split_is_fixed(corpus) ? "given" : "none");
        return;
    }
    int digits = 6;
    long millionths = lround(o->validation_fraction * 1e6);
    for (; digits > 1 && millionths % 10 == 0; millionths /= 10)
        digits--;
    snprintf(text, size, "%s 0.%0*ld", kinds[o->validation], digits, millionths);
}

static heed_status fill_record(heed_model *m, const heed_corpus *corpus, const training_data *d,
                               const heed_train_options *o, const training_result *r, heed_error *error)
{
    char text[64];
    XXH128_hash_t digest = corpus_digest(corpus);
    m->config.training = (training_record){.rows = corpus->row_count,
                                           .rows_train = d->train.count,
                                           .rows_validation = d->validation.count,
                                           .mean_tokens = d->mean_tokens,
                                           .distinct_words = corpus->words.count,
                                           .epochs = r->linear != NULL ? 1 : o->epochs,
                                           .epochs_run = r->epochs_run,
                                           .epoch_kept = r->epoch_kept,
                                           .batch_size = o->batch_size,
                                           .patience = o->patience,
                                           .learning_rate = o->learning_rate,
                                           .optimizer = o->optimizer,
                                           .weight_decay = o->optimizer == HEED_OPTIMIZER_ADAMW ? o->weight_decay : 0,
                                           .momentum = o->optimizer == HEED_OPTIMIZER_SGD ? o->momentum : 0,
                                           .clip_norm = o->clip_norm,
                                           .schedule = o->schedule,
                                           .warmup = o->warmup,
                                           .seed = o->seed,
                                           .label_smoothing = o->label_smoothing,
                                           .keep_best = o->keep == HEED_KEEP_BEST,
                                           .stopped = r->stopped,
                                           .vector_words = r->pretrained.words,
                                           .vector_tokens = r->pretrained.token_share,
                                           .frozen_epochs = o->frozen_epochs};
    snprintf(text, sizeof text, "%016llx%016llx", (unsigned long long)digest.high64, (unsigned long long)digest.low64);
    m->config.training.data_digest = text_copy(text);
    describe_validation(text, sizeof text, corpus, o);
    m->config.training.validation = text_copy(text);
    if (o->class_weights != NULL) { /* no path gets into a model */
        bool balanced = strcmp(o->class_weights, "balanced") == 0;
        m->config.training.class_weights = text_copy(balanced ? "balanced" : "file");
        if (m->config.training.class_weights == NULL)
            return fail_memory(error, "a model");
    }
    if (o->vectors != NULL && (m->config.training.vectors_digest = text_copy(r->pretrained.digest)) == NULL)
        return fail_memory(error, "a model");
    return m->config.training.data_digest == NULL || m->config.training.validation == NULL
               ? fail_memory(error, "a model")
               : HEED_OK;
}

/* In its canonical form. */
static heed_status copy_architecture(char **out, const heed_train_options *o, const training_result *r,
                                     heed_error *error)
{
    double strength;
    if (r->linear != NULL)
        return architecture_parse_linear(&strength, out, o->architecture, error);
    *out = text_copy(r->net->architecture);
    return *out == NULL ? fail_memory(error, "a model") : HEED_OK;
}

/* Takes network, weights and history out of the result. */
static heed_status make_model(heed_model **out, const heed_corpus *corpus, const training_data *d,
                              const heed_train_options *o, training_result *r, heed_error *error)
{
    heed_model *m = memory_array(1, sizeof *m);
    if (m == NULL)
        return fail_memory(error, "a model");
    m->config.format = MODEL_FORMAT;
    m->config.labels = (label_config){.task = d->task, .count = d->label_count, .positive = d->positive};
    m->config.network = (network_config){NULL, o->mask, d->window,
                                         r->linear != NULL ? r->linear->outputs : r->net->spec.outputs, ROWS_PER_CHUNK};
    heed_status status = copy_architecture(&m->config.network.architecture, o, r, error);
    if (status == HEED_OK)
        status = copy_text_options(m, corpus, d->window, error);
    if (status == HEED_OK)
        status = copy_words(m, &d->words, error);
    if (status == HEED_OK)
        status = copy_labels(m, corpus, error);
    if (status == HEED_OK)
        status = fill_record(m, corpus, d, o, r, error);
    if (status != HEED_OK) {
        heed_model_free(m);
        return status;
    }
    m->class = r->linear != NULL ? &linear_classifier : &network_classifier;
    m->trained = r->linear;
    if (r->linear == NULL) {
        trained_network *n = m->trained = memory_array(1, sizeof *n);
        *n = (trained_network){r->net, r->weights};
    }
    m->train = r->train;
    m->validation = r->validation;
    *r = (training_result){0};
    *out = m;
    return HEED_OK;
}

/* ---- the public functions */

heed_status train_check(heed_corpus *corpus, const heed_train_options *options, heed_error *error)
{
    heed_status status = train_options_check(options, error);
    if (status != HEED_OK)
        return status;
    uint32_t labels = corpus->label_names.count;
    if (corpus->row_count == 0)
        return fail(error, HEED_BAD_DATA, "no rows to train on");
    if (corpus->row_count > INT32_MAX)
        return fail(error, HEED_BAD_DATA, "%zu rows, expected at most %d", corpus->row_count, INT32_MAX);
    if (labels > MAX_LABELS)
        return fail(error, HEED_BAD_DATA, "%u labels, expected at most %d; is the label column the right one?", labels,
                    MAX_LABELS);
    if (corpus->options.max_length > 65536)
        return fail(error, HEED_USAGE, "--max-length: found %u, expected at most 65536", corpus->options.max_length);
    status = corpus_sort_labels(corpus, error);
    if (status == HEED_OK && labels < 2 && corpus->several)
        return fail(error, HEED_BAD_DATA,
                    "found %u label%s in all %zu rows, expected at least two; is '--label-separator' "
                    "the right one?",
                    labels, labels == 1 ? "" : "s", corpus->row_count);
    if (status == HEED_OK && labels < 2)
        status = fail(error, HEED_BAD_DATA, "all %zu rows have the label '%.60s', expected at least two labels",
                      corpus->row_count, corpus->labels[0]);
    return status;
}

heed_status train_model(heed_model **out, heed_corpus *corpus, const training_data *data,
                        const heed_train_options *options, const heed_listener *listener, heed_error *error)
{
    training_result result = {0};
    *out = NULL;
    heed_status status = thresholds_check(data, options, error);
    if (status == HEED_OK)
        status = training_run(&result, data, corpus, options, 0, 0, listener, error);
    if (status == HEED_OK || (status == HEED_STOPPED && result.epochs_run > 0)) {
        heed_status made = make_model(out, corpus, data, options, &result, error);
        if (made == HEED_OK)
            made = thresholds_choose(*out, data, options, error);
        status = made == HEED_OK ? status : made;
    }
    training_result_release(&result);
    return status;
}

heed_status heed_train(heed_model **out, heed_corpus *corpus, const heed_train_options *options,
                       const heed_listener *listener, heed_error *error)
{
    split parts = {0};
    training_data data = {0};
    *out = NULL;
    heed_status status = train_check(corpus, options, error);
    if (status == HEED_OK)
        status = split_rows(&parts, corpus, options->validation, options->validation_fraction, options->seed, error);
    if (status == HEED_OK)
        status = training_data_make(&data, corpus, &parts, options, error);
    if (status == HEED_OK)
        status = train_model(out, corpus, &data, options, listener, error);
    training_data_release(&data);
    split_release(&parts);
    return status;
}

heed_status heed_cross_validate(heed_fold *out, unsigned folds, heed_corpus *corpus, const heed_train_options *options,
                                const heed_listener *listener, heed_error *error)
{
    if (folds < 2 || folds > 100)
        return fail(error, HEED_USAGE, "--folds: found %u, expected 2 to 100", folds);
    heed_status status = train_check(corpus, options, error);
    for (unsigned i = 0; i < folds && status == HEED_OK; i++) {
        split parts = {0};
        training_data data = {0};
        training_result result = {0};
        status = split_fold(&parts, corpus, i, folds, options->seed, error);
        if (status == HEED_OK && parts.validation_count == 0)
            status = fail(error, HEED_BAD_DATA, "fold %u of %u has no rows; use fewer folds", i + 1, folds);
        if (status == HEED_OK)
            status = training_data_make(&data, corpus, &parts, options, error);
        if (status == HEED_OK)
            status = training_run(&result, &data, corpus, options, i + 1, folds, listener, error);
        if (status == HEED_OK)
            out[i] = (heed_fold){data.train.count, data.validation.count, result.epoch_kept,
                                 result.validation[result.epoch_kept - 1]};
        training_result_release(&result);
        training_data_release(&data);
        split_release(&parts);
    }
    return status;
}
