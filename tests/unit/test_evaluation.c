/* Evaluation: equal to what scikit-learn said of the same rows (golden/metrics.json, golden/evaluation.json). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heed.h"
#include "unit/without_denominator.h"

enum { most_labels = 8 };

static json_t *load(const char *path)
{
    json_t *golden = json_load_file(path, 0, NULL);
    assert_non_null(golden);
    return golden;
}

static const json_t *get(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_non_null(value);
    return value;
}

static double item(const json_t *array, size_t index)
{
    return json_number_value(json_array_get(array, index));
}

static heed_evaluation *new_evaluation(const char *const *labels, size_t count, size_t positive, double threshold)
{
    heed_error error = {""};
    heed_evaluation *evaluation = NULL;
    if (heed_evaluation_new(&evaluation, labels, count, positive, threshold, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return evaluation;
}

static void add(heed_evaluation *evaluation, size_t truth, const float *probabilities)
{
    heed_error error = {""};
    if (heed_evaluation_add(evaluation, truth, probabilities, &error) != HEED_OK)
        fail_msg("%s", error.message);
}

static double figure(const heed_evaluation *evaluation, const char *name)
{
    heed_error error = {""};
    double value = -1;
    if (heed_evaluation_metric(&value, evaluation, name, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return value;
}

/* null is NaN. */
static void assert_number(size_t number, const char *name, double value, const json_t *expected, double tolerance)
{
    bool equal = json_is_null(expected) ? isnan(value) : fabs(value - json_number_value(expected)) <= tolerance;
    if (!equal)
        fail_msg("case %zu: %s is %.17g, scikit-learn says %.17g", number, name, value,
                 json_is_null(expected) ? NAN : json_number_value(expected));
}

static void assert_report_holds(const heed_evaluation *evaluation, int digits, const char *expected)
{
    char *report = NULL;
    heed_error error = {""};
    if (heed_evaluation_report(&report, evaluation, digits, &error) != HEED_OK)
        fail_msg("%s", error.message);
    const char *at = strstr(report, expected);
    if (at == NULL || at == report || at[-1] != '\n')
        fail_msg("expected:\n%s\nin:\n%s", expected, report);
    heed_free(report);
}

static json_t *json_of(const heed_evaluation *evaluation)
{
    char *text = NULL;
    heed_error error = {""};
    if (heed_evaluation_json(&text, evaluation, &error) != HEED_OK)
        fail_msg("%s", error.message);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    heed_free(text);
    return json;
}

static void assert_confusion(const heed_evaluation *evaluation, const json_t *expected)
{
    json_t *json = json_of(evaluation);
    assert_true(json_equal(get(get(json, "confusion"), "matrix"), expected));
    json_decref(json);
}

/* ---------------------------------------------------------------- golden/metrics.json */

static void two_labels_equal_scikit_learn(void **state)
{
    (void)state;
    static const char *const labels[] = {"0", "1"}, *const parts[] = {"small", "ties", "large"};
    json_t *golden = load("golden/metrics.json");
    for (size_t i = 0; i < 3; i++) {
        const json_t *part = get(golden, parts[i]), *truth = get(part, "labels"), *scores = get(part, "scores");
        heed_evaluation *evaluation = new_evaluation(labels, 2, 1, 0.5);
        for (size_t j = 0; j < json_array_size(truth); j++) {
            float score = (float)item(scores, j);
            add(evaluation, (size_t)item(truth, j), (float[]){1 - score, score});
        }
        assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
        assert_report_holds(evaluation, 2, json_string_value(get(part, "report")));
        assert_confusion(evaluation, get(part, "confusion"));
        assert_number(i, "auc", figure(evaluation, "auc"), get(get(part, "roc"), "auc"), 1e-12);
        assert_number(i, "micro_auc", figure(evaluation, "micro_auc"), get(get(part, "roc"), "auc"), 1e-12);
        heed_evaluation_free(evaluation);
    }
    json_decref(golden);
}

static void six_labels_equal_scikit_learn(void **state)
{
    (void)state;
    static const char *const labels[] = {"0", "1", "2", "3", "4", "5"};
    json_t *golden = load("golden/metrics.json");
    const json_t *part = get(golden, "multiclass"), *truth = get(part, "labels"), *answers = get(part, "predictions");
    heed_evaluation *evaluation = new_evaluation(labels, 6, 6, 0.5);
    for (size_t i = 0; i < json_array_size(truth); i++) {
        float probabilities[6] = {0};
        probabilities[(size_t)item(answers, i)] = 1;
        add(evaluation, (size_t)item(truth, i), probabilities);
    }
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    assert_report_holds(evaluation, 4, json_string_value(get(part, "report")));
    assert_confusion(evaluation, get(part, "confusion"));
    heed_evaluation_free(evaluation);
    json_decref(golden);
}

/* ---------------------------------------------------------------- golden/evaluation.json */

static heed_evaluation *evaluate_case(const json_t *example)
{
    const char *labels[most_labels];
    const json_t *names = get(example, "labels"), *truth = get(example, "truth"), *parts = get(example, "parts");
    double unit = json_number_value(get(example, "unit"));
    size_t count = json_array_size(names);
    assert_true(count <= most_labels);
    for (size_t i = 0; i < count; i++)
        labels[i] = json_string_value(json_array_get(names, i));
    heed_evaluation *evaluation = new_evaluation(labels, count, (size_t)json_integer_value(get(example, "positive")),
                                                 json_number_value(get(example, "threshold")));
    for (size_t i = 0; i < json_array_size(truth); i++) {
        float probabilities[most_labels];
        for (size_t j = 0; j < count; j++)
            probabilities[j] = (float)(item(json_array_get(parts, i), j) / unit);
        add(evaluation, (size_t)item(truth, i), probabilities);
    }
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    return evaluation;
}

static void assert_named_figures(size_t number, const heed_evaluation *evaluation, const json_t *expected)
{
    static const char *const plain[] = {"accuracy", "baseline", "loss", "auc", "micro_auc"};
    static const char *const averages[] = {"macro", "weighted", "micro"};
    static const char *const kinds[] = {"precision", "recall", "f1"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_number(number, plain[i], figure(evaluation, plain[i]), get(expected, plain[i]), 1e-12);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            char name[64];
            snprintf(name, sizeof name, "%s_%s", averages[i], kinds[j]);
            assert_number(number, name, figure(evaluation, name), json_array_get(get(expected, averages[i]), j), 1e-12);
        }
}

/* From scikit-learn's confusion matrix. */
static denominators denominators_of(const json_t *confusion, size_t label)
{
    denominators d = {0, 0};
    for (size_t i = 0; i < json_array_size(confusion); i++) {
        d.support += item(json_array_get(confusion, label), i);
        d.predicted += item(json_array_get(confusion, i), label);
    }
    return d;
}

static void assert_report_equals(const heed_evaluation *evaluation, int digits, const json_t *expected)
{
    const json_t *confusion = get(expected, "confusion");
    denominators shown[most_labels];
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(confusion); i++) {
        denominators d = denominators_of(confusion, i);
        if (d.support + d.predicted > 0)
            shown[count++] = d;
    }
    char *report = defined_report(json_string_value(get(expected, "report")), shown, count);
    assert_report_holds(evaluation, digits, report);
    free(report);
}

static void assert_label_figures(size_t number, const heed_evaluation *evaluation, const json_t *names,
                                 const json_t *expected)
{
    static const char *const kinds[] = {"precision", "recall", "f1"};
    json_t *json = json_of(evaluation);
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *label = json_string_value(json_array_get(names, i));
        const json_t *said = get(get(json, "labels"), label);
        for (size_t j = 0; j < 3; j++) {
            char name[128];
            snprintf(name, sizeof name, "%s:%s", kinds[j], label);
            const json_t *scikit = json_array_get(json_array_get(get(expected, "label_scores"), i), j);
            double score = defined_score(json_number_value(scikit), denominators_of(get(expected, "confusion"), i), j);
            json_t *value = isnan(score) ? json_null() : json_real(score);
            const json_t *written = get(said, kinds[j]);
            assert_number(number, name, figure(evaluation, name), value, 1e-12);
            assert_number(number, name, json_is_null(written) ? NAN : json_number_value(written), value, 1e-12);
            json_decref(value);
        }
        const json_t *area = get(said, "auc");
        assert_number(number, label, json_is_null(area) ? NAN : json_number_value(area),
                      json_array_get(get(expected, "label_auc"), i), 1e-12);
    }
    json_decref(json);
}

/* A hundred cases: ties, thresholds, labels that are absent, never answered, empty, long or not ASCII. */
static void random_cases_equal_scikit_learn(void **state)
{
    (void)state;
    json_t *golden = load("golden/evaluation.json");
    size_t index;
    json_t *example;
    json_array_foreach(json_object_get(golden, "cases"), index, example)
    {
        const json_t *expected = get(example, "sklearn");
        heed_evaluation *evaluation = evaluate_case(example);
        assert_report_equals(evaluation, (int)json_integer_value(get(example, "digits")), expected);
        assert_confusion(evaluation, get(expected, "confusion"));
        assert_named_figures(index, evaluation, expected);
        assert_label_figures(index, evaluation, get(example, "labels"), expected);
        heed_evaluation_free(evaluation);
    }
    assert_int_equal(index, 100);
    json_decref(golden);
}

/* ---------------------------------------------------------------- what a person and a program read */

static void the_text_of_two_labels(void **state)
{
    (void)state;
    static const char *const labels[] = {"neg", "pos"};
    static const struct {
        size_t truth;
        float positive;
    } rows[] = {{1, 0.875F}, {1, 0.75F}, {1, 0.25F}, {0, 0.5F}, {0, 0.125F}};
    heed_evaluation *evaluation = new_evaluation(labels, 2, 1, 0.5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add(evaluation, rows[i].truth, (float[]){1 - rows[i].positive, rows[i].positive});
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    char *report = NULL;
    assert_int_equal(heed_evaluation_report(&report, evaluation, 2, NULL), HEED_OK);
    assert_string_equal(report, "rows       5\n"
                                "accuracy   0.8000   always predicting 'pos': 0.6000\n"
                                "macro F1   0.8000\n"
                                "ROC area   0.8333\n"
                                "log loss   0.5268\n"
                                "Brier      0.1812\n"
                                "ECE        0.2500   expected calibration error, 15 bins\n"
                                "threshold  0.5   'pos' is predicted above it\n"
                                "\n"
                                "              precision    recall  f1-score   support\n"
                                "\n"
                                "         neg       0.67      1.00      0.80         2\n"
                                "         pos       1.00      0.67      0.80         3\n"
                                "\n"
                                "    accuracy                           0.80         5\n"
                                "   macro avg       0.83      0.83      0.80         5\n"
                                "weighted avg       0.87      0.80      0.80         5\n"
                                "\n"
                                "confusion matrix: a row for each true label, a column for each predicted one\n"
                                "\n"
                                "     neg  pos\n"
                                "neg    2    0\n"
                                "pos    1    2\n");
    heed_free(report);
    heed_evaluation_free(evaluation);
}

/* Long names number the columns; wide letters count twice and a control character cannot reach the terminal. */
static void the_matrix_of_long_names(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "a label of many words, forty letters long",
        "never seen",
        "red\x1b[31m",
        "日本語",
    };
    static const size_t truth[] = {0, 0, 2, 3, 3};
    static const size_t answers[] = {0, 2, 2, 3, 0};
    heed_evaluation *evaluation = new_evaluation(labels, 4, 4, 0.5);
    for (size_t i = 0; i < 5; i++) {
        float probabilities[4] = {0};
        probabilities[answers[i]] = 1;
        add(evaluation, truth[i], probabilities);
    }
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    assert_report_holds(evaluation, 2,
                        "                                             1  3  4\n"
                        "1 a label of many words, forty letters long  1  1  0\n"
                        "3                                  red?[31m  0  1  0\n"
                        "4                                    日本語  1  0  1\n");
    heed_evaluation_free(evaluation);
}

/* Removes line ends and the spaces after them. */
static void drop_layout(char *text)
{
    char *out = text;
    for (const char *in = text; *in != '\0';) {
        if (*in == '\n')
            in += 1 + strspn(in + 1, " ");
        else
            *out++ = *in++;
    }
    *out = '\0';
}

static void the_json_has_its_keys_in_order_and_null_for_nan(void **state)
{
    (void)state;
    static const char *const labels[] = {"neg", "pos"};
    heed_evaluation *evaluation = new_evaluation(labels, 2, 1, 0.25);
    add(evaluation, 1, (float[]){0.5F, 0.5F});
    add(evaluation, 1, (float[]){0.75F, 0.25F}); /* not above the threshold */
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    char *text = NULL;
    assert_int_equal(heed_evaluation_json(&text, evaluation, NULL), HEED_OK);
    drop_layout(text);
    assert_string_equal(text, "{\"rows\": 2,\"accuracy\": 0.5,\"baseline\": 1.0,\"loss\": 1.03972077083992,"
                              "\"auc\": null,\"micro_auc\": null,\"average_precision\": 1.0,\"brier\": "
                              "0.40625,\"ece\": 0.625,\"intervals\": null,"
                              "\"macro\": {\"precision\": 0.5,\"recall\": 0.25,\"f1\": 0.333333333333333},"
                              "\"weighted\": {\"precision\": 1.0,\"recall\": 0.5,\"f1\": 0.666666666666667},"
                              "\"micro\": {\"precision\": 0.5,\"recall\": 0.5,\"f1\": 0.5},"
                              "\"labels\": {\"neg\": {\"precision\": 0.0,\"recall\": null,\"f1\": 0.0,\"support\": "
                              "0,\"auc\": null,\"average_precision\": null},"
                              "\"pos\": {\"precision\": 1.0,\"recall\": 0.5,\"f1\": 0.666666666666667,\"support\": "
                              "2,\"auc\": null,\"average_precision\": 1.0}},"
                              "\"confusion\": {\"labels\": [\"neg\",\"pos\"],\"matrix\": [[0,0],[1,1]]},"
                              "\"threshold\": 0.25,\"positive\": \"pos\",\"seen\": null}");
    heed_free(text);
    assert_report_holds(evaluation, 2, "ROC area   not defined: all rows have one label\n");
    heed_evaluation_free(evaluation);
}

/* ---------------------------------------------------------------- failures */

static void options_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *labels[3];
        size_t count, positive;
        double threshold;
        const char *message;
    } cases[] = {
        {{"a"}, 1, 0, 0.5, "evaluation: 1 labels, expected at least 2"},
        {{"a", "b"}, 2, 2, 0.5, "evaluation: the positive label is number 2, expected 0 or 1"},
        {{"a", "b"}, 2, 1, 1.5, "evaluation: the threshold is 1.5, expected 0 to 1"},
        {{"a", "b"}, 2, 1, NAN, "evaluation: the threshold is nan, expected 0 to 1"},
        {{"a", "b", "a"}, 3, 3, 0.5, "evaluation: label 'a' is given twice"},
        {{"a", "\xff"}, 2, 1, 0.5, "evaluation: label 1 is not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_error error = {""};
        heed_evaluation *evaluation = NULL;
        assert_int_equal(heed_evaluation_new(&evaluation, cases[i].labels, cases[i].count, cases[i].positive,
                                             cases[i].threshold, &error),
                         HEED_USAGE);
        assert_null(evaluation);
        assert_string_equal(error.message, cases[i].message);
    }
}

static void rows_that_cannot_be_are_refused_and_not_kept(void **state)
{
    (void)state;
    static const char *const labels[] = {"a", "b", "c"};
    static const struct {
        size_t truth;
        float probabilities[3];
        heed_status status;
        const char *message;
    } cases[] = {
        {3, {1, 0, 0}, HEED_USAGE, "evaluation: row 1 has label number 3, expected less than 3"},
        {0, {1, NAN, 0}, HEED_BAD_DATA, "evaluation: row 1 has probability nan for label number 1, expected 0 to 1"},
        {0,
         {1, 0, INFINITY},
         HEED_BAD_DATA,
         "evaluation: row 1 has probability inf for label number 2, expected 0 to 1"},
        {0, {-0.5F, 1, 0}, HEED_BAD_DATA, "evaluation: row 1 has probability -0.5 for label number 0, expected 0 to 1"},
    };
    heed_evaluation *evaluation = new_evaluation(labels, 3, 3, 0.5);
    heed_error error = {""};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_status status = heed_evaluation_add(evaluation, cases[i].truth, cases[i].probabilities, &error);
        assert_int_equal(status, cases[i].status);
        assert_string_equal(error.message, cases[i].message);
    }
    assert_int_equal(heed_evaluation_finish(evaluation, &error), HEED_BAD_DATA);
    assert_string_equal(error.message, "evaluation: no rows, expected at least one with a label");
    heed_evaluation_free(evaluation);
}

static void calls_out_of_turn_are_refused(void **state)
{
    (void)state;
    static const char *const labels[] = {"a", "b"};
    heed_evaluation *evaluation = new_evaluation(labels, 2, 1, 0.5);
    double value;
    char *text = NULL;
    add(evaluation, 0, (float[]){1, 0});
    assert_int_equal(heed_evaluation_metric(&value, evaluation, "accuracy", NULL), HEED_USAGE);
    assert_int_equal(heed_evaluation_report(&text, evaluation, 2, NULL), HEED_USAGE);
    assert_int_equal(heed_evaluation_json(&text, evaluation, NULL), HEED_USAGE);
    assert_null(text);
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_USAGE);
    assert_int_equal(heed_evaluation_add(evaluation, 0, (float[]){1, 0}, NULL), HEED_USAGE);
    assert_int_equal(heed_evaluation_report(&text, evaluation, -1, NULL), HEED_USAGE);
    assert_int_equal(heed_evaluation_report(&text, evaluation, 1000000, NULL), HEED_USAGE);
    heed_evaluation_free(evaluation);
    heed_evaluation_free(NULL);
}

static void unknown_figures_are_answered_with_the_known(void **state)
{
    (void)state;
    static const char *const labels[] = {"neg", "pos"};
    static const struct {
        const char *name, *message;
    } cases[] = {
        {"f2", "evaluation: there is no metric 'f2', expected one of: accuracy, macro_f1, "}, /* and so on */
        {"f1:positive", "evaluation: there is no label 'positive', expected one of: neg, pos"},
        {"recall:", "evaluation: there is no label '', expected one of: neg, pos"},
    };
    heed_evaluation *evaluation = new_evaluation(labels, 2, 1, 0.5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) { /* names can be asked about before there are rows */
        heed_error error = {""};
        assert_int_equal(heed_evaluation_check_metric(evaluation, cases[i].name, &error), HEED_USAGE);
        assert_memory_equal(error.message, cases[i].message, strlen(cases[i].message));
    }
    assert_int_equal(heed_evaluation_check_metric(evaluation, "baseline", NULL), HEED_OK);
    assert_int_equal(heed_evaluation_check_metric(evaluation, "recall:neg", NULL), HEED_OK);
    add(evaluation, 0, (float[]){1, 0});
    assert_int_equal(heed_evaluation_finish(evaluation, NULL), HEED_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_error error = {""};
        double value = 0;
        assert_int_equal(heed_evaluation_metric(&value, evaluation, cases[i].name, &error), HEED_USAGE);
        assert_memory_equal(error.message, cases[i].message, strlen(cases[i].message));
    }
    heed_evaluation_free(evaluation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_labels_equal_scikit_learn),
        cmocka_unit_test(six_labels_equal_scikit_learn),
        cmocka_unit_test(random_cases_equal_scikit_learn),
        cmocka_unit_test(the_text_of_two_labels),
        cmocka_unit_test(the_matrix_of_long_names),
        cmocka_unit_test(the_json_has_its_keys_in_order_and_null_for_nan),
        cmocka_unit_test(options_that_cannot_be_used_are_refused),
        cmocka_unit_test(rows_that_cannot_be_are_refused_and_not_kept),
        cmocka_unit_test(calls_out_of_turn_are_refused),
        cmocka_unit_test(unknown_figures_are_answered_with_the_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
