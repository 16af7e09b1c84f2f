/* heed_compare: its trials are the trainings that they say, its baselines are added by themselves, and it can be
 * stopped. */
#include "unit/made_comparison.h"

#include <math.h>

static const char small[] = "embed 4 | lstm 3 | attention additive 2";

/* told_rows, the last of them as the test part. */
static heed_corpus *divided_corpus(const heed_rows_options *rows, const char *train, const char *test)
{
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, train, HEED_PART_ANY, rows));
    must(add_rows(c, test, HEED_PART_TEST, rows));
    return c;
}

static heed_corpus *usual_corpus(void)
{
    char *train = told_rows(80, 3), *test = told_rows(33, 3);
    heed_corpus *c = divided_corpus(NULL, train, test);
    free(train);
    free(test);
    return c;
}

static heed_train_options small_options(const char *architecture)
{
    heed_train_options o = made_train_options();
    o.architecture = architecture;
    return o;
}

static void baselines_take_part_unless_they_are_there(void **state)
{
    (void)state;
    static const struct {
        const char *asked[3];
        size_t count;
        const char *expected[4];
    } cases[] = {
        {{small}, 1, {small, "embed 4 | lstm 3 | mean", "linear"}},
        {{small, "embed 4 | max"}, 2, {small, "embed 4 | max", "linear"}},
        {{"linear", small}, 2, {"linear", small, "embed 4 | lstm 3 | mean"}},
        {{"embed 4 | max", "linear"}, 2, {"embed 4 | max", "linear"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_train_options options[3];
        heed_corpus *c = usual_corpus();
        heed_comparison *found = NULL;
        for (size_t j = 0; j < cases[i].count; j++)
            options[j] = small_options(cases[i].asked[j]);
        must(compare(&found, c, options, cases[i].count, 2, NULL));
        const size_t count = heed_comparison_describe(found)->contender_count;
        for (size_t j = 0; j < 4; j++) {
            if (cases[i].expected[j] == NULL) {
                assert_int_equal(count, j);
                break;
            }
            assert_true(j < count);
            const heed_contender *contender = heed_comparison_contender(found, j);
            assert_string_equal(contender->architecture, cases[i].expected[j]);
            assert_int_equal(contender->baseline, j >= cases[i].count);
            assert_int_equal(contender->trials, strcmp(cases[i].expected[j], "linear") == 0 ? 1 : 2);
        }
        assert_int_equal(heed_comparison_describe(found)->trial_count, 2 * count - 1);
        heed_comparison_free(found);
        heed_corpus_free(c);
    }
}

/* ---- rows that were seen */

static int keep_leak(void *user, const heed_event *event)
{
    if (event->stage == HEED_STAGE_WARNING && event->warning == HEED_WARNING_LEAK)
        snprintf(user, 200, "%s", event->note);
    return 0;
}

/* The figures without the seen rows are those of a comparison that never had them. */
static void seen_rows_are_told_and_left_out(void **state)
{
    (void)state;
    char *train = told_rows(80, 3), *test = told_rows(110, 3), told[2][200] = {"", ""};
    char *unseen = strdup(test), *at = unseen, *kept = strchr(unseen, '\n') + 1;
    for (int line = 0; line < 81; line++) /* the header and the training rows */
        at = strchr(at, '\n') + 1;
    memmove(kept, at, strlen(at) + 1);
    heed_comparison *found[2] = {NULL, NULL};
    const heed_train_options o = small_options(small);
    for (int i = 0; i < 2; i++) {
        const heed_listener listener = {keep_leak, told[i]};
        heed_corpus *c = divided_corpus(NULL, train, i == 0 ? test : unseen);
        must(compare(&found[i], c, &o, 1, 2, &listener));
        heed_corpus_free(c);
    }
    assert_string_equal(told[0],
                        "80 of 110 test rows (72.7%) have the text of a training or validation row: the figures "
                        "measure memory");
    assert_string_equal(told[1], "");
    const heed_comparison_info *all = heed_comparison_describe(found[0]), *rest = heed_comparison_describe(found[1]);
    assert_true(all->rows == 110 && all->seen == 80 && rest->rows == 30 && rest->seen == 0);
    for (size_t i = 0; i < all->contender_count; i++) {
        const heed_contender *x = heed_comparison_contender(found[0], i), *y = heed_comparison_contender(found[1], i);
        assert_true(x->unseen_accuracy.mean == y->accuracy.mean && x->unseen_macro_f1.mean == y->macro_f1.mean);
        assert_memory_equal(&x->unseen_accuracy_difference, &y->accuracy_difference, sizeof y->accuracy_difference);
        assert_memory_equal(&x->unseen_macro_f1_difference, &y->macro_f1_difference, sizeof y->macro_f1_difference);
        assert_true(y->unseen_accuracy.mean == y->accuracy.mean);
    }
    for (size_t i = 0; i < all->trial_count; i++) {
        const heed_trial *x = heed_comparison_trial(found[0], i), *y = heed_comparison_trial(found[1], i);
        assert_true(x->unseen_accuracy == y->accuracy && x->unseen_macro_f1 == y->macro_f1 &&
                    x->unseen_loss == y->loss);
    }
    heed_comparison_free(found[0]);
    heed_comparison_free(found[1]);
    free(train);
    free(test);
    free(unseen);
}

/* ---- a trial is a training */

/* The accuracy that train, predict and evaluate come to, one by one. */
static double accuracy_by_hand(heed_corpus *c, const heed_train_options *o, const char *test)
{
    heed_model *model = NULL;
    heed_predictor *predictor = NULL;
    size_t count, right = 0, rows = 0;
    must(heed_train(&model, c, o, NULL, &made_error));
    must(heed_predictor_new(&predictor, model, 1, &made_error));
    const char *const *labels = heed_model_describe(model)->labels;
    count = heed_model_describe(model)->label_count;
    const char *line = strchr(test, '\n') + 1;
    for (; *line != '\0'; line = strchr(line, '\n') + 1, rows++) {
        size_t size = strcspn(line, "\t"), best = 0;
        heed_bytes text = {line + size + 1, strcspn(line + size + 1, "\n")};
        float p[4];
        must(heed_predictor_run(p, predictor, &text, 1, &made_error));
        for (size_t i = 1; i < count; i++)
            best = p[i] > p[best] ? i : best;
        right += strlen(labels[best]) == size && memcmp(labels[best], line, size) == 0;
    }
    heed_predictor_free(predictor);
    heed_model_free(model);
    return (double)right / (double)rows;
}

static void a_trial_is_the_training_of_its_seed(void **state)
{
    (void)state;
    char *rows = told_rows(80, 3), *test = told_rows(33, 3);
    heed_corpus *c = divided_corpus(NULL, rows, test);
    const heed_train_options options[] = {small_options(small), small_options("linear")};
    heed_comparison *found = NULL;
    must(compare(&found, c, options, 2, 1, NULL));
    for (size_t i = 0; i < 2; i++) {
        const heed_trial *trial = heed_comparison_trial(found, i);
        assert_int_equal(trial->status, HEED_OK);
        assert_true(fabs(trial->accuracy - accuracy_by_hand(c, &options[i], test)) < 1e-12);
    }
    assert_true(heed_comparison_trial(found, 1)->accuracy > 0.99); /* one word decides the label */
    heed_comparison_free(found);
    heed_corpus_free(c);
    free(rows);
    free(test);
}

static void several_labels_a_row_are_measured_as_sets(void **state)
{
    (void)state;
    static const char *const words[] = {"awful", "lovely", "weird"}, *const names[] = {"bad", "good", "odd"};
    writer text = {0};
    char *tsv = NULL, *report = NULL;
    heed_rows_options rows;
    heed_rows_options_init(&rows);
    rows.label_separator = "+";
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i < 120; i++) {
        const char *mark = "";
        for (unsigned k = 0; k < 3; k++)
            if (i >> k & 1) {
                writer_print(&text, "%s%s", mark, names[k]);
                mark = "+";
            }
        writer_print(&text, "\tnumber n%u", i);
        for (unsigned k = 0; k < 3; k++)
            if (i >> k & 1)
                writer_print(&text, " %s", words[k]);
        writer_print(&text, "\n");
    }
    must(writer_take(&text, &tsv, NULL, &made_error));
    heed_corpus *c = divided_corpus(&rows, tsv, tsv);
    heed_train_options o = small_options("linear 1000");
    heed_comparison *found = NULL;
    must(compare(&found, c, &o, 1, 1, NULL));
    const heed_trial *trial = heed_comparison_trial(found, 0);
    assert_int_equal(trial->status, HEED_OK);
    assert_true(trial->accuracy > 0.98 && trial->macro_f1 > 0.98);
    must(heed_comparison_report(&report, found, &made_error));
    assert_non_null(strstr(report, "Of 120 test rows"));
    heed_free(report);
    heed_comparison_free(found);
    heed_corpus_free(c);
    free(tsv);
}

/* ---- failing and stopping */

static void a_failing_trial_is_told_and_the_rest_goes_on(void **state)
{
    (void)state;
    const heed_train_options options[] = {small_options("embed 3 | transformer 2 4 | mean"), small_options(small)};
    heed_corpus *c = usual_corpus();
    heed_comparison *found = NULL;
    char *json = NULL, *csv = NULL;
    must(compare(&found, c, options, 2, 2, NULL));
    const heed_contender *first = heed_comparison_contender(found, 0), *second = heed_comparison_contender(found, 1);
    assert_int_equal(first->failed, 2);
    assert_true(isnan(first->accuracy.mean) && isnan(second->accuracy_difference.mean));
    assert_int_equal(heed_comparison_trial(found, 0)->status, HEED_USAGE);
    assert_non_null(strstr(heed_comparison_trial(found, 0)->problem, "heads"));
    assert_int_equal(second->failed, 0);
    must(heed_comparison_json(&json, found, &made_error));
    must(heed_comparison_csv(&csv, found, &made_error));
    assert_non_null(strstr(json, "\"problem\""));
    assert_non_null(strstr(csv, "HEED_USAGE"));
    heed_free(json);
    heed_free(csv);
    heed_comparison_free(found);
    heed_corpus_free(c);
}

static int stop_in_third_trial(void *user, const heed_event *event)
{
    (void)user;
    return event->trial == 3 && event->stage == HEED_STAGE_EPOCH;
}

static int stop_at_once(void *user, const heed_event *event)
{
    (void)user;
    (void)event;
    return 1;
}

static void stopping_leaves_what_is_complete(void **state)
{
    (void)state;
    const heed_train_options o = small_options(small);
    heed_corpus *c = usual_corpus();
    heed_comparison *found = NULL;
    heed_listener listener = {stop_in_third_trial, NULL};
    must_refuse(compare(&found, c, &o, 1, 3, &listener), HEED_STOPPED, "stopped at trial 3 of 7", "a stop");
    assert_non_null(found);
    for (size_t i = 0; i < heed_comparison_describe(found)->trial_count; i++)
        assert_true((heed_comparison_trial(found, i)->status == HEED_OK) == (i < 2));
    assert_true(!isnan(heed_comparison_contender(found, 0)->accuracy.mean));
    assert_true(isnan(heed_comparison_contender(found, 1)->accuracy.mean));
    heed_comparison_free(found);
    listener.on_event = stop_at_once;
    must_refuse(compare(&found, c, &o, 1, 3, &listener), HEED_STOPPED, "stopped", "a stop at once");
    assert_null(found);
    heed_corpus_free(c);
}

static void what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    heed_train_options o = small_options(small);
    heed_corpus *c = usual_corpus(), *empty = made_corpus(NULL);
    heed_comparison *found = NULL;
    must_refuse(compare(&found, c, &o, 0, 1, NULL), HEED_USAGE, "no architecture", "nobody");
    must_refuse(compare(&found, c, &o, 1, 0, NULL), HEED_USAGE, "--seeds: found 0", "no seed");
    must_refuse(compare(&found, empty, &o, 1, 1, NULL), HEED_BAD_DATA, "no rows", "no rows");
    o.architecture = "embed 4 | lstn 3 | max";
    must_refuse(compare(&found, c, &o, 1, 1, NULL), HEED_USAGE, "column 11", "a layer that is not there");
    assert_null(found);
    heed_corpus_free(c);
    heed_corpus_free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(baselines_take_part_unless_they_are_there),
        cmocka_unit_test(seen_rows_are_told_and_left_out),
        cmocka_unit_test(a_trial_is_the_training_of_its_seed),
        cmocka_unit_test(several_labels_a_row_are_measured_as_sets),
        cmocka_unit_test(a_failing_trial_is_told_and_the_rest_goes_on),
        cmocka_unit_test(stopping_leaves_what_is_complete),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
    };
    return cmocka_run_group_tests_name("comparison", tests, NULL, NULL);
}
