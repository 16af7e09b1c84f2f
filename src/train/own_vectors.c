#include "train/own_vectors.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "options/option_structs.h"
#include "train/vector_epochs.h"
#include "train/word2vec.h"

/* The training rows as a text of numbers, and how far it has been read. */
typedef struct own_stream {
    const own_text *text;
    uint32_t *number; /* [corpus words]: of the word among those that are learned, or WORD_PASSED */
    uint64_t *counts; /* [learned] */
    uint32_t learned;
    uint64_t tokens;
    uint32_t row; /* the next row */
    size_t at;    /* the next word of it */
} own_stream;

static const uint32_t *row_words(const own_text *text, uint32_t row, size_t *count)
{
    return corpus_words(text->corpus, text->rows->row[row], count);
}

/* ---- words */

/* counts [vocabulary]: how often the rows have each word. */
static void count_words(own_stream *s, uint64_t *counts)
{
    for (uint32_t row = 0; row < s->text->rows->count; row++) {
        size_t length;
        const uint32_t *words = row_words(s->text, row, &length);
        for (size_t i = 0; i < length; i++)
            if (s->number[words[i]] != WORD_PASSED)
                counts[s->number[words[i]]]++;
        s->tokens += length;
    }
}

/* Words of the vocabulary that no row has are left out: a model that the training starts from brings some, and
 * --count-all-rows. place [vocabulary] */
static void number_words(own_stream *s, const uint64_t *counts, uint32_t *place)
{
    for (uint32_t i = 0; i < s->text->words->words.count; i++) {
        place[i] = counts[i] > 0 ? s->learned++ : VECTORS_NONE;
        if (counts[i] > 0)
            s->counts[place[i]] = counts[i];
    }
    for (uint32_t i = 0; i < s->text->corpus->words.count; i++)
        if (s->number[i] != WORD_PASSED)
            s->number[i] = place[s->number[i]] == VECTORS_NONE ? WORD_PASSED : place[s->number[i]];
}

static heed_status find_words(own_stream *s, uint32_t *place, heed_error *error)
{
    const intern *all = &s->text->corpus->words, *known = &s->text->words->words;
    uint64_t *counts = memory_array(known->count, sizeof *counts);
    s->number = memory_array(all->count, sizeof *s->number);
    s->counts = memory_array(known->count, sizeof *s->counts);
    heed_status status = HEED_OK;
    TRY(counts == NULL || s->number == NULL || s->counts == NULL ? fail_memory(error, "word vectors") : HEED_OK);
    for (uint32_t i = 0; i < all->count; i++) {
        uint32_t number = intern_find(known, intern_word(all, i));
        s->number[i] = number == INTERN_NONE ? WORD_PASSED : number;
    }
    count_words(s, counts);
    number_words(s, counts, place);
done:
    free(counts);
    return status;
}

/* ---- the stream */

static heed_status stream_rewind(void *context, heed_error *error)
{
    own_stream *s = context;
    (void)error;
    s->row = 0;
    s->at = 0;
    return HEED_OK;
}

static heed_status stream_next(uint32_t *out, size_t *count, void *context, heed_error *error)
{
    own_stream *s = context;
    (void)error;
    *count = 0;
    while (*count < ROUND_WORDS && s->row < s->text->rows->count) {
        size_t length;
        const uint32_t *words = row_words(s->text, s->row, &length);
        if (s->at < length) {
            out[(*count)++] = s->number[words[s->at++]];
            continue;
        }
        out[(*count)++] = WORD_ROW_END;
        s->row++;
        s->at = 0;
    }
    return HEED_OK;
}

/* ---- the vectors */

/* A short text is gone through more often. docs/VECTORS.md has what was measured. */
static heed_vectors_options options_of(const own_stream *s)
{
    enum { FEWEST_EPOCHS = 5, MOST_EPOCHS = 100, TOKENS_TO_READ = 20000000 };
    uint64_t epochs = TOKENS_TO_READ / s->tokens;
    heed_vectors_options o;
    heed_vectors_options_init(&o);
    o.epochs = (uint32_t)(epochs < FEWEST_EPOCHS ? FEWEST_EPOCHS : epochs > MOST_EPOCHS ? MOST_EPOCHS : epochs);
    o.window = 10;
    o.sample = 1e-4;
    o.dimensions = s->text->width;
    o.seed = s->text->seed;
    o.threads = s->text->threads;
    return o;
}

/* Equal for what gives equal vectors: a digest of the stream, the width and the seed. */
static heed_status find_key(XXH128_hash_t *out, own_stream *s, heed_error *error)
{
    const uint64_t head[] = {s->learned, s->text->width, s->text->seed};
    uint32_t words[ROUND_WORDS];
    size_t count = 0;
    XXH3_state_t *state = XXH3_createState();
    heed_status status;
    TRY(state == NULL ? fail_memory(error, "word vectors") : HEED_OK);
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, head, sizeof head);
    TRY(stream_rewind(s, error));
    do {
        TRY(stream_next(words, &count, s, error));
        XXH3_128bits_update(state, words, count * sizeof *words);
    } while (count > 0);
    *out = XXH3_128bits_digest(state);
done:
    XXH3_freeState(state);
    return status;
}

static heed_status learn(vectors *v, own_stream *s, const heed_listener *listener, heed_error *error)
{
    const word_stream stream = {.context = s,
                                .rewind = stream_rewind,
                                .next = stream_next,
                                .counts = s->counts,
                                .words = s->learned,
                                .tokens = s->tokens,
                                .advice = "leave out --vectors self"};
    const heed_vectors_options options = options_of(s);
    vector_cache *cache = s->text->corpus->learned;
    size_t count = v->value_capacity;
    XXH128_hash_t key;
    const float *kept;
    heed_status status;
    TRY(find_key(&key, s, error));
    kept = vector_cache_find(cache, key, count);
    if (kept == NULL) {
        TRY(vector_epochs_run(&v->values, &stream, &options, listener, error));
        vector_cache_keep(cache, key, v->values, count);
        return HEED_OK;
    }
    v->values = memory_array(count, sizeof *v->values);
    TRY(v->values == NULL ? fail_memory(error, "word vectors") : HEED_OK);
    memcpy(v->values, kept, count * sizeof *kept);
done:
    return status;
}

heed_status own_vectors_learn(vectors *out, const own_text *text, const heed_listener *listener, heed_error *error)
{
    own_stream s = {.text = text};
    uint32_t count = text->words->words.count;
    heed_status status;
    *out = (vectors){0};
    TRY(vector_text_check(&text->corpus->options, error));
    *out = (vectors){.kind = VECTORS_LEARNED, .dimensions = text->width, .wanted = &text->words->words};
    out->place = memory_array(count, sizeof *out->place);
    TRY(out->place == NULL ? fail_memory(error, "word vectors") : HEED_OK);
    TRY(find_words(&s, out->place, error));
    out->place_capacity = count;
    out->stored = out->found = s.learned;
    out->tokens = s.tokens;
    out->value_capacity = (size_t)s.learned * text->width;
    if (s.learned > 0)
        TRY(learn(out, &s, listener, error));
    XXH128_hash_t digest = XXH3_128bits(out->values, out->value_capacity * sizeof *out->values);
    out->digest[0] = digest.high64;
    out->digest[1] = digest.low64;
done:
    if (status != HEED_OK)
        vectors_release(out);
    free(s.number);
    free(s.counts);
    return status;
}
