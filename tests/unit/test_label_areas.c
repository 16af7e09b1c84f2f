/* Areas found in one pass over the probabilities are, to the bit, those of sorted questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/label_areas.h"
#include "metrics/questions.h"

enum { LABELS = 5, MAX_TEST_ROWS = 300 };
static const char *const labels[LABELS] = {"a", "b", "c", "d", "e"};

static uint32_t state_of_draws;

static uint32_t draw(uint32_t below)
{
    state_of_draws = state_of_draws * 1664525U + 1013904223U;
    return (state_of_draws >> 8) % below;
}

/* Few different probabilities, so that many are equal. Some rows have a label that the model does not have; the last
 * label of the model has no row. */
static heed_evaluation *random_evaluation(heed_task task, size_t rows, uint32_t grid)
{
    static const double thresholds[LABELS] = {0.5, 0.5, 0.5, 0.5, 0.5};
    size_t count = task == HEED_TASK_BINARY ? 2 : LABELS, unknown;
    heed_evaluation *e = NULL;
    assert_int_equal(task == HEED_TASK_MULTILABEL ? heed_evaluation_new_multilabel(&e, labels, count, thresholds, NULL)
                                                  : heed_evaluation_new(&e, labels, count, 1, 0.5, NULL),
                     HEED_OK);
    assert_int_equal(heed_evaluation_label(&unknown, e, bytes_of("other"), NULL), HEED_OK);
    for (size_t i = 0; i < rows; i++) {
        float p[LABELS];
        size_t truth[3], some = task == HEED_TASK_MULTILABEL ? draw(4) : 1;
        for (size_t j = 0; j < count; j++)
            p[j] = (float)draw(grid + 1) / (float)grid;
        for (size_t j = 0; j < some; j++)
            truth[j] = draw(6) == 0 ? unknown : draw((uint32_t)(count > 2 ? count - 1 : count));
        assert_int_equal(task == HEED_TASK_MULTILABEL ? heed_evaluation_add_labels(e, truth, some, p, NULL)
                                                      : heed_evaluation_add(e, truth[0], p, NULL),
                         HEED_OK);
    }
    return e;
}

static void assert_alike(curve_areas found, curve_areas expected)
{
    assert_true(isnan(found.roc) == isnan(expected.roc) && (isnan(found.roc) || found.roc == expected.roc));
    assert_true(isnan(found.average_precision) == isnan(expected.average_precision) &&
                (isnan(found.average_precision) || found.average_precision == expected.average_precision));
}

static void areas_equal_those_of_sorted_questions(void **state)
{
    (void)state;
    static const heed_task tasks[] = {HEED_TASK_BINARY, HEED_TASK_MULTICLASS, HEED_TASK_MULTILABEL};
    static scored items[MAX_TEST_ROWS * LABELS];
    for (uint32_t turn = 0; turn < 120; turn++) {
        state_of_draws = turn;
        heed_evaluation *e = random_evaluation(tasks[turn % 3], 1 + draw(MAX_TEST_ROWS), turn % 2 == 0 ? 7 : 1 << 20);
        curve_areas areas[LABELS], all;
        heed_status finished = heed_evaluation_finish(e, NULL);
        if (finished == HEED_BAD_DATA) { /* only unknown labels */
            heed_evaluation_free(e);
            continue;
        }
        assert_int_equal(finished, HEED_OK);
        assert_int_equal(label_areas_find(areas, &all, e, NULL), HEED_OK);
        for (size_t i = 0; i < e->label_count; i++)
            assert_alike(areas[i], curve_areas_of(items, evaluation_fill_items(items, e, i)));
        assert_int_equal(evaluation_fill_all_items(items, e), evaluation_count_questions(e));
        assert_true(all.roc == curve_areas_of(items, evaluation_count_questions(e)).roc || isnan(all.roc));
        heed_evaluation_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(areas_equal_those_of_sorted_questions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
