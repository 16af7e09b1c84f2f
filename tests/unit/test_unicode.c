/* Every code point against what Python says (tests/golden/unicode.tsv, Unicode 14.0). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/unicode.h"

enum { POINTS = 0x110000, WORD = 1, SPACE = 2, CASED = 4, IGNORABLE = 8, UNASSIGNED = 16 };

typedef struct golden {
    unsigned char *classes;
    uint32_t *lower;
} golden;

static unsigned class_of(const char *name)
{
    static const struct {
        const char *name;
        unsigned flag;
    } classes[] = {
        {"word", WORD}, {"space", SPACE}, {"cased", CASED}, {"ignorable", IGNORABLE}, {"unassigned", UNASSIGNED}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(name, classes[i].name) == 0)
            return classes[i].flag;
    return 0;
}

static int read_golden(void **state)
{
    static golden g;
    g.classes = calloc(POINTS, 1);
    g.lower = calloc(POINTS, sizeof *g.lower);
    FILE *file = fopen("golden/unicode.tsv", "r");
    assert_non_null(file);
    for (uint32_t c = 0; c < POINTS; c++)
        g.lower[c] = c;
    char line[128], name[32];
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned first, last, step = 1;
        int distance = 0;
        assert_true(sscanf(line, "%31s %x %x %d %u", name, &first, &last, &distance, &step) >= 3);
        assert_true(last < POINTS && step > 0);
        for (unsigned c = first; c <= last; c += step) {
            g.classes[c] = (unsigned char)(g.classes[c] | class_of(name));
            g.lower[c] = (uint32_t)((int)c + distance);
        }
    }
    fclose(file);
    *state = &g;
    return 0;
}

static int release_golden(void **state)
{
    golden *g = *state;
    free(g->classes);
    free(g->lower);
    return 0;
}

/* Characters that Unicode 14 does not know may be anything: utf8proc may be newer. */
static void check_class(const golden *g, unsigned flag, bool (*is)(uint32_t), const char *name)
{
    size_t failures = 0;
    for (uint32_t c = 0; c < POINTS; c++) {
        if ((c >= 0xD800 && c < 0xE000) || (g->classes[c] & UNASSIGNED) != 0)
            continue;
        if (is(c) != ((g->classes[c] & flag) != 0) && failures++ < 10)
            print_error("U+%04X: %s is %d\n", (unsigned)c, name, is(c));
    }
    assert_int_equal(failures, 0);
}

static void classes_are_those_of_python(void **state)
{
    const golden *g = *state;
    check_class(g, WORD, unicode_is_word, "word");
    check_class(g, SPACE, unicode_is_space, "space");
    check_class(g, IGNORABLE, unicode_is_case_ignorable, "case-ignorable");
}

static bool is_cased_and_not_ignorable(uint32_t point)
{
    return unicode_is_cased(point) && !unicode_is_case_ignorable(point);
}

static void cased_is_that_of_python(void **state)
{
    check_class(*state, CASED, is_cased_and_not_ignorable, "cased");
}

static void lower_case_is_that_of_python(void **state)
{
    const golden *g = *state;
    for (uint32_t c = 0; c < POINTS; c++)
        if (!(c >= 0xD800 && c < 0xE000) && (g->classes[c] & UNASSIGNED) == 0 && c != UNICODE_CAPITAL_I_WITH_DOT)
            assert_int_equal(unicode_lower(c), g->lower[c]);
}

static void visible_characters_and_letters(void **state)
{
    (void)state;
    static const uint32_t visible[] = {'!', 'a', 0x00E9, 0x2014, 0x0301, 0x1F600, 0x4E2D, 0xFFFD};
    static const uint32_t invisible[] = {0,      '\t',   ' ',    0x7F,   0x85,   0xA0,   0xAD,
                                         0x200B, 0x200D, 0x2028, 0x3000, 0xFE0F, 0xFEFF, 0xE0001};
    static const uint32_t han[] = {0x3005, 0x3007, 0x3400, 0x4E00, 0x9FFF, 0xF900, 0x20000, 0x2A6D6};
    static const uint32_t unspaced[] = {0x3042, 0x30A2, 0xFF71, 0x0E01,
                                        0x0E81, 0x1780, 0x1000, 0xAA60}; /* but not Han */
    static const uint32_t letters[] = {'a', '_', '7', 0xE9, 0xAC00, 0xFF21, 0x0905, 0x0E52, 0x1040};
    static const uint32_t neither[] = {0x3001, 0x1F600, 0x0301, 0x0E34, '-'};
    for (size_t i = 0; i < sizeof visible / sizeof *visible; i++)
        assert_true(unicode_is_visible(visible[i]));
    for (size_t i = 0; i < sizeof invisible / sizeof *invisible; i++)
        assert_false(unicode_is_visible(invisible[i]));
    for (size_t i = 0; i < sizeof han / sizeof *han; i++)
        assert_false(unicode_is_letter(han[i]) || unicode_is_python_letter(han[i]));
    for (size_t i = 0; i < sizeof unspaced / sizeof *unspaced; i++)
        assert_true(unicode_is_python_letter(unspaced[i]) && !unicode_is_letter(unspaced[i]));
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        assert_true(unicode_is_python_letter(letters[i]) && unicode_is_letter(letters[i]));
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        assert_false(unicode_is_letter(neither[i]) || unicode_is_python_letter(neither[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_are_those_of_python),
        cmocka_unit_test(cased_is_that_of_python),
        cmocka_unit_test(lower_case_is_that_of_python),
        cmocka_unit_test(visible_characters_and_letters),
    };
    return cmocka_run_group_tests(tests, read_golden, release_golden);
}
