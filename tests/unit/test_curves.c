/* Curves, areas, calibration: equal to scikit-learn's (golden/metrics.json, golden/curves.json by make_curves.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/calibration.h"
#include "metrics/curves.h"

static const double tolerance = 1e-12;

static const json_t *get(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_non_null(value);
    return value;
}

/* null is NaN, "inf" is infinity. */
static double number(const json_t *value)
{
    return json_is_null(value) ? NAN : json_is_string(value) ? INFINITY : json_number_value(value);
}

static void assert_number(size_t index, const char *name, double found, const json_t *value)
{
    double expected = number(value);
    if (isnan(expected) ? !isnan(found) : isinf(expected) ? found != expected : !(fabs(found - expected) <= tolerance))
        fail_msg("case %zu: %s is %.17g, scikit-learn says %.17g", index, name, found, expected);
}

static void assert_numbers(size_t index, const char *name, const double *found, size_t count, const json_t *expected)
{
    if (count != json_array_size(expected))
        fail_msg("case %zu: %zu points of %s, scikit-learn has %zu", index, count, name, json_array_size(expected));
    for (size_t i = 0; i < count; i++)
        assert_number(index, name, found[i], json_array_get(expected, i));
}

/* Sorted. scale: what a number of the file is divided by. */
static scored *read_items(size_t *count, const json_t *truth, const json_t *scores, double scale)
{
    *count = json_array_size(truth);
    scored *items = calloc(*count, sizeof *items);
    assert_non_null(items);
    for (size_t i = 0; i < *count; i++)
        items[i] = (scored){(float)(number(json_array_get(scores, i)) / scale), number(json_array_get(truth, i)) == 1};
    scored_sort(items, *count);
    return items;
}

static curve make(heed_status (*build)(curve *, const scored *, size_t, heed_error *), const scored *items,
                  size_t count)
{
    heed_error error = {""};
    curve c = {0};
    if (build(&c, items, count, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return c;
}

static void metrics_of_the_originals(void **state)
{
    (void)state;
    static const char *const parts[] = {"small", "ties", "large"};
    json_t *golden = json_load_file("golden/metrics.json", 0, NULL);
    assert_non_null(golden);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const json_t *part = get(golden, parts[i]), *roc = get(part, "roc");
        size_t count;
        scored *items = read_items(&count, get(part, "labels"), get(part, "scores"), 1);
        curve c = make(roc_curve, items, count);
        assert_numbers(i, "false positive rate", c.x, c.count, get(roc, "fpr"));
        assert_numbers(i, "true positive rate", c.y, c.count, get(roc, "tpr"));
        assert_number(i, "area", c.area, get(roc, "auc"));
        assert_true(isinf(c.threshold[0]));
        curve_release(&c);
        free(items);
    }
    json_decref(golden);
}

static void assert_curves(size_t index, const json_t *example, const scored *items, size_t count)
{
    const json_t *roc = get(example, "roc"), *precision_recall = get(example, "precision_recall");
    curve c = make(roc_curve, items, count);
    assert_numbers(index, "false positive rate", c.x, c.count, json_array_get(roc, 0));
    assert_numbers(index, "true positive rate", c.y, c.count, json_array_get(roc, 1));
    assert_numbers(index, "threshold", c.threshold, c.count, json_array_get(roc, 2));
    assert_number(index, "ROC area", c.area, get(example, "auc"));
    curve_release(&c);
    c = make(precision_recall_curve, items, count);
    assert_numbers(index, "precision", c.y, c.count, json_array_get(precision_recall, 0));
    assert_numbers(index, "recall", c.x, c.count, json_array_get(precision_recall, 1));
    assert_numbers(index, "threshold", c.threshold, c.count - 1, json_array_get(precision_recall, 2));
    assert_true(isinf(c.threshold[c.count - 1]));
    assert_number(index, "average precision", c.area, get(example, "average_precision"));
    curve_release(&c);
}

static void assert_calibration(size_t index, const json_t *example, const scored *items, size_t count)
{
    enum { MAX_BINS = 15 };
    calibration_bin bins[MAX_BINS];
    double predicted[MAX_BINS], observed[MAX_BINS];
    size_t bin_count = (size_t)number(get(example, "bins")), points = 0;
    assert_true(bin_count <= MAX_BINS);
    calibration_fill(bins, bin_count, items, count);
    for (size_t i = 0; i < bin_count; i++)
        if (bins[i].rows > 0) {
            predicted[points] = bins[i].sum / (double)bins[i].rows;
            observed[points++] = (double)bins[i].positives / (double)bins[i].rows;
        }
    assert_numbers(index, "mean score of a bin", predicted, points, json_array_get(get(example, "calibration"), 0));
    assert_numbers(index, "positives of a bin", observed, points, json_array_get(get(example, "calibration"), 1));
    assert_number(index, "calibration error", calibration_error(bins, bin_count), get(example, "ece"));
    assert_number(index, "Brier score", brier_score(items, count), get(example, "brier"));
}

/* Among them rows of only one class, constant scores, single rows. */
static void random_cases_with_ties(void **state)
{
    (void)state;
    json_t *golden = json_load_file("golden/curves.json", 0, NULL);
    size_t index;
    json_t *example;
    json_array_foreach(json_object_get(golden, "yes_or_no"), index, example)
    {
        size_t count;
        scored *items = read_items(&count, get(example, "truth"), get(example, "parts"), number(get(example, "unit")));
        assert_curves(index, example, items, count);
        assert_calibration(index, example, items, count);
        free(items);
    }
    assert_int_equal(index, 100);
    json_decref(golden);
}

/* ---- what an evaluation makes of them */

static double figure_of(const heed_evaluation *evaluation, const char *name)
{
    double value = -1;
    heed_error error = {""};
    if (heed_evaluation_metric(&value, evaluation, name, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return value;
}

static heed_evaluation *evaluate_case(const json_t *example)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    const json_t *truth = get(example, "truth"), *parts = get(example, "parts");
    size_t labels = json_array_size(json_array_get(parts, 0));
    heed_evaluation *evaluation = NULL;
    assert_true(labels <= sizeof names / sizeof *names);
    assert_int_equal(heed_evaluation_new(&evaluation, names, labels, 1, 0.5, NULL), HEED_OK);
    for (size_t i = 0; i < json_array_size(truth); i++) {
        float probabilities[sizeof names / sizeof *names];
        for (size_t j = 0; j < labels; j++)
            probabilities[j] =
                (float)(number(json_array_get(json_array_get(parts, i), j)) / number(get(example, "unit")));
        assert_int_equal(heed_evaluation_add(evaluation, (size_t)number(json_array_get(truth, i)), probabilities, NULL),
                         HEED_OK);
    }
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    return evaluation;
}

static void evaluations_have_the_figures(void **state)
{
    (void)state;
    json_t *golden = json_load_file("golden/curves.json", 0, NULL), *example;
    static const char *const figures[] = {"brier", "ece", "average_precision"};
    size_t index, compared = 0;
    json_array_foreach(json_object_get(golden, "several_classes"), index, example)
    {
        heed_evaluation *evaluation = evaluate_case(example);
        for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
            if (!json_is_null(get(example, figures[i]))) { /* not one of classes that all have rows */
                assert_number(index, figures[i], figure_of(evaluation, figures[i]), get(example, figures[i]));
                compared++;
            }
        }
        heed_evaluation_free(evaluation);
    }
    assert_in_range(compared, 90, 120);
    json_decref(golden);
}

/* Of several labels a row each label of each row is a question of its own. */
static void several_labels_a_row(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b"};
    heed_evaluation *evaluation = NULL;
    assert_int_equal(heed_evaluation_new_multilabel(&evaluation, names, 2, (double[]){0.5, 0.5}, NULL), HEED_OK);
    heed_evaluation_add_labels(evaluation, (size_t[]){0}, 1, (float[]){0.75F, 0.25F}, NULL);
    heed_evaluation_add_labels(evaluation, (size_t[]){0, 1}, 2, (float[]){0.25F, 0.25F}, NULL);
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    assert_float_equal(figure_of(evaluation, "brier"), (0.0625 + 0.0625 + 0.5625 + 0.5625) / 4, 1e-15);
    assert_float_equal(figure_of(evaluation, "ece"), 0.25, 1e-15); /* all are sure by 0.75, half of them rightly */
    assert_float_equal(figure_of(evaluation, "average_precision"), (1 + 0.5) / 2, 1e-15);
    heed_evaluation_free(evaluation);
}

/* Rows "curve,label,x,y,threshold,rows"; of a label without rows, or with all of them, there is no ROC curve. */
static void curves_as_a_table(void **state)
{
    (void)state;
    static const char *const names[] = {"neg", "with, \"quotes\"", "nobody"};
    heed_evaluation *evaluation = NULL;
    char *text = NULL;
    assert_int_equal(heed_evaluation_new(&evaluation, names, 3, 3, 0.5, NULL), HEED_OK);
    heed_evaluation_add(evaluation, 0, (float[]){0.75F, 0.25F, 0}, NULL);
    heed_evaluation_add(evaluation, 1, (float[]){0.25F, 0.5F, 0.25F}, NULL);
    assert_int_equal(heed_evaluation_curves_csv(&text, evaluation, NULL), HEED_USAGE);
    assert_null(text);
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_curves_csv(&text, evaluation, NULL), HEED_OK);
    assert_string_equal(text, "curve,label,x,y,threshold,rows\n"
                              "roc,neg,0,0,inf,\n"
                              "roc,neg,0,1,0.75,\n"
                              "roc,neg,1,1,0.25,\n"
                              "precision_recall,neg,1,0.5,0.25,\n"
                              "precision_recall,neg,1,1,0.75,\n"
                              "precision_recall,neg,0,1,inf,\n"
                              "calibration,neg,0.25,0,,1\n"
                              "calibration,neg,0.75,1,,1\n"
                              "roc,\"with, \"\"quotes\"\"\",0,0,inf,\n"
                              "roc,\"with, \"\"quotes\"\"\",0,1,0.5,\n"
                              "roc,\"with, \"\"quotes\"\"\",1,1,0.25,\n"
                              "precision_recall,\"with, \"\"quotes\"\"\",1,0.5,0.25,\n"
                              "precision_recall,\"with, \"\"quotes\"\"\",1,1,0.5,\n"
                              "precision_recall,\"with, \"\"quotes\"\"\",0,1,inf,\n"
                              "calibration,\"with, \"\"quotes\"\"\",0.25,0,,1\n"
                              "calibration,\"with, \"\"quotes\"\"\",0.5,1,,1\n"
                              "calibration,nobody,0,0,,1\n"
                              "calibration,nobody,0.25,0,,1\n");
    heed_free(text);
    heed_evaluation_free(evaluation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_of_the_originals),
        cmocka_unit_test(random_cases_with_ties),
        cmocka_unit_test(evaluations_have_the_figures),
        cmocka_unit_test(several_labels_a_row),
        cmocka_unit_test(curves_as_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
