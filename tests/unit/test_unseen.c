/* Figures without the rows that a model has seen: those of an evaluation that never had them. */
#include "unit/made_rows.h"

#include <math.h>

enum { ROWS = 40, LABELS = 3 };

static const char *const names[LABELS] = {"a", "b", "c"};

typedef struct case_of {
    size_t labels;
    bool several, unknown; /* unknown: some rows have a label that the model does not have */
} case_of;

static const case_of cases[] = {
    {2, false, false}, {3, false, false}, {3, false, true}, {3, true, false}, {3, true, true}};

static bool was_seen(size_t row)
{
    return row % 3 == 0;
}

/* Probabilities of a row that add up to 1 where there is one label, and its labels. */
static size_t make_row(float *probabilities, heed_bytes *truth, const case_of *c, size_t row)
{
    float sum = 0;
    for (size_t i = 0; i < c->labels; i++)
        sum += probabilities[i] = (float)((row * 7 + i * 11) % 13 + 1) / 14;
    for (size_t i = 0; i < c->labels && !c->several; i++)
        probabilities[i] /= sum;
    size_t count = c->several ? row % 3 : 1;
    for (size_t i = 0; i < count; i++) {
        bool unknown = c->unknown && (row + i) % 5 == 4;
        const char *name = unknown ? (row % 2 == 0 ? "y" : "z") : names[(row + i) % c->labels];
        truth[i] = (heed_bytes){name, 1};
    }
    return count;
}

static void add_row(heed_evaluation *e, const case_of *c, size_t row)
{
    float probabilities[LABELS];
    heed_bytes truth[LABELS];
    size_t numbers[LABELS], count = make_row(probabilities, truth, c, row);
    for (size_t i = 0; i < count; i++)
        must(heed_evaluation_label(&numbers[i], e, truth[i], &made_error));
    must(c->several ? heed_evaluation_add_labels(e, numbers, count, probabilities, &made_error)
                    : heed_evaluation_add(e, *numbers, probabilities, &made_error));
}

static heed_evaluation *evaluation_of(const case_of *c)
{
    static const double thresholds[LABELS] = {0.4, 0.5, 0.6};
    heed_evaluation *e = NULL;
    must(c->several ? heed_evaluation_new_multilabel(&e, names, c->labels, thresholds, &made_error)
                    : heed_evaluation_new(&e, names, c->labels, 1, 0.4, &made_error));
    return e;
}

static void the_rest_is_what_an_evaluation_of_the_rest_is(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        heed_evaluation *all = evaluation_of(&cases[k]), *rest = evaluation_of(&cases[k]);
        for (size_t row = 0; row < ROWS; row++) {
            add_row(all, &cases[k], row);
            must(heed_evaluation_saw(all, was_seen(row), &made_error));
            if (!was_seen(row))
                add_row(rest, &cases[k], row);
        }
        assert_null(heed_evaluation_unseen(all)); /* before it is finished */
        must(heed_evaluation_finish(all, &made_error));
        must(heed_evaluation_finish(rest, &made_error));
        must(heed_evaluation_bootstrap(all, 100, 7, 2, &made_error));
        must(heed_evaluation_bootstrap(rest, 100, 7, 1, &made_error));
        char *found = NULL, *expected = NULL, *whole = NULL;
        must(heed_evaluation_json(&found, heed_evaluation_unseen(all), &made_error));
        must(heed_evaluation_json(&expected, rest, &made_error));
        assert_string_equal(found, expected);
        must(heed_evaluation_json(&whole, all, &made_error));
        assert_non_null(strstr(whole, "\"seen\": {\n    \"rows\": 14,\n    \"rest\": {\n      \"rows\": 26,"));
        assert_int_equal(heed_evaluation_seen_rows(all), 14);
        static const char *const metrics[] = {"accuracy", "loss", "macro_f1", "f1:b"};
        for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
            char name[40];
            double value, wanted;
            snprintf(name, sizeof name, "unseen.%s", metrics[i]);
            must(heed_evaluation_metric(&value, all, name, &made_error));
            must(heed_evaluation_metric(&wanted, rest, metrics[i], &made_error));
            assert_true(value == wanted);
        }
        heed_interval found_interval, wanted_interval;
        must(heed_evaluation_interval(&found_interval, all, "unseen.accuracy", &made_error));
        must(heed_evaluation_interval(&wanted_interval, rest, "accuracy", &made_error));
        assert_memory_equal(&found_interval, &wanted_interval, sizeof found_interval);
        heed_free(found);
        heed_free(expected);
        heed_free(whole);
        heed_evaluation_free(all);
        heed_evaluation_free(rest);
    }
}

/* seen: of which rows it is said so; told: of how many it is said at all. */
static heed_evaluation *finished(bool seen(size_t row), size_t told)
{
    heed_evaluation *e = evaluation_of(&cases[1]);
    for (size_t row = 0; row < ROWS; row++) {
        add_row(e, &cases[1], row);
        if (row < told)
            must(heed_evaluation_saw(e, seen(row), &made_error));
    }
    must(heed_evaluation_finish(e, &made_error));
    return e;
}

static bool all_seen(size_t row)
{
    return row < ROWS;
}

static bool none_seen(size_t row)
{
    return row >= ROWS;
}

static bool no_other_label_seen(size_t row)
{
    return row % 3 != 2;
}

static void nothing_and_everything_can_be_seen(void **state)
{
    (void)state;
    double value, wanted;
    heed_evaluation *e = finished(none_seen, ROWS);
    assert_ptr_equal(heed_evaluation_unseen(e), e);
    must(heed_evaluation_metric(&value, e, "unseen.accuracy", &made_error));
    must(heed_evaluation_metric(&wanted, e, "accuracy", &made_error));
    assert_true(value == wanted);
    must(heed_evaluation_require(e, (const char *const[]){"unseen.accuracy=0", "unseen.loss=100"}, 2, &made_error));
    heed_evaluation_free(e);
    e = finished(all_seen, ROWS);
    assert_null(heed_evaluation_unseen(e));
    must(heed_evaluation_metric(&value, e, "unseen.accuracy", &made_error));
    assert_true(isnan(value));
    must_refuse(heed_evaluation_require(e, (const char *const[]){"unseen.loss=100"}, 1, &made_error), HEED_UNMET,
                "unseen.loss is not defined for these rows, required is at most 100", "all rows are seen");
    heed_evaluation_free(e);
    e = finished(no_other_label_seen, ROWS); /* a label of seen rows only still has a name */
    must(heed_evaluation_metric(&value, e, "unseen.recall:a", &made_error));
    assert_true(isnan(value));
    must_refuse(heed_evaluation_metric(&value, e, "unseen.recall:d", &made_error), HEED_USAGE, "there is no label 'd'",
                "no such label");
    heed_evaluation_free(e);
}

static void what_is_not_known_is_not_made_up(void **state)
{
    (void)state;
    double value;
    heed_evaluation *e = finished(all_seen, 0);
    assert_null(heed_evaluation_unseen(e));
    must_refuse(heed_evaluation_metric(&value, e, "unseen.accuracy", &made_error), HEED_USAGE,
                "it is not known which rows the model saw", "nothing was said");
    must_refuse(heed_evaluation_saw(e, true, &made_error), HEED_USAGE, "once, after it was added", "it is finished");
    heed_evaluation_free(e);
    e = evaluation_of(&cases[1]);
    must_refuse(heed_evaluation_saw(e, true, &made_error), HEED_USAGE, "once, after it was added", "there is no row");
    add_row(e, &cases[1], 0);
    must(heed_evaluation_saw(e, true, &made_error));
    must_refuse(heed_evaluation_saw(e, true, &made_error), HEED_USAGE, "once, after it was added", "said twice");
    add_row(e, &cases[1], 1);
    must_refuse(heed_evaluation_finish(e, &made_error), HEED_USAGE,
                "of 1 of 2 rows whether they were seen, expected all", "said of one row only");
    add_row(e, &cases[1], 2);
    must_refuse(heed_evaluation_saw(e, true, &made_error), HEED_USAGE, "of row 2 it was not said",
                "a row was left out");
    heed_evaluation_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_is_what_an_evaluation_of_the_rest_is),
        cmocka_unit_test(nothing_and_everything_can_be_seen),
        cmocka_unit_test(what_is_not_known_is_not_made_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
