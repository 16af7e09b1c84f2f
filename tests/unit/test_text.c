/* Text to tokens: golden files of NLTK and of the tutorial, lists of stop words, options. The stages one by one are in
 * tests/cases/clean. */
#include "unit/text_check.h"

#include <jansson.h>

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
        assert_int_equal(heed_cleaner_run(tokens, cleaner, input, NULL), HEED_OK);
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

/* ---- options and files */

static void stop_words_come_from_files(void **state)
{
    (void)state;
    intern words;
    heed_error error;
    assert_int_equal(intern_init(&words, NULL), HEED_OK);
    heed_bytes file = bytes_of("\xEF\xBB\xBF"
                               "one\r\n\ntwo words\none\nlast");
    assert_int_equal(stop_words_parse(&words, "x", file, HEED_TEXT_RULES_PYTHON, &error), HEED_OK);
    assert_int_equal(words.count, 3);
    assert_int_not_equal(intern_find(&words, bytes_of("two words")), INTERN_NONE);
    assert_int_not_equal(intern_find(&words, bytes_of("last")), INTERN_NONE);
    const char *spelled = "caf\xC3\xA9\nre\xCC\x81\nplain\n"; /* the second one in NFD */
    assert_int_equal(stop_words_parse(&words, "x", bytes_of(spelled), HEED_TEXT_RULES_PYTHON, &error), HEED_OK);
    assert_int_equal(intern_find(&words, bytes_of("r\xC3\xA9")), INTERN_NONE);
    assert_int_equal(stop_words_parse(&words, "x", bytes_of(spelled), HEED_TEXT_RULES_UNICODE, &error), HEED_OK);
    assert_int_not_equal(intern_find(&words, bytes_of("r\xC3\xA9")), INTERN_NONE);
    assert_int_equal(stop_words_parse(&words, "list.txt", bytes_of("a\n\xFF\n"), HEED_TEXT_RULES_UNICODE, &error),
                     HEED_BAD_DATA);
    assert_non_null(strstr(error.message, "list.txt:2: "));
    intern_release(&words);

    assert_int_equal(stop_words_load(&words, "golden/stopwords.txt", HEED_TEXT_RULES_UNICODE, &error), HEED_OK);
    intern english;
    assert_int_equal(stop_words_load(&english, "english", HEED_TEXT_RULES_PYTHON, &error), HEED_OK);
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
    heed_text_options_init(&options, HEED_PRESET_OFF);
    options.stop_words = "golden/no such file";
    assert_int_equal(heed_cleaner_new(&cleaner, &options, &error), HEED_BAD_DATA);
    assert_null(cleaner);
    assert_non_null(strstr(error.message, "no such file"));
    heed_text_options_init(&options, HEED_PRESET_OFF);
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
    assert_int_equal(tokens_names.count, HEED_TOKENS_WORDPIECE + 1);
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
        assert_int_equal(heed_cleaner_run(tokens, one, bytes_of("the boys running"), NULL), HEED_OK);
        assert_bytes(heed_tokens_joined(tokens), "the boy running", 15);
        assert_int_equal(heed_cleaner_run(tokens, two, bytes_of("the boys running"), NULL), HEED_OK);
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
        cmocka_unit_test(stop_words_come_from_files),
        cmocka_unit_test(options_that_cannot_be_used_are_refused),
        cmocka_unit_test(every_choice_has_a_word),
        cmocka_unit_test(a_list_may_serve_cleaners_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
