/* Words that two texts have in common, in their order. */
#include "unit/made_rows.h"

#include "report/text_diff.h"

static text_diff diff_of(const char *one, const char *other)
{
    text_diff d;
    must(text_diff_make(&d, bytes_of(one), bytes_of(other), &made_error));
    return d;
}

/* The text with brackets around words that are not in the other. */
static void marked(char *out, const char *text, const text_diff *d, size_t side)
{
    *out = '\0';
    for (size_t i = 0; i < d->count[side]; i++) {
        const diff_word *word = &d->words[side][i];
        strncat(out, text + word->space, word->begin - word->space);
        strcat(out, word->same ? "" : "[");
        strncat(out, text + word->begin, word->end - word->begin);
        strcat(out, word->same ? "" : "]");
    }
}

static void what_differs_is_marked(void **state)
{
    (void)state;
    static const char *const cases[][4] = {
        {"a good film", "a good film", "a good film", "a good film"},
        {"a good film", "a bad film", "a [good] film", "a [bad] film"},
        {"a good film", "a good old film!", "a good film", "a good [old] film[!]"},
        {"", "one", "", "[one]"},
        {" \t", "", "", ""},
        {"The film", "the film", "[The] film", "[the] film"},
        {"\"so\" it is", "so it is", "[\"]so[\"] it is", "so it is"},
        {"caf\xC3\xA9s are", "cafes are", "[caf\xC3\xA9s] are", "[cafes] are"},
        {"a b c d e", "c d e a b", "[a] [b] c d e", "c d e [a] [b]"},
        {"x a x b x", "a b", "[x] a [x] b [x]", "a b"},
        {"\xE5\xA5\xBD\xE7\x9C\x8B", "\xE5\xA5\xBD\xE5\x90\x83", "\xE5\xA5\xBD[\xE7\x9C\x8B]",
         "\xE5\xA5\xBD[\xE5\x90\x83]"},
        {"bytes \xFF here", "bytes here", "bytes [\xFF] here", "bytes here"},
        {"line\nend", "line end", "line\nend", "line end"},
    };
    char found[2][256];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_diff d = diff_of(cases[i][0], cases[i][1]);
        marked(found[0], cases[i][0], &d, 0);
        marked(found[1], cases[i][1], &d, 1);
        assert_string_equal(found[0], cases[i][2]);
        assert_string_equal(found[1], cases[i][3]);
        text_diff_release(&d);
    }
}

/* The length of a longest common subsequence by its definition. */
static unsigned longest(const char *one, const char *other)
{
    if (*one == '\0' || *other == '\0')
        return 0;
    if (*one == *other)
        return 1 + longest(one + 1, other + 1);
    unsigned left = longest(one + 1, other), right = longest(one, other + 1);
    return left > right ? left : right;
}

static void what_is_common_is_as_long_as_can_be(void **state)
{
    (void)state;
    uint32_t number = 1;
    for (unsigned trial = 0; trial < 300; trial++) {
        char word[2][10] = {"", ""}, text[2][24] = {"", ""};
        for (unsigned side = 0; side < 2; side++)
            for (unsigned i = 0; i < 1 + (trial + side * 3) % 9; i++) {
                number = number * 1664525u + 1013904223u;
                char letter[] = {(char)('a' + (number >> 24) % 3), '\0'};
                strcat(word[side], letter);
                strcat(text[side], letter);
                strcat(text[side], " ");
            }
        text_diff d = diff_of(text[0], text[1]);
        char common[2][10] = {"", ""};
        for (unsigned side = 0; side < 2; side++)
            for (size_t i = 0; i < d.count[side]; i++)
                if (d.words[side][i].same)
                    strncat(common[side], word[side] + i, 1);
        assert_string_equal(common[0], common[1]);
        assert_int_equal(strlen(common[0]), longest(word[0], word[1]));
        text_diff_release(&d);
    }
}

/* Between what they begin and end with, they are not compared word by word. */
static void very_long_texts_take_no_time(void **state)
{
    (void)state;
    enum { WORDS = 100000 };
    writer text[2] = {{0}, {0}};
    char *made[2];
    for (unsigned side = 0; side < 2; side++) {
        writer_text(&text[side], "begin ");
        for (unsigned i = 0; i < WORDS; i++)
            writer_print(&text[side], "w%u ", side ? WORDS - i : i);
        writer_text(&text[side], "end");
        must(writer_take(&text[side], &made[side], NULL, &made_error));
    }
    text_diff d = diff_of(made[0], made[1]);
    assert_int_equal(d.count[0], WORDS + 2);
    for (unsigned side = 0; side < 2; side++) {
        assert_true(d.words[side][0].same && d.words[side][WORDS + 1].same);
        assert_false(d.words[side][1].same || d.words[side][WORDS].same);
        free(made[side]);
    }
    text_diff_release(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_differs_is_marked),
        cmocka_unit_test(what_is_common_is_as_long_as_can_be),
        cmocka_unit_test(very_long_texts_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
