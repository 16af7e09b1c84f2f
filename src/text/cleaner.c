#include "text/cleaner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/status.h"
#include "text/characters.h"
#include "text/html.h"
#include "text/lemmas.h"
#include "text/stop_words.h"
#include "options/option_structs.h"
#include "text/subword_tokens.h"
#include "text/tokenize.h"

/* Cleaners with the same digest treat every word the same way. */
static uint64_t digest_rules(const heed_cleaner *cleaner)
{
    const intern *words = &cleaner->stop_words;
    uint64_t digest = XXH3_64bits_withSeed(words->bytes, words->bytes_size, (XXH64_hash_t)cleaner->lemmas);
    return XXH3_64bits_withSeed(words->offset, ((size_t)words->count + 1) * sizeof *words->offset, digest);
}

static bool changes_words(const heed_cleaner *cleaner)
{
    return cleaner->lemmas != HEED_LEMMAS_NONE || cleaner->stop_words.count > 0;
}

/* ---- the libraries that stems and dictionaries come from */

static heed_status name_libraries(heed_cleaner *cleaner, heed_error *error)
{
    char icu[SEGMENTER_VERSION] = "", stems[STEMS_VERSION] = "";
    segmenter *segmenter = NULL;
    heed_status status = HEED_OK;
    if (cleaner->segment == HEED_SEGMENT_DICTIONARY) {
        TRY(segmenter_open(&segmenter, error));
        segmenter_version(icu, segmenter);
    }
    if (cleaner->stem != HEED_STEM_NONE)
        TRY(stems_version(stems, cleaner->stem, error));
    snprintf(cleaner->libraries, sizeof cleaner->libraries, "%s%s%s", icu, *icu != '\0' && *stems != '\0' ? ", " : "",
             stems);
done:
    segmenter_close(segmenter);
    return status;
}

/* needed: those of a model, which reads texts only as it was trained with. */
static heed_status check_libraries(const heed_cleaner *cleaner, const char *needed, heed_error *error)
{
    if (strcmp(needed, cleaner->libraries) == 0)
        return HEED_OK;
    return fail(error, HEED_BAD_DATA,
                "the model was trained with %s, this heed has %s; use a heed built with those (Debian: libicu, "
                "libstemmer0d), or train the model anew",
                needed, *cleaner->libraries == '\0' ? "none of them" : cleaner->libraries);
}

/* ---- all stages */

heed_status cleaner_new(heed_cleaner **out, const heed_text_options *options, const cleaner_source *source,
                        heed_error *error)
{
    const heed_bytes *stop_list = source->stop_list;
    heed_status status;
    heed_cleaner *cleaner = *out = memory_array(1, sizeof *cleaner);
    if (cleaner == NULL)
        return fail_memory(error, "a text cleaner");
    *cleaner = (heed_cleaner){.rules = options->rules,
                              .html = options->html,
                              .punctuation = options->punctuation,
                              .letters = options->letters,
                              .tokens = options->tokens,
                              .lemmas = options->lemmas,
                              .stem = options->stem,
                              .segment = options->segment};
    TRY(options_check(HEED_OPTIONS_TEXT, options, error));
    TRY(stop_words_load(&cleaner->stop_words, stop_list == NULL ? options->stop_words : NULL, cleaner->rules, error));
    if (stop_list != NULL)
        TRY(stop_words_parse(&cleaner->stop_words, "stop words", *stop_list, cleaner->rules, error));
    TRY(subword_tokens_take(&cleaner->tokenizer, options, source->tokenizer, error));
    if (cleaner->segment == HEED_SEGMENT_DICTIONARY && cleaner->rules != HEED_TEXT_RULES_UNICODE)
        TRY(fail(error, HEED_USAGE, "--segment dictionary: found --text-rules python, expected unicode"));
    if (cleaner->tokens == HEED_TOKENS_NONE && cleaner->segment == HEED_SEGMENT_DICTIONARY)
        cleaner->tokens = HEED_TOKENS_WORDS;
    if (cleaner->tokens == HEED_TOKENS_NONE && (changes_words(cleaner) || cleaner->stem != HEED_STEM_NONE))
        cleaner->tokens = HEED_TOKENS_SPLIT;
    TRY(name_libraries(cleaner, error));
    if (options->libraries != NULL)
        TRY(check_libraries(cleaner, options->libraries, error));
    cleaner->word_rules = digest_rules(cleaner);
    return HEED_OK;
done:
    heed_cleaner_free(cleaner);
    *out = NULL;
    return status;
}

heed_status heed_cleaner_new(heed_cleaner **out, const heed_text_options *options, heed_error *error)
{
    heed_text_options o;
    heed_status status = options_take(HEED_OPTIONS_TEXT, &o, options, error);
    *out = NULL;
    return status == HEED_OK ? cleaner_new(out, &o, &(cleaner_source){NULL, NULL}, error) : status;
}

void heed_cleaner_free(heed_cleaner *cleaner)
{
    if (cleaner == NULL)
        return;
    intern_release(&cleaner->stop_words);
    shared_tokenizer_release(cleaner->tokenizer);
    free(cleaner);
}

heed_bytes cleaner_word(const heed_cleaner *cleaner, heed_bytes word)
{
    if (cleaner->lemmas != HEED_LEMMAS_NONE)
        word = lemma_find(word, LEXICON_AS_NOUN);
    if (cleaner->lemmas == HEED_LEMMAS_NOUN_VERB)
        word = lemma_find(word, LEXICON_AS_VERB);
    if (intern_find(&cleaner->stop_words, word) != INTERN_NONE)
        return (heed_bytes){NULL, 0};
    return word;
}

/* What a word becomes, from its entry, which is filled if the word is new. */
static heed_bytes settle_by_entry(const heed_cleaner *cleaner, word_entry *entry, heed_bytes word)
{
    if (entry->status == WORD_UNKNOWN) {
        heed_bytes lemma = cleaner_word(cleaner, word);
        bool stays = lemma.data == word.data;
        entry->status = lemma.data == NULL ? WORD_DROPPED : stays ? WORD_STAYS : WORD_CHANGES;
        entry->lemma = stays ? NULL : lemma.data;
        entry->lemma_size = (unsigned char)lemma.size;
    }
    return (heed_bytes){entry->status == WORD_STAYS ? word.data : entry->lemma, entry->lemma_size};
}

/* cleaner_word for many words, in steps that each prefetch the memory that the next one needs. WORD_CACHE_LONGEST bytes
 * can be read at the begin of each word. */
static void settle_cached(const heed_cleaner *cleaner, word_cache *cache, heed_bytes *words, size_t count)
{
    word_key keys[TOKENS_AT_ONCE];
    unsigned char unknown[TOKENS_AT_ONCE];
    size_t unknown_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (words[i].size > WORD_CACHE_LONGEST)
            continue;
        keys[i] = word_key_of(words[i]);
        word_cache_expect(cache, &keys[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (words[i].size > WORD_CACHE_LONGEST) {
            words[i] = cleaner_word(cleaner, words[i]);
            continue;
        }
        word_entry *entry = word_cache_find(cache, &keys[i]);
        if (entry->status != WORD_UNKNOWN) {
            words[i] = settle_by_entry(cleaner, entry, words[i]);
            continue;
        }
        unknown[unknown_count++] = (unsigned char)i;
        lexicon_expect(words[i]);
    }
    for (size_t k = 0; k < unknown_count; k++) {
        size_t i = unknown[k];
        words[i] = settle_by_entry(cleaner, word_cache_find(cache, &keys[i]), words[i]);
    }
}

/* The stages before characters; returns the text after them. */
static heed_bytes run_html(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens)
{
    bool composes = cleaner->rules == HEED_TEXT_RULES_UNICODE;
    if (composes)
        text = stage_compose(tokens->stages, STAGE_COMPOSE, text);
    if (cleaner->html != HEED_HTML_SPACE)
        return text;
    text_stage *html = stage_begin(tokens->stages, STAGE_HTML, text);
    (composes ? html_strip_elements : html_strip_angles)(&html->out, &html->from, text);
    return (heed_bytes){html->out.data, html->out.size};
}

/* The stages before tokens: the text after them is in the list's own memory, with slack after it. */
static void run_stages(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens)
{
    text = run_html(cleaner, text, tokens);
    text_stage *last = stage_begin(tokens->stages, STAGE_CHARACTERS, text);
    character_stages stages = {cleaner->rules, cleaner->punctuation, cleaner->letters};
    characters_clean(&last->out, &last->from, text, stages);
    text = (heed_bytes){last->out.data, last->out.size};
    if (cleaner->rules == HEED_TEXT_RULES_UNICODE &&
        stage_compose(tokens->stages, STAGE_RECOMPOSE, text).data != text.data)
        last = &tokens->stages[STAGE_RECOMPOSE];
    char *slack = writer_reserve(&last->out, TOKENS_SLACK);
    if (slack != NULL)
        memset(slack, 0, TOKENS_SLACK);
    tokens->cleaned = (heed_bytes){last->out.data, last->out.size};
}

/* Words on their way from the cleaned text to the list. */
typedef struct word_batch {
    token_place places[TOKENS_AT_ONCE];
    heed_bytes words[TOKENS_AT_ONCE]; /* data NULL: left out */
    size_t count;
} word_batch;

static bool next_batch(const heed_cleaner *cleaner, word_batch *batch, heed_bytes text, size_t *at,
                       segmenter *segmenter)
{
    batch->count = token_finder_of(cleaner->tokens, cleaner->rules)(text, at, batch->places, segmenter);
    for (size_t i = 0; i < batch->count; i++)
        batch->words[i] =
            (heed_bytes){text.data + batch->places[i].begin, batch->places[i].end - batch->places[i].begin};
    return batch->count > 0;
}

static void settle_batch(const heed_cleaner *cleaner, word_batch *batch, heed_tokens *tokens, bool cached)
{
    if (!changes_words(cleaner))
        return;
    if (cached)
        settle_cached(cleaner, &tokens->cache, batch->words, batch->count);
    else
        for (size_t i = 0; i < batch->count; i++)
            batch->words[i] = cleaner_word(cleaner, batch->words[i]);
}

static void add_batch(heed_tokens *tokens, const word_batch *batch, text_origin *origin)
{
    heed_token *next = tokens_reserve(tokens, batch->count);
    for (size_t i = 0; next != NULL && i < batch->count; i++) {
        size_t begin = batch->places[i].begin, end = batch->places[i].end;
        origin_find(origin, &begin, &end);
        next->text = batch->words[i];
        next->begin = begin;
        next->end = end;
        next += batch->words[i].data != NULL; /* else its place is the next one's */
    }
    if (next != NULL)
        tokens->count = (size_t)(next - tokens->items);
}

segmenter *cleaner_segmenter(const heed_cleaner *cleaner, const heed_tokens *tokens)
{
    return cleaner->segment == HEED_SEGMENT_DICTIONARY ? tokens->segmenter : NULL;
}

/* Words of the text after all stages. */
static heed_status add_words(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens, bool cached,
                             heed_error *error)
{
    heed_status status;
    if (cleaner->segment == HEED_SEGMENT_DICTIONARY && tokens->segmenter == NULL)
        TRY(segmenter_open(&tokens->segmenter, error));
    segmenter *segmenter = cleaner_segmenter(cleaner, tokens);
    if (cached && changes_words(cleaner))
        TRY(word_cache_prepare(&tokens->cache, cleaner->word_rules, error));
    run_stages(cleaner, text, tokens);
    text_origin origin;
    origin_begin(&origin, tokens->stages, TEXT_STAGES);
    size_t at = 0;
    word_batch batch;
    bool fine = !stages_failed(tokens->stages);
    while (fine && next_batch(cleaner, &batch, tokens->cleaned, &at, segmenter)) {
        settle_batch(cleaner, &batch, tokens, cached);
        add_batch(tokens, &batch, &origin);
    }
    if (segmenter != NULL && segmenter_failed(segmenter))
        TRY(fail_memory(error, "words by dictionary"));
    if (cleaner->stem != HEED_STEM_NONE && !tokens->failed)
        TRY(stems_replace(&tokens->stems, cleaner->stem, tokens->items, tokens->count, error));
    return HEED_OK;
done:
    return status;
}

/* Sub-words of the text without its HTML. */
static heed_status add_subwords(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens, heed_error *error)
{
    text = run_html(cleaner, text, tokens);
    return stages_failed(tokens->stages) ? HEED_OK /* tokens_finish says so */
                                         : subword_tokens_add(tokens, cleaner->tokenizer, text, error);
}

heed_status cleaner_run(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens, bool cached,
                        heed_error *error)
{
    tokens_begin(tokens);
    heed_status status = cleaner->tokenizer != NULL ? add_subwords(cleaner, text, tokens, error)
                                                    : add_words(cleaner, text, tokens, cached, error);
    return status == HEED_OK ? tokens_finish(tokens, error) : status;
}

heed_status heed_cleaner_run(heed_tokens *tokens, const heed_cleaner *cleaner, heed_bytes text, heed_error *error)
{
    heed_status status = cleaner_run(cleaner, text, tokens, true, error);
    if (status != HEED_OK) {
        tokens->count = 0;
        tokens->is_joined = false; /* what was joined is of the text before */
    }
    return status;
}
