/* Text to tokens: hostile bytes, and what is done by blocks and caches against its plain definition. */
#include "unit/text_check.h"

#include "base/utf8.h"
#include "text/tokenize.h"

/* ---- hostile bytes: every stage on, whatever comes; spans are in order and on characters */

static void check_sanity(const heed_cleaner *cleaner, heed_tokens *tokens, heed_bytes text)
{
    assert_int_equal(heed_cleaner_run(tokens, cleaner, text, NULL), HEED_OK);
    heed_bytes joined = heed_tokens_joined(tokens);
    assert_int_equal(utf8_check(joined.data, joined.size), joined.size);
    size_t count, behind = 0;
    const heed_token *items = tokens_items(tokens, &count);
    for (size_t i = 0; i < count; i++) {
        assert_true(items[i].begin <= items[i].end && items[i].end <= text.size && items[i].end >= behind);
        assert_true(items[i].begin == text.size || ((unsigned char)text.data[items[i].begin] & 0xC0) != 0x80);
        assert_true(items[i].end == text.size || ((unsigned char)text.data[items[i].end] & 0xC0) != 0x80);
        behind = items[i].end;
    }
}

static void check_stages(heed_bytes text, heed_text_rules rules)
{
    heed_tokens *tokens;
    assert_int_equal(heed_tokens_new(&tokens, NULL), HEED_OK);
    for (int tokenizer = HEED_TOKENS_NONE; tokenizer <= HEED_TOKENS_WORDS; tokenizer++)
        for (int punctuation = HEED_PUNCTUATION_KEEP; punctuation <= HEED_PUNCTUATION_ALL; punctuation++) {
            heed_text_options options = {.rules = rules,
                                         .html = HEED_HTML_SPACE,
                                         .letters = HEED_LETTERS_LOWER,
                                         .punctuation = (heed_punctuation)punctuation,
                                         .tokens = (heed_tokenizer)tokenizer};
            if (tokenizer != HEED_TOKENS_NONE)
                options.lemmas = HEED_LEMMAS_NOUN_VERB;
            heed_cleaner *cleaner = new_cleaner(options);
            check_sanity(cleaner, tokens, text);
            heed_cleaner_free(cleaner);
        }
    heed_tokens_free(tokens);
}

static void check_all_stages(heed_bytes text)
{
    check_stages(text, HEED_TEXT_RULES_PYTHON);
    check_stages(text, HEED_TEXT_RULES_UNICODE);
}

static void long_repetitions_take_linear_time(void **state)
{
    (void)state;
    static const char *const patterns[] = {"<",         "<a",       "<!--",     "&#",           "&#1",      "s",
                                           "ing",       "es",       "a'",       "' ",           "\xCE\xA3", "\xCE\xA3.",
                                           ".\xCE\xA3", "\xCC\x81", "\xC4\xB0", "\xE6\x97\xA5", "\xC8\xBA", " "};
    size_t size = 1 << 18; /* quadratic time would be minutes */
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        size_t length = strlen(patterns[i]), whole = size / length * length;
        for (size_t k = 0; k < whole; k++)
            text[k] = patterns[i][k % length];
        check_all_stages((heed_bytes){text, whole});
    }
    memset(text, 0, size);
    check_all_stages((heed_bytes){text, size});
    free(text);
}

/* Markup, and characters that a stage treats in a way of its own. */
static const char *const parts[] = {
    "<",
    ">",
    "<b>",
    "</",
    "<!--",
    "-->",
    "&amp;",
    "&#39;",
    "&nGt;",
    "&acE;",
    "&#1;",
    "&#769",
    "<a b=\"",
    "\"",
    "&",
    ";",
    " ",
    "  ",
    "dogs",
    "A",
    "\xCE\xA3",
    "\xC4\xB0",
    "\xE2\x84\xAA",
    "\xCC\x81",
    "'",
    "\xE2\x80\x99",
    "\xE6\x97\xA5",
    "\xF0\x9F\x98\x80",
    "\xE2\x80\x8D",
    ".",
    "_",
    "running",
    "\t",
    "\n",
    "-",
};

static void random_mixtures_stay_in_order(void **state)
{
    (void)state;
    uint32_t seed = 1;
    char text[512];
    for (int round = 0; round < 3000; round++) {
        size_t size = 0;
        for (int n = round % 60; n > 0; n--) {
            seed = seed * 1664525u + 1013904223u;
            const char *part = parts[(seed >> 16) % (sizeof parts / sizeof *parts)];
            memcpy(text + size, part, strlen(part));
            size += strlen(part);
        }
        char *exact = malloc(size + 1); /* of the exact size, for the sanitizer */
        assert_non_null(exact);
        memcpy(exact, text, size);
        exact = realloc(exact, size > 0 ? size : 1);
        check_all_stages((heed_bytes){exact, size});
        free(exact);
    }
}

/* The cache forgets and collides; with and without it the bytes are the same. */
static void the_word_cache_changes_nothing(void **state)
{
    (void)state;
    heed_cleaner *cleaner = new_cleaner(tutorial_options);
    heed_tokens *with, *without;
    assert_int_equal(heed_tokens_new(&with, NULL), HEED_OK);
    assert_int_equal(heed_tokens_new(&without, NULL), HEED_OK);
    FILE *file = fopen("golden/lemmas.tsv", "r");
    assert_non_null(file);
    char *text = malloc(1 << 20);
    assert_non_null(text);
    size_t size = fread(text, 1, 1 << 20, file);
    fclose(file);
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\t' || text[i] == '\n')
            text[i] = ' ';
    for (int round = 0; round < 2; round++) {
        assert_int_equal(cleaner_run(cleaner, (heed_bytes){text, size}, with, true, NULL), HEED_OK);
        assert_int_equal(cleaner_run(cleaner, (heed_bytes){text, size}, without, false, NULL), HEED_OK);
        assert_int_equal(with->count, without->count);
        heed_bytes expected = heed_tokens_joined(without);
        assert_bytes(heed_tokens_joined(with), expected.data, expected.size);
        for (size_t i = 0; i < with->count; i++)
            assert_true(with->items[i].begin == without->items[i].begin && with->items[i].end == without->items[i].end);
    }
    free(text);
    heed_tokens_free(with);
    heed_tokens_free(without);
    heed_cleaner_free(cleaner);
}

/* ---- what is done by the block, against its plain definition */

static void split_by_the_block_is_plain_split(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (size_t size = 0; size < 700; size += size < 200 ? 1 : 37)
        for (unsigned often = 1; often < 64; often = 4 * often + 1) {
            char *text = malloc(size + 1); /* of the exact size, for the sanitizer */
            assert_non_null(text);
            for (size_t i = 0; i < size; i++) {
                seed = seed * 1664525u + 1013904223u;
                text[i] = (seed >> 16) % often == 0 ? ' ' : (char)(seed >> 24);
            }
            text = realloc(text, size > 0 ? size : 1);
            token_place places[TOKENS_AT_ONCE];
            size_t at = 0, expected = 0, count;
            while ((count = token_finder_of(HEED_TOKENS_SPLIT, HEED_TEXT_RULES_PYTHON)((heed_bytes){text, size}, &at, places,
                                                                                 NULL)) > 0)
                for (size_t i = 0; i < count; i++) {
                    assert_int_equal(places[i].begin, expected);
                    while (expected < size && text[expected] != ' ')
                        expected++;
                    assert_int_equal(places[i].end, expected++);
                }
            assert_int_equal(expected, size + 1);
            free(text);
        }
}

static void a_key_holds_the_word_and_zeros(void **state)
{
    (void)state;
    char text[2 * WORD_CACHE_LONGEST];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(0xF0 + i);
    for (size_t size = 0; size <= WORD_CACHE_LONGEST; size++) {
        char plain[WORD_CACHE_LONGEST] = {0};
        memcpy(plain, text + 3, size);
        word_key key = word_key_of((heed_bytes){text + 3, size});
        assert_memory_equal(key.half, plain, sizeof plain);
        assert_int_equal(key.size, size);
    }
}

/* Sizes apart, a word is a beginning of another: NUL bytes must not make them one. */
static void words_that_differ_by_zeros_are_kept_apart(void **state)
{
    (void)state;
    word_cache cache = {0};
    assert_int_equal(word_cache_prepare(&cache, 1, NULL), HEED_OK);
    char zeros[WORD_CACHE_LONGEST] = {0};
    for (size_t size = 0; size <= WORD_CACHE_LONGEST; size++) {
        word_key key = word_key_of((heed_bytes){zeros, size});
        word_entry *entry = word_cache_find(&cache, &key);
        assert_int_equal(entry->status, WORD_UNKNOWN);
        entry->status = WORD_STAYS;
        entry->lemma_size = (unsigned char)size;
        assert_int_equal(word_cache_find(&cache, &key)->lemma_size, size);
        assert_int_equal(word_cache_find(&cache, &key)->status, WORD_STAYS);
    }
    assert_int_equal(word_cache_prepare(&cache, 2, NULL), HEED_OK); /* other rules: nothing of it is left */
    word_key key = word_key_of((heed_bytes){zeros, 1});
    assert_int_equal(word_cache_find(&cache, &key)->status, WORD_UNKNOWN);
    word_cache_release(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_repetitions_take_linear_time),
        cmocka_unit_test(random_mixtures_stay_in_order),
        cmocka_unit_test(the_word_cache_changes_nothing),
        cmocka_unit_test(split_by_the_block_is_plain_split),
        cmocka_unit_test(a_key_holds_the_word_and_zeros),
        cmocka_unit_test(words_that_differ_by_zeros_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
