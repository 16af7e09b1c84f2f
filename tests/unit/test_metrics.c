/* Metrics of small examples, computed by hand: a line for each value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "heed.h"

enum { LABELS = 3 };
static const char *const labels[LABELS] = {"a", "b", "c"};

/* ---- one label a row: rows by truth and answer; the answer's probability is 1 */

typedef struct confusion {
    size_t labels;
    unsigned rows[LABELS][LABELS]; /* [truth][answer] */
} confusion;

static const confusion fifty = {2, {{20, 5}, {10, 15}}}; /* b is the positive label */
static const confusion twelve = {3, {{3, 1, 0}, {0, 2, 2}, {1, 0, 3}}};

static heed_evaluation *answer_one(const confusion *c)
{
    heed_evaluation *e = NULL;
    assert_int_equal(heed_evaluation_new(&e, labels, c->labels, c->labels == 2 ? 1 : c->labels, 0.5, NULL), HEED_OK);
    for (size_t truth = 0; truth < c->labels; truth++)
        for (size_t answer = 0; answer < c->labels; answer++)
            for (unsigned i = 0; i < c->rows[truth][answer]; i++) {
                float probabilities[LABELS] = {0};
                probabilities[answer] = 1;
                assert_int_equal(heed_evaluation_add(e, truth, probabilities, NULL), HEED_OK);
            }
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    return e;
}

static const struct {
    const confusion *rows;
    const char *name;
    double value;
} of_one_label[] = {
    {&fifty, "accuracy", 35 / 50.0},
    {&fifty, "baseline", 25 / 50.0},
    {&fifty, "precision:b", 15 / 20.0},
    {&fifty, "recall:b", 15 / 25.0},
    {&fifty, "f1:b", 2 * 0.75 * 0.6 / 1.35},
    {&fifty, "macro_precision", (20 / 30.0 + 15 / 20.0) / 2},
    {&fifty, "macro_recall", (20 / 25.0 + 15 / 25.0) / 2},
    {&fifty, "auc", 0.7},                                                         /* one threshold: (recalls) / 2 */
    {&fifty, "average_precision", (15 / 20.0) * (15 / 25.0) + 0.5 * (10 / 25.0)}, /* precision times rise of recall */
    {&fifty, "brier", 15 / 50.0},
    {&fifty, "ece", 15 / 50.0}, /* all rows are in the bin of 1 */
    {&twelve, "accuracy", 8 / 12.0},
    {&twelve, "baseline", 4 / 12.0},
    {&twelve, "macro_recall", (3 / 4.0 + 2 / 4.0 + 3 / 4.0) / 3},
    {&twelve, "macro_precision", (3 / 4.0 + 2 / 3.0 + 3 / 5.0) / 3},
    {&twelve, "micro_f1", 8 / 12.0},
    {&twelve, "weighted_recall", 8 / 12.0},
    {&twelve, "brier", 2 * 4 / 12.0}, /* a wrong answer is 1 away of both labels */
};

static void metrics_of_one_label_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof of_one_label / sizeof *of_one_label; i++) {
        heed_evaluation *e = answer_one(of_one_label[i].rows);
        double value = NAN;
        assert_int_equal(heed_evaluation_metric(&value, e, of_one_label[i].name, NULL), HEED_OK);
        if (!(fabs(value - of_one_label[i].value) < 1e-12))
            fail_msg("%s: found %.17g, expected %.17g", of_one_label[i].name, value, of_one_label[i].value);
        heed_evaluation_free(e);
    }
}

/* ---- several labels a row */

typedef struct several_row {
    size_t truth[LABELS], count;
    float probabilities[LABELS]; /* predicted above 0.5 */
} several_row;

static const several_row four[] = {
    {{0}, 1, {1, 0, 0}},       /* right */
    {{0, 1}, 2, {1, 0, 0}},    /* misses b */
    {{2}, 1, {1, 0, 1}},       /* adds a */
    {{0, 1, 2}, 3, {1, 1, 1}}, /* right */
};

static const struct {
    const char *name;
    double value;
} of_several_labels[] = {
    {"accuracy", 2 / 4.0},
    {"baseline", 1 / 4.0},
    {"hamming_loss", 2 / 12.0},
    {"micro_precision", 6 / 7.0},
    {"micro_recall", 6 / 7.0},
    {"samples_precision", (1 + 1 + 0.5 + 1) / 4},
    {"samples_recall", (1 + 0.5 + 1 + 1) / 4},
    {"recall:b", 1 / 2.0},
    {"brier", 2 / 12.0},
};

static void metrics_of_several_labels_a_row(void **state)
{
    (void)state;
    static const double thresholds[LABELS] = {0.5, 0.5, 0.5};
    heed_evaluation *e = NULL;
    assert_int_equal(heed_evaluation_new_multilabel(&e, labels, LABELS, thresholds, NULL), HEED_OK);
    for (size_t i = 0; i < sizeof four / sizeof *four; i++)
        assert_int_equal(heed_evaluation_add_labels(e, four[i].truth, four[i].count, four[i].probabilities, NULL),
                         HEED_OK);
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    for (size_t i = 0; i < sizeof of_several_labels / sizeof *of_several_labels; i++) {
        double value = NAN;
        assert_int_equal(heed_evaluation_metric(&value, e, of_several_labels[i].name, NULL), HEED_OK);
        if (!(fabs(value - of_several_labels[i].value) < 1e-12))
            fail_msg("%s: found %.17g, expected %.17g", of_several_labels[i].name, value, of_several_labels[i].value);
    }
    heed_evaluation_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_of_one_label_a_row),
        cmocka_unit_test(metrics_of_several_labels_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
