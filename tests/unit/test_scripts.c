/* Words of texts in 36 scripts against those of ICU (golden/scripts.tsv), and user-perceived characters against
 * Unicode's own test (Debian: unicode-data). */
#include <stdlib.h>
#include <string.h>

#include "unit/made_rows.h"

#include "base/compose.h"
#include "base/utf8.h"
#include "text/cleaner.h"
#include "text/unicode.h"

enum { COLUMNS = 4 };

/* NULL: not by dictionary, since ICU is not here. */
static heed_cleaner *cleaner_with(heed_segmentation segment)
{
    heed_text_options options;
    heed_cleaner *cleaner;
    heed_text_options_init(&options, HEED_PRESET_OFF);
    options.tokens = HEED_TOKENS_WORDS;
    options.segment = segment;
    heed_status status = heed_cleaner_new(&cleaner, &options, &made_error);
    assert_true(status == HEED_OK || segment == HEED_SEGMENT_DICTIONARY);
    return cleaner;
}

/* words: with | between them. */
static size_t expect_words(const heed_cleaner *cleaner, heed_tokens *tokens, char *const column[COLUMNS], char *words)
{
    size_t count = 0;
    must(heed_cleaner_run(tokens, cleaner, bytes_of(column[1]), &made_error));
    for (char *word; (word = strsep(&words, "|")) != NULL; count++) {
        writer composed = {0};
        heed_bytes expected = compose(&composed, bytes_of(word));
        if (count >= heed_tokens_count(tokens) || !bytes_same(heed_tokens_item(tokens, count)->text, expected))
            fail_msg("%s: word %zu: found '%s', expected '%s'", column[0], count + 1, heed_tokens_joined(tokens).data,
                     word);
        const heed_token *token = heed_tokens_item(tokens, count);
        heed_bytes source = {column[1] + token->begin, token->end - token->begin};
        assert_true(bytes_same(source, bytes_of(word))); /* its place is that of the bytes as they were written */
        writer_release(&composed);
    }
    assert_int_equal(heed_tokens_count(tokens), count);
    return count;
}

static void words_are_those_of_icu(void **state)
{
    (void)state;
    heed_cleaner *by_character = cleaner_with(HEED_SEGMENT_CHARACTERS),
                 *by_word = cleaner_with(HEED_SEGMENT_DICTIONARY);
    bool dictionary = by_word != NULL && strncmp(by_word->libraries, "ICU 72.", 7) == 0;
    heed_tokens *tokens;
    FILE *file = fopen("golden/scripts.tsv", "r");
    char *line = NULL;
    size_t capacity = 0, scripts = 0, words = 0;
    assert_non_null(file);
    must(heed_tokens_new(&tokens, &made_error));
    for (ssize_t size; (size = getline(&line, &capacity, file)) > 0; scripts++) {
        char *column[COLUMNS], *rest = line;
        line[size - 1] = '\0';
        for (int i = 0; i < COLUMNS; i++)
            assert_non_null(column[i] = strsep(&rest, "\t"));
        size_t found = expect_words(by_character, tokens, column, column[2]);
        words += dictionary ? expect_words(by_word, tokens, column, column[3]) : found;
    }
    assert_true(scripts >= 30 && words >= 300);
    if (!dictionary)
        print_message("words by dictionary were not compared: they were kept by ICU 72\n");
    free(line);
    fclose(file);
    heed_tokens_free(tokens);
    heed_cleaner_free(by_character);
    heed_cleaner_free(by_word);
}

/* A run of letters that takes more than one batch of tokens, and one after the other. */
static void a_long_run_is_divided_as_its_parts_are(void **state)
{
    (void)state;
    heed_cleaner *cleaner = cleaner_with(HEED_SEGMENT_DICTIONARY);
    heed_tokens *tokens;
    writer text = {0};
    if (cleaner == NULL)
        skip();
    must(heed_tokens_new(&tokens, &made_error));
    for (int i = 0; i < 1000; i++)
        writer_text(&text, i % 10 == 9 ? "ไปโรงเรียน a " : "ไปโรงเรียน");
    for (int again = 0; again < 2; again++) {
        must(heed_cleaner_run(tokens, cleaner, (heed_bytes){text.data, text.size}, &made_error));
        assert_int_equal(heed_tokens_count(tokens), 2100);
        for (size_t i = 0; i < 2100; i++) {
            const char *expected = i % 21 == 20 ? "a" : i % 21 % 2 == 0 ? "ไป" : "โรงเรียน";
            assert_true(bytes_same(heed_tokens_item(tokens, i)->text, bytes_of(expected)));
        }
    }
    writer_release(&text);
    heed_tokens_free(tokens);
    heed_cleaner_free(cleaner);
}

/* Characters of a line of the test, and whether there is a break before each. Returns how many. */
static size_t read_breaks(char *line, uint32_t points[64], bool breaks[64])
{
    size_t count = 0;
    bool ends = false;
    for (char *item; (item = strsep(&line, " \t")) != NULL && *item != '#';) {
        if (strcmp(item, "÷") == 0 || strcmp(item, "×") == 0) {
            ends = strcmp(item, "÷") == 0;
        } else if (*item != '\0') {
            breaks[count] = ends;
            points[count++] = (uint32_t)strtoul(item, NULL, 16);
        }
    }
    return count;
}

/* A cluster that heed looks for begins with a visible character: neither with a control nor with one that joins what
 * follows it (Prepend), which Unicode counts as a format character or a letter. */
static void clusters_are_those_of_unicode(void **state)
{
    (void)state;
    FILE *file = fopen("/usr/share/unicode/auxiliary/GraphemeBreakTest.txt", "r");
    char line[1000];
    size_t compared = 0;
    if (file == NULL || fgets(line, sizeof line, file) == NULL || strstr(line, "15.0.0") == NULL) {
        print_message("unicode-data of Unicode 15.0 is not here\n");
        if (file != NULL)
            fclose(file);
        skip();
    }
    while (fgets(line, sizeof line, file) != NULL) {
        uint32_t points[64];
        bool breaks[64];
        int32_t emoji = 0;
        size_t count = *line == '#' ? 0 : read_breaks(line, points, breaks);
        for (size_t i = 1; i < count && unicode_is_visible(points[i - 1]) && points[i] < 0x110000; i++, compared++) {
            emoji = breaks[i - 1] ? 0 : emoji;
            if (unicode_is_cluster_end(points[i - 1], points[i], &emoji) != breaks[i])
                fail_msg("U+%04X U+%04X: expected %s", points[i - 1], points[i], breaks[i] ? "a break" : "none");
        }
    }
    assert_true(compared > 300);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_icu),
        cmocka_unit_test(a_long_run_is_divided_as_its_parts_are),
        cmocka_unit_test(clusters_are_those_of_unicode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
