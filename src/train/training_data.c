#include "train/training_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compose.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "model/encoder_spec.h"
#include "train/class_weights.h"

/* ---- what rows have to have */

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

/* seen [labels]: whether a training row has the label. */
static heed_status check_seen(const heed_corpus *c, const training_data *d, const bool *seen, heed_error *error)
{
    const examples *v = &d->validation;
    for (size_t i = 0; i < v->first_label[v->count]; i++)
        if (!seen[v->labels[i]])
            return fail(error, HEED_BAD_DATA,
                        "validation: the label '%.60s' is not among the training rows; add rows for it or drop it",
                        c->labels[v->labels[i]]);
    for (uint32_t i = 0; i < d->label_count; i++)
        if (!seen[i])
            return fail(error, HEED_BAD_DATA,
                        "the label '%.60s' is not among the training rows; add rows for it or drop it", c->labels[i]);
    return HEED_OK;
}

static heed_status check_labels(const heed_corpus *c, const training_data *d, heed_error *error)
{
    bool *seen = memory_array(d->label_count, sizeof *seen);
    if (seen == NULL)
        return fail_memory(error, "labels");
    uint32_t labels = mark_labels(seen, &d->train);
    heed_status status = labels >= 2
                             ? check_seen(c, d, seen, error)
                             : fail(error, HEED_BAD_DATA, "the %u training rows have %u label%s, expected at least 2",
                                    d->train.count, labels, labels == 1 ? "" : "s");
    free(seen);
    return status;
}

/* The largest weight that any row has in the loss: its own, times that of its label; of several labels times the
 * largest of theirs, as only labels that some row has can be learned. */
static double largest_weight(const training_data *d, bool by_class)
{
    const examples *e = &d->train;
    double largest = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t count;
        const uint32_t *labels = examples_labels(e, i, &count);
        if (!by_class)
            largest = fmax(largest, e->weight[i]);
        for (uint32_t j = 0; by_class && j < count; j++) {
            uint32_t place = d->task == HEED_TASK_BINARY ? labels[j] == d->positive : labels[j];
            largest = fmax(largest, e->weight[i] * d->class_weight[place]);
        }
    }
    return largest;
}

/* At least one row has to count. */
static heed_status check_weights(training_data *d, const char *class_weights, heed_error *error)
{
    double rows = largest_weight(d, false);
    bool by_class = d->class_weight != NULL;
    d->largest_weight = by_class ? largest_weight(d, true) : rows;
    if (rows < LEAST_WEIGHT)
        return fail(error, HEED_BAD_DATA,
                    "all %u training rows have weight 0, expected some that count; see --weight-column",
                    d->train.count);
    if (d->largest_weight < LEAST_WEIGHT)
        return fail(error, HEED_BAD_DATA,
                    "%s: all %u training rows have weight 0, expected some that count: a row's weight is that of its "
                    "label (--class-weights), times its own (--weight-column)",
                    class_weights, d->train.count);
    if (d->largest_weight > MOST_WEIGHT)
        return fail(error, HEED_BAD_DATA,
                    "%s: a training row has the weight %g, that of its label times its own, expected at most 3.4e+38",
                    class_weights == NULL ? "--weight-column" : class_weights, d->largest_weight);
    return HEED_OK;
}

static heed_status check_words(const training_data *d, const training_class *class, heed_error *error)
{
    return d->words.words.count > 0 || class->classifier->reads_subwords
               ? HEED_OK
               : fail(error, HEED_BAD_DATA,
                      "found no words in the training rows after cleaning, or only words rarer than %s %u",
                      class->words_by_architecture ? "min-count" : "--min-count", d->min_count);
}

/* ---- the positive label */

/* The positive label of the model that the training starts from, if it is positive here too. */
static const char *positive_of(const heed_model *start, const training_data *d)
{
    return start != NULL && d->task == HEED_TASK_BINARY && start->config.labels.task == HEED_TASK_BINARY
               ? start->labels[start->config.labels.positive]
               : NULL;
}

static heed_status find_positive(training_data *d, const heed_corpus *c, const char *positive, const heed_model *start,
                                 heed_error *error)
{
    const char *inherited = positive_of(start, d);
    d->positive = d->task == HEED_TASK_BINARY ? 1 : d->label_count;
    for (uint32_t i = 0; i < 2 && inherited != NULL; i++)
        if (strcmp(c->labels[i], inherited) == 0)
            d->positive = i;
    if (positive == NULL)
        return HEED_OK;
    if (d->task == HEED_TASK_MULTILABEL)
        return fail(error, HEED_USAGE, "--positive: rows have any number of labels, expected one of two");
    if (d->task != HEED_TASK_BINARY)
        return fail(error, HEED_USAGE, "--positive: there are %u labels, expected two", d->label_count);
    for (uint32_t i = 0; i < 2; i++)
        if (compose_same(bytes_of(c->labels[i]), bytes_of(positive))) {
            d->positive = i;
            return HEED_OK;
        }
    return fail(error, HEED_USAGE, "--positive: there is no label '%.60s'; the labels are '%.60s' and '%.60s'",
                positive, c->labels[0], c->labels[1]);
}

/* ---- making it */

static bool is_unknown(const heed_corpus *c, uint32_t row)
{
    size_t count;
    const uint32_t *labels = corpus_labels(c, row, &count);
    return count > 0 && c->label_rank[*labels] >= c->learnable;
}

/* Only rows with known labels have a loss. */
static heed_status make_validation(training_data *d, const heed_corpus *c, const split *parts, heed_error *error)
{
    uint32_t count = parts->validation_count, known = 0, unknown = count;
    uint32_t *rows = memory_array(count, sizeof *rows);
    heed_status status;
    TRY(rows == NULL ? fail_memory(error, "validation rows") : HEED_OK);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = parts->validation[i];
        rows[!c->several && is_unknown(c, row) ? --unknown : known++] = row;
    }
    TRY(examples_make(&d->validation, c, rows, known, &d->words, d->window, error));
    TRY(examples_make(&d->unknown, c, rows + known, count - known, &d->words, d->window, error));
    memset(d->unknown.labels, 0, d->unknown.count * sizeof *d->unknown.labels);
    d->missed = examples_keep_labels(&d->validation, d->label_count);
done:
    free(rows);
    return status;
}

static heed_status make_examples(training_data *d, const heed_corpus *c, const split *parts, heed_error *error)
{
    heed_status status;
    TRY(examples_make(&d->train, c, parts->train, parts->train_count, &d->words, d->window, error));
    status = make_validation(d, c, parts, error);
done:
    return status;
}

/* The mean length of the rows. With an encoder it is that in words or in sub-words, whichever are more: all parts of a
 * sum have the same. */
static double mean_length(const training_data *d, const heed_corpus *c, const split *parts)
{
    uint64_t words = 0, subwords = 0;
    size_t count;
    if (c->encoder == NULL)
        return d->mean_tokens;
    for (uint32_t i = 0; i < parts->train_count; i++) {
        corpus_subwords(c, parts->train[i], &count);
        subwords += count;
        words += c->rows[parts->train[i]].tokens;
    }
    return (double)(words > subwords ? words : subwords) / (double)parts->train_count;
}

/* How many tokens of a text a network or an encoder reads. */
static uint32_t asked_window(const training_data *d, const heed_corpus *c, const split *parts)
{
    uint32_t asked = c->options.max_length;
    return asked > 0 ? asked : (uint32_t)fmin(ceil(mean_length(d, c, parts)), 65536);
}

/* An encoder reads no more than its own window at a time. */
static uint32_t encoder_window(const shared_encoder *e, uint32_t asked)
{
    uint32_t most = (uint32_t)e->net->config.window;
    return most > 0 && most < asked ? most : asked;
}

static void set_window(training_data *d, const heed_corpus *c, const training_class *class, const split *parts)
{
    const classifier_class *kind = class->classifier;
    uint32_t asked = asked_window(d, c, parts);
    d->window = (text_window){kind->whole_texts ? 0 : asked, c->options.cut, kind->spells_words, READS_WORDS};
    d->recorded_window = d->window.length;
    if (c->encoder != NULL && kind->has_parts)
        d->window.reads = READS_BOTH;
    if (!kind->reads_subwords)
        return;
    d->window.reads = READS_SUBWORDS;
    d->recorded_window = encoder_window(c->encoder, asked);
    d->window.length = shared_encoder_reads(c->encoder, d->recorded_window, c->options.stretches);
}

static heed_status replace_words(training_data *d, const vocabulary *words, heed_error *error)
{
    if (words == NULL)
        return HEED_OK;
    vocabulary_release(&d->words);
    return vocabulary_copy(&d->words, words, error);
}

heed_status training_data_check_encoder(const heed_corpus *corpus, const char *architecture, heed_error *error)
{
    if (corpus->encoder == NULL && architecture_has_encoder(architecture))
        return fail(error, HEED_USAGE,
                    "architecture: found '%.100s', expected --encoder FOLDER with it, which says which", architecture);
    if (architecture_trains_encoder(architecture) && !encoder_has_attention(corpus->encoder->net))
        return fail(error, HEED_USAGE,
                    "architecture: found '%.100s', and the encoder %s has no blocks that could learn; leave out "
                    "'trained'",
                    architecture, corpus->encoder->name);
    if (architecture_trains_encoder(architecture) && corpus->options.save_as != HEED_PRECISION_FLOAT32)
        return fail(error, HEED_USAGE,
                    "--save-as: found bfloat16, expected float32 for an encoder that learns ('%.100s')", architecture);
    if (corpus->encoder == NULL && corpus->options.stretches > 1)
        return fail(error, HEED_USAGE, "--stretches: found %u, expected --encoder FOLDER with it, which reads them",
                    corpus->options.stretches);
    if (corpus->options.stretches > 1 && architecture_reads_states(architecture))
        return fail(error, HEED_USAGE,
                    "--stretches: found %u, and a network on an encoder reads one piece of a text; leave the option "
                    "out, or use 'encoder | mean | linear'",
                    corpus->options.stretches);
    return HEED_OK;
}

static heed_status make_of_parts(training_data *out, const training_class *class, const heed_corpus *corpus,
                                 const split *parts, const heed_train_options *options, const vocabulary *words,
                                 heed_error *error)
{
    heed_status status;
    *out = (training_data){.label_count = corpus->learnable, .task = corpus_task(corpus)};
    if (parts->train_count == 0)
        return fail(error, HEED_BAD_DATA, "no rows are left for training");
    TRY(training_data_check_encoder(corpus, options->architecture, error));
    TRY(class->find_words(out, corpus, parts, options, error));
    TRY(replace_words(out, words, error));
    TRY(check_words(out, class, error));
    TRY(find_positive(out, corpus, options->positive, options->init_from, error));
    set_window(out, corpus, class, parts);
    TRY(make_examples(out, corpus, parts, error));
    TRY(check_labels(corpus, out, error));
    const weighed_labels labels = {corpus->labels, out->label_count, out->positive, out->task};
    TRY(class_weights_make(&out->class_weight, options->class_weights, &labels, &out->train, error));
    TRY(check_weights(out, options->class_weights, error));
    return HEED_OK;
done:
    training_data_release(out);
    return status;
}

heed_status training_data_make(training_data *out, const training_class *class, const heed_corpus *corpus,
                               const split *parts, const heed_train_options *options, const vocabulary *words,
                               heed_error *error)
{
    double share = options->train_share;
    heed_status status;
    if (share == 0 || share == 1 || parts->train_count == 0)
        return make_of_parts(out, class, corpus, parts, options, words, error);
    *out = (training_data){0};
    split thinned = *parts;
    thinned.train = memory_array(parts->train_count, sizeof *thinned.train);
    if (thinned.train == NULL)
        return fail_memory(error, "a part of the training rows");
    memcpy(thinned.train, parts->train, parts->train_count * sizeof *thinned.train);
    TRY(split_thin(&thinned, corpus, share, options->seed, error));
    TRY(make_of_parts(out, class, corpus, &thinned, options, words, error));
done:
    free(thinned.train);
    return status;
}

void training_data_release(training_data *data)
{
    vocabulary_release(&data->words);
    examples_release(&data->train);
    examples_release(&data->validation);
    examples_release(&data->unknown);
    free(data->class_weight);
    *data = (training_data){0};
}
