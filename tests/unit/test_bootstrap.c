/* Intervals of differences between contenders: against hand counts and the normal approximation. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "metrics/paired_bootstrap.h"

enum { ROWS = 4000, RESAMPLES = 2000 };

/* One label a row. */
static label_lists single(const uint32_t *label, size_t rows)
{
    label_lists l = {calloc(rows + 1, sizeof *l.first), calloc(rows, sizeof *l.label)};
    for (size_t i = 0; i < rows; i++) {
        l.first[i + 1] = (uint32_t)i + 1;
        l.label[i] = label[i];
    }
    return l;
}

static void lists_release(label_lists *l, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(l[i].first);
        free(l[i].label);
    }
}

static void differences(heed_interval *accuracy, heed_interval *f1, const answered *a, unsigned threads)
{
    pool *workers = NULL;
    heed_error error;
    assert_int_equal(pool_new(&workers, threads, &error), HEED_OK);
    assert_int_equal(bootstrap_differences(accuracy, f1, a, RESAMPLES, 7, workers, &error), HEED_OK);
    pool_free(workers);
}

static void test_means_are_those_counted_by_hand(void **state)
{
    (void)state;
    static const uint32_t truth[] = {0, 0, 1, 1, 2, 2}, a[] = {0, 0, 1, 0, 2, 1}, b[] = {0, 0, 1, 1, 2, 1},
                          b_again[] = {0, 1, 1, 1, 2, 2};
    label_lists lists[] = {single(truth, 6), single(a, 6), single(b, 6), single(b_again, 6)};
    const size_t first[] = {0, 1, 3};
    const answered data = {6, 3, lists[0], lists + 1, first, 2, false};
    heed_interval accuracy[2], f1[2];
    differences(accuracy, f1, &data, 2);
    double f1_a = (4.0 / 5 + 2.0 / 4 + 2.0 / 3) / 3; /* 2 right / (wanted + answered), label by label */
    double f1_b = (1 + 4.0 / 5 + 2.0 / 3) / 3, f1_b_again = (2.0 / 3 + 4.0 / 5 + 1) / 3;
    assert_true(accuracy[0].mean == 0 && accuracy[0].low == 0 && accuracy[0].high == 0);
    assert_true(f1[0].mean == 0 && f1[0].low == 0 && f1[0].high == 0);
    assert_true(fabs(accuracy[1].mean - (5.0 / 6 - 4.0 / 6)) < 1e-12);
    assert_true(fabs(f1[1].mean - ((f1_b + f1_b_again) / 2 - f1_a)) < 1e-12);
    assert_true(accuracy[1].low <= accuracy[1].mean && accuracy[1].mean <= accuracy[1].high);
    lists_release(lists, 4);
}

static void test_rows_of_several_labels_count_as_sets(void **state)
{
    (void)state;
    /* truth: {0,2} {} {1}; a: {0,2} {} {1}; b: {0} {1} {0,1} */
    uint32_t truth_first[] = {0, 2, 2, 3}, truth_label[] = {0, 2, 1};
    uint32_t b_first[] = {0, 1, 2, 4}, b_label[] = {0, 1, 0, 1};
    label_lists truth = {truth_first, truth_label}, answers[] = {truth, {b_first, b_label}};
    const size_t first[] = {0, 1, 2};
    answered data = {3, 3, truth, answers, first, 2, true};
    heed_interval accuracy[2], f1[2];
    differences(accuracy, f1, &data, 1);
    assert_true(fabs(accuracy[1].mean - (0 - 1.0)) < 1e-12);
    assert_true(fabs(f1[1].mean - ((2.0 / 3 + 2.0 / 3 + 0) / 3 - 1)) < 1e-12);
    data.labels = 4; /* one that no row has and nobody answers counts as 0 */
    differences(accuracy, f1, &data, 1);
    assert_true(fabs(f1[1].mean - ((2.0 / 3 + 2.0 / 3 + 0) / 4 - 3.0 / 4)) < 1e-12);
}

/* Rows are right with these probabilities, drawn independently. */
static label_lists drawn(uint32_t number, double right)
{
    static uint32_t label[ROWS];
    for (uint32_t i = 0; i < ROWS; i++)
        label[i] = random_unit(random_word((random_key){3, RANDOM_SHUFFLE, 0, 0, number}, i)) < right ? 1 : 0;
    return single(label, ROWS);
}

static void test_the_interval_is_as_wide_as_the_normal_approximation(void **state)
{
    (void)state;
    uint32_t *ones = malloc(ROWS * sizeof *ones);
    for (size_t i = 0; i < ROWS; i++)
        ones[i] = 1;
    label_lists lists[] = {single(ones, ROWS), drawn(1, 0.8), drawn(2, 0.83)};
    const size_t first[] = {0, 1, 2};
    const answered data = {ROWS, 2, lists[0], lists + 1, first, 2, false};
    heed_interval accuracy[2], f1[2];
    differences(accuracy, f1, &data, 2);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < ROWS; i++) {
        double d = (double)lists[2].label[i] - (double)lists[1].label[i];
        sum += d;
        squares += d * d;
    }
    double mean = sum / ROWS, error = sqrt((squares / ROWS - mean * mean) / ROWS);
    assert_true(fabs(accuracy[1].mean - mean) < 1e-12);
    assert_true(fabs(accuracy[1].low - (mean - 1.96 * error)) < 0.15 * error);
    assert_true(fabs(accuracy[1].high - (mean + 1.96 * error)) < 0.15 * error);
    free(ones);
    lists_release(lists, 3);
}

static void test_trials_that_differ_widen_the_interval(void **state)
{
    (void)state;
    uint32_t *ones = malloc(ROWS * sizeof *ones);
    for (size_t i = 0; i < ROWS; i++)
        ones[i] = 1;
    label_lists lists[] = {single(ones, ROWS), drawn(1, 0.8), drawn(2, 0.8), drawn(3, 0.9)};
    const size_t one_trial[] = {0, 1, 2}, two_trials[] = {0, 1, 3};
    const answered one = {ROWS, 2, lists[0], lists + 1, one_trial, 2, false},
                   two = {ROWS, 2, lists[0], lists + 1, two_trials, 2, false};
    heed_interval narrow[2], wide[2], f1[2];
    differences(narrow, f1, &one, 2);
    differences(wide, f1, &two, 2);
    assert_true(wide[1].high - wide[1].low > 2 * (narrow[1].high - narrow[1].low));
    free(ones);
    lists_release(lists, 4);
}

static void test_a_contender_without_trials_has_no_difference(void **state)
{
    (void)state;
    static const uint32_t truth[] = {0, 1, 1};
    label_lists lists[] = {single(truth, 3), single(truth, 3)};
    const size_t first[] = {0, 1, 1};
    const answered data = {3, 2, lists[0], lists + 1, first, 2, false};
    heed_interval accuracy[2], f1[2];
    differences(accuracy, f1, &data, 1);
    assert_true(isnan(accuracy[1].mean) && isnan(accuracy[1].low) && isnan(f1[1].high));
    lists_release(lists, 2);
}

static void test_bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    uint32_t *ones = calloc(ROWS, sizeof *ones);
    label_lists lists[] = {single(ones, ROWS), drawn(1, 0.8), drawn(2, 0.83), drawn(3, 0.5)};
    const size_t first[] = {0, 1, 3};
    const answered data = {ROWS, 2, lists[0], lists + 1, first, 2, false};
    heed_interval accuracy[2], f1[2], again[2], f1_again[2];
    differences(accuracy, f1, &data, 1);
    for (unsigned threads = 2; threads <= 5; threads++) {
        differences(again, f1_again, &data, threads);
        assert_memory_equal(accuracy, again, sizeof again);
        assert_memory_equal(f1, f1_again, sizeof f1_again);
    }
    free(ones);
    lists_release(lists, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_means_are_those_counted_by_hand),
        cmocka_unit_test(test_rows_of_several_labels_count_as_sets),
        cmocka_unit_test(test_the_interval_is_as_wide_as_the_normal_approximation),
        cmocka_unit_test(test_trials_that_differ_widen_the_interval),
        cmocka_unit_test(test_a_contender_without_trials_has_no_difference),
        cmocka_unit_test(test_bits_do_not_depend_on_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
