/* Keras's metrics: equal to what Keras said of the same scores (golden/metrics.json, golden/evaluation.json). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>

#include "metrics/keras_metrics.h"

static double golden_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_non_null(value);
    return json_number_value(value);
}

static void add_scores(keras_counts *f, const json_t *part, size_t begin, size_t end)
{
    const json_t *labels = json_object_get(part, "labels"), *scores = json_object_get(part, "scores");
    for (size_t i = begin; i < end; i++) {
        float score = (float)json_number_value(json_array_get(scores, i));
        float target = (float)json_number_value(json_array_get(labels, i));
        keras_counts_add(f, &score, &target, 1, 0.25);
    }
}

static void assert_figures(heed_keras_metrics got, const json_t *part)
{
    static const struct {
        const char *key;
        size_t offset;
    } fields[] = {
        {"keras_tp", offsetof(heed_keras_metrics, tp)},
        {"keras_fp", offsetof(heed_keras_metrics, fp)},
        {"keras_tn", offsetof(heed_keras_metrics, tn)},
        {"keras_fn", offsetof(heed_keras_metrics, fn)},
        {"keras_accuracy", offsetof(heed_keras_metrics, accuracy)},
        {"keras_precision", offsetof(heed_keras_metrics, precision)},
        {"keras_recall", offsetof(heed_keras_metrics, recall)},
        {"keras_auc", offsetof(heed_keras_metrics, auc)},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        double value = *(const double *)(const void *)((const char *)&got + fields[i].offset);
        double expected = golden_number(part, fields[i].key);
        if (!(fabs(value - expected) <= 1e-6))
            fail_msg("%s: %.9g, Keras says %.9g", fields[i].key, value, expected);
    }
}

/* The golden scores hold ties and values on the thresholds. */
static void figures_equal_keras(void **state)
{
    (void)state;
    json_t *golden = json_load_file("golden/metrics.json", 0, NULL);
    assert_non_null(golden);
    static const char *const parts[] = {"small", "ties", "large"};
    for (size_t i = 0; i < 3; i++) {
        const json_t *part = json_object_get(golden, parts[i]);
        size_t rows = json_array_size(json_object_get(part, "labels"));
        keras_counts whole, first, second;
        keras_counts_init(&whole);
        keras_counts_init(&first);
        keras_counts_init(&second);
        add_scores(&whole, part, 0, rows);
        add_scores(&first, part, 0, rows / 3);
        add_scores(&second, part, rows / 3, rows);
        keras_counts_merge(&first, &second);
        assert_figures(keras_counts_result(&whole), part);
        assert_figures(keras_counts_result(&first), part);
        assert_true(keras_counts_result(&whole).loss == 0.25 && keras_counts_result(&first).loss == 0.25);
    }
    json_decref(golden);
}

/* By hand. Of three labels: a hit, and a row of a fourth label that is answered with certainty. */
static void an_unknown_label_is_a_wrong_answer_without_a_loss(void **state)
{
    (void)state;
    const float sure[] = {0.9F, 0.05F, 0.05F}, unsure[] = {0.4F, 0.3F, 0.3F}, first[] = {1, 0, 0};
    keras_counts f, other;
    keras_counts_init(&f);
    keras_counts_init(&other);
    keras_counts_add(&f, sure, first, 3, 0.5);
    keras_counts_add_unknown(&f, sure, 3);
    keras_counts_add_unknown(&other, unsure, 3);
    keras_counts_merge(&f, &other);
    heed_keras_metrics m = keras_counts_result(&f);
    assert_true(m.loss == 0.5 && m.tp == 1 && m.fp == 0 && m.tn == 2 && m.fn == 0 && m.auc == 1);
    assert_true(fabs(m.accuracy - 1.0 / 3) < 1e-12 && m.precision == 0.5 && fabs(m.recall - 1.0 / 3) < 1e-12);

    keras_counts_init(&f); /* of two labels: recall is that of the positive one, which the unknown row does not have */
    keras_counts_add(&f, sure, first, 1, 0.5);
    keras_counts_add_unknown(&f, sure, 1);
    m = keras_counts_result(&f);
    assert_true(m.loss == 0.5 && m.accuracy == 0.5 && m.precision == 0.5 && m.recall == 1 && isnan(m.auc));

    keras_counts_init(&f); /* several labels a row: three outputs, one hit, and a label that is missed */
    keras_counts_add_multilabel(&f, sure, first, 3, 0.5);
    keras_counts_add_missed(&f, 1);
    m = keras_counts_result(&f);
    assert_true(m.loss == 0.5 && m.accuracy == 0.75 && m.precision == 1 && m.recall == 0.5 && m.auc == 1);
}

/* One case of evaluation.json: probabilities [rows][labels] as whole numbers of 1/unit. */
static keras_counts add_case(const json_t *example)
{
    const json_t *truth = json_object_get(example, "truth"), *parts = json_object_get(example, "parts");
    double unit = golden_number(example, "unit");
    size_t count = json_array_size(json_object_get(example, "labels"));
    size_t positive = (size_t)golden_number(example, "positive");
    keras_counts f;
    keras_counts_init(&f);
    for (size_t i = 0; i < json_array_size(truth); i++) {
        float probability[8], target[8];
        size_t label = (size_t)json_integer_value(json_array_get(truth, i));
        for (size_t j = 0; j < count; j++) {
            probability[j] = (float)(json_number_value(json_array_get(json_array_get(parts, i), j)) / unit);
            target[j] = label == j ? 1 : 0;
        }
        if (count == 2)
            keras_counts_add(&f, &probability[positive], &target[positive], 1, 0);
        else
            keras_counts_add(&f, probability, target, count, 0);
    }
    return f;
}

static void figures_equal_keras_with_one_and_several_outputs(void **state)
{
    (void)state;
    json_t *golden = json_load_file("golden/evaluation.json", 0, NULL);
    assert_non_null(golden);
    size_t index;
    json_t *example;
    json_array_foreach(json_object_get(golden, "cases"), index, example)
    {
        keras_counts f = add_case(example);
        heed_keras_metrics got = keras_counts_result(&f);
        const double values[] = {got.tp, got.fp, got.tn, got.fn, got.accuracy, got.precision, got.recall, got.auc};
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            double expected = json_number_value(json_array_get(json_object_get(example, "keras"), i));
            bool no_area = i == 7 && (got.tp + got.fn == 0 || got.fp + got.tn == 0); /* Keras says 0 */
            if (no_area ? !isnan(values[i]) : !(fabs(values[i] - expected) <= 1e-6))
                fail_msg("case %zu, figure %zu: %.9g, Keras says %.9g", index, i, values[i], expected);
        }
    }
    assert_int_equal(index, 100);
    json_decref(golden);
}

/* Scores on the thresholds and beside them: one that fell on the wrong side would move the area by more than 1e-6. */
static void scores_at_the_thresholds_are_counted_as_keras_counts_them(void **state)
{
    (void)state;
    json_t *golden = json_load_file("golden/evaluation.json", 0, NULL);
    const json_t *part = json_object_get(golden, "keras_thresholds");
    keras_counts f;
    keras_counts_init(&f);
    add_scores(&f, part, 0, json_array_size(json_object_get(part, "scores")));
    assert_int_equal(f.rows, 600);
    assert_true(fabs(keras_counts_result(&f).auc - golden_number(part, "auc")) <= 1e-6);
    json_decref(golden);
}

/* A probability that equals a threshold i/199 has not passed it, where single precision can tell: by Keras. */
static void thresholds_are_passed_by_greater_probabilities(void **state)
{
    (void)state;
    static const struct {
        float probability;
        size_t passed;
    } cases[] = {
        {0.0F, 0}, {1e-30F, 0}, {0.005F, 0}, {0.00503F, 1}, {0.5F, 99}, {0.9949F, 197}, {0.99498F, 198}, {1.0F, 198},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        keras_counts f;
        float target = 1;
        keras_counts_init(&f);
        keras_counts_add(&f, &cases[i].probability, &target, 1, 0);
        assert_int_equal(f.positives[cases[i].passed], 1);
    }
}

/* Three labels: every output counts for tp, fp, tn, fn; accuracy is that of the largest, the first of equals. */
static void several_outputs_count_one_by_one(void **state)
{
    (void)state;
    static const float probabilities[4][3] = {
        {0.6F, 0.3F, 0.1F},
        {0.4F, 0.4F, 0.2F},
        {0.4F, 0.4F, 0.2F},
        {0.1F, 0.2F, 0.7F},
    };
    static const float targets[4][3] = {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 1, 0}};
    keras_counts f;
    keras_counts_init(&f);
    for (size_t i = 0; i < 4; i++)
        keras_counts_add(&f, probabilities[i], targets[i], 3, (double)i);
    heed_keras_metrics got = keras_counts_result(&f);
    assert_true(got.tp == 1 && got.fp == 1 && got.fn == 3 && got.tn == 7);
    assert_true(got.accuracy == 0.5 && got.precision == 0.5 && got.recall == 0.25 && got.loss == 1.5);
    /* positives .6 .4 .4 .2 against negatives .7 .4 .4 .3 .2 .2 .1 .1: 22 pairs won of 32, a tie is half */
    assert_true(fabs(got.auc - 22.0 / 32) < 1e-12);
}

/* Precision and recall are 0, as in Keras; an area without both kinds is not 0 but does not exist, nor does a share of
 * no rows. */
static void what_has_no_denominator_is_zero_or_not_defined(void **state)
{
    (void)state;
    keras_counts f;
    keras_counts_init(&f);
    heed_keras_metrics none = keras_counts_result(&f);
    assert_true(isnan(none.loss));
    assert_true(isnan(none.accuracy) && isnan(none.precision) && isnan(none.recall) && isnan(none.auc));
    float score = 0.25F, target = 0;
    keras_counts_add(&f, &score, &target, 1, 0.5);
    heed_keras_metrics one = keras_counts_result(&f);
    assert_true(one.tn == 1 && one.accuracy == 1 && one.precision == 0 && one.recall == 0 && isnan(one.auc));
}

/* A network that has diverged shows in the loss; nothing is written outside the counts. */
static void values_out_of_range_are_survived(void **state)
{
    (void)state;
    static const float scores[] = {NAN, INFINITY, -INFINITY, -1.0F, 2.0F};
    keras_counts f;
    float target = 1;
    keras_counts_init(&f);
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        keras_counts_add(&f, &scores[i], &target, 1, NAN);
    heed_keras_metrics got = keras_counts_result(&f);
    assert_true(isnan(got.loss) && got.tp == 2 && got.fn == 3);
    assert_true(f.positives[0] == 3 && f.positives[KERAS_THRESHOLDS - 2] == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_equal_keras),
        cmocka_unit_test(an_unknown_label_is_a_wrong_answer_without_a_loss),
        cmocka_unit_test(figures_equal_keras_with_one_and_several_outputs),
        cmocka_unit_test(scores_at_the_thresholds_are_counted_as_keras_counts_them),
        cmocka_unit_test(thresholds_are_passed_by_greater_probabilities),
        cmocka_unit_test(several_outputs_count_one_by_one),
        cmocka_unit_test(what_has_no_denominator_is_zero_or_not_defined),
        cmocka_unit_test(values_out_of_range_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
