/* heed_vectors_train: the text is read once onto disk, and gone through from there. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "options/choices.h"
#include "options/option_structs.h"
#include "text/vocabulary.h"
#include "train/word2vec.h"
#include "train/word_spool.h"
#include "vectors/vector_write.h"
#include "vectors/vectors.h"

typedef struct learning {
    heed_vectors_options options;
    word_spool spool;
    vocabulary known; /* words that get a vector, by falling count */
    uint32_t *number; /* [spool.words]: their place there, or WORD_PASSED */
    uint64_t *counts; /* [known.words] */
    word2vec *word2vec;
    const heed_listener *listener;
    stopwatch watch; /* since the last report to the listener */
    uint64_t done;   /* tokens of all epochs so far */
} learning;

const names word2vec_names = NAMES("skipgram", "cbow");

/* ---- options */

static heed_status check_options(const heed_text_options *text, const heed_vectors_options *o, heed_error *error)
{
    if (text->tokens == HEED_TOKENS_NONE && text->lemmas == HEED_LEMMAS_NONE && text->stem == HEED_STEM_NONE &&
        text->stop_words == NULL &&
        text->vocabulary == HEED_VOCABULARY_COUNTS)
        return fail(error, HEED_USAGE, "--tokens: found none, expected split or words: a whole text is not a word");
    return options_check(HEED_OPTIONS_VECTORS, o, error);
}

/* ---- words */

/* Words that cannot be written to a file get the count 0, so that the vocabulary leaves them out. */
static void drop_unwritable(word_spool *spool)
{
    for (uint32_t i = 0; i < spool->words.count; i++)
        if (!vector_word_fits(intern_word(&spool->words, i), true))
            spool->counts[i] = 0;
}

static heed_status number_words(learning *l, heed_error *error)
{
    const intern *words = &l->spool.words;
    uint32_t max_ids = l->options.max_words, reserved = 2; /* padding and <unk>, which the vocabulary counts */
    max_ids = max_ids == 0 || max_ids > UINT32_MAX - reserved ? 0 : max_ids + reserved;
    drop_unwritable(&l->spool);
    heed_status status = vocabulary_build(&l->known, HEED_VOCABULARY_COUNTS, words, l->spool.counts, max_ids,
                                          l->options.min_count, error);
    if (status != HEED_OK)
        return status;
    l->number = memory_array(words->count, sizeof *l->number);
    l->counts = memory_array(l->known.words.count, sizeof *l->counts);
    if (l->number == NULL || l->counts == NULL)
        return fail_memory(error, "word vectors");
    for (uint32_t i = 0; i < words->count; i++) {
        uint32_t number = intern_find(&l->known.words, intern_word(words, i));
        l->number[i] = number == INTERN_NONE ? WORD_PASSED : number;
        if (number != INTERN_NONE)
            l->counts[number] = l->spool.counts[i];
    }
    if (l->known.words.count == 0)
        return fail(error, HEED_BAD_DATA,
                    "found %" PRIu64
                    " tokens, %u distinct words, none of them %u times; expected more text, or a smaller --min-count",
                    l->spool.tokens, words->count, l->options.min_count);
    return HEED_OK;
}

/* "words: 48,213 of 154,102 have a vector (99.1% of 20123456 tokens)" */
static heed_status tell_words(const learning *l, heed_error *error)
{
    uint64_t covered = 0;
    char note[160];
    if (l->listener == NULL)
        return HEED_OK;
    for (uint32_t i = 0; i < l->known.words.count; i++)
        covered += l->counts[i];
    snprintf(note, sizeof note, "words: %u of %u get a vector (%.1f%% of %" PRIu64 " tokens)", l->known.words.count,
             l->spool.words.count, 100 * (double)covered / (double)l->spool.tokens, l->spool.tokens);
    heed_event event = {.stage = HEED_STAGE_NOTE, .note = note};
    return l->listener->on_event(l->listener->user, &event) == 0 ? HEED_OK : fail(error, HEED_STOPPED, "stopped");
}

/* ---- epochs */

static heed_status tell_progress(learning *l, unsigned epoch, uint64_t before, const stopwatch *began,
                                 heed_error *error)
{
    if (l->listener == NULL || !stopwatch_due(&l->watch))
        return HEED_OK;
    heed_event event = {.stage = HEED_STAGE_WORDS, .epoch = epoch, .epochs = l->options.epochs};
    event.done = l->done - before;
    event.total = l->spool.tokens;
    event.seconds = stopwatch_seconds(began);
    return l->listener->on_event(l->listener->user, &event) == 0
               ? HEED_OK
               : fail(error, HEED_STOPPED, "stopped in epoch %u of %u", epoch, l->options.epochs);
}

/* Falls linearly, but not to 0. */
static float rate_now(const learning *l)
{
    const heed_vectors_options *o = &l->options;
    double max_rate = o->learning_rate > 0 ? o->learning_rate : o->method == HEED_WORD2VEC_CBOW ? 0.05 : 0.025;
    double part = (double)l->done / ((double)l->spool.tokens * o->epochs);
    return (float)(max_rate * fmax(1 - part, 1e-4));
}

static heed_status run_epoch(learning *l, unsigned epoch, heed_error *error)
{
    uint32_t text[ROUND_WORDS];
    uint64_t before = l->done;
    size_t count = 0;
    stopwatch began = stopwatch_start();
    heed_status status;
    TRY(word_spool_rewind(&l->spool, error));
    for (uint32_t round = 0;; round++) {
        TRY(word_spool_next(text, &count, ROUND_WORDS, &l->spool, error));
        if (count == 0)
            break;
        float rate = rate_now(l);
        for (size_t i = 0; i < count; i++) {
            l->done += text[i] != SPOOL_ROW_END;
            text[i] = text[i] == SPOOL_ROW_END ? WORD_ROW_END : l->number[text[i]];
        }
        word2vec_round(l->word2vec, text, count, epoch - 1, round, rate);
        TRY(tell_progress(l, epoch, before, &began, error));
    }
done:
    return status;
}

static heed_status run_epochs(learning *l, heed_error *error)
{
    heed_status status;
    TRY(word2vec_new(&l->word2vec, l->counts, l->known.words.count, &l->options, error));
    l->watch = stopwatch_start();
    for (unsigned epoch = 1; epoch <= l->options.epochs; epoch++)
        TRY(run_epoch(l, epoch, error));
done:
    return status;
}

/* ---- the vectors */

static heed_status check_finite(const float *values, size_t count, heed_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return fail(error, HEED_BAD_DATA, "the vectors did not stay finite; expected a smaller --learning-rate");
    return HEED_OK;
}

static heed_status make_vectors(heed_vectors **out, learning *l, heed_error *error)
{
    heed_vectors *made = memory_array(1, sizeof *made);
    uint32_t count = l->known.words.count;
    uint32_t *place = memory_array(count, sizeof *place);
    if (made == NULL || place == NULL) {
        free(made);
        free(place);
        return fail_memory(error, "word vectors");
    }
    for (uint32_t i = 0; i < count; i++)
        place[i] = i;
    vectors *v = &made->vectors;
    *v = (vectors){.kind = VECTORS_LEARNED,
                   .dimensions = l->options.dimensions,
                   .place = place,
                   .stored = count,
                   .found = count,
                   .rows = count,
                   .tokens = l->spool.tokens};
    v->own = l->known.words;
    l->known.words = (intern){0};
    v->values = word2vec_take(l->word2vec);
    v->place_capacity = count;
    v->value_capacity = (size_t)count * v->dimensions;
    heed_status status = check_finite(v->values, v->value_capacity, error);
    vectors_fill_info(made);
    if (status == HEED_OK)
        *out = made;
    else
        heed_vectors_free(made);
    return status;
}

heed_status heed_vectors_train(heed_vectors **out, heed_reader *reader, const heed_text_options *text,
                               const heed_vectors_options *options, const heed_listener *listener, heed_error *error)
{
    learning l = {.listener = listener};
    heed_text_options stages;
    heed_status status;
    *out = NULL;
    TRY(options_take(HEED_OPTIONS_VECTORS, &l.options, options, error));
    TRY(options_take(HEED_OPTIONS_TEXT, &stages, text, error));
    TRY(check_options(&stages, &l.options, error));
    TRY(word_spool_fill(&l.spool, reader, &stages, l.options.threads, listener, error));
    TRY(number_words(&l, error));
    TRY(tell_words(&l, error));
    TRY(run_epochs(&l, error));
    TRY(make_vectors(out, &l, error));
done:
    word2vec_free(l.word2vec);
    vocabulary_release(&l.known);
    word_spool_release(&l.spool);
    free(l.number);
    free(l.counts);
    return status;
}
