/* The digest by which a text is found again: the values of another implementation (golden/digests.json), and which
 * texts are the same by it. */
#include <jansson.h>

#include "unit/made_rows.h"

#include "data/text_digest.h"

static heed_bytes text_of(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

static void digests_are_those_of_another_implementation(void **state)
{
    (void)state;
    json_t *golden = json_load_file("golden/digests.json", JSON_ALLOW_NUL, NULL), *pair;
    size_t i, wrong = 0;
    assert_true(json_array_size(golden) > 2000);
    json_array_foreach(golden, i, pair)
    {
        const json_t *text = json_array_get(pair, 0);
        heed_bytes bytes = {json_string_value(text), json_string_length(text)};
        char found[17];
        snprintf(found, sizeof found, "%016llx", (unsigned long long)text_digest(bytes));
        if (strcmp(found, json_string_value(json_array_get(pair, 1))) != 0) {
            print_error("line %zu: '%s': %s\n", i + 1, bytes.data, found);
            wrong++;
        }
        assert_true(text_digest_after(bytes, group_digest(bytes)) == text_digest(bytes));
    }
    json_decref(golden);
    assert_int_equal(wrong, 0);
}

static void texts_are_the_same_but_for_case_punctuation_spacing_entities_and_form(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        bool same;
    } cases[] = {
        {"Good film!", "good,  FILM", true},
        {"good film", "goodfilm", true},
        {"good film", "good films", false},
        {"R&amp;D", "R&D", true},
        {"R&amp;D", "RampD", false},
        {"caf&eacute;", "cafe\xCC\x81", true},
        {"caf\xC3\xA9", "CAF\xC3\x89", true},
        {"caf\xC3\xA9", "cafe", false},
        {"it\xE2\x80\x99s", "it&#39;s", true},
        {"it\xC2\xB4s", "it's", true}, /* an accent that stands alone is punctuation */
        {"a<br />b", "a b", false},    /* a tag is text */
        {"\xEF\xBC\xA6\xEF\xBD\x95\xEF\xBD\x8C\xEF\xBD\x8C", "full", true},
        {"\xEF\xAC\x81ne", "fine", true},
        {"\xE0\xA4\x95\xE0\xA4\xBF", "\xE0\xA4\x95", false}, /* a vowel sign is part of its word */
        {"soft\xC2\xADhyphen", "softhyphen", true},
        {":)", ":(", false},
        {":)", " : )\n", true},
        {"&hearts;", "\xE2\x99\xA5", true},
        {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\xA2", false},
        {"\xE2\x9D\xA4\xEF\xB8\x8F", "\xE2\x9D\xA4", true},
        {"", " ", true},
        {"", "!", false},
        {"\xFF"
         "a",
         "a", true}, /* bytes that are no character do not count */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if ((text_digest(text_of(cases[i].one)) == text_digest(text_of(cases[i].other))) != cases[i].same)
            fail_msg("'%s' and '%s'", cases[i].one, cases[i].other);
}

static void many_marks_and_long_texts_have_digests(void **state)
{
    (void)state;
    enum { MARKS = 3000 };
    char *text = malloc(2 * MARKS + 1);
    text[0] = 'a';
    for (size_t i = 0; i < MARKS; i++)
        memcpy(text + 1 + 2 * i, i % 2 == 0 ? "\xCC\x81" : "\xCC\xA3", 2);
    for (size_t marks = 1; marks < MARKS; marks++) /* at every place of a block */
        assert_true(text_digest((heed_bytes){text, 1 + 2 * marks}) != text_digest((heed_bytes){text, 2 * marks - 1}));
    free(text);
}

static void group_digest_keeps_its_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t digest; /* of xxhash for Python: of "goodfilm", "rampd", "straße" folded, "cafe" and nothing */
    } cases[] = {{"Good film!", 0xF07F765D6D74692CU},
                 {"R&amp;D", 0x7980B04236FE8C35U},
                 {"Stra\xC3\x9F"
                  "e",
                  0x6A5260406C46E30CU},
                 {"cafe\xCC\x81", 0xE2EF73A8434EBE28U},
                 {":)", 0x2D06800538D394C2U}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(group_digest(text_of(cases[i].text)) == cases[i].digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_another_implementation),
        cmocka_unit_test(texts_are_the_same_but_for_case_punctuation_spacing_entities_and_form),
        cmocka_unit_test(many_marks_and_long_texts_have_digests),
        cmocka_unit_test(group_digest_keeps_its_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
