/* NFC of texts, against utf8proc's of the whole text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include <cmocka.h>

#include "base/compose.h"
#include "base/utf8.h"

enum { POINTS = 0x110000, LONG = 200000 };

static bool is_surrogate(uint32_t point)
{
    return point >= 0xD800 && point <= 0xDFFF;
}

static void must_be_composed(heed_bytes text, uint32_t point)
{
    writer out = {0};
    utf8proc_uint8_t *expected = NULL;
    utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.size, &expected,
                                         UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    assert_true(size >= 0);
    heed_bytes found = compose(&out, text);
    if (!bytes_same(found, (heed_bytes){(const char *)expected, (size_t)size}))
        fail_msg("U+%04X: found '%.*s', expected '%s'", point, (int)found.size, found.data, (const char *)expected);
    free(expected);
    writer_release(&out);
}

/* By itself, after a letter, before a mark, and between: what is looked up in a list of ranges is what utf8proc does.
 */
static void every_character_is_composed_with_its_neighbours(void **state)
{
    (void)state;
    static const char *around[][2] = {{"", ""}, {"e", "\xCC\x81"}, {"\xE1\x84\x80", "\xE1\x86\xA8"}, {"\xC3\xA9", "x"}};
    for (uint32_t point = 1; point < POINTS; point++)
        for (size_t i = 0; i < sizeof around / sizeof *around && !is_surrogate(point); i++) {
            char text[16], *at = text;
            at += strlen(strcpy(at, around[i][0]));
            at += utf8_encode(point, at);
            at += strlen(strcpy(at, around[i][1]));
            must_be_composed((heed_bytes){text, (size_t)(at - text)}, point);
        }
}

/* Every composed character, decomposed. */
static void every_composition_is_found(void **state)
{
    (void)state;
    for (uint32_t point = 1; point < POINTS; point++) {
        utf8proc_int32_t points[8];
        int class = 0;
        utf8proc_ssize_t count = is_surrogate(point)
                                     ? 0
                                     : utf8proc_decompose_char((utf8proc_int32_t)point, points, 8,
                                                               UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &class);
        char text[40], *at = text;
        for (utf8proc_ssize_t i = 0; i < count; i++)
            at += utf8_encode((uint32_t)points[i], at);
        if (count > 0)
            must_be_composed((heed_bytes){text, (size_t)(at - text)}, point);
    }
}

static void mixed_texts_are_composed_as_a_whole(void **state)
{
    (void)state;
    static const char *pieces[] = {"e",
                                   "\xCC\x81",
                                   "\xCC\xA3",
                                   "\xC3\xA9",
                                   "a plain part",
                                   "\xE1\x84\x92",
                                   "\xE1\x85\xA1",
                                   "\xE1\x86\xAB",
                                   "\xE0\xA4\xA8",
                                   "\xE0\xA4\xBC",
                                   "\xD7\xA9",
                                   "\xD6\xBC",
                                   "\xD7\x81",
                                   "<",
                                   "\xCC\xB8",
                                   "\xE6\xBC\xA2",
                                   "\xF0\x9D\x85\x97",
                                   "\xF0\x9D\x85\xA5",
                                   " "};
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        char text[400], *at = text;
        for (int i = 0; i < 20; i++) {
            seed = seed * 1664525u + 1013904223u;
            at += strlen(strcpy(at, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]));
        }
        must_be_composed((heed_bytes){text, (size_t)(at - text)}, 0);
    }
}

/* Texts that are made to take long: sorting so many marks at once would take minutes. */
static void many_marks_take_linear_time(void **state)
{
    (void)state;
    static const char *marks[] = {"\xCC\x81", "\xCC\xA3", "\xD6\xB0"};
    for (size_t kind = 0; kind < 4; kind++) {
        writer text = {0}, out = {0};
        writer_byte(&text, 'e');
        for (int i = 0; i < LONG; i++)
            writer_text(&text, kind < 3 ? marks[kind] : marks[i % 2]);
        writer_text(&text, "\xCC\x81");
        heed_bytes composed = compose(&out, (heed_bytes){text.data, text.size});
        assert_true(composed.size + 2 >= text.size - (size_t)LONG / COMPOSE_CHARACTERS * 2);
        assert_int_equal(utf8_check(composed.data, composed.size), composed.size);
        writer_release(&text);
        writer_release(&out);
    }
}

static void bytes_that_are_not_utf8_stay(void **state)
{
    (void)state;
    static const char text[] = "\xCC e\xCC\x81 \xFF\xCC\x81 e\xCC";
    writer out = {0};
    heed_bytes found = compose(&out, (heed_bytes){text, sizeof text - 1});
    assert_true(bytes_same(found, bytes_of("\xCC \xC3\xA9 \xFF\xCC\x81 e\xCC")));
    writer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_composed_with_its_neighbours),
        cmocka_unit_test(every_composition_is_found),
        cmocka_unit_test(mixed_texts_are_composed_as_a_whole),
        cmocka_unit_test(many_marks_take_linear_time),
        cmocka_unit_test(bytes_that_are_not_utf8_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
