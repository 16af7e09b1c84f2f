/* Words to numbers: by first sight, and many at once as one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/intern.h"

enum { WORDS = 5000, LONGEST = 40 };

/* Words of 0 to 39 bytes, each another. */
static heed_bytes word_at(char room[LONGEST], unsigned i)
{
    memset(room, 'a' + (int)(i % 26), LONGEST);
    int size = snprintf(room, LONGEST, "%u", i);
    room[size] = 'z';
    size_t longer = (size_t)size + i % 7 * 5;
    return (heed_bytes){room, i == 0 ? 0 : longer < LONGEST ? longer : LONGEST};
}

static void numbers_are_given_by_first_sight(void **state)
{
    (void)state;
    intern table;
    char room[LONGEST];
    assert_int_equal(intern_init(&table, NULL), HEED_OK);
    for (int round = 0; round < 2; round++)
        for (unsigned i = 0; i < WORDS; i++) {
            uint32_t number;
            heed_bytes word = word_at(room, i);
            assert_int_equal(intern_put(&number, &table, word, NULL), HEED_OK);
            assert_int_equal(number, i);
            assert_int_equal(intern_find(&table, word), i);
            assert_int_equal(intern_word(&table, i).size, word.size);
        }
    assert_int_equal(table.count, WORDS);
    intern_release(&table);
}

static void a_cleared_table_begins_anew(void **state)
{
    (void)state;
    intern table;
    char room[LONGEST];
    uint32_t number;
    assert_int_equal(intern_init(&table, NULL), HEED_OK);
    intern_clear(&table);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < WORDS; i++) {
            assert_int_equal(intern_put(&number, &table, word_at(room, WORDS - i), NULL), HEED_OK);
            assert_int_equal(number, i);
        }
        intern_clear(&table);
        assert_int_equal(table.count, 0);
        assert_int_equal(intern_find(&table, word_at(room, 1)), INTERN_NONE);
    }
    intern_release(&table);
}

static void many_are_found_as_one_by_one(void **state)
{
    (void)state;
    static char rooms[WORDS][LONGEST];
    static heed_token tokens[WORDS];
    static uint32_t found[WORDS];
    static const size_t counts[] = {0, 1, 63, 64, 65, 1000, WORDS};
    for (unsigned i = 0; i < WORDS; i++)
        tokens[i].text = word_at(rooms[i], i);
    for (unsigned step = 1; step < WORDS * 2; step *= 3) { /* of all words down to one are known */
        intern table;
        uint32_t number;
        assert_int_equal(intern_init(&table, NULL), HEED_OK);
        for (unsigned i = 0; i < WORDS; i += step)
            assert_int_equal(intern_put(&number, &table, tokens[i].text, NULL), HEED_OK);
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            intern_find_all(found, &table, tokens, counts[c]);
            for (size_t i = 0; i < counts[c]; i++)
                assert_int_equal(found[i], intern_find(&table, tokens[i].text));
        }
        intern_release(&table);
    }
    intern empty;
    assert_int_equal(intern_init(&empty, NULL), HEED_OK);
    intern_find_all(found, &empty, tokens, WORDS);
    for (size_t i = 0; i < WORDS; i++)
        assert_int_equal(found[i], INTERN_NONE);
    intern_release(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_given_by_first_sight),
        cmocka_unit_test(a_cleared_table_begins_anew),
        cmocka_unit_test(many_are_found_as_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
