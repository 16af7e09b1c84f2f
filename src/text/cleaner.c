#include "text/cleaner.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/status.h"
#include "text/characters.h"
#include "text/html.h"
#include "text/lemmas.h"
#include "text/stop_words.h"
#include "text/tokenize.h"

void heed_text_options_init(heed_text_options *options)
{
    *options = (heed_text_options){.html = HEED_HTML_KEEP, .letters = HEED_LETTERS_KEEP};
}

static heed_status check_options(const heed_text_options *options, heed_error *error)
{
    const struct {
        const char *name;
        int found, last;
    } fields[] = {{"html", (int)options->html, HEED_HTML_SPACE},
                  {"punctuation", (int)options->punctuation, HEED_PUNCTUATION_ALL},
                  {"letters", (int)options->letters, HEED_LETTERS_LOWER},
                  {"tokens", (int)options->tokens, HEED_TOKENS_WORDS},
                  {"lemmas", (int)options->lemmas, HEED_LEMMAS_NOUN_VERB}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].found < 0 || fields[i].found > fields[i].last)
            return fail(error, HEED_USAGE, "text option %s: found %d, expected 0 to %d; heed_text_options_init sets it",
                        fields[i].name, fields[i].found, fields[i].last);
    return HEED_OK;
}

/* Two cleaners with the same digest do the same to every word. */
static uint64_t digest_rules(const heed_cleaner *cleaner)
{
    const intern *words = &cleaner->stop_words;
    uint64_t digest = XXH3_64bits_withSeed(words->bytes, words->bytes_size, (XXH64_hash_t)cleaner->lemmas);
    return XXH3_64bits_withSeed(words->offset, ((size_t)words->count + 1) * sizeof *words->offset, digest);
}

heed_status cleaner_new(heed_cleaner **out, const heed_text_options *options, const heed_bytes *stop_list,
                        heed_error *error)
{
    *out = NULL;
    heed_status status = check_options(options, error);
    if (status != HEED_OK)
        return status;
    heed_cleaner *cleaner = memory_array(1, sizeof *cleaner);
    if (cleaner == NULL)
        return fail_memory(error, "a text cleaner");
    *cleaner = (heed_cleaner){.html = options->html, .punctuation = options->punctuation, .letters = options->letters,
                              .tokens = options->tokens, .lemmas = options->lemmas};
    status = stop_words_load(&cleaner->stop_words, stop_list == NULL ? options->stop_words : NULL, error);
    if (status == HEED_OK && stop_list != NULL)
        status = stop_words_parse(&cleaner->stop_words, "stop words", *stop_list, error);
    if (status != HEED_OK) {
        heed_cleaner_free(cleaner);
        return status;
    }
    bool needs_words = cleaner->lemmas != HEED_LEMMAS_NONE || cleaner->stop_words.count > 0;
    if (cleaner->tokens == HEED_TOKENS_NONE && needs_words)
        cleaner->tokens = HEED_TOKENS_SPLIT;
    cleaner->word_rules = digest_rules(cleaner);
    *out = cleaner;
    return HEED_OK;
}

heed_status heed_cleaner_new(heed_cleaner **out, const heed_text_options *options, heed_error *error)
{
    return cleaner_new(out, options, NULL, error);
}

void heed_cleaner_free(heed_cleaner *cleaner)
{
    if (cleaner == NULL)
        return;
    intern_release(&cleaner->stop_words);
    free(cleaner);
}

/* The word's lemma, or a word without bytes where it is a stop word. */
static heed_bytes settle_plainly(const heed_cleaner *cleaner, heed_bytes word)
{
    if (cleaner->lemmas != HEED_LEMMAS_NONE)
        word = lemma_find(word, LEXICON_AS_NOUN);
    if (cleaner->lemmas == HEED_LEMMAS_NOUN_VERB)
        word = lemma_find(word, LEXICON_AS_VERB);
    if (intern_find(&cleaner->stop_words, word) != INTERN_NONE)
        return (heed_bytes){NULL, 0};
    return word;
}

static heed_bytes settle_word(const heed_cleaner *cleaner, word_cache *cache, heed_bytes word)
{
    word_entry *entry = word_cache_find(cache, word);
    if (entry == NULL)
        return settle_plainly(cleaner, word);
    if (entry->fate == WORD_UNKNOWN) {
        heed_bytes lemma = settle_plainly(cleaner, word);
        entry->fate = lemma.data == NULL ? WORD_DROPPED : lemma.data == word.data ? WORD_STAYS : WORD_CHANGES;
        entry->lemma = lemma.data;
        entry->lemma_size = (unsigned char)lemma.size;
    }
    if (entry->fate == WORD_STAYS)
        return word;
    return entry->fate == WORD_DROPPED ? (heed_bytes){NULL, 0} : (heed_bytes){entry->lemma, entry->lemma_size};
}

/* The stages on characters: what remains of the text, in the list's own storage. */
static heed_status clean_characters(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens,
                                    heed_error *error)
{
    buffer_clear(&tokens->stripped);
    buffer_clear(&tokens->clean);
    trace_clear(&tokens->stripped_from, text.size);
    if (cleaner->html == HEED_HTML_SPACE) {
        heed_status status = html_strip(&tokens->stripped, &tokens->stripped_from, text, error);
        if (status != HEED_OK)
            return status;
        text = (heed_bytes){tokens->stripped.data, tokens->stripped.size};
    }
    trace_clear(&tokens->clean_from, text.size);
    return characters_clean(&tokens->clean, &tokens->clean_from, text, cleaner->punctuation, cleaner->letters, error);
}

heed_status cleaner_run(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens, bool cached,
                        heed_error *error)
{
    bool changes_words = cleaner->lemmas != HEED_LEMMAS_NONE || cleaner->stop_words.count > 0;
    tokens->count = 0;
    heed_status status = clean_characters(cleaner, text, tokens, error);
    if (status == HEED_OK && changes_words && cached)
        status = word_cache_prepare(&tokens->cache, cleaner->word_rules, error);
    token_next next = tokenizer(cleaner->tokens);
    trace_cursor clean = {&tokens->clean_from, 0}, stripped = {&tokens->stripped_from, 0};
    heed_bytes cleaned = {tokens->clean.data, tokens->clean.size};
    size_t at = 0, begin, end;
    while (status == HEED_OK && next(cleaned, &at, &begin, &end)) {
        heed_bytes word = {cleaned.data + begin, end - begin};
        if (changes_words)
            word = cached ? settle_word(cleaner, &tokens->cache, word) : settle_plainly(cleaner, word);
        if (word.data == NULL)
            continue;
        heed_token token = {word, begin, end};
        trace_find(&clean, &token.begin, &token.end);
        if (cleaner->html == HEED_HTML_SPACE)
            trace_find(&stripped, &token.begin, &token.end);
        status = tokens_add(tokens, token, error);
    }
    return status == HEED_OK ? tokens_finish(tokens, error) : status;
}

heed_status heed_cleaner_run(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens, heed_error *error)
{
    return cleaner_run(cleaner, text, tokens, true, error);
}
