#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/architecture.h"
#include "train/class_weights.h"
#include "train/training.h"
#include "train/warm_start.h"

/* Counts the words of some rows; returns the sum of their lengths. */
static uint64_t add_words(uint64_t *counts, const heed_corpus *c, const uint32_t *rows, uint32_t count)
{
    uint64_t tokens = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t length;
        const uint32_t *words = corpus_words(c, rows[i], &length);
        for (size_t j = 0; j < length; j++)
            counts[words[j]]++;
        tokens += c->rows[rows[i]].tokens;
    }
    return tokens;
}

static heed_status build_vocabulary(training_data *d, const heed_corpus *c, const uint64_t *counts,
                                    const heed_model *start, heed_error *error)
{
    vocabulary fresh;
    heed_status status = vocabulary_build(&fresh, c->options.vocabulary, &c->words, counts, c->options.max_words,
                                          c->options.min_count, error);
    if (status != HEED_OK || start == NULL) {
        d->words = fresh;
        return status;
    }
    status = warm_start_words(&d->words, &start->words, &fresh, c->options.max_words, error);
    vocabulary_release(&fresh);
    return status;
}

/* For each word how many rows have it; last: zeros, for as many words. */
static void add_documents(uint64_t *counts, uint32_t *last, const heed_corpus *c, const uint32_t *rows, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t length;
        const uint32_t *words = corpus_words(c, rows[i], &length);
        for (size_t j = 0; j < length; j++) {
            counts[words[j]] += last[words[j]] != i + 1;
            last[words[j]] = i + 1;
        }
    }
}

/* The words of the linear model: all that stand in at least min_count training rows. */
static heed_status find_linear_words(training_data *d, const heed_corpus *c, const split *parts, heed_error *error)
{
    uint64_t *counts = memory_array(c->words.count, sizeof *counts), tokens = 0;
    uint32_t *last = memory_array(c->words.count, sizeof *last);
    heed_status status = counts == NULL || last == NULL ? fail_memory(error, "word counts") : HEED_OK;
    if (status == HEED_OK) {
        add_documents(counts, last, c, parts->train, parts->train_count);
        status = vocabulary_build(&d->words, c->options.vocabulary, &c->words, counts, 0, c->options.min_count, error);
    }
    for (uint32_t i = 0; i < parts->train_count; i++)
        tokens += c->rows[parts->train[i]].tokens;
    d->mean_tokens = (double)tokens / (double)parts->train_count;
    free(counts);
    free(last);
    return status;
}

/* Vocabulary and mean length come from the rows that train (the tutorial: from those that validate too). */
static heed_status count_words(training_data *d, const heed_corpus *c, const split *parts, const heed_model *start,
                               heed_error *error)
{
    uint64_t *counts = memory_array(c->words.count, sizeof *counts), rows = parts->train_count;
    if (counts == NULL)
        return fail_memory(error, "word counts");
    uint64_t tokens = add_words(counts, c, parts->train, parts->train_count);
    if (c->options.count_all_rows) {
        tokens += add_words(counts, c, parts->validation, parts->validation_count);
        rows += parts->validation_count;
    }
    d->mean_tokens = (double)tokens / (double)rows;
    heed_status status = build_vocabulary(d, c, counts, start, error);
    free(counts);
    return status;
}

static heed_status find_words(training_data *d, const heed_corpus *c, const split *parts, bool linear,
                              const heed_model *start, heed_error *error)
{
    heed_status status = linear ? find_linear_words(d, c, parts, error) : count_words(d, c, parts, start, error);
    if (status == HEED_OK && d->words.words.count == 0)
        status = fail(error, HEED_BAD_DATA,
                      "no words: every text of the training rows is empty after cleaning, or rarer than --min-count %u",
                      c->options.min_count);
    return status;
}

/* Marks the labels that some examples have; returns how many there are. */
static uint32_t mark_labels(bool *seen, const examples *e)
{
    uint32_t labels = 0;
    for (size_t i = 0; i < e->first_label[e->count]; i++) {
        labels += !seen[e->labels[i]];
        seen[e->labels[i]] = true;
    }
    return labels;
}

static heed_status check_parts(const heed_corpus *c, const training_data *d, heed_error *error)
{
    bool *seen = memory_array(d->label_count, sizeof *seen);
    if (seen == NULL)
        return fail_memory(error, "labels");
    uint32_t labels = mark_labels(seen, &d->train);
    heed_status status = HEED_OK;
    if (labels < 2)
        status = fail(error, HEED_BAD_DATA, "the %u training rows have %u label%s, expected at least 2", d->train.count,
                      labels, labels == 1 ? "" : "s");
    for (size_t i = 0; i < d->validation.first_label[d->validation.count] && status == HEED_OK; i++)
        if (!seen[d->validation.labels[i]])
            status = fail(error, HEED_BAD_DATA,
                          "validation: the label '%.60s' is not among the training rows; add rows for it or drop it",
                          c->labels[d->validation.labels[i]]);
    for (uint32_t i = 0; i < d->label_count && status == HEED_OK; i++) /* a test part may know one more */
        if (!seen[i])
            status = fail(error, HEED_BAD_DATA,
                          "the label '%.60s' is not among the training rows; add rows for it or drop it", c->labels[i]);
    free(seen);
    return status;
}

/* Something has to count. */
static heed_status check_weights(const examples *train, heed_error *error)
{
    for (uint32_t i = 0; i < train->count; i++)
        if (train->weight[i] > 0)
            return HEED_OK;
    return fail(error, HEED_BAD_DATA,
                "all %u training rows have weight 0, expected some that count; see "
                "--weight-column",
                train->count);
}

/* The positive label of the model that the training starts from, where it goes on meaning that. */
static const char *positive_of(const heed_model *start, const training_data *d)
{
    return start != NULL && d->task == HEED_TASK_BINARY && start->config.labels.task == HEED_TASK_BINARY
               ? start->labels[start->config.labels.positive]
               : NULL;
}

static heed_status find_positive(training_data *d, const heed_corpus *c, const char *positive, const heed_model *start,
                                 heed_error *error)
{
    const char *usual = positive_of(start, d);
    d->positive = d->task == HEED_TASK_BINARY ? 1 : d->label_count;
    for (uint32_t i = 0; i < 2 && usual != NULL; i++)
        if (strcmp(c->labels[i], usual) == 0)
            d->positive = i;
    if (positive == NULL)
        return HEED_OK;
    if (d->task == HEED_TASK_MULTILABEL)
        return fail(error, HEED_USAGE, "--positive: a row has any number of labels, expected one of two");
    if (d->task != HEED_TASK_BINARY)
        return fail(error, HEED_USAGE, "--positive: there are %u labels, expected two", d->label_count);
    for (uint32_t i = 0; i < 2; i++)
        if (strcmp(c->labels[i], positive) == 0) {
            d->positive = i;
            return HEED_OK;
        }
    return fail(error, HEED_USAGE, "--positive: no label is called '%.60s'; they are '%.60s' and '%.60s'", positive,
                c->labels[0], c->labels[1]);
}

static heed_status make_of_parts(training_data *out, heed_corpus *corpus, const split *parts,
                                 const heed_train_options *options, heed_error *error)
{
    *out = (training_data){.label_count = corpus->label_names.count, .task = corpus_task(corpus)};
    if (parts->train_count == 0)
        return fail(error, HEED_BAD_DATA, "no rows are left for training");
    bool linear = architecture_is_linear(options->architecture);
    heed_status status = find_words(out, corpus, parts, linear, options->init_from, error);
    if (status == HEED_OK)
        status = find_positive(out, corpus, options->positive, options->init_from, error);
    double mean = ceil(out->mean_tokens);
    if (!linear)
        out->window = corpus->options.max_length > 0 ? corpus->options.max_length : (uint32_t)fmin(mean, 65536);
    const text_window window = {out->window, corpus->options.cut};
    if (status == HEED_OK)
        status = examples_make(&out->train, corpus, parts->train, parts->train_count, &out->words, window, error);
    if (status == HEED_OK)
        status = examples_make(&out->validation, corpus, parts->validation, parts->validation_count, &out->words, window,
                               error);
    if (status == HEED_OK)
        status = check_parts(corpus, out, error);
    if (status == HEED_OK)
        status = check_weights(&out->train, error);
    if (status == HEED_OK) {
        weighed_labels labels = {corpus->labels, out->label_count, out->positive, out->task};
        status = class_weights_make(&out->class_weight, options->class_weights, &labels, &out->train, error);
    }
    if (status != HEED_OK)
        training_data_release(out);
    return status;
}

heed_status training_data_make(training_data *out, heed_corpus *corpus, const split *parts,
                               const heed_train_options *options, heed_error *error)
{
    double share = options->train_share;
    if (share == 0 || share == 1 || parts->train_count == 0)
        return make_of_parts(out, corpus, parts, options, error);
    *out = (training_data){0};
    split thinned = *parts;
    thinned.train = memory_array(parts->train_count, sizeof *thinned.train);
    if (thinned.train == NULL)
        return fail_memory(error, "a part of the training rows");
    memcpy(thinned.train, parts->train, parts->train_count * sizeof *thinned.train);
    heed_status status = split_thin(&thinned, corpus, share, options->seed, error);
    if (status == HEED_OK)
        status = make_of_parts(out, corpus, &thinned, options, error);
    free(thinned.train);
    return status;
}

static bool texts_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool training_data_alike(const heed_train_options *a, const heed_train_options *b)
{
    return architecture_is_linear(a->architecture) == architecture_is_linear(b->architecture) &&
           a->train_share == b->train_share && a->init_from == b->init_from && texts_equal(a->positive, b->positive) &&
           texts_equal(a->class_weights, b->class_weights);
}

void training_data_release(training_data *data)
{
    vocabulary_release(&data->words);
    examples_release(&data->train);
    examples_release(&data->validation);
    free(data->class_weight);
    *data = (training_data){0};
}
