/* Several labels a row: figures and thresholds equal to what scikit-learn and Keras said (golden/multilabel.json). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "heed.h"
#include "metrics/keras_metrics.h"
#include "train/thresholds.h"
#include "unit/without_denominator.h"

enum { MAX_LABELS = 8, MAX_ROWS = 64 };

/* One case of the golden file. */
typedef struct sample {
    size_t number, rows, count;
    const char *labels[MAX_LABELS];
    double thresholds[MAX_LABELS], unit;
    float probability[MAX_ROWS][MAX_LABELS];
    bool truth[MAX_ROWS][MAX_LABELS];
    const json_t *json;
} sample;

static json_t *golden;

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

static size_t case_count(void)
{
    return json_array_size(get(golden, "cases"));
}

static void sample_read(sample *s, size_t number)
{
    const json_t *json = json_array_get(get(golden, "cases"), number);
    *s = (sample){.number = number, .json = json, .unit = json_number_value(get(json, "unit"))};
    s->count = json_array_size(get(json, "labels"));
    s->rows = json_array_size(get(json, "truth"));
    assert_true(s->count <= MAX_LABELS && s->rows <= MAX_ROWS);
    for (size_t j = 0; j < s->count; j++) {
        s->labels[j] = json_string_value(json_array_get(get(json, "labels"), j));
        s->thresholds[j] = item(get(json, "thresholds"), j);
    }
    for (size_t i = 0; i < s->rows; i++)
        for (size_t j = 0; j < s->count; j++) {
            s->probability[i][j] = (float)(item(json_array_get(get(json, "parts"), i), j) / s->unit);
            s->truth[i][j] = item(json_array_get(get(json, "truth"), i), j) > 0;
        }
}

static heed_evaluation *evaluate(const sample *s)
{
    heed_error error = {""};
    heed_evaluation *e = NULL;
    assert_int_equal(heed_evaluation_new_multilabel(&e, s->labels, s->count, s->thresholds, &error), HEED_OK);
    for (size_t i = 0; i < s->rows; i++) {
        size_t truth[MAX_LABELS], count = 0;
        for (size_t j = s->count; j-- > 0;) /* in any order */
            if (s->truth[i][j])
                truth[count++] = j;
        assert_int_equal(heed_evaluation_add_labels(e, truth, count, s->probability[i], &error), HEED_OK);
    }
    assert_int_equal(heed_evaluation_finish(e, &error), HEED_OK);
    return e;
}

static void assert_figure(const sample *s, const heed_evaluation *e, const char *name, const json_t *expected)
{
    heed_error error = {""};
    double value = -1;
    if (heed_evaluation_metric(&value, e, name, &error) != HEED_OK)
        fail_msg("case %zu: %s", s->number, error.message);
    if (!(json_is_null(expected) ? isnan(value) : fabs(value - json_number_value(expected)) <= 1e-12))
        fail_msg("case %zu: %s is %.17g, scikit-learn says %.17g", s->number, name, value, json_number_value(expected));
}

/* From scikit-learn's confusion matrix of a label: [[tn, fp], [fn, tp]]. */
static denominators denominators_of(const json_t *said, size_t label)
{
    const json_t *m = json_array_get(get(said, "confusion"), label);
    double fp = item(json_array_get(m, 0), 1), fn = item(json_array_get(m, 1), 0), tp = item(json_array_get(m, 1), 1);
    return (denominators){fn + tp, fp + tp};
}

static void assert_score(const sample *s, const heed_evaluation *e, const char *name, size_t label, size_t kind)
{
    const json_t *said = get(s->json, "sklearn");
    double scikit = item(json_array_get(get(said, "label_scores"), label), kind);
    double score = defined_score(scikit, denominators_of(said, label), kind);
    json_t *expected = isnan(score) ? json_null() : json_real(score);
    assert_figure(s, e, name, expected);
    json_decref(expected);
}

static void assert_report(const sample *s, const char *text)
{
    const json_t *said = get(s->json, "sklearn");
    denominators labels[sizeof s->labels / sizeof *s->labels];
    for (size_t i = 0; i < s->count; i++)
        labels[i] = denominators_of(said, i);
    char *expected = defined_report(json_string_value(get(said, "report")), labels, s->count);
    if (strstr(text, expected) == NULL)
        fail_msg("case %zu: expected:\n%s\nin:\n%s", s->number, expected, text);
    free(expected);
}

static void figures_equal_scikit_learn(void **state)
{
    (void)state;
    static const char *const plain[] = {"accuracy", "hamming_loss", "baseline", "loss", "auc", "micro_auc"};
    static const char *const averages[] = {"macro", "weighted", "micro", "samples"};
    static const char *const kinds[] = {"precision", "recall", "f1"};
    char name[128];
    for (size_t c = 0; c < case_count(); c++) {
        static sample s;
        sample_read(&s, c);
        heed_evaluation *e = evaluate(&s);
        const json_t *said = get(s.json, "sklearn");
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
            assert_figure(&s, e, plain[i], get(said, plain[i]));
        for (size_t k = 0; k < 3; k++) {
            for (size_t i = 0; i < 4; i++) {
                snprintf(name, sizeof name, "%s_%s", averages[i], kinds[k]);
                assert_figure(&s, e, name, json_array_get(get(said, averages[i]), k));
            }
            for (size_t j = 0; j < s.count; j++) {
                snprintf(name, sizeof name, "%s:%s", kinds[k], s.labels[j]);
                assert_score(&s, e, name, j, k);
            }
        }
        heed_evaluation_free(e);
    }
}

static void labels_given_twice_count_once(void **state)
{
    (void)state;
    static const char *const labels[] = {"a", "b", "c"};
    heed_evaluation *e = NULL;
    double hamming_loss = -1, accuracy = -1;
    assert_int_equal(heed_evaluation_new_multilabel(&e, labels, 3, (double[]){0.5, 0.5, 0.5}, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_add_labels(e, (size_t[]){2, 0, 2, 0}, 4, (float[]){1, 0, 1}, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_add_labels(e, NULL, 0, (float[]){0, 0, 1}, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_metric(&hamming_loss, e, "hamming_loss", NULL), HEED_OK);
    assert_int_equal(heed_evaluation_metric(&accuracy, e, "accuracy", NULL), HEED_OK);
    assert_true(hamming_loss == 1.0 / 6 && accuracy == 0.5);
    heed_evaluation_free(e);
}

static void reports_and_json_equal_scikit_learn(void **state)
{
    (void)state;
    for (size_t c = 0; c < case_count(); c++) {
        static sample s;
        char *text = NULL;
        sample_read(&s, c);
        heed_evaluation *e = evaluate(&s);
        const json_t *said = get(s.json, "sklearn");
        assert_int_equal(heed_evaluation_report(&text, e, (int)json_integer_value(get(s.json, "digits")), NULL),
                         HEED_OK);
        assert_report(&s, text);
        heed_free(text);
        assert_int_equal(heed_evaluation_json(&text, e, NULL), HEED_OK);
        json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        for (size_t j = 0; j < s.count; j++) {
            const json_t *label = get(get(json, "labels"), s.labels[j]);
            assert_true(json_equal(get(label, "confusion"), json_array_get(get(said, "confusion"), j)));
            assert_true(json_number_value(get(label, "threshold")) == s.thresholds[j]);
        }
        assert_true(fabs(json_number_value(get(get(json, "samples"), "f1")) - item(get(said, "samples"), 2)) <= 1e-12);
        json_decref(json);
        heed_free(text);
        heed_evaluation_free(e);
    }
}

static void running_figures_equal_keras(void **state)
{
    (void)state;
    for (size_t c = 0; c < case_count(); c++) {
        static sample s;
        keras_counts f, half;
        sample_read(&s, c);
        keras_counts_init(&f);
        keras_counts_init(&half);
        for (size_t i = 0; i < s.rows; i++) {
            float target[MAX_LABELS];
            for (size_t j = 0; j < s.count; j++)
                target[j] = s.truth[i][j];
            keras_counts_add_multilabel(i % 2 == 0 ? &f : &half, s.probability[i], target, s.count, 0.25);
        }
        keras_counts_merge(&f, &half);
        heed_keras_metrics got = keras_counts_result(&f);
        const double found[] = {got.tp, got.fp, got.tn, got.fn, got.accuracy, got.precision, got.recall, got.auc};
        bool area = got.tp + got.fn > 0 && got.fp + got.tn > 0; /* without it Keras says 0 */
        assert_true(area == !isnan(got.auc));
        for (size_t i = 0; i < sizeof found / sizeof *found - (area ? 0 : 1); i++)
            if (!(fabs(found[i] - item(get(s.json, "keras"), i)) <= 1e-6))
                fail_msg("case %zu: figure %zu is %.9g, Keras says %.9g", c, i, found[i],
                         item(get(s.json, "keras"), i));
        assert_true(got.loss == 0.25);
    }
}

/* Equal to what trying every threshold finds. */
static void the_threshold_of_the_best_f1_is_found(void **state)
{
    (void)state;
    for (size_t c = 0; c < case_count(); c++) {
        static sample s;
        sample_read(&s, c);
        for (size_t j = 0; j < s.count; j++) {
            judged rows[MAX_ROWS];
            for (size_t i = 0; i < s.rows; i++)
                rows[i] = (judged){s.probability[i][j], s.truth[i][j]};
            double found = (double)threshold_of_best_f1(rows, s.rows), said = item(get(s.json, "best_thresholds"), j);
            if (found != said)
                fail_msg("case %zu, label %zu: threshold %.9g, expected %.9g", c, j, found, said);
        }
    }
}

static void a_threshold_parts_neighbouring_floats(void **state)
{
    (void)state;
    float low = 0.75F, high = nextafterf(low, 1);
    judged rows[] = {{high, true}, {low, false}};
    assert_true(threshold_of_best_f1(rows, 2) == low); /* greater than it: the one that has the label */
    judged none[] = {{0.9F, false}, {0.1F, false}};
    assert_true(threshold_of_best_f1(none, 2) == 0.5F);
    assert_true(threshold_of_best_f1(none, 0) == 0.5F);
    judged all[] = {{0.9F, true}, {0.8F, true}};
    assert_true(threshold_of_best_f1(all, 2) == 0.5F);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const char *const labels[] = {"a", "b"};
    heed_error error = {""};
    heed_evaluation *e = NULL;
    assert_int_equal(heed_evaluation_new_multilabel(&e, labels, 2, (double[]){0.5, 1.5}, &error), HEED_USAGE);
    assert_null(e);
    assert_non_null(strstr(error.message, "the threshold of label 'b' is 1.5"));
    assert_int_equal(heed_evaluation_new_multilabel(&e, labels, 1, (double[]){0.5}, &error), HEED_USAGE);
    assert_int_equal(heed_evaluation_new_multilabel(&e, labels, 2, (double[]){0.5, 0.5}, &error), HEED_OK);
    assert_int_equal(heed_evaluation_add(e, 0, (float[]){0, 1}, &error), HEED_USAGE);
    assert_non_null(strstr(error.message, "is one of one label, expected one of several labels"));
    assert_int_equal(heed_evaluation_add_labels(e, (size_t[]){2}, 1, (float[]){0, 1}, &error), HEED_USAGE);
    assert_int_equal(heed_evaluation_add_labels(e, NULL, 0, (float[]){0, NAN}, &error), HEED_BAD_DATA);
    assert_int_equal(heed_evaluation_finish(e, &error), HEED_BAD_DATA);
    assert_int_equal(heed_evaluation_add_labels(e, NULL, 0, (float[]){0, 1}, &error), HEED_OK);
    assert_int_equal(heed_evaluation_finish(e, &error), HEED_OK);
    assert_int_equal(heed_evaluation_check_metric(e, "samples_f2", &error), HEED_USAGE);
    assert_non_null(strstr(error.message, "samples_f1, "));
    heed_evaluation_free(e);
    assert_int_equal(heed_evaluation_new(&e, labels, 2, 1, 0.5, &error), HEED_OK);
    assert_int_equal(heed_evaluation_add_labels(e, (size_t[]){0}, 1, (float[]){0, 1}, &error), HEED_USAGE);
    assert_int_equal(heed_evaluation_check_metric(e, "hamming_loss", &error), HEED_USAGE);
    assert_null(strstr(error.message, "samples_f1"));
    heed_evaluation_free(e);
}

static int set_up(void **state)
{
    (void)state;
    golden = json_load_file("golden/multilabel.json", 0, NULL);
    return golden == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(golden);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_equal_scikit_learn),
        cmocka_unit_test(labels_given_twice_count_once),
        cmocka_unit_test(reports_and_json_equal_scikit_learn),
        cmocka_unit_test(running_figures_equal_keras),
        cmocka_unit_test(the_threshold_of_the_best_f1_is_found),
        cmocka_unit_test(a_threshold_parts_neighbouring_floats),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
