#include "train/training_words.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "train/warm_start.h"
#include "wide/wide_spec.h"

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

/* Vocabulary and mean length come from the training rows; in the tutorial from the validation rows too. */
heed_status find_frequent_words(training_data *d, const heed_corpus *c, const split *parts,
                                const heed_train_options *options, heed_error *error)
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
    d->min_count = c->options.min_count;
    heed_status status = build_vocabulary(d, c, counts, options->init_from, error);
    free(counts);
    return status;
}

/* For each word how many rows have it; last: zeros, for as many words. Returns the sum of the rows' lengths. */
static uint64_t add_rows_with_words(uint64_t *counts, uint32_t *last, const heed_corpus *c, const uint32_t *rows,
                                    uint32_t count)
{
    uint64_t tokens = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t length;
        const uint32_t *words = corpus_words(c, rows[i], &length);
        for (size_t j = 0; j < length; j++) {
            counts[words[j]] += last[words[j]] != i + 1;
            last[words[j]] = i + 1;
        }
        tokens += c->rows[rows[i]].tokens;
    }
    return tokens;
}

/* The words that at least min_count training rows have. */
static heed_status find_words_of_rows(training_data *d, const heed_corpus *c, const split *parts, uint32_t min_count,
                                      heed_error *error)
{
    uint64_t *counts = memory_array(c->words.count, sizeof *counts);
    uint32_t *last = memory_array(c->words.count, sizeof *last);
    heed_status status;
    TRY(counts == NULL || last == NULL ? fail_memory(error, "word counts") : HEED_OK);
    uint64_t tokens = add_rows_with_words(counts, last, c, parts->train, parts->train_count);
    d->mean_tokens = (double)tokens / (double)parts->train_count;
    d->min_count = min_count;
    TRY(vocabulary_build(&d->words, c->options.vocabulary, &c->words, counts, 0, min_count, error));
done:
    free(counts);
    free(last);
    return status;
}

heed_status find_words_by_rows(training_data *d, const heed_corpus *c, const split *parts,
                               const heed_train_options *options, heed_error *error)
{
    (void)options;
    return find_words_of_rows(d, c, parts, c->options.min_count, error);
}

heed_status find_words_of_grams(training_data *d, const heed_corpus *c, const split *parts,
                                const heed_train_options *options, heed_error *error)
{
    wide_spec spec;
    heed_status status = wide_spec_parse(&spec, options->architecture, error);
    return status == HEED_OK ? find_words_of_rows(d, c, parts, wide_min_count(&spec, parts->train_count), error)
                             : status;
}

heed_status find_no_words(training_data *d, const heed_corpus *c, const split *parts, const heed_train_options *options,
                          heed_error *error)
{
    uint64_t tokens = 0;
    size_t count;
    (void)options;
    for (uint32_t i = 0; i < parts->train_count; i++) {
        corpus_subwords(c, parts->train[i], &count);
        tokens += count;
    }
    d->mean_tokens = (double)tokens / (double)parts->train_count;
    return vocabulary_from_words(&d->words, c->options.vocabulary, NULL, 0, error);
}
