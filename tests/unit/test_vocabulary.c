/* Words to ids: order, limits, what is counted, windows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "text/tokens.h"
#include "text/vocabulary.h"

static heed_bytes bytes(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

/* Words in order of first sight: "good" 3, "the" 5, "bad" 3, "rare" 1, "never" 0 (only in validation rows). */
static void fill_words(intern *words, uint64_t counts[5])
{
    static const char *const names[] = {"good", "the", "bad", "rare", "never"};
    static const uint64_t numbers[] = {3, 5, 3, 1, 0};
    assert_int_equal(intern_init(words, NULL), HEED_OK);
    for (uint32_t i = 0; i < 5; i++) {
        uint32_t number;
        assert_int_equal(intern_put(&number, words, bytes(names[i]), NULL), HEED_OK);
        counts[i] = numbers[i];
    }
}

static void words_stand_by_falling_count_and_first_sight(void **state)
{
    (void)state;
    static const struct {
        heed_vocabulary kind;
        uint32_t max_words, min_count;
        const char *words; /* joined by a space */
        uint32_t size, good, never;
    } cases[] = {
        {HEED_VOCABULARY_COUNTS, 0, 0, "the good bad rare", 6, 3, 1},
        {HEED_VOCABULARY_COUNTS, 0, 2, "the good bad", 5, 3, 1},
        {HEED_VOCABULARY_COUNTS, 4, 1, "the good", 4, 3, 1},
        {HEED_VOCABULARY_COUNTS, 3, 1, "the", 3, 1, 1},
        {HEED_VOCABULARY_KERAS, 0, 0, "the good bad rare", 5, 2, VOCABULARY_DROPPED},
        {HEED_VOCABULARY_KERAS, 3, 0, "the good", 3, 2, VOCABULARY_DROPPED},
        {HEED_VOCABULARY_KERAS, 2, 0, "the", 2, VOCABULARY_DROPPED, VOCABULARY_DROPPED},
        {HEED_VOCABULARY_KERAS, 100, 9, "", 1, VOCABULARY_DROPPED, VOCABULARY_DROPPED},
    };
    intern words;
    uint64_t counts[5];
    fill_words(&words, counts);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        vocabulary v;
        heed_status status =
            vocabulary_build(&v, cases[i].kind, &words, counts, cases[i].max_words, cases[i].min_count, NULL);
        assert_int_equal(status, HEED_OK);
        char joined[64] = "";
        for (uint32_t w = 0; w < v.words.count; w++) {
            heed_bytes word = intern_word(&v.words, w);
            size_t used = strlen(joined);
            snprintf(joined + used, sizeof joined - used, "%s%.*s", w ? " " : "", (int)word.size, word.data);
        }
        assert_string_equal(joined, cases[i].words);
        assert_int_equal(v.size, cases[i].size);
        assert_int_equal(v.size, v.words.count + v.first);
        assert_int_equal(vocabulary_id(&v, bytes("good")), cases[i].good);
        assert_int_equal(vocabulary_id(&v, bytes("never")), cases[i].never);
        vocabulary_release(&v);
    }
    intern_release(&words);
}

static void a_limit_without_room_is_refused(void **state)
{
    (void)state;
    intern words;
    uint64_t counts[5];
    fill_words(&words, counts);
    vocabulary v;
    heed_error error;
    assert_int_equal(vocabulary_build(&v, HEED_VOCABULARY_COUNTS, &words, counts, 2, 0, &error), HEED_USAGE);
    assert_non_null(strstr(error.message, "max_words: found 2, expected 0 for no limit or at least 3"));
    assert_int_equal(vocabulary_build(&v, HEED_VOCABULARY_KERAS, &words, counts, 1, 0, &error), HEED_USAGE);
    intern_release(&words);
}

static void words_of_a_file_keep_their_order_and_stand_once(void **state)
{
    (void)state;
    heed_bytes words[] = {bytes("b"), bytes("a"), bytes("b")};
    vocabulary v;
    heed_error error;
    assert_int_equal(vocabulary_from_words(&v, HEED_VOCABULARY_COUNTS, words, 2, &error), HEED_OK);
    assert_int_equal(vocabulary_id(&v, bytes("b")), 2);
    assert_int_equal(vocabulary_id(&v, bytes("a")), 3);
    assert_int_equal(vocabulary_id(&v, bytes("")), 1);
    vocabulary_release(&v);
    assert_int_equal(vocabulary_from_words(&v, HEED_VOCABULARY_COUNTS, words, 3, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, "word 0 again as word 2"));
}

static void print_tokens(char *out, size_t room, const heed_tokens *tokens)
{
    size_t count;
    const heed_token *items = tokens_items(tokens, &count);
    *out = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(out);
        snprintf(out + used, room - used, "%s%.*s@%zu-%zu", i ? " " : "", (int)items[i].text.size, items[i].text.data,
                 items[i].begin, items[i].end);
    }
}

static void pieces_are_what_is_counted(void **state)
{
    (void)state;
    static const struct {
        heed_vocabulary kind;
        const char *text;
        size_t begin, end;
        const char *pieces;
    } cases[] = {
        {HEED_VOCABULARY_COUNTS, "Don't-Stop", 10, 20, "Don't-Stop@10-20"},
        {HEED_VOCABULARY_COUNTS, "", 10, 10, ""},
        {HEED_VOCABULARY_KERAS, "", 10, 10, ""},
        {HEED_VOCABULARY_KERAS, "plain", 3, 8, "plain@3-8"},
        {HEED_VOCABULARY_KERAS, "Don't-STOP", 10, 20, "don't@10-15 stop@16-20"},
        {HEED_VOCABULARY_KERAS, "!#x$%&y*\tz\n", 0, 11, "x@2-3 y@6-7 z@9-10"},
        {HEED_VOCABULARY_KERAS, "a_b c", 5, 10, "a@5-6 b@7-8 c@9-10"},
        {HEED_VOCABULARY_KERAS, "---", 5, 8, ""},
        {HEED_VOCABULARY_KERAS, "(word)", 5, 11, "word@6-10"},
        {HEED_VOCABULARY_KERAS, "co-worker", 0, 10, "co@0-10 worker@10-10"}, /* was "co-workers" */
        {HEED_VOCABULARY_KERAS, "dog", 0, 4, "dog@0-4"},
        {HEED_VOCABULARY_KERAS, "\xCE\xA3\xCE\x91\xCE\xA3", 0, 6, "\xCF\x83\xCE\xB1\xCF\x82@0-6"},
        {HEED_VOCABULARY_KERAS, "\xE2\x80\x94x\xC2\xA0y", 0, 7, "\xE2\x80\x94x\xC2\xA0y@0-7"},
    };
    heed_tokens *out;
    assert_int_equal(heed_tokens_new(&out, NULL), HEED_OK);
    char found[256];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_token token = {bytes(cases[i].text), cases[i].begin, cases[i].end};
        assert_int_equal(vocabulary_pieces(out, cases[i].kind, &token, 1, NULL), HEED_OK);
        print_tokens(found, sizeof found, out);
        assert_string_equal(found, cases[i].pieces);
    }
    heed_token two[] = {{bytes("A-b"), 0, 3}, {bytes("C"), 4, 5}};
    assert_int_equal(vocabulary_pieces(out, HEED_VOCABULARY_KERAS, two, 2, NULL), HEED_OK);
    print_tokens(found, sizeof found, out);
    assert_string_equal(found, "a@0-1 b@2-3 c@4-5");
    assert_int_equal(vocabulary_pieces(out, HEED_VOCABULARY_KERAS, NULL, 0, NULL), HEED_OK);
    assert_int_equal(heed_tokens_joined(out).size, 0);
    heed_tokens_free(out);
}

static void windows_keep_what_their_cut_leaves(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        uint32_t length;
        heed_cut cut;
        const char *kept; /* of 0 1 2 ... */
    } cases[] = {
        {6, 0, HEED_CUT_PRE, "012345"},    {6, 6, HEED_CUT_PRE, "012345"},
        {6, 9, HEED_CUT_MIDDLE, "012345"}, {6, 4, HEED_CUT_PRE, "2345"},
        {6, 4, HEED_CUT_POST, "0123"},     {6, 4, HEED_CUT_MIDDLE, "0345"},
        {6, 3, HEED_CUT_MIDDLE, "345"},    {9, 8, HEED_CUT_MIDDLE, "01345678"},
        {6, 1, HEED_CUT_PRE, "5"},         {6, 1, HEED_CUT_POST, "0"},
        {0, 4, HEED_CUT_PRE, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const text_window window = {.length = cases[i].length, .cut = cases[i].cut};
        const size_t kept = strlen(cases[i].kept);
        uint32_t ids[16], copy[16];
        for (uint32_t k = 0; k < 16; k++)
            ids[k] = k;
        assert_int_equal(window_copy(copy, ids, cases[i].count, window), kept);
        assert_int_equal(window_cut(ids, cases[i].count, window), kept);
        for (size_t k = 0; k < kept; k++) {
            assert_int_equal(copy[k], cases[i].kept[k] - '0');
            assert_int_equal(ids[k], cases[i].kept[k] - '0');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stand_by_falling_count_and_first_sight),
        cmocka_unit_test(a_limit_without_room_is_refused),
        cmocka_unit_test(words_of_a_file_keep_their_order_and_stand_once),
        cmocka_unit_test(pieces_are_what_is_counted),
        cmocka_unit_test(windows_keep_what_their_cut_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
