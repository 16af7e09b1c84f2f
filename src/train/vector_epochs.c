#include "train/vector_epochs.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/status.h"
#include "train/word2vec.h"

typedef struct vector_epochs {
    const word_stream *text;
    const heed_vectors_options *options;
    word2vec *word2vec;
    const heed_listener *listener;
    stopwatch watch; /* since the last report to the listener */
    uint64_t done;   /* tokens of all epochs so far */
} vector_epochs;

heed_status vector_text_check(const heed_text_options *text, heed_error *error)
{
    if (text->tokens == HEED_TOKENS_NONE && text->lemmas == HEED_LEMMAS_NONE && text->stem == HEED_STEM_NONE &&
        text->stop_words == NULL && text->vocabulary == HEED_VOCABULARY_COUNTS)
        return fail(error, HEED_USAGE, "--tokens: found none, expected split or words: a whole text is not a word");
    return HEED_OK;
}

static heed_status tell_progress(vector_epochs *e, unsigned epoch, uint64_t before, const stopwatch *began,
                                 heed_error *error)
{
    uint64_t done = e->done - before;
    if (e->listener == NULL || (!stopwatch_due(&e->watch) && done < e->text->tokens))
        return HEED_OK;
    heed_event event = {.stage = HEED_STAGE_WORDS, .epoch = epoch, .epochs = e->options->epochs};
    event.done = done;
    event.total = e->text->tokens;
    event.seconds = stopwatch_seconds(began);
    return e->listener->on_event(e->listener->user, &event) == 0
               ? HEED_OK
               : fail(error, HEED_STOPPED, "stopped in epoch %u of %u of the word vectors", epoch, e->options->epochs);
}

/* Falls linearly, but not to 0. */
static float rate_now(const vector_epochs *e)
{
    const heed_vectors_options *o = e->options;
    double max_rate = o->learning_rate > 0 ? o->learning_rate : o->method == HEED_WORD2VEC_CBOW ? 0.05 : 0.025;
    double part = (double)e->done / ((double)e->text->tokens * o->epochs);
    return (float)(max_rate * fmax(1 - part, 1e-4));
}

static heed_status run_epoch(vector_epochs *e, unsigned epoch, heed_error *error)
{
    const word_stream *text = e->text;
    uint32_t words[ROUND_WORDS];
    uint64_t before = e->done;
    size_t count = 0;
    stopwatch began = stopwatch_start();
    heed_status status;
    TRY(text->rewind(text->context, error));
    for (uint32_t round = 0;; round++) {
        TRY(text->next(words, &count, text->context, error));
        if (count == 0)
            break;
        float rate = rate_now(e);
        for (size_t i = 0; i < count; i++)
            e->done += words[i] != WORD_ROW_END;
        word2vec_round(e->word2vec, words, count, epoch - 1, round, rate);
        TRY(tell_progress(e, epoch, before, &began, error));
    }
done:
    return status;
}

static heed_status check_finite(const float *values, const word_stream *text, size_t dimensions, heed_error *error)
{
    for (size_t i = 0; i < text->words * dimensions; i++)
        if (!isfinite(values[i]))
            return fail(error, HEED_BAD_DATA, "the vectors did not stay finite; %s", text->advice);
    return HEED_OK;
}

heed_status vector_epochs_run(float **out, const word_stream *text, const heed_vectors_options *options,
                              const heed_listener *listener, heed_error *error)
{
    vector_epochs e = {.text = text, .options = options, .listener = listener};
    float *values = NULL;
    heed_status status;
    *out = NULL;
    TRY(word2vec_new(&e.word2vec, text->counts, text->words, options, error));
    e.watch = stopwatch_start();
    for (unsigned epoch = 1; epoch <= options->epochs; epoch++)
        TRY(run_epoch(&e, epoch, error));
    values = word2vec_take(e.word2vec);
    TRY(check_finite(values, text, options->dimensions, error));
    *out = values;
    values = NULL;
done:
    free(values);
    word2vec_free(e.word2vec);
    return status;
}
