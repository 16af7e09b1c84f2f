/* heed_vectors_train: the text is read once onto disk, and gone through from there. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "options/choices.h"
#include "options/option_structs.h"
#include "text/vocabulary.h"
#include "train/vector_epochs.h"
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
    float *values;    /* [known.words][dimensions] */
    const heed_listener *listener;
} learning;

const names word2vec_names = NAMES("skipgram", "cbow");

/* ---- options */

static heed_status check_options(const heed_text_options *text, const heed_vectors_options *o, heed_error *error)
{
    heed_status status = vector_text_check(text, error);
    return status == HEED_OK ? options_check(HEED_OPTIONS_VECTORS, o, error) : status;
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

/* ---- the text as numbers of the words that get a vector */

static heed_status spool_rewind(void *context, heed_error *error)
{
    return word_spool_rewind(&((learning *)context)->spool, error);
}

static heed_status spool_next(uint32_t *out, size_t *count, void *context, heed_error *error)
{
    learning *l = context;
    heed_status status = word_spool_next(out, count, ROUND_WORDS, &l->spool, error);
    for (size_t i = 0; i < *count && status == HEED_OK; i++)
        out[i] = out[i] == SPOOL_ROW_END ? WORD_ROW_END : l->number[out[i]];
    return status;
}

static heed_status run_epochs(learning *l, heed_error *error)
{
    const word_stream text = {.context = l,
                              .rewind = spool_rewind,
                              .next = spool_next,
                              .counts = l->counts,
                              .words = l->known.words.count,
                              .tokens = l->spool.tokens,
                              .advice = "expected a smaller --learning-rate"};
    return vector_epochs_run(&l->values, &text, &l->options, l->listener, error);
}

/* ---- the vectors */

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
    v->values = l->values;
    l->values = NULL;
    v->place_capacity = count;
    v->value_capacity = (size_t)count * v->dimensions;
    vectors_fill_info(made);
    *out = made;
    return HEED_OK;
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
    free(l.values);
    vocabulary_release(&l.known);
    word_spool_release(&l.spool);
    free(l.number);
    free(l.counts);
    return status;
}
