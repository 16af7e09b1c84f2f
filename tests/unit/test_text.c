/* Text to tokens: golden files of NLTK and of the tutorial, then each stage by tables. */
#include "unit/text_check.h"

#include <jansson.h>

#include "base/writer.h"
#include "text/lemmas.h"
#include "text/stop_words.h"
#include "options/choices.h"

/* ---- lemmas */

static void lemmas_are_those_of_nltk(void **state)
{
    (void)state;
    FILE *file = fopen("golden/lemmas.tsv", "r");
    assert_non_null(file);
    char line[1024];
    size_t count = 0;
    assert_non_null(fgets(line, sizeof line, file)); /* header */
    while (fgets(line, sizeof line, file) != NULL) {
        char *rest = line;
        heed_bytes word = bytes_of(strsep(&rest, "\t"));
        heed_bytes noun = bytes_of(strsep(&rest, "\t")), verb = bytes_of(strsep(&rest, "\n"));
        heed_bytes found = lemma_find(word, LEXICON_AS_NOUN);
        assert_bytes(found, noun.data, noun.size);
        assert_bytes(lemma_find(found, LEXICON_AS_VERB), verb.data, verb.size);
        count++;
    }
    fclose(file);
    assert_int_equal(count, 30034);
}

/* What NLTK 3.5 answers where the rules are applied more than once, or exceptions have several bases. */
static void lemmas_of_odd_words(void **state)
{
    (void)state;
    static const struct {
        lexicon_part part;
        const char *word, *lemma;
    } cases[] = {
        {LEXICON_AS_NOUN, "", ""},
        {LEXICON_AS_NOUN, "s", "s"},
        {LEXICON_AS_NOUN, "dogsss", "dog"},
        {LEXICON_AS_NOUN, "axes", "ax"},
        {LEXICON_AS_NOUN, "as", "a"},
        {LEXICON_AS_NOUN, "us", "u"},
        {LEXICON_AS_NOUN, "wolves", "wolf"},
        {LEXICON_AS_NOUN, "women", "woman"},
        {LEXICON_AS_NOUN, "ice_creams", "ice_cream"},
        {LEXICON_AS_NOUN, "Dogs", "Dogs"},
        {LEXICON_AS_VERB, "was", "be"},
        {LEXICON_AS_VERB, "goes", "go"},
        {LEXICON_AS_VERB, "inging", "inging"},
        {LEXICON_AS_VERB, "axes", "ax"},
        {LEXICON_AS_VERB, "lied", "lie"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_bytes(lemma_find(bytes_of(cases[i].word), cases[i].part), cases[i].lemma, strlen(cases[i].lemma));
}

/* ---- the tutorial's clean_text */

static void check_golden_texts(json_t *rows, const char *mode, heed_punctuation punctuation)
{
    heed_text_options options = tutorial_options;
    options.punctuation = punctuation;
    heed_cleaner *cleaner = new_cleaner(options);
    heed_tokens *tokens;
    assert_int_equal(heed_tokens_new(&tokens, NULL), HEED_OK);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        json_t *text = json_object_get(row, "text"), *expected = json_object_get(row, mode);
        heed_bytes input = {json_string_value(text), json_string_length(text)};
        assert_int_equal(heed_cleaner_run(cleaner, input, tokens, NULL), HEED_OK);
        assert_bytes(heed_tokens_joined(tokens), json_string_value(expected), json_string_length(expected));
        assert_int_equal(cleaner_run(cleaner, input, tokens, false, NULL), HEED_OK);
        assert_bytes(heed_tokens_joined(tokens), json_string_value(expected), json_string_length(expected));
    }
    heed_tokens_free(tokens);
    heed_cleaner_free(cleaner);
}

static void texts_are_cleaned_as_the_tutorial_does(void **state)
{
    (void)state;
    FILE *file = fopen("../../shared/golden/text/clean.jsonl", "r");
    if (file == NULL) {
        print_message("skipped: ../../shared/golden/text/clean.jsonl is not here\n");
        skip();
    }
    json_t *rows = json_array(), *row;
    while ((row = json_loadf(file, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, NULL)) != NULL)
        json_array_append_new(rows, row);
    fclose(file);
    assert_int_equal(json_array_size(rows), 414);
    check_golden_texts(rows, "first32", HEED_PUNCTUATION_FIRST32);
    check_golden_texts(rows, "all", HEED_PUNCTUATION_ALL);
    json_decref(rows);
}

/* ---- the stages by tables; tokens are shown as [text]begin-end */

static void show_tokens(char *out, size_t room, const heed_tokens *tokens)
{
    size_t count, used = 0;
    const heed_token *items = heed_tokens_items(tokens, &count);
    *out = '\0';
    for (size_t i = 0; i < count && used < room; i++)
        used += (size_t)snprintf(out + used, room - used, "[%.*s]%zu-%zu", (int)items[i].text.size, items[i].text.data,
                                 items[i].begin, items[i].end);
}

static void check_tokens(heed_text_options options, const char *text, const char *expected)
{
    heed_cleaner *cleaner = new_cleaner(options);
    heed_tokens *tokens;
    char found[1024];
    assert_int_equal(heed_tokens_new(&tokens, NULL), HEED_OK);
    for (int cached = 0; cached < 3; cached++) { /* without, with an empty and with a filled cache */
        assert_int_equal(cleaner_run(cleaner, bytes_of(text), tokens, cached > 0, NULL), HEED_OK);
        show_tokens(found, sizeof found, tokens);
        assert_string_equal(found, expected);
    }
    heed_tokens_free(tokens);
    heed_cleaner_free(cleaner);
}

typedef struct text_case {
    const char *text, *tokens;
} text_case;

#define CHECK_ALL(options, ...)                                                                                        \
    do {                                                                                                               \
        static const text_case cases[] = {__VA_ARGS__};                                                                \
        const heed_text_options chosen = options;                                                                      \
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)                                                      \
            check_tokens(chosen, cases[i].text, cases[i].tokens);                                                      \
    } while (0)
#define OPTIONS(...)                                                                                                   \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }

static void lower_case_is_that_of_str_lower(void **state)
{
    (void)state;
    CHECK_ALL(OPTIONS(.letters = HEED_LETTERS_LOWER), {"", "[]0-0"},
              {"ABC xyz AZ@[`{ Hello WORLD 0123456789", "[abc xyz az@[`{ hello world 0123456789]0-37"},
              {"\xC3\x89\xC3\x91", "[\xC3\xA9\xC3\xB1]0-4"}, {"\xC4\xB0x", "[i\xCC\x87x]0-3"}, /* I with dot */
              {"\xE2\x84\xAA", "[k]0-3"},                    /* Kelvin sign: three bytes to one */
              {"\xC8\xBA", "[\xE2\xB1\xA5]0-2"},             /* two bytes to three */
              {"\xCE\xA3", "[\xCF\x83]0-2"},                 /* alone: not final */
              {"\xCE\x91\xCE\xA3", "[\xCE\xB1\xCF\x82]0-4"}, /* final */
              {"\xCE\x91\xCE\xA3\xCE\x91", "[\xCE\xB1\xCF\x83\xCE\xB1]0-6"},
              {"\xCE\x91\xCE\xA3.", "[\xCE\xB1\xCF\x82.]0-5"}, /* '.' is passed over */
              {"\xCE\x91\xCE\xA3.B", "[\xCE\xB1\xCF\x83.b]0-6"}, {"A.\xCE\xA3 b", "[a.\xCF\x82 b]0-6"},
              {"1\xCE\xA3", "[1\xCF\x83]0-3"}, {"A\xCE\xA3\xCE\xA3", "[a\xCF\x83\xCF\x82]0-5"},
              {"A\xCE\xA3\xCC\x81", "[a\xCF\x82\xCC\x81]0-5"});
    /* what is removed does not part the sigma from what follows */
    CHECK_ALL(OPTIONS(.letters = HEED_LETTERS_LOWER, .punctuation = HEED_PUNCTUATION_ALL), {"A\xCE\xA3-B", "[a\xCF\x83"
                                                                                                           "b]0-5"});
}

static void punctuation_goes_first_32_or_all(void **state)
{
    (void)state;
    CHECK_ALL(OPTIONS(.punctuation = HEED_PUNCTUATION_FIRST32, .tokens = HEED_TOKENS_SPLIT), {"it's", "[its]0-4"},
              {"'a' b!", "[a]1-2[b]4-5"}, {"-- a --", "[]2-2[a]3-4[]7-7"},
              {"................................a.b", "[a.b]32-35"},
              {"\xF0\x9F\x98\x80.\xE2\x80\x94x_1\tz \xC2\xA0", "[x_1\tz]8-13[\xC2\xA0]14-16"});
    CHECK_ALL(OPTIONS(.punctuation = HEED_PUNCTUATION_ALL), {"................................a.b", "[ab]32-35"},
              {"e\xCC\x81!", "[e]0-1"});
}

static void html_becomes_text(void **state)
{
    (void)state;
    CHECK_ALL(OPTIONS(.html = HEED_HTML_SPACE), {"a<br />b", "[a b]0-8"}, {"<p>x</p>", "[ x ]0-8"},
              {"a < b > c <3 <", "[a < b > c <3 <]0-14"}, {"x <y but <i>z", "[x <y but  z]0-13"},
              {"<!-- a <b> -->c<!--", "[ c<!--]0-19"}, {"<!DOCTYPE html>x<?php ?>", "[ x ]0-24"},
              {"&lt;b&gt; &amp;lt; &quot;&apos;&#39;&#x41;", "[<b> &lt; \"''A]0-42"},
              {"&nbsp;&#8217;&#X1F600;", "[\xC2\xA0\xE2\x80\x99\xF0\x9F\x98\x80]0-22"},
              {"& &; &# &#; &#x; &#0; &#xD800; &#99999999999; &#1114112; &am",
               "[& &; &# &#; &#x; &#0; &#xD800; &#99999999999; &#1114112; &am]0-60"},
              {"<", "[<]0-1"}, {"</", "[</]0-2"}, {"&", "[&]0-1"});
    CHECK_ALL(OPTIONS(.html = HEED_HTML_SPACE, .tokens = HEED_TOKENS_WORDS, .letters = HEED_LETTERS_LOWER),
              {"Tom &amp; Jerry<br />\xC4\xB0s", "[tom]0-3[&]4-9[jerry]10-15[i]21-23[\xCC\x87]21-23[s]23-24"},
              {"don&#39;t", "[don't]0-9"});
}

static void split_is_at_spaces_only(void **state)
{
    (void)state;
    CHECK_ALL(OPTIONS(.tokens = HEED_TOKENS_SPLIT), {"", "[]0-0"}, {" ", "[]0-0[]1-1"},
              {" a  b", "[]0-0[a]1-2[]3-3[b]4-5"},
              {"a\tb\xC2\xA0"
               "c\nd",
               "[a\tb\xC2\xA0"
               "c\nd]0-8"});
}

static void words_are_runs_and_single_characters(void **state)
{
    (void)state;
    CHECK_ALL(OPTIONS(.tokens = HEED_TOKENS_WORDS), {"", ""}, {" \t\xC2\xA0\xE2\x80\x8B", ""},
              {"don't 'quoted' o'clock'", "[don't]0-5[']6-7[quoted]7-13[']13-14[o'clock]15-22[']22-23"},
              {"it\xE2\x80\x99s a''b", "[it\xE2\x80\x99s]0-6[a]7-8[']8-9[']9-10[b]10-11"},
              {"a_1-b...", "[a_1]0-3[-]3-4[b]4-5[.]5-6[.]6-7[.]7-8"},
              {"\xE6\x97\xA5\xE6\x9C\xAC\xE3\x81\xAE\xE3\x82\xAB\xE3\x83\x8A",
               "[\xE6\x97\xA5]0-3[\xE6\x9C\xAC]3-6[\xE3\x81\xAE\xE3\x82\xAB\xE3\x83\x8A]6-15"},
              {"a\xE6\x97\xA5'b", "[a]0-1[\xE6\x97\xA5]1-4[']4-5[b]5-6"},
              {"\xF0\x9F\x91\x8D\xEF\xB8\x8F\xE2\x80\x8D!", "[\xF0\x9F\x91\x8D]0-4[!]10-11"});
}

static void lemmas_and_stop_words_keep_spans(void **state)
{
    (void)state;
    CHECK_ALL(tutorial_options, {"The dogs were RUNNING!", "[dog]4-8[run]14-21"},
              {"It's us.", "[u]5-7"}, /* its is a stop word, us becomes u */
              {"  ", "[]0-0[]1-1[]2-2"});
    CHECK_ALL(OPTIONS(.lemmas = HEED_LEMMAS_NOUN), {"dogs running", "[dog]0-4[running]5-12"}); /* SPLIT is implied */
    CHECK_ALL(OPTIONS(.stop_words = "english"), {"i am x", "[x]5-6"});
    CHECK_ALL(OPTIONS(.stop_words = "none"), {"i am x", "[i am x]0-6"});
}

/* ---- options and files */

static void stop_words_come_from_files(void **state)
{
    (void)state;
    intern words;
    heed_error error;
    assert_int_equal(intern_init(&words, NULL), HEED_OK);
    heed_bytes file = bytes_of("\xEF\xBB\xBF"
                               "one\r\n\ntwo words\none\nlast");
    assert_int_equal(stop_words_parse(&words, "x", file, &error), HEED_OK);
    assert_int_equal(words.count, 3);
    assert_int_not_equal(intern_find(&words, bytes_of("two words")), INTERN_NONE);
    assert_int_not_equal(intern_find(&words, bytes_of("last")), INTERN_NONE);
    assert_int_equal(stop_words_parse(&words, "list.txt", bytes_of("a\n\xFF\n"), &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, "list.txt:2: "));
    intern_release(&words);

    assert_int_equal(stop_words_load(&words, "golden/stopwords.txt", &error), HEED_OK);
    intern english;
    assert_int_equal(stop_words_load(&english, "english", &error), HEED_OK);
    assert_int_equal(english.count, 179);
    assert_int_equal(english.bytes_size, words.bytes_size);
    assert_memory_equal(english.bytes, words.bytes, words.bytes_size);
    intern_release(&english);
    intern_release(&words);
}

static void options_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    heed_text_options options;
    heed_cleaner *cleaner;
    heed_error error;
    heed_text_options_init(&options);
    options.stop_words = "golden/no such file";
    assert_int_equal(heed_cleaner_new(&cleaner, &options, &error), HEED_BAD_DATA);
    assert_null(cleaner);
    assert_non_null(strstr(error.message, "no such file"));
    heed_text_options_init(&options);
    options.lemmas = (heed_lemmas)7;
    assert_int_equal(heed_cleaner_new(&cleaner, &options, &error), HEED_USAGE);
    assert_non_null(strstr(error.message, "--lemmas: found the number 7, expected one of none|noun|noun,verb"));
}

static void every_choice_has_a_word(void **state)
{
    (void)state;
    assert_int_equal(html_names.count, HEED_HTML_SPACE + 1);
    assert_int_equal(punctuation_names.count, HEED_PUNCTUATION_ALL + 1);
    assert_int_equal(letters_names.count, HEED_LETTERS_LOWER + 1);
    assert_int_equal(tokens_names.count, HEED_TOKENS_WORDS + 1);
    assert_int_equal(lemmas_names.count, HEED_LEMMAS_NOUN_VERB + 1);
    assert_int_equal(vocabulary_names.count, HEED_VOCABULARY_KERAS + 1);
    assert_int_equal(cut_names.count, HEED_CUT_MIDDLE + 1);
    assert_int_equal(pad_names.count, HEED_PAD_POST + 1);
}

static void a_list_may_serve_cleaners_in_turn(void **state)
{
    (void)state;
    heed_text_options nouns = {.lemmas = HEED_LEMMAS_NOUN};
    heed_cleaner *one = new_cleaner(nouns), *two = new_cleaner(tutorial_options);
    heed_tokens *tokens;
    assert_int_equal(heed_tokens_new(&tokens, NULL), HEED_OK);
    assert_int_equal(heed_tokens_joined(tokens).size, 0); /* before any run */
    for (int i = 0; i < 2; i++) {
        assert_int_equal(heed_cleaner_run(one, bytes_of("the boys running"), tokens, NULL), HEED_OK);
        assert_bytes(heed_tokens_joined(tokens), "the boy running", 15);
        assert_int_equal(heed_cleaner_run(two, bytes_of("the boys running"), tokens, NULL), HEED_OK);
        assert_bytes(heed_tokens_joined(tokens), "boy run", 7);
    }
    heed_tokens_free(tokens);
    heed_cleaner_free(one);
    heed_cleaner_free(two);
    heed_cleaner_free(NULL);
    heed_tokens_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lemmas_are_those_of_nltk),
        cmocka_unit_test(lemmas_of_odd_words),
        cmocka_unit_test(texts_are_cleaned_as_the_tutorial_does),
        cmocka_unit_test(lower_case_is_that_of_str_lower),
        cmocka_unit_test(punctuation_goes_first_32_or_all),
        cmocka_unit_test(html_becomes_text),
        cmocka_unit_test(split_is_at_spaces_only),
        cmocka_unit_test(words_are_runs_and_single_characters),
        cmocka_unit_test(lemmas_and_stop_words_keep_spans),
        cmocka_unit_test(stop_words_come_from_files),
        cmocka_unit_test(options_that_cannot_be_used_are_refused),
        cmocka_unit_test(every_choice_has_a_word),
        cmocka_unit_test(a_list_may_serve_cleaners_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
