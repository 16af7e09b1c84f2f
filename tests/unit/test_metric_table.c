/* The table of metrics: its rows fit together, and everything that reads it finds what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "metrics/metric_table.h"

static const char *const labels[] = {"a", "b", "c"};

static heed_evaluation *evaluate(heed_task task)
{
    static const double thresholds[] = {0.5, 0.5, 0.5};
    static const float rows[][3] = {
        {0.75F, 0.25F, 0}, {0.25F, 0.75F, 0}, {0.125F, 0.25F, 0.625F}, {0.5F, 0.25F, 0.25F}};
    static const size_t truth[] = {0, 1, 1, 0};
    heed_evaluation *e = NULL;
    heed_status status = task == HEED_TASK_MULTILABEL
                             ? heed_evaluation_new_multilabel(&e, labels, 3, thresholds, NULL)
                             : heed_evaluation_new(&e, labels, task == HEED_TASK_BINARY ? 2 : 3, 1, 0.5, NULL);
    assert_int_equal(status, HEED_OK);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(task == HEED_TASK_MULTILABEL ? heed_evaluation_add_labels(e, &truth[i], 1, rows[i], NULL)
                                                      : heed_evaluation_add(e, truth[i], rows[i], NULL),
                         HEED_OK);
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_bootstrap(e, 20, 1, 1, NULL), HEED_OK);
    return e;
}

static void names_and_places_are_taken_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < metric_count; i++)
        for (size_t j = 0; j < i; j++) {
            const metric *m = &metrics[i], *other = &metrics[j];
            assert_string_not_equal(m->name, other->name);
            assert_true(m->shown_place == 0 || m->shown_place != other->shown_place);
            assert_true(m->json_place == 0 || m->json_place != other->json_place);
            assert_true(!metric_is_average(m) || !metric_is_average(other) || m->average != other->average ||
                        m->score != other->score);
        }
    for (average i = 0; i < AVERAGE_COUNT; i++)
        for (score j = 0; j < SCORE_COUNT; j++) {
            char name[64];
            snprintf(name, sizeof name, "%s_%s", names_of(&average_names, i), names_of(&score_names, j));
            assert_string_equal(metric_of_average(i, j)->name, name);
        }
}

static size_t count_shown(const metric *(*next)(const metric *), int place_of_last)
{
    size_t count = 0;
    for (const metric *m = next(NULL); m != NULL; m = next(m))
        count++;
    assert_int_equal(count, place_of_last); /* no place is left out */
    return count;
}

static void places_order_what_is_shown(void **state)
{
    (void)state;
    int shown = 0, in_json = 0;
    for (size_t i = 0; i < metric_count; i++) {
        shown = metrics[i].shown_place > shown ? metrics[i].shown_place : shown;
        in_json = metrics[i].json_place > in_json ? metrics[i].json_place : in_json;
    }
    assert_true(count_shown(metric_next_shown, shown) > 0 && count_shown(metric_next_json, in_json) > 0);
    assert_string_equal(metric_next_shown(NULL)->name, "accuracy");
    assert_string_equal(metric_next_json(metric_next_json(NULL))->name, "baseline");
}

static void what_is_shown_has_its_words(void **state)
{
    (void)state;
    for (const metric *m = metric_next_shown(NULL); m != NULL; m = metric_next_shown(m)) {
        assert_true(m->heading != NULL || m->page_heading != NULL);
        assert_true(!m->tells_interval || m->resampled);
        for (int task = 0; task < TASKS; task++) {
            assert_true(m->page_heading == NULL || m->page_note[task] != NULL);
            for (const char *at = m->note[task]; at != NULL && (at = strchr(at, '{')) != NULL; at++) {
                char name[64];
                assert_int_equal(sscanf(at, "{%63[^}]}", name), 1);
                assert_true(strcmp(name, "commonest") == 0 || metric_find(name) != NULL);
            }
        }
    }
}

static void every_metric_is_found_by_its_name(void **state)
{
    (void)state;
    for (heed_task task = HEED_TASK_BINARY; task <= HEED_TASK_MULTILABEL; task++) {
        heed_evaluation *e = evaluate(task);
        for (size_t i = 0; i < metric_count; i++) {
            const metric *m = &metrics[i];
            bool defined = metric_is_defined(m, e), drawn = defined && m->resampled;
            double value;
            heed_interval range;
            assert_int_equal(heed_evaluation_metric(&value, e, m->name, NULL), defined ? HEED_OK : HEED_USAGE);
            assert_true(defined ? !isnan(value) : value == 0);
            assert_int_equal(heed_evaluation_interval(&range, e, m->name, NULL), drawn ? HEED_OK : HEED_USAGE);
            assert_true(!drawn || (range.mean == value && range.low <= range.high));
        }
        heed_evaluation_free(e);
    }
}

/* Averages are described together. */
static void the_header_describes_every_metric(void **state)
{
    (void)state;
    char line[200], wanted[80];
    for (size_t i = 0; i < metric_count; i++) {
        bool found = metric_is_average(&metrics[i]);
        FILE *header = fopen("../include/heed.h", "r");
        assert_non_null(header);
        snprintf(wanted, sizeof wanted, " *   %s ", metrics[i].name);
        while (!found && fgets(line, sizeof line, header) != NULL)
            found = strncmp(line, wanted, strlen(wanted)) == 0;
        fclose(header);
        if (!found)
            fail_msg("heed.h, heed_evaluation_metric: no line of %s", metrics[i].name);
    }
}

/* ---- what is required of them */

static void requirements_are_met_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *requirements[3];
        heed_status status;
        const char *message;
    } cases[] = {
        {{"accuracy=1"}, HEED_UNMET, "accuracy is 0.75, required is at least 1"},
        {{"accuracy=0.75", "accuracy=.5", "f1:a=0"}, HEED_OK, ""},
        {{"loss=1e-3"}, HEED_UNMET, "loss is 0.663701, required is at most 0.001"},
        {{"loss=1", "ece=1", "brier=2"}, HEED_OK, ""},
        {{"accuracy=1", "loss=1", "recall:b=0.75"},
         HEED_UNMET,
         "accuracy is 0.75, required is at least 1; recall:b is 0.5, required is at least 0.75"},
        {{"accuracy"}, HEED_USAGE, "--require: found 'accuracy', expected a metric and a number such as macro_f1=0.85"},
        {{"accuracy=1", "=1"},
         HEED_USAGE,
         "--require: found '=1', expected a metric and a number such as macro_f1=0.85"},
        {{"f1:d=1"}, HEED_USAGE, "evaluation: there is no label 'd', expected one of: a, b, c"},
    };
    heed_evaluation *e = evaluate(HEED_TASK_MULTICLASS);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_error error = {""};
        size_t count = 0;
        while (count < 3 && cases[i].requirements[count] != NULL)
            count++;
        assert_int_equal(heed_evaluation_require(e, cases[i].requirements, count, &error), cases[i].status);
        assert_string_equal(error.message, cases[i].message);
    }
    assert_int_equal(heed_evaluation_require(e, NULL, 0, NULL), HEED_OK);
    heed_evaluation_free(e);
}

static void what_is_not_defined_meets_nothing(void **state)
{
    (void)state;
    heed_evaluation *e = NULL;
    heed_error error = {""};
    assert_int_equal(heed_evaluation_new(&e, labels, 2, 1, 0.5, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_add(e, 0, (float[]){0.75F, 0.25F}, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_require(e, (const char *[]){"auc=0"}, 1, &error), HEED_USAGE); /* not finished */
    assert_int_equal(heed_evaluation_finish(e, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_require(e, (const char *[]){"auc=0"}, 1, &error), HEED_UNMET);
    assert_string_equal(error.message, "auc is not defined for these rows, required is at least 0");
    heed_evaluation_free(e);
}

static void requirements_are_checked_before_there_are_rows(void **state)
{
    (void)state;
    heed_evaluation *e = NULL;
    const char *known[] = {"recall:a=1", "ece=0.1"}, *unknown[] = {"ece=0.1", "hamming_loss=0.1"},
               *broken[] = {"ece=x"};
    assert_int_equal(heed_evaluation_new(&e, labels, 2, 1, 0.5, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_check_requirements(e, known, 2, NULL), HEED_OK);
    assert_int_equal(heed_evaluation_check_requirements(e, unknown, 2, NULL), HEED_USAGE);
    assert_int_equal(heed_evaluation_check_requirements(NULL, unknown, 2, NULL), HEED_OK); /* only their form */
    assert_int_equal(heed_evaluation_check_requirements(NULL, broken, 1, NULL), HEED_USAGE);
    heed_evaluation_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_places_are_taken_once),
        cmocka_unit_test(places_order_what_is_shown),
        cmocka_unit_test(what_is_shown_has_its_words),
        cmocka_unit_test(every_metric_is_found_by_its_name),
        cmocka_unit_test(the_header_describes_every_metric),
        cmocka_unit_test(requirements_are_met_or_not),
        cmocka_unit_test(what_is_not_defined_meets_nothing),
        cmocka_unit_test(requirements_are_checked_before_there_are_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
