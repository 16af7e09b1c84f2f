/* Stems against Snowball's own Python implementation (golden/stems.tsv), and what tells two libraries apart. */
#include <stdlib.h>
#include <string.h>

#include "unit/made_rows.h"

#include "options/choices.h"
#include "text/cleaner.h"

static heed_cleaner *cleaner_with(heed_stem stem, const char *stop_words)
{
    heed_text_options options;
    heed_cleaner *cleaner;
    heed_text_options_init(&options, HEED_PRESET_OFF);
    options.tokens = HEED_TOKENS_WORDS;
    options.stem = stem;
    options.stop_words = stop_words;
    must(heed_cleaner_new(&cleaner, &options, &made_error));
    return cleaner;
}

static void stems_are_those_of_snowball(void **state)
{
    (void)state;
    char language[40], word[200], stem[200];
    unsigned lines = 0, languages = 0, last = HEED_STEM_NONE, kind;
    heed_tokens *tokens;
    heed_cleaner *cleaner = NULL;
    FILE *file = fopen("golden/stems.tsv", "r");
    assert_non_null(file);
    must(heed_tokens_new(&tokens, &made_error));
    for (; fscanf(file, "%39[^\t]\t%199[^\t]\t%199[^\n]\n", language, word, stem) == 3; lines++) {
        assert_true(names_find(&kind, &stem_names, language));
        if (kind != last) {
            heed_cleaner_free(cleaner);
            cleaner = cleaner_with((heed_stem)kind, NULL);
            last = kind;
            languages++;
        }
        for (int again = 0; again < 2; again++) { /* the second time from the cache */
            must(heed_cleaner_run(tokens, cleaner, bytes_of(word), &made_error));
            assert_int_equal(heed_tokens_count(tokens), 1);
            heed_bytes found = heed_tokens_item(tokens, 0)->text;
            if (!bytes_same(found, bytes_of(stem)))
                fail_msg("%s: %s: found '%.*s', expected '%s'", language, word, (int)found.size, found.data, stem);
        }
    }
    fclose(file);
    assert_true(lines >= 200);
    assert_int_equal(languages, stem_names.count - 1); /* all but none */
    heed_cleaner_free(cleaner);
    heed_tokens_free(tokens);
}

/* Stop words are words, not stems; and spans are those of the words. */
static void stop_words_are_dropped_before_stems_are_taken(void **state)
{
    (void)state;
    heed_tokens *tokens;
    heed_cleaner *cleaner = cleaner_with(HEED_STEM_ENGLISH, "english");
    must(heed_tokens_new(&tokens, &made_error));
    must(heed_cleaner_run(tokens, cleaner, bytes_of("having been flying, organizations was"), &made_error));
    heed_bytes joined = heed_tokens_joined(tokens);
    assert_true(bytes_same(joined, bytes_of("fli , organ")));
    assert_int_equal(heed_tokens_item(tokens, 2)->begin, 20);
    assert_int_equal(heed_tokens_item(tokens, 2)->end, 33);
    heed_cleaner_free(cleaner);
    heed_tokens_free(tokens);
}

/* More words than a thread remembers. */
static void a_full_cache_begins_anew(void **state)
{
    (void)state;
    heed_tokens *tokens;
    heed_cleaner *cleaner = cleaner_with(HEED_STEM_ENGLISH, NULL);
    char text[64];
    must(heed_tokens_new(&tokens, &made_error));
    for (unsigned i = 0; i < 70000; i++) {
        snprintf(text, sizeof text, "runs%u running cats", i);
        must(heed_cleaner_run(tokens, cleaner, bytes_of(text), &made_error));
        assert_int_equal(heed_tokens_count(tokens), 3);
        assert_true(bytes_same(heed_tokens_item(tokens, 1)->text, bytes_of("run")));
        assert_true(bytes_same(heed_tokens_item(tokens, 2)->text, bytes_of("cat")));
    }
    heed_cleaner_free(cleaner);
    heed_tokens_free(tokens);
}

/* A model is read only with the stems that it was trained with. */
static void another_library_is_refused(void **state)
{
    (void)state;
    heed_text_options options;
    heed_cleaner *cleaner = cleaner_with(HEED_STEM_GERMAN, NULL);
    char own[CLEANER_LIBRARIES];
    strcpy(own, cleaner->libraries);
    heed_cleaner_free(cleaner);
    assert_non_null(strstr(own, "libstemmer "));
    heed_text_options_init(&options, HEED_PRESET_DEFAULT);
    options.stem = HEED_STEM_GERMAN;
    options.libraries = own;
    must(heed_cleaner_new(&cleaner, &options, &made_error));
    heed_cleaner_free(cleaner);
    options.libraries = "libstemmer 1.0 0000000000000000";
    must_refuse(heed_cleaner_new(&cleaner, &options, &made_error), HEED_BAD_DATA,
                "trained with libstemmer 1.0 0000000000000000, this heed has libstemmer ", "another library");
    assert_null(cleaner);
    options.stem = HEED_STEM_FRENCH;
    options.libraries = own; /* the digest is of the language's stems */
    must_refuse(heed_cleaner_new(&cleaner, &options, &made_error), HEED_BAD_DATA, "libstemmer0d", "another language");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stems_are_those_of_snowball),
        cmocka_unit_test(stop_words_are_dropped_before_stems_are_taken),
        cmocka_unit_test(a_full_cache_begins_anew),
        cmocka_unit_test(another_library_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
