/* What is made of rows that a cross-fit held out: figures, thresholds, what is told. */
#include "unit/made_cross_fit.h"

#include "train/thresholds.h"

/* ---- figures and thresholds */

static void the_figures_are_those_of_the_held_out_rows(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++)
        for (unsigned labels = 2; labels <= 3; labels++) {
            char *tsv = threefold_rows(30, labels, false, "good"); /* which one answer cannot fit */
            const heed_train_options o = options_of(kinds[k]);
            made_run r;
            double loss = 0;
            unsigned right = 0;
            run_on(&r, corpus_of(tsv, false), &o, NULL);
            const held_out *held = &r.result.held;
            for (uint32_t i = 0; i < held->count; i++) {
                uint32_t label = r.data.train.labels[held->row[i]];
                double p[3];
                for (uint32_t j = 0; j < labels; j++)
                    p[j] = (double)held->probability[labels == 2 ? i : i * 3 + j];
                if (labels == 2)
                    p[1 - r.data.positive] = 1 - p[r.data.positive];
                loss -= log(p[label]);
                right += labels == 2 ? p[label] > 0.5 : p[label] > fmax(p[(label + 1) % 3], p[(label + 2) % 3]);
            }
            assert_int_equal(held->count, 90);
            assert_in_range(right, 50, 89);
            assert_true(fabs(r.result.validation->loss - loss / 90) < 1e-5);
            assert_true(fabs(r.result.validation->accuracy - right / 90.0) < 1e-9);
            made_run_release(&r);
            free(tsv);
        }
}

static bool row_has(const examples *e, uint32_t row, uint32_t label)
{
    uint32_t count;
    const uint32_t *labels = examples_labels(e, row, &count);
    for (uint32_t i = 0; i < count; i++)
        if (labels[i] == label)
            return true;
    return false;
}

static void thresholds_are_tuned_on_the_held_out_rows(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++)
        for (int several = 0; several < 2; several++) {
            char *tsv = threefold_rows(30, several ? 3 : 2, several, NULL);
            heed_train_options o = options_of(kinds[k]);
            heed_corpus *c = corpus_of(tsv, several);
            heed_model *m;
            made_run r;
            judged rows[90];
            o.tune_thresholds = true;
            must(heed_train(&m, c, &o, NULL, &made_error));
            run_on(&r, c, &o, NULL);
            uint32_t outputs = outputs_of(&r);
            assert_int_equal(heed_model_describe(m)->threshold_count, outputs);
            for (uint32_t j = 0; j < outputs; j++) {
                uint32_t label = several ? j : r.data.positive;
                for (uint32_t i = 0; i < 90; i++)
                    rows[i] = (judged){r.result.held.probability[i * outputs + j], row_has(&r.data.train, i, label)};
                assert_true(m->thresholds[j] == (double)threshold_of_best_f1(rows, 90));
            }
            heed_model_free(m);
            made_run_release(&r);
            free(tsv);
        }
}

static void thresholds_need_rows_to_hold_out(void **state)
{
    (void)state;
    heed_train_options o = options_of("linear");
    heed_corpus *c = corpus_of("label\ttext\na\tsame\nb\tsame\na\tsame\n", false);
    heed_model *m;
    o.tune_thresholds = true;
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "no validation rows", "one text");
    assert_null(m);
    heed_corpus_free(c);
}

/* ---- what is told */

typedef struct told {
    char notes[2000];
    heed_warning warning;
    uint64_t done, total;
    bool backwards, held_out;
} told;

static int listen(void *user, const heed_event *event)
{
    told *t = user;
    if (event->stage == HEED_STAGE_NOTE)
        snprintf(t->notes + strlen(t->notes), sizeof t->notes - strlen(t->notes), "%s\n", event->note);
    if (event->stage == HEED_STAGE_WARNING)
        t->warning = event->warning;
    if (event->stage == HEED_STAGE_TRAIN) {
        t->backwards |= event->done <= t->done || event->done > event->total;
        t->done = event->done;
        t->total = event->total;
    }
    if (event->stage == HEED_STAGE_EPOCH)
        t->held_out = event->held_out;
    return 0;
}

static void the_listener_is_told_of_rows_held_out(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 2);
    for (size_t k = 0; k < KINDS; k++)
        for (int plain = 0; plain < 2; plain++) {
            heed_train_options o = options_of(kinds[k]);
            told t = {.warning = HEED_WARNING_NONE};
            o.validation = plain ? HEED_VALIDATION_FRACTION : HEED_VALIDATION_AUTO;
            heed_model *m = trained_on(tsv, NULL, &o, &(heed_listener){listen, &t});
            assert_int_equal(strstr(t.notes, "60 training rows, 60 of them held out in turn; ") != NULL, !plain);
            assert_int_equal(strstr(t.notes, "held out: always predicting 'bad' has accuracy 0.5000") != NULL, !plain);
            assert_int_equal(t.warning, HEED_WARNING_NONE);
            assert_int_equal(t.held_out, !plain);
            assert_false(t.backwards);
            heed_model_free(m);
        }
    free(tsv);
}

static void a_lack_of_rows_to_hold_out_is_warned_of(void **state)
{
    (void)state;
    static const struct {
        const char *tsv;
        heed_warning expected;
    } cases[] = {{"label\ttext\na\tx\nb\ty\n", HEED_WARNING_NONE},
                 {"label\ttext\na\tsame\nb\tsame\na\tsame\n", HEED_WARNING_NO_VALIDATION}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const heed_train_options o = options_of("linear");
        told t = {.warning = HEED_WARNING_NONE};
        made_run r;
        run_on(&r, corpus_of(cases[i].tsv, false), &o, &(heed_listener){listen, &t});
        assert_int_equal(t.warning, cases[i].expected);
        made_run_release(&r);
    }
}

static int stop_at_once(void *user, const heed_event *event)
{
    (void)user;
    return event->stage == HEED_STAGE_TRAIN;
}

static void a_listener_stops_the_cross_fit(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 2);
    for (size_t k = 0; k < KINDS; k++) {
        const heed_train_options o = options_of(kinds[k]);
        heed_corpus *c = corpus_of(tsv, false);
        heed_model *m;
        assert_int_equal(heed_train(&m, c, &o, &(heed_listener){stop_at_once, NULL}, &made_error), HEED_STOPPED);
        assert_null(m);
        heed_corpus_free(c);
    }
    free(tsv);
}

/* ---- trainings that are measured on rows of their own */

static void folds_and_contenders_keep_their_rows(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 2);
    const heed_train_options linear = options_of("linear"), *const contenders[] = {&linear};
    heed_corpus *c = corpus_of(tsv, false);
    heed_folds *folds;
    heed_comparison *comparison;
    must(heed_cross_validate(&folds, 3, c, &linear, NULL, &made_error));
    assert_int_equal(heed_folds_item(folds, 0)->rows_train, 40);
    assert_int_equal(heed_folds_item(folds, 0)->rows_validation, 20);
    heed_compare_options compare;
    heed_compare_options_init(&compare);
    compare.contenders = contenders;
    compare.count = 1;
    must(heed_compare(&comparison, c, &compare, NULL, &made_error));
    assert_int_equal(heed_comparison_trial(comparison, 0)->rows, 54);
    heed_comparison_free(comparison);
    heed_folds_free(folds);
    heed_corpus_free(c);
    free(tsv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures_are_those_of_the_held_out_rows),
        cmocka_unit_test(thresholds_are_tuned_on_the_held_out_rows),
        cmocka_unit_test(thresholds_need_rows_to_hold_out),
        cmocka_unit_test(the_listener_is_told_of_rows_held_out),
        cmocka_unit_test(a_lack_of_rows_to_hold_out_is_warned_of),
        cmocka_unit_test(a_listener_stops_the_cross_fit),
        cmocka_unit_test(folds_and_contenders_keep_their_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
