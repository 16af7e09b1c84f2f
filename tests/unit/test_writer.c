/* Writers keep their first failure; escapes let nothing through that a reader would obey; names and suggestions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/names.h"
#include "base/suggest.h"
#include "base/writer.h"

/* ---- writers */

static void text_is_written_and_handed_over(void **state)
{
    (void)state;
    writer w = {0};
    char *text = NULL;
    size_t size = 0;
    char longer[700];
    memset(longer, 'y', sizeof longer);
    writer_text(&w, "a ");
    writer_print(&w, "%d %.1f ", 7, 0.5);
    writer_repeat(&w, 'x', 3);
    writer_byte(&w, '\n');
    writer_print(&w, "%.*s", (int)sizeof longer, longer); /* more than a short print has room for */
    assert_int_equal(writer_take(&w, &text, &size, NULL), HEED_OK);
    assert_int_equal(size, strlen("a 7 0.5 xxx\n") + sizeof longer);
    assert_memory_equal(text, "a 7 0.5 xxx\nyyy", 15);
    assert_int_equal(text[size], '\0');
    free(text);
    assert_null(w.data);
    assert_int_equal(writer_take(&w, &text, &size, NULL), HEED_OK); /* nothing written is an empty text */
    assert_string_equal(text, "");
    assert_int_equal(size, 0);
    free(text);
}

static void the_first_failure_is_kept(void **state)
{
    (void)state;
    writer w = {.limit = 4};
    heed_error error = {""};
    char *text = (char *)&w;
    size_t size = 1;
    writer_text(&w, "1234");
    assert_int_equal(writer_check(&w, &error), HEED_OK);
    writer_byte(&w, '5');
    writer_fail(&w, ENOSPC);
    assert_int_equal(w.size, 4);
    assert_null(writer_reserve(&w, 0));
    assert_int_equal(writer_take(&w, &text, &size, &error), HEED_BAD_DATA);
    assert_string_equal(error.message, "more than 4 bytes");
    assert_null(text);
    assert_int_equal(size, 0);
    writer_clear(&w);
    writer_text(&w, "6789");
    assert_int_equal(writer_take(&w, &text, &size, &error), HEED_OK); /* as many as the limit says */
    assert_string_equal(text, "6789");
    free(text);
}

static void a_file_that_takes_nothing_fails(void **state)
{
    (void)state;
    writer w = {.file = fopen("/dev/full", "w")};
    heed_error error = {""};
    assert_non_null(w.file);
    setvbuf(w.file, NULL, _IONBF, 0);
    writer_text(&w, "lost");
    assert_int_equal(w.problem, ENOSPC);
    assert_int_equal(writer_check(&w, &error), HEED_FAILED);
    assert_non_null(strstr(error.message, "a text cannot be written: "));
    fclose(w.file);
}

static void the_decimal_point_is_one_in_every_locale(void **state)
{
    (void)state;
    writer w = {0};
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL)
        print_message("no German locale here: this test sees the C locale only\n");
    writer_print(&w, "%.2f", 0.25);
    setlocale(LC_ALL, "C");
    assert_int_equal(w.size, 4);
    assert_memory_equal(w.data, "0.25", 4);
    writer_release(&w);
}

/* ---- escapes */

static void each_place_has_its_escapes(void **state)
{
    (void)state;
    static void (*const escapes[])(writer *, heed_bytes) = {escape_json,          escape_markup, escape_terminal,
                                                            escape_terminal_line, escape_line,   escape_column};
    static const struct {
        const char *text, *expected[6];
    } cases[] = {
        {"plain \xC3\xA4",
         {"\"plain \xC3\xA4\"", "plain \xC3\xA4", "plain \xC3\xA4", "plain \xC3\xA4", "plain \xC3\xA4",
          "plain \xC3\xA4"}},
        {"<a href=\"x\">&'",
         {"\"<a href=\\\"x\\\">&'\"", "&lt;a href=&quot;x&quot;&gt;&amp;&#39;", "<a href=\"x\">&'", "<a href=\"x\">&'",
          "<a href=\"x\">&'", "<a href=\"x\">&'"}},
        {"a\tb\nc\rd", {"\"a\\tb\\nc\\rd\"", "a\tb\nc\nd", "a\tb\nc\nd", "a?b?c?d", "a\tb c\rd", "a b c d"}},
        {"a\r\nb\r\r\n", {"\"a\\r\\nb\\r\\r\\n\"", "a\nb\n\n", "a\nb\n\n", "a??b???", "a\r b\r\r ", "a  b   "}},
        {"\x1B[31m\x7F",
         {"\"\\u001b[31m\\u007f\"", "\xEF\xBF\xBD[31m\xEF\xBF\xBD", "?[31m?", "?[31m?", "\x1B[31m\x7F",
          "\x1B[31m\x7F"}},
        {"\xE2\x80\xAE", {"\"\xE2\x80\xAE\"", "\xEF\xBF\xBD", "?", "?", "\xE2\x80\xAE", "\xE2\x80\xAE"}},
        {"\xFF", {NULL, "\xEF\xBF\xBD", "?", "?", "\xFF", "\xFF"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < 6; k++) {
            writer w = {0};
            char *text = NULL;
            if (cases[i].expected[k] == NULL)
                continue;
            escapes[k](&w, bytes_of(cases[i].text));
            assert_int_equal(writer_take(&w, &text, NULL, NULL), HEED_OK);
            if (strcmp(text, cases[i].expected[k]) != 0)
                fail_msg("case %zu, escape %zu: found '%s', expected '%s'", i, k, text, cases[i].expected[k]);
            free(text);
        }
}

static void fields_are_quoted_where_they_need_it(void **state)
{
    (void)state;
    static const struct {
        const char *text, *quoted, *bare;
    } cases[] = {{"plain", "plain", "plain"},
                 {"a,b", "\"a,b\"", "a b"},
                 {"say \"a\"", "\"say \"\"a\"\"\"", "say \"a\""},
                 {"two\nlines", "\"two\nlines\"", "two lines"},
                 {"", "", ""},
                 {"a\tb", "a\tb", "a b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        writer w = {0};
        char *text = NULL;
        escape_field(&w, bytes_of(cases[i].text), ',');
        writer_byte(&w, '|');
        escape_bare_field(&w, bytes_of(cases[i].text), ',');
        assert_int_equal(writer_take(&w, &text, NULL, NULL), HEED_OK);
        char expected[100];
        snprintf(expected, sizeof expected, "%s|%s", cases[i].quoted, cases[i].bare);
        assert_string_equal(text, expected);
        free(text);
    }
}

static void labels_are_read_back_from_one_field_of_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *label, *written;
    } cases[] = {{"plain", "plain"},
                 {"", ""},
                 {"two\nlines", "two\\nlines"},
                 {"a\tb\r", "a\\tb\\r"},
                 {"back\\slash", "back\\\\slash"},
                 {"\\n", "\\\\n"},
                 {"\\", "\\\\"},
                 {"\x1B[", "\x1B["}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        writer w = {0}, back = {0};
        escape_label(&w, bytes_of(cases[i].label));
        unescape_label(&back, (heed_bytes){w.data, w.size});
        assert_true(bytes_same((heed_bytes){w.data, w.size}, bytes_of(cases[i].written)));
        assert_true(bytes_same((heed_bytes){back.data, back.size}, bytes_of(cases[i].label)));
        writer_release(&w);
        writer_release(&back);
    }
    static const char others[] = "a\\qb\\"; /* which escape_label does not write */
    writer back = {0};
    unescape_label(&back, bytes_of(others));
    assert_true(bytes_same((heed_bytes){back.data, back.size}, bytes_of(others)));
    writer_release(&back);
}

static void columns_are_those_of_what_is_shown(void **state)
{
    (void)state;
    assert_int_equal(escape_columns(bytes_of("abc")), 3);
    assert_int_equal(escape_columns(bytes_of("\xE6\xBC\xA2")), 2); /* a Chinese character */
    assert_int_equal(escape_columns(bytes_of("e\xCC\x81")), 1);    /* a mark above a letter */
    assert_int_equal(escape_columns(bytes_of("a\n\x1B\xFF")), 4);  /* three question marks */
}

/* ---- names, suggestions */

static const names colours = NAMES("red", "green", "blue");

static void names_are_found_both_ways(void **state)
{
    (void)state;
    unsigned value = 7;
    char list[40], cut[6];
    assert_true(names_find(&value, &colours, "blue"));
    assert_int_equal(value, 2);
    assert_false(names_find(&value, &colours, "Blue"));
    assert_int_equal(value, 2);
    assert_string_equal(names_of(&colours, 1), "green");
    assert_string_equal(names_of(&colours, 3), "unknown");
    names_list(list, sizeof list, &colours);
    assert_string_equal(list, "red|green|blue");
    names_list(cut, sizeof cut, &colours);
    assert_string_equal(cut, "red|g");
}

static void distances_count_single_edits(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {{"", "", 0},      {"abc", "abc", 0},      {"abc", "", 3},   {"abc", "acb", 1},
                 {"abc", "ab", 1}, {"epochs", "epoch", 1}, {"ca", "abc", 3}, {"sitting", "kitten", 3},
                 {"ab", "ba", 1},  {"a", "b", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(edit_distance(bytes_of(cases[i].a), bytes_of(cases[i].b)), cases[i].distance);
        assert_int_equal(edit_distance(bytes_of(cases[i].b), bytes_of(cases[i].a)), cases[i].distance);
    }
}

static void the_nearest_word_is_suggested(void **state)
{
    (void)state;
    static const char *const words[] = {"lstm", "bilstm", "gru"};
    assert_string_equal(suggest_nearest(bytes_of("bilsmt"), words, 3), "bilstm");
    assert_string_equal(suggest_nearest(bytes_of("zzzzzzzz"), words, 3), "lstm"); /* far, but the first */
    assert_string_equal(suggest_nearest(bytes_of("x"), words, 0), "");
    suggestion near = suggest_begin(bytes_of("gruu")), far = suggest_begin(bytes_of("transformer"));
    for (size_t i = 0; i < 3; i++) {
        suggest_offer(&near, words[i]);
        suggest_offer(&far, words[i]);
    }
    assert_string_equal(near.word, "gru");
    assert_null(far.word);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_written_and_handed_over),
        cmocka_unit_test(the_first_failure_is_kept),
        cmocka_unit_test(a_file_that_takes_nothing_fails),
        cmocka_unit_test(the_decimal_point_is_one_in_every_locale),
        cmocka_unit_test(each_place_has_its_escapes),
        cmocka_unit_test(fields_are_quoted_where_they_need_it),
        cmocka_unit_test(labels_are_read_back_from_one_field_of_one_line),
        cmocka_unit_test(columns_are_those_of_what_is_shown),
        cmocka_unit_test(names_are_found_both_ways),
        cmocka_unit_test(distances_count_single_edits),
        cmocka_unit_test(the_nearest_word_is_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
