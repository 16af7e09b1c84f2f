/* The drawing module: ticks and their numbers, labels of any script, a legend and a grid that keep apart. */
#include "unit/svg_check.h"

#include <locale.h>
#include <math.h>

#include "draw/chart.h"
#include "draw/lettering.h"

static heed_error error;

/* ---- ticks */

static void assert_ticks(const ticks *t, const char *expected)
{
    char found[300] = "", number[NUMBER_TEXT];
    for (size_t i = 0; i < t->count; i++) {
        ticks_write(number, t, t->at[i]);
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i > 0 ? " " : "", number);
    }
    assert_string_equal(found, expected);
}

static void ticks_are_round_numbers_with_the_digits_that_they_need(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        size_t most;
        bool whole;
        const char *expected;
    } cases[] = {
        {0, 1, 6, false, "0 0.2 0.4 0.6 0.8 1.0"},
        {0, 1, 3, false, "0 0.5 1.0"},
        {0.81, 0.8931, 6, false, "0.82 0.84 0.86 0.88"},
        {-0.03, 0.012, 5, false, "-0.03 -0.02 -0.01 0 0.01"},
        {1, 5, 10, true, "1 2 3 4 5"},
        {1, 2, 10, true, "1 2"},
        {1, 50, 6, true, "10 20 30 40 50"},
        {0, 9000, 5, true, "0 2000 4000 6000 8000"},
        {0, 20000, 5, true, "0 5k 10k 15k 20k"},
        {0, 1.9e6, 5, true, "0 0.5M 1.0M 1.5M"},
        {0, 3e9, 4, true, "0 1G 2G 3G"},
        {0, 4e-7, 5, false, "0 1e-7 2e-7 3e-7 4e-7"},
        {-1e300, 1e300, 5, false, "-1e300 -5e299 0 5e299 1e300"},
        {0.999999, 1, 3, false, "0.9999990 0.9999995 1.0000000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ticks t;
        ticks_make(&t, cases[i].low, cases[i].high, cases[i].most, cases[i].whole);
        assert_true(t.count <= cases[i].most);
        assert_ticks(&t, cases[i].expected);
    }
}

static void covering_ticks_hold_the_limits_and_are_not_too_many(void **state)
{
    (void)state;
    double values[] = {0, 1, -1, 0.37, 1e-9, 123456, -98765.4, 3e12, 1e300, -1e300, 7e-280, 0.1 + 0.2};
    enum { VALUES = sizeof values / sizeof *values };
    for (size_t i = 0; i < VALUES; i++)
        for (size_t j = 0; j < VALUES; j++)
            for (size_t most = 3; values[i] < values[j] && most <= 10; most++) {
                double low = values[i], high = values[j];
                ticks t;
                ticks_cover(&t, &low, &high, most, false);
                assert_true(low <= values[i] + fabs(t.step) * 1e-6 && high >= values[j] - fabs(t.step) * 1e-6);
                assert_in_range(t.count, 2, most);
                assert_true(t.at[0] == low);
                double mantissa = t.step / pow(10, floor(log10(t.step) + 1e-9));
                assert_true(fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 || fabs(mantissa - 5) < 1e-6);
            }
}

static void counts_take_four_characters(void **state)
{
    (void)state;
    static const struct {
        unsigned long long count;
        const char *expected;
    } cases[] = {
        {0, "0"},       {9999, "9999"},    {10000, "10k"},    {99949, "100k"},      {999499, "999k"},
        {999500, "1M"}, {1250000, "1.3M"}, {10000000, "10M"}, {1500000000, "1.5G"}, {18446744073709551615ULL, "18E"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char found[NUMBER_TEXT];
        count_write(found, cases[i].count);
        assert_string_equal(found, cases[i].expected);
        assert_true(strlen(found) <= 4);
    }
}

/* ---- lettering */

/* Releases it. */
static void assert_written(writer *out, const char *expected)
{
    char *text = NULL;
    assert_int_equal(writer_take(out, &text, NULL, &error), HEED_OK);
    assert_string_equal(text, expected);
    free(text);
}

static void widths_follow_the_script(void **state)
{
    (void)state;
    assert_true(lettering_width(bytes_of("iiii")) < lettering_width(bytes_of("nnnn")));
    assert_true(lettering_width(bytes_of("nnnn")) < lettering_width(bytes_of("WWWW")));
    assert_true(lettering_width(bytes_of("\xE6\xBC\xA2\xE5\xAD\x97")) >= 2); /* two Han characters */
    assert_true(lettering_width(bytes_of("e\xCC\x81\xCC\x82")) == lettering_width(bytes_of("e"))); /* marks */
    assert_true(lettering_width(bytes_of("\xFF\xFE")) > 0);                                        /* not UTF-8 */
    assert_true(lettering_width(bytes_of("")) == 0);
}

static void a_label_that_is_too_wide_keeps_its_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double room;
        const char *expected;
        bool cut;
    } cases[] = {
        {"short", 10, "short", false},
        {"abcdefghijklmnop", 5, "abc\xE2\x80\xA6nop", true},
        {"abcdefgh", 0, "\xE2\x80\xA6", true},
        {"", 0, "", false},
        {"e\xCC\x81\xCC\x82xxxxxxxxe\xCC\x81", 2.4,
         "e\xCC\x81\xCC\x82\xE2\x80\xA6"
         "e\xCC\x81",
         true}, /* marks stay */
        {"\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE5\xAD\x97", 3.2, "\xE6\xBC\xA2\xE2\x80\xA6\xE5\xAD\x97", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        writer out = {0};
        assert_int_equal(lettering_fit(&out, bytes_of(cases[i].text), cases[i].room), cases[i].cut);
        assert_written(&out, cases[i].expected);
    }
}

static void markup_and_control_characters_cannot_leave_a_label(void **state)
{
    (void)state;
    static const struct {
        heed_bytes text;
        const char *expected;
    } cases[] = {
        {{"<a href=\"x\">&amp;", 17}, "&lt;a href=&quot;x&quot;&gt;&amp;amp;"},
        {{"a\0b", 3},
         "a\xEF\xBF\xBD"
         "b"},
        {{"line\nend\ttab\r", 13}, "line end tab "},
        {{"it's", 4}, "it&#39;s"},
        {{"a\xE2\x80\xAE"
          "b",
          5},
         "a\xEF\xBF\xBD"
         "b"}, /* what turns the direction of writing */
        {{"\x1b[31m\x7f", 6}, "\xEF\xBF\xBD[31m\xEF\xBF\xBD"},
        {{"\xC2\x85", 2}, "\xEF\xBF\xBD"},
        {{"\xEF\xBF\xBE", 3}, "\xEF\xBF\xBD"},                         /* U+FFFE */
        {{"\xED\xA0\x80", 3}, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* a surrogate */
        {{"\xE6\xBC", 2}, "\xEF\xBF\xBD\xEF\xBF\xBD"},                 /* cut off */
        {{"\xE6\xBC\xA2", 3}, "\xE6\xBC\xA2"},
        {{NULL, 0}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        writer out = {0};
        lettering_escape(&out, cases[i].text);
        assert_written(&out, cases[i].expected);
    }
}

static void the_first_strong_letter_says_the_direction(void **state)
{
    (void)state;
    assert_true(lettering_is_right_to_left(bytes_of("12. \xD7\xA2 abc")));
    assert_true(lettering_is_right_to_left(bytes_of("\xD8\xA7")));
    assert_false(lettering_is_right_to_left(bytes_of("abc \xD7\xA2")));
    assert_false(lettering_is_right_to_left(bytes_of("123")));
    assert_false(lettering_is_right_to_left(bytes_of("")));
}

/* ---- charts */

static char *finished(drawing *d, double width, double height)
{
    writer out = {0};
    char *text = NULL;
    drawing_finish(&out, d, width, height, (caption){"A <title>", "what it shows"});
    assert_int_equal(writer_take(&out, &text, NULL, &error), HEED_OK);
    return text;
}

static void a_line_breaks_where_a_number_is_not_finite(void **state)
{
    (void)state;
    const double x[] = {0, 10, 20, 30, 40, 50}, y[] = {0, 10, NAN, 5, INFINITY, 7};
    drawing d = {0};
    drawing_polyline(&d, x, y, 6);
    char *svg = finished(&d, 60, 60);
    svg_check(svg);
    assert_non_null(strstr(svg, "d=\"M0 0L10 10M30 5M50 7\""));
    assert_non_null(strstr(svg, "<title>A &lt;title&gt;</title>"));
    assert_non_null(strstr(svg, "viewBox=\"0 0 60 60\""));
    assert_non_null(strstr(svg, "prefers-color-scheme:dark"));
    free(svg);
}

static void right_to_left_text_is_where_left_to_right_text_would_be(void **state)
{
    (void)state;
    static const char hebrew[] = "\xD7\xA2\xD7\x91";
    drawing d = {0};
    drawing_text(&d, 10, 20, TEXT_PLAIN, ANCHOR_START, bytes_of(hebrew), 0);
    drawing_text(&d, 90, 40, TEXT_PLAIN, ANCHOR_END, bytes_of(hebrew), 0);
    char *svg = finished(&d, 100, 60);
    svg_page page = svg_read(svg);
    assert_int_equal(page.count, 2);
    assert_true(fabs(page.texts[0].at.x - 10) < 0.2);
    assert_true(fabs(page.texts[1].at.x + page.texts[1].at.width - 90) < 0.2);
    assert_int_equal(svg_count(svg, "direction=\"rtl\" unicode-bidi=\"embed\""), 2);
    free(page.texts);
    free(svg);
}

static void plots_of_any_range_keep_their_texts_apart(void **state)
{
    (void)state;
    static const double ranges[][2] = {{0, 1},     {0.999999, 1},         {5, 5},    {-3e7, 2e7},
                                       {0, 1e-12}, {1e6, 1e6 + 3},        {0, 4e18}, {-1e308, 1e308},
                                       {NAN, NAN}, {1234567.8, 1234567.9}};
    enum { RANGES = sizeof ranges / sizeof *ranges };
    for (size_t i = 0; i < RANGES; i++)
        for (size_t j = 0; j < RANGES; j++)
            for (double width = 200; width <= 480; width += 140) {
                drawing d = {0};
                plot p;
                axis x = {.title = "x"}, y = {.title = "y"};
                axis_take_all(&x, ranges[i], 2);
                axis_take_all(&y, ranges[j], 2);
                plot_open(&d, &p, (box){0, 0, width, 150}, "title", x, y);
                assert_true(p.area.width > 60 && p.area.height > 60);
                assert_true(p.x.low < p.x.high && p.y.low < p.y.high);
                char *svg = finished(&d, width, 150);
                svg_check(svg);
                free(svg);
            }
}

static void a_legend_takes_columns_as_its_names_allow(void **state)
{
    (void)state;
    legend_entry shorts[6], longs[6];
    for (size_t i = 0; i < 6; i++) {
        shorts[i] = (legend_entry){bytes_of("pos"), "0.9876", i, true};
        longs[i] = (legend_entry){bytes_of("a name of forty characters, as some are"), "0.9876", i, false};
    }
    assert_true(legend_height(shorts, 6, 448) < legend_height(longs, 6, 448));
    for (int k = 0; k < 2; k++) {
        drawing d = {0};
        legend_draw(&d, (box){16, 0, 448, 200}, k == 0 ? shorts : longs, 6);
        char *svg = finished(&d, 480, 200);
        svg_check(svg);
        assert_int_equal(svg_count(svg, ">0.9876<"), 6);
        free(svg);
    }
}

static void series_look_different(void **state)
{
    (void)state;
    drawing d = {0};
    for (size_t i = 0; i < 28; i++) {
        drawing_series_begin(&d, i, NULL);
        drawing_end(&d);
    }
    char *svg = finished(&d, 10, 10);
    for (int colour = 0; colour < 7; colour++)
        for (int dash = 0; dash < 4; dash++) {
            char piece[64];
            snprintf(piece, sizeof piece, "<g class=\"s%d d%d\">", colour, dash);
            assert_int_equal(svg_count(svg, piece), 1);
        }
    free(svg);
}

static void a_failure_is_kept_until_the_end(void **state)
{
    (void)state;
    drawing d = {0};
    writer out = {0};
    d.body.limit = 10;
    drawing_words(&d, 1, 2, TEXT_PLAIN, ANCHOR_START, "more than ten bytes");
    drawing_line(&d, "edge", 0, 0, 1, 1);
    drawing_finish(&out, &d, 10, 10, (caption){"t", "d"});
    assert_int_equal(writer_check(&out, &error), HEED_BAD_DATA);
    assert_int_equal(out.size, 0);
    writer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_round_numbers_with_the_digits_that_they_need),
        cmocka_unit_test(covering_ticks_hold_the_limits_and_are_not_too_many),
        cmocka_unit_test(counts_take_four_characters),
        cmocka_unit_test(widths_follow_the_script),
        cmocka_unit_test(a_label_that_is_too_wide_keeps_its_ends),
        cmocka_unit_test(markup_and_control_characters_cannot_leave_a_label),
        cmocka_unit_test(the_first_strong_letter_says_the_direction),
        cmocka_unit_test(a_line_breaks_where_a_number_is_not_finite),
        cmocka_unit_test(right_to_left_text_is_where_left_to_right_text_would_be),
        cmocka_unit_test(plots_of_any_range_keep_their_texts_apart),
        cmocka_unit_test(a_legend_takes_columns_as_its_names_allow),
        cmocka_unit_test(series_look_different),
        cmocka_unit_test(a_failure_is_kept_until_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
