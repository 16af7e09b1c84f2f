/* Decimal numbers: read as the C library reads them, refused where they are none, written whatever the locale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/random.h"
#include "base/writer.h"

static void numbers_are_the_nearest_floats(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "+1",
                                        "1.",
                                        ".5",
                                        "-.5e1",
                                        "1E2",
                                        "1e+2",
                                        "0.1",
                                        "16777217",
                                        "16777219",
                                        "1e-50",
                                        "1e-45",
                                        "7e-46",
                                        "1.17549429e-38",
                                        "3.4028235e38",
                                        "3.40282356e38",
                                        "0000000000000000000000001.5",
                                        "0.00000000000000000000000000000000000000000001",
                                        "1.00000005960464477539062500",
                                        "1.00000005960464477539062501",
                                        "1.00000017881393432617187500",
                                        "123456789012345678901234567890",
                                        "-0.561106",
                                        "0.010386939160525799",
                                        "1e-400",
                                        "0e999999999",
                                        "1.000000059604645"};
    float found;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_true(number_parse_float(&found, bytes_of(texts[i])));
        float expected = strtof(texts[i], NULL);
        if (memcmp(&found, &expected, sizeof found) != 0)
            fail_msg("%s: found %a, expected %a", texts[i], (double)found, (double)expected);
    }
    for (uint32_t i = 0; i < 200000; i++) { /* any float with up to 17 digits */
        uint32_t bits = random_word((random_key){.seed = 7}, i);
        char text[64];
        float number, expected;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        snprintf(text, sizeof text, "%.*g", (int)(i % 17) + 1, i % 3 == 0 ? fmod((double)number, 8) : (double)number);
        expected = strtof(text, NULL);
        if (isfinite(expected) && (!number_parse_float(&found, bytes_of(text)) || memcmp(&found, &expected, 4) != 0))
            fail_msg("%s: found %a, expected %a", text, (double)found, (double)expected);
    }
}

static void what_is_no_decimal_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",    "-",  ".",  "+.",  "e5",    "1e",   "1e+",     "1e5x",           "nan", "inf", "-Infinity", "0x1p3",
        "1,5", "1 ", " 1", "--1", "1.2.3", "1e39", "-3.5e38", "1e999999999999", "1\t"};
    char longest[130];
    float found;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (number_parse_float(&found, bytes_of(texts[i])))
            fail_msg("'%s' was taken for %g", texts[i], (double)found);
    memset(longest, '1', sizeof longest);
    longest[1] = '.';
    assert_true(number_parse_float(&found, (heed_bytes){longest, 127}));
    assert_false(number_parse_float(&found, (heed_bytes){longest, 128}));
}

static void decimal_numbers_take_up_the_whole_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value; /* NaN: none */
    } cases[] = {{"0", 0},      {"1.5", 1.5},   {"-2e3", -2000}, {".5", 0.5},  {"5.", 5},      {"+1E-2", 0.01},
                 {"", NAN},     {" 1", NAN},    {"1 ", NAN},     {"1,5", NAN}, {"0x1p3", NAN}, {"inf", NAN},
                 {"nan", NAN},  {"1e999", NAN}, {"1e", NAN},     {"-", NAN},   {"1.2.3", NAN}, {"e5", NAN},
                 {"1e-400", 0}, {"1-1", NAN},   {"--1", NAN},    {".", NAN},   {"0.1", 0.1},   {"12a", NAN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = NAN;
        bool found = number_parse(&value, (heed_bytes){cases[i].text, strlen(cases[i].text)});
        if (found != !isnan(cases[i].value) || (found && value != cases[i].value))
            fail_msg("'%s': found %d, %g", cases[i].text, found, value);
    }
}

static void doubles_are_the_nearest_ones(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 200000; i++) { /* with up to 17 digits */
        uint32_t words[4];
        char text[64];
        double number, found, expected;
        random_block(words, (random_key){.seed = 8}, i);
        memcpy(&number, words, sizeof number);
        if (!isfinite(number))
            continue;
        snprintf(text, sizeof text, "%.*g", (int)(i % 17) + 1, i % 3 == 0 ? fmod(number, 1000) : number);
        expected = strtod(text, NULL);
        if (isfinite(expected) &&
            (!number_parse(&found, bytes_of(text)) || memcmp(&found, &expected, sizeof found) != 0))
            fail_msg("%s: found %a, expected %a", text, found, expected);
    }
}

static void whole_numbers_end_where_64_bits_do(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_one;
        uint64_t value;
    } cases[] = {{"0", true, 0},    {"007", true, 7}, {"18446744073709551615", true, UINT64_MAX},
                 {"", false, 0},    {"-1", false, 0}, {"18446744073709551616", false, 0},
                 {"1.0", false, 0}, {" 1", false, 0}, {"99999999999999999999", false, 0},
                 {"+1", false, 0},  {"1e3", false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;
        bool found = number_parse_whole(&value, bytes_of(cases[i].text));
        if (found != cases[i].is_one || (found && value != cases[i].value))
            fail_msg("'%s': found %d, %llu", cases[i].text, found, (unsigned long long)value);
    }
}

static void the_fewest_digits_read_back(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
    } cases[] = {{0.1, 15}, {1.0 / 3, 16}, {0.1 + 0.2, 17}, {5e-324, 15}, {1e300, 15}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(number_digits(cases[i].value), cases[i].digits);
}

static void numbers_are_rounded_whatever_the_locale(void **state)
{
    (void)state;
    static const struct {
        double value;
        int decimals;
        bool trim;
        const char *expected;
    } cases[] = {{0.5, 0, false, "1"},       {-0.04, 1, true, "0"},      {-0.06, 1, true, "-0.1"},
                 {12, 3, true, "12"},        {12, 3, false, "12.000"},   {1.005e3, 2, true, "1005"},
                 {0.0625, 3, true, "0.063"}, {99.95, 1, false, "100.0"}, {1e14, 1, true, "100000000000000"}};
    setlocale(LC_ALL, "de_DE.UTF-8");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char found[NUMBER_TEXT];
        number_write(found, cases[i].value, cases[i].decimals, cases[i].trim);
        assert_string_equal(found, cases[i].expected);
    }
    setlocale(LC_ALL, "C");
}

static void thousands_are_set_apart(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {999, "999"},
                 {1000, "1,000"},
                 {41022, "41,022"},
                 {123456, "123,456"},
                 {1000000, "1,000,000"},
                 {UINT64_MAX, "18,446,744,073,709,551,615"}};
    char out[NUMBER_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(number_thousands(out, cases[i].value), cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_nearest_floats),
        cmocka_unit_test(what_is_no_decimal_number_is_refused),
        cmocka_unit_test(decimal_numbers_take_up_the_whole_text),
        cmocka_unit_test(doubles_are_the_nearest_ones),
        cmocka_unit_test(whole_numbers_end_where_64_bits_do),
        cmocka_unit_test(the_fewest_digits_read_back),
        cmocka_unit_test(numbers_are_rounded_whatever_the_locale),
        cmocka_unit_test(thousands_are_set_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
