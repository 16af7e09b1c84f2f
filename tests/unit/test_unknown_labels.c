/* Rows with labels that the model does not have: the numbers are those of scikit-learn 1.9.1, whose report of true and
 * predicted labels has the unknown ones too; what needs probabilities is that of the other rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "heed.h"

enum { LABELS = 3, MAX_TRUTH = 3 };
static const char *const labels[LABELS] = {"a", "b", "c"};

typedef struct row {
    const char *truth[MAX_TRUTH]; /* NULL after the last */
    float probabilities[LABELS];
} row;

typedef struct expected {
    const char *metric;
    double value;
} expected;

static void add(heed_evaluation *e, const row *r, bool several)
{
    size_t truth[MAX_TRUTH], count = 0;
    for (; count < MAX_TRUTH && r->truth[count] != NULL; count++) {
        const heed_bytes name = {r->truth[count], strlen(r->truth[count])};
        assert_int_equal(heed_evaluation_label(&truth[count], e, name, NULL), HEED_OK);
    }
    assert_int_equal(several ? heed_evaluation_add_labels(e, truth, count, r->probabilities, NULL)
                             : heed_evaluation_add(e, truth[0], r->probabilities, NULL),
                     HEED_OK);
}

static void assert_metrics(const heed_evaluation *e, const expected *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double value = NAN;
        assert_int_equal(heed_evaluation_metric(&value, e, all[i].metric, NULL), HEED_OK);
        if (!(fabs(value - all[i].value) < 1e-7)) /* probabilities are floats */
            fail_msg("%s: found %.17g, expected %.17g", all[i].metric, value, all[i].value);
    }
}

/* ---- one label a row */

static const row eight[] = {{{"a"}, {.7F, .2F, .1F}}, {{"a"}, {.4F, .5F, .1F}},  {{"b"}, {.1F, .8F, .1F}},
                            {{"b"}, {.3F, .3F, .4F}}, {{"c"}, {.2F, .2F, .6F}},  {{"x"}, {.5F, .3F, .2F}},
                            {{"x"}, {.1F, .6F, .3F}}, {{"y"}, {.25F, .25F, .5F}}};
static const expected of_eight[] = {{"accuracy", 0.375},
                                    {"baseline", 0.25},
                                    {"macro_precision", 0.2333333333333333},
                                    {"macro_recall", 0.4},
                                    {"macro_f1", 0.28},
                                    {"weighted_f1", 0.2875},
                                    {"micro_f1", 0.375},
                                    {"f1:x", 0},
                                    {"loss", 0.6421815310438047},
                                    {"brier", 0.36},
                                    {"auc", 0.9444444444444445},
                                    {"micro_auc", 0.92},
                                    {"average_precision", 0.9444444444444443}};

static heed_evaluation *evaluate_eight(void)
{
    heed_evaluation *e = NULL;
    assert_int_equal(heed_evaluation_new(&e, labels, LABELS, LABELS, 0.5, NULL), HEED_OK);
    for (size_t i = 0; i < sizeof eight / sizeof *eight; i++)
        add(e, &eight[i], false);
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    return e;
}

static void one_label_a_row_counts_as_wrong(void **state)
{
    (void)state;
    heed_evaluation *e = evaluate_eight();
    char *text = NULL;
    assert_metrics(e, of_eight, sizeof of_eight / sizeof *of_eight);
    assert_int_equal(heed_evaluation_unknown_labels(&text, e, NULL), HEED_OK);
    assert_string_equal(text,
                        "found labels that the model does not have: 'x' (2 rows), 'y' (1 row); these rows count as "
                        "wrong, and log loss, Brier, ECE and areas are over the other 5 of 8 rows");
    heed_free(text);
    assert_int_equal(heed_evaluation_json(&text, e, NULL), HEED_OK);
    assert_non_null(strstr(text, "\"known_rows\""));
    assert_null(strstr(text, "nan"));
    heed_free(text);
    heed_evaluation_free(e);
}

/* Every resample is of known and unknown rows; where it has none that is known, what needs probabilities is not
 * defined. */
static void intervals_are_over_resamples_with_known_rows(void **state)
{
    (void)state;
    heed_evaluation *e = evaluate_eight();
    heed_interval found;
    assert_int_equal(heed_evaluation_bootstrap(e, 500, 3, 2, NULL), HEED_OK);
    static const char *const names[] = {"accuracy", "macro_f1", "brier", "ece", "auc", "f1:a"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(heed_evaluation_interval(&found, e, names[i], NULL), HEED_OK);
        assert_true(found.low <= found.mean && found.mean <= found.high);
    }
    heed_evaluation_free(e);
}

/* ---- several labels a row */

static const row five[] = {{{"a"}, {.9F, .2F, .1F}},
                           {{"a", "x"}, {.8F, .6F, .1F}},
                           {{"b", "x", "y"}, {.3F, .7F, .2F}},
                           {{"c"}, {.1F, .2F, .6F}},
                           {{NULL}, {.2F, .1F, .3F}}};
static const expected of_five[] = {{"accuracy", 0.6},
                                   {"hamming_loss", 0.16},
                                   {"macro_precision", 0.5},
                                   {"macro_recall", 0.6},
                                   {"macro_f1", 0.5333333333333333},
                                   {"weighted_f1", 0.5238095238095238},
                                   {"micro_precision", 0.8},
                                   {"micro_recall", 0.5714285714285714},
                                   {"samples_precision", 0.7},
                                   {"samples_recall", 0.5666666666666667},
                                   {"samples_f1", 0.6},
                                   {"auc", 1},
                                   {"brier", 0.0693333333333333},
                                   {"loss", 0.2759774348211015}};

static void of_several_labels_a_row_it_is_missed(void **state)
{
    (void)state;
    static const double thresholds[LABELS] = {0.5, 0.5, 0.5};
    heed_evaluation *e = NULL;
    char *text = NULL;
    assert_int_equal(heed_evaluation_new_multilabel(&e, labels, LABELS, thresholds, NULL), HEED_OK);
    for (size_t i = 0; i < sizeof five / sizeof *five; i++)
        add(e, &five[i], true);
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    assert_metrics(e, of_five, sizeof of_five / sizeof *of_five);
    assert_int_equal(heed_evaluation_bootstrap(e, 20, 1, 1, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_report(&text, e, 2, NULL), HEED_OK);
    assert_non_null(strstr(text, "rows       5   with 3 labels that the model does not have, which count as missed\n"));
    heed_free(text);
    assert_int_equal(heed_evaluation_json(&text, e, NULL), HEED_OK);
    assert_null(strstr(text, "nan"));
    heed_free(text);
    heed_evaluation_free(e);
}

/* ---- what is refused */

static void something_has_to_be_known(void **state)
{
    (void)state;
    heed_error error = {""};
    heed_evaluation *e = NULL;
    size_t number = 9;
    char *text = NULL;
    static const row unknown = {{"x"}, {.5F, .3F, .2F}};
    assert_int_equal(heed_evaluation_new(&e, labels, LABELS, LABELS, 0.5, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_unknown_labels(&text, e, NULL), HEED_OK);
    assert_null(text);
    assert_int_equal(heed_evaluation_add(e, LABELS, unknown.probabilities, NULL),
                     HEED_USAGE); /* no label has this number */
    assert_int_equal(heed_evaluation_label(&number, e, (heed_bytes){"\xC0", 1}, NULL), HEED_BAD_DATA);
    assert_int_equal(heed_evaluation_label(&number, e, (heed_bytes){"b", 1}, NULL), HEED_OK);
    assert_int_equal(number, 1);
    add(e, &unknown, false);
    add(e, &unknown, false);
    assert_int_equal(heed_evaluation_finish(e, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, "found only labels that the model does not have: 'x' (2 rows)"));
    heed_evaluation_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_label_a_row_counts_as_wrong),
        cmocka_unit_test(intervals_are_over_resamples_with_known_rows),
        cmocka_unit_test(of_several_labels_a_row_it_is_missed),
        cmocka_unit_test(something_has_to_be_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
