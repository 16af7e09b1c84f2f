/* Intervals of an evaluation: those of the plain way, in which every resample is an evaluation of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "metrics/bootstrap.h"
#include "metrics/metric_table.h"

enum { ROWS = 60, MAX_LABELS = 4, RESAMPLES = 50, SEED = 9 };

static const char *const label_names[MAX_LABELS] = {"a", "b", "c", "d"};
enum { MAX_FIGURES = 64, HEADLINES = 3 }; /* further ones may be the same in all resamples */
static const char *figures[MAX_FIGURES] = {"accuracy", "macro_f1", "auc", "f1:a", "precision:b", "recall:b"};
static size_t figure_count;

/* The others that the table gives intervals, for each kind of rows. */
static int list_figures(void **state)
{
    (void)state;
    while (figures[figure_count] != NULL)
        figure_count++;
    for (size_t i = 0; i < metric_count; i++) {
        bool listed = !metrics[i].resampled || metrics[i].tasks != 0;
        for (size_t k = 0; k < figure_count; k++)
            listed = listed || strcmp(figures[k], metrics[i].name) == 0;
        if (!listed)
            figures[figure_count++] = metrics[i].name;
    }
    return figure_count < MAX_FIGURES ? 0 : -1;
}

typedef struct rows {
    size_t labels;
    bool several;
    size_t truth[ROWS];
    float probabilities[ROWS][MAX_LABELS];
} rows;

/* Scores in sixteenths, so that there are ties; truth follows them in part. rare: the first label has two rows. */
static rows make_rows(size_t labels, bool several, bool rare)
{
    rows r = {.labels = labels, .several = several};
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < labels; j++)
            r.probabilities[i][j] =
                (float)(random_word((random_key){1, RANDOM_SPLIT, 0, 0, (uint32_t)i}, (uint32_t)j) % 17) / 16;
        if (labels == 2 && !several)
            r.probabilities[i][0] = 1 - r.probabilities[i][1];
        r.truth[i] = random_word((random_key){2, RANDOM_SPLIT, 0, 0, (uint32_t)i}, 0) % labels;
        if (rare)
            r.truth[i] = i < 2 ? 0 : r.truth[i] == 0 ? 1 : r.truth[i];
        else if (r.probabilities[i][0] > 0.75F)
            r.truth[i] = 0;
    }
    return r;
}

static void add_row(heed_evaluation *e, const rows *r, size_t i)
{
    heed_status status = r->several
                             ? heed_evaluation_add_labels(e, (size_t[]){r->truth[i], (i + r->truth[i]) % r->labels}, 2,
                                                          r->probabilities[i], NULL)
                             : heed_evaluation_add(e, r->truth[i], r->probabilities[i], NULL);
    assert_int_equal(status, HEED_OK);
}

/* Row i as often as weight[i]. */
static heed_evaluation *evaluate(const rows *r, const uint32_t *weight)
{
    static const double thresholds[MAX_LABELS] = {0.5, 0.25, 0.75, 0.5};
    heed_evaluation *e = NULL;
    heed_status status = r->several ? heed_evaluation_new_multilabel(&e, label_names, r->labels, thresholds, NULL)
                                    : heed_evaluation_new(&e, label_names, r->labels, 1, 0.5, NULL);
    assert_int_equal(status, HEED_OK);
    for (size_t i = 0; i < ROWS; i++)
        for (uint32_t j = 0; j < weight[i]; j++)
            add_row(e, r, i);
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    return e;
}

static heed_evaluation *evaluate_once(const rows *r)
{
    uint32_t once[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        once[i] = 1;
    return evaluate(r, once);
}

static void each_resample_is_an_evaluation_of_the_drawn_rows(void **state)
{
    (void)state;
    static const struct {
        size_t labels;
        bool several, rare;
    } cases[] = {{2, false, false}, {2, false, true}, {4, false, false}, {4, false, true}, {3, true, false}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        rows r = make_rows(cases[c].labels, cases[c].several, cases[c].rare);
        double values[MAX_FIGURES][RESAMPLES];
        resample s;
        assert_true(resample_init(&s, ROWS, r.labels));
        for (uint32_t i = 0; i < RESAMPLES; i++) {
            resample_draw(&s, SEED, i);
            heed_evaluation *drawn = evaluate(&r, s.weight);
            for (size_t f = 0; f < figure_count; f++)
                assert_int_equal(heed_evaluation_metric(&values[f][i], drawn, figures[f], NULL), HEED_OK);
            heed_evaluation_free(drawn);
        }
        resample_release(&s);
        heed_evaluation *e = evaluate_once(&r);
        assert_int_equal(heed_evaluation_bootstrap(e, RESAMPLES, SEED, 2, NULL), HEED_OK);
        for (size_t f = 0; f < figure_count; f++) {
            double low, high, value;
            heed_interval found;
            bootstrap_interval(&low, &high, values[f], RESAMPLES);
            assert_int_equal(heed_evaluation_interval(&found, e, figures[f], NULL), HEED_OK);
            assert_int_equal(heed_evaluation_metric(&value, e, figures[f], NULL), HEED_OK);
            assert_true(found.mean == value);
            if (!(fabs(low - found.low) < 1e-12 && fabs(high - found.high) < 1e-12 && (low < high || f >= HEADLINES)))
                fail_msg("case %zu, %s: [%.17g, %.17g], expected [%.17g, %.17g]", c, figures[f], found.low, found.high,
                         low, high);
        }
        heed_evaluation_free(e);
    }
}

static void percentiles_are_linear_between_values(void **state)
{
    (void)state;
    double values[] = {5, NAN, 1, 2, 4, 3}, low, high; /* numpy.percentile([1, 2, 3, 4, 5], [2.5, 97.5]) */
    bootstrap_interval(&low, &high, values, 6);
    assert_float_equal(low, 1.1, 1e-12);
    assert_float_equal(high, 4.9, 1e-12);
    bootstrap_interval(&low, &high, (double[]){NAN}, 1);
    assert_true(isnan(low) && isnan(high));
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    rows r = make_rows(3, false, false);
    heed_interval first[MAX_FIGURES];
    for (unsigned threads = 1; threads <= 5; threads++) {
        heed_evaluation *e = evaluate_once(&r);
        assert_int_equal(heed_evaluation_bootstrap(e, RESAMPLES, SEED, threads, NULL), HEED_OK);
        for (size_t f = 0; f < figure_count; f++) {
            heed_interval found;
            assert_int_equal(heed_evaluation_interval(&found, e, figures[f], NULL), HEED_OK);
            if (threads == 1)
                first[f] = found;
            assert_memory_equal(&first[f], &found, sizeof found);
        }
        heed_evaluation_free(e);
    }
}

static void the_report_tells_them(void **state)
{
    (void)state;
    rows r = make_rows(2, false, false);
    heed_evaluation *e = evaluate_once(&r);
    char *text = NULL, expected[128];
    heed_interval found;
    assert_int_equal(heed_evaluation_bootstrap(e, RESAMPLES, SEED, 1, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_report(&text, e, 2, NULL), HEED_OK);
    assert_non_null(strstr(text, "In brackets: 95% intervals of a bootstrap over rows (50 resamples).\n"));
    assert_int_equal(heed_evaluation_interval(&found, e, "macro_f1", NULL), HEED_OK);
    snprintf(expected, sizeof expected, "macro F1   %.4f [%.4f, %.4f]\n", found.mean, found.low, found.high);
    assert_non_null(strstr(text, expected));
    heed_free(text);
    assert_int_equal(heed_evaluation_json(&text, e, NULL), HEED_OK);
    assert_non_null(strstr(text, "\"resamples\": 50"));
    heed_free(text);
    heed_evaluation_free(e);
}

/* Rows of one label: every resample has accuracy, none has an area. */
static void what_is_not_defined_has_no_interval(void **state)
{
    (void)state;
    heed_evaluation *e = NULL;
    heed_interval found;
    assert_int_equal(heed_evaluation_new(&e, label_names, 2, 1, 0.5, NULL), HEED_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(heed_evaluation_add(e, 0, (float[]){0.75F, 0.25F}, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_bootstrap(e, RESAMPLES, SEED, 1, NULL), HEED_USAGE); /* not finished */
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_interval(&found, e, "auc", NULL), HEED_USAGE); /* no bootstrap */
    assert_int_equal(heed_evaluation_bootstrap(e, 0, SEED, 1, NULL), HEED_USAGE);
    assert_int_equal(heed_evaluation_bootstrap(e, RESAMPLES, SEED, 1, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_interval(&found, e, "auc", NULL), HEED_OK);
    assert_true(isnan(found.low) && isnan(found.high));
    assert_int_equal(heed_evaluation_interval(&found, e, "accuracy", NULL), HEED_OK);
    assert_true(found.mean == 1 && found.low == 1 && found.high == 1);
    heed_error error = {""};
    assert_int_equal(heed_evaluation_interval(&found, e, "loss", &error), HEED_USAGE);
    assert_true(found.mean == 0 && found.low == 0 && found.high == 0);
    assert_non_null(strstr(error.message, "there is no interval of 'loss', expected one of: accuracy, "));
    assert_non_null(strstr(error.message, ", macro_, weighted_ or micro_f1, _precision or _recall, f1:LABEL, "));
    char *text = NULL;
    assert_int_equal(heed_evaluation_json(&text, e, NULL), HEED_OK);
    assert_null(strstr(text, "nan"));
    heed_free(text);
    heed_evaluation_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_resample_is_an_evaluation_of_the_drawn_rows),
        cmocka_unit_test(percentiles_are_linear_between_values),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(the_report_tells_them),
        cmocka_unit_test(what_is_not_defined_has_no_interval),
    };
    return cmocka_run_group_tests(tests, list_figures, NULL);
}
