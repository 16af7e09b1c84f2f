/* Work that is stopped: whatever a model is and however it is explained, at whichever question it is told to stop, it
 * says so, gives nothing, and is afterwards as it was. And explainers that are asked in another way than they were made
 * for. */
#include "unit/asked_stops.h"
#include "unit/made_encoder.h"

#include <math.h>
#include <stdatomic.h>

#include "explain/explanation.h"
#include "model/model.h"

static const struct {
    const char *architecture;
    bool encoder; /* reads one */
} kinds[] = {
    {"embed 4 | bilstm 3 | attention additive 2 | dense 3", false},
    {"embed 4 | conv 5 2 3 | max", false},
    {"embed 4 | transformer 2 5 | transformer-pre 2 5 | mean", false},
    {"linear", false},
    {"wide words 1-2 letters 2-3 C 3", false},
    {"wide C 3 ; embed 4 | gru 3 | attention dot ; linear", false},
    {"encoder | mean | linear 1", true},
    {"encoder | attention additive 4 | dense 3", true},
    {"encoder trained | attention additive 4", true},
    {"encoder | mean | linear 1 ; wide C 3 ; encoder | attention additive 4", true},
};
enum { KINDS = sizeof kinds / sizeof *kinds, TEXTS = 36 };

static heed_model *models[KINDS];
static char words[TEXTS][80];
static heed_bytes texts[TEXTS];
static made_encoder tiny;

static heed_model *model_of(size_t kind)
{
    heed_text_options plain = made_text_options(), with = encoder_text_options(&tiny, 12);
    with.stretches = 2;
    if (strchr(kinds[kind].architecture, ';') != NULL || strstr(kinds[kind].architecture, "attention") != NULL)
        with.stretches = 1; /* a network reads one */
    heed_train_options train = made_train_options();
    train.architecture = kinds[kind].architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.epochs = train.encoder_epochs = 1;
    char *rows = told_rows(40, 2);
    heed_model *m = trained_on(rows, kinds[kind].encoder ? &with : &plain, &train, NULL);
    heed_free(rows);
    return m;
}

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < TEXTS; i++) {
        snprintf(words[i], sizeof words[i], "the film n%zu was %s to %zu and was it lovely or not", i,
                 i % 2 ? "awful" : "lovely", i % 5);
        texts[i] = (heed_bytes){words[i], strlen(words[i])};
    }
    made_encoder_open(&tiny, "bert", "vocab.txt");
    for (size_t i = 0; i < KINDS; i++)
        models[i] = model_of(i);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++)
        heed_model_free(models[i]);
    made_encoder_close(&tiny);
    return 0;
}

/* The first questions one by one, then further and further ones. */
static unsigned next_question(unsigned at)
{
    return at < 12 ? at + 1 : at * 3 / 2;
}

/* ---- predictions */

/* Whether it was stopped. */
static bool stops_predicting(heed_predictor *p, const float *expected, unsigned at)
{
    float found[TEXTS][2];
    asked a = {.at = at};
    heed_predictor_watch(p, stops_at, &a);
    heed_status status = heed_predictor_run(*found, p, texts, TEXTS, &made_error);
    heed_predictor_watch(p, NULL, NULL);
    if (status == HEED_STOPPED) {
        assert_string_equal(made_error.message, "stopped before its end");
        for (size_t i = 0; i < TEXTS; i++)
            assert_true(found[i][0] == 0 && found[i][1] == 0);
        must(heed_predictor_run(*found, p, texts, TEXTS, &made_error));
        assert_memory_equal(found, expected, sizeof found);
        return true;
    }
    must(status);
    assert_memory_equal(found, expected, sizeof found);
    assert_true(a.questions < at);
    return false;
}

static void predictions_stop_when_asked_to(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++)
        for (unsigned threads = 1; threads <= 2; threads++) {
            float expected[TEXTS][2];
            heed_predictor *p;
            unsigned at = 1;
            made_predictions(*expected, models[kind], texts, TEXTS, threads);
            must(heed_predictor_new(&p, models[kind], threads, &made_error));
            for (; stops_predicting(p, *expected, at); at = next_question(at))
                assert_true(at < 100000);
            assert_true(at > 30); /* a question a text at least, and then some */
            heed_predictor_free(p);
        }
}

/* ---- explanations */

static heed_explain_options options_of(heed_method method, const char *label, unsigned threads)
{
    heed_explain_options o;
    heed_explain_options_init(&o);
    o.method = method;
    o.label = label;
    o.threads = threads;
    return o;
}

static heed_explanation *explain(heed_explainer *x, heed_bytes text)
{
    heed_explanation *e;
    must(heed_explainer_run(&e, x, text, &made_error));
    return e;
}

static heed_explanation *explained_anew(const heed_model *m, const heed_explain_options *o, heed_bytes text)
{
    heed_explainer *x;
    must(heed_explainer_new(&x, m, o, &made_error));
    heed_explanation *e = explain(x, text);
    heed_explainer_free(x);
    return e;
}

static bool same_number(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void must_be_same(const heed_explanation *a, const heed_explanation *b)
{
    assert_int_equal(a->info.method, b->info.method);
    assert_int_equal(a->info.label, b->info.label);
    assert_int_equal(a->info.steps, b->info.steps);
    assert_int_equal(a->info.token_count, b->info.token_count);
    assert_true(same_number(a->info.logit, b->info.logit));
    assert_memory_equal(a->probabilities, b->probabilities, 2 * sizeof(float));
    for (size_t i = 0; i < a->info.token_count; i++)
        assert_true(same_number(a->tokens[i].score, b->tokens[i].score));
}

/* Whether it was stopped. */
static bool stops_explaining(heed_explainer *x, const heed_explanation *expected, unsigned at)
{
    heed_explanation *e = (heed_explanation *)x;
    asked a = {.at = at};
    heed_explainer_watch(x, stops_at, &a);
    heed_status status = heed_explainer_run(&e, x, texts[3], &made_error);
    heed_explainer_watch(x, NULL, NULL);
    bool stopped = status == HEED_STOPPED;
    if (stopped) {
        assert_string_equal(made_error.message, "stopped before its end");
        assert_null(e);
        e = explain(x, texts[3]);
    } else {
        must(status);
        assert_true(a.questions < at);
    }
    must_be_same(e, expected);
    heed_explanation_free(e);
    return stopped;
}

static void check_stops(const heed_model *m, heed_method method, unsigned threads)
{
    heed_explain_options o = options_of(method, NULL, threads);
    heed_explainer *x;
    heed_explanation *expected = explained_anew(m, &o, texts[3]);
    unsigned at = 1;
    must(heed_explainer_new(&x, m, &o, &made_error));
    for (; stops_explaining(x, expected, at); at = next_question(at))
        assert_true(at < 100000);
    assert_true(at > 2);
    heed_explainer_free(x);
    heed_explanation_free(expected);
}

static void explanations_stop_when_asked_to(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++)
        for (int method = HEED_METHOD_ATTENTION; method <= HEED_METHOD_WEIGHTS; method++)
            for (unsigned threads = 1; threads <= 2 && model_has_method(models[kind], (heed_method)method); threads++)
                check_stops(models[kind], (heed_method)method, threads);
}

static void a_watch_that_says_no_changes_nothing_and_is_asked_by_each_call(void **state)
{
    (void)state;
    heed_explain_options o = options_of(HEED_METHOD_GRADIENT, NULL, 1);
    heed_explainer *x;
    heed_explanation *e;
    asked a = {.at = 1};
    must(heed_explainer_new(&x, models[0], &o, &made_error));
    heed_explainer_watch(x, stops_at, &a);
    must_refuse(heed_explainer_run(&e, x, texts[0], &made_error), HEED_STOPPED, "stopped", "the first call");
    a.at = 1000000; /* the same watch, which now says no */
    e = explain(x, texts[0]);
    heed_explanation *other;
    a.at = a.questions + 20;
    heed_explanation_free(e);
    must_refuse(heed_explainer_compare(&e, &other, x, texts[0], texts[1], &made_error), HEED_STOPPED, "stopped",
                "a comparison");
    assert_true(e == NULL && other == NULL);
    heed_explainer_free(x);
}

/* ---- texts without tokens, which need no memory at all */

static void a_text_without_tokens_is_explained_by_every_method(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++)
        for (int method = HEED_METHOD_AUTO; method <= HEED_METHOD_WEIGHTS; method++) {
            heed_explain_options o = options_of((heed_method)method, NULL, 1);
            if (!model_has_method(models[kind], o.method))
                continue;
            heed_explanation *e = explained_anew(models[kind], &o, (heed_bytes){"", 0});
            const heed_explanation_info *info = heed_explanation_describe(e);
            assert_int_equal(info->token_count, 0);
            assert_int_equal(info->segment_count, 0);
            assert_true(isfinite(info->logit));
            heed_explanation_free(e);
        }
}

/* ---- explainers that are used again */

static void an_explainer_takes_other_options(void **state)
{
    (void)state;
    static const char *const labels[] = {NULL, "good", "bad"};
    for (size_t kind = 0; kind < KINDS; kind++) {
        heed_explainer *x;
        heed_explain_options o = options_of(HEED_METHOD_AUTO, NULL, 2);
        must(heed_explainer_new(&x, models[kind], &o, &made_error));
        for (unsigned i = 0; i < 2 * (HEED_METHOD_WEIGHTS + 1) * 3; i++) {
            o = options_of((heed_method)(i % (HEED_METHOD_WEIGHTS + 1)), labels[i % 3], 2);
            o.steps = i % 2 ? 8 : 0;
            if (!model_has_method(models[kind], o.method))
                continue;
            must(heed_explainer_set(x, &o, &made_error));
            heed_explanation *again = explain(x, texts[i]), *expected = explained_anew(models[kind], &o, texts[i]);
            must_be_same(again, expected);
            heed_explanation_free(again);
            heed_explanation_free(expected);
        }
        heed_explainer_free(x);
    }
}

static void options_that_are_refused_leave_an_explainer_as_it_is(void **state)
{
    (void)state;
    heed_explain_options o = options_of(HEED_METHOD_INTEGRATED, "bad", 1), wrong = o;
    heed_explainer *x;
    must(heed_explainer_new(&x, models[0], &o, &made_error));
    heed_explanation *expected = explain(x, texts[0]);
    wrong.label = "worse";
    must_refuse(heed_explainer_set(x, &wrong, &made_error), HEED_USAGE, "no label 'worse'", "a label");
    wrong = options_of(HEED_METHOD_WEIGHTS, NULL, 1);
    must_refuse(heed_explainer_set(x, &wrong, &made_error), HEED_USAGE, "weights", "a method");
    wrong = options_of(HEED_METHOD_GRADIENT, NULL, 1);
    wrong.steps = 10001;
    must_refuse(heed_explainer_set(x, &wrong, &made_error), HEED_USAGE, "steps", "steps");
    must_refuse(heed_explainer_set(x, NULL, &made_error), HEED_USAGE, "", "no options");
    heed_explanation *again = explain(x, texts[0]);
    must_be_same(again, expected);
    heed_explanation_free(again);
    heed_explanation_free(expected);
    heed_explainer_free(x);
}

/* ---- what an explanation costs */

static uint64_t passes(size_t kind, heed_method method, unsigned steps, size_t tokens)
{
    heed_explain_options o = options_of(method, NULL, 1);
    o.steps = steps;
    return heed_explain_passes(models[kind], &o, tokens);
}

/* The answer, the logit, and the method: forward and backward 3, integrated gradients 10 points a panel of 8 steps; by
 * itself it begins with 4 panels and halves 124 of them, which computes 248. A text is read up to 8 tokens. */
static void the_passes_of_an_explanation_are_known(void **state)
{
    (void)state;
    enum { NETWORK = 0, LINEAR = 3, SUM = 5 };
    assert_int_equal(passes(NETWORK, HEED_METHOD_ATTENTION, 0, 5), 3);
    assert_int_equal(passes(NETWORK, HEED_METHOD_GRADIENT, 0, 5), 5);
    assert_int_equal(passes(NETWORK, HEED_METHOD_INTEGRATED, 9, 5), 2 + 3 * 20);
    assert_int_equal(passes(NETWORK, HEED_METHOD_INTEGRATED, 0, 5), 2 + 3 * 2520);
    assert_int_equal(passes(NETWORK, HEED_METHOD_LEAVE_ONE_OUT, 0, 0), 3);
    assert_int_equal(passes(NETWORK, HEED_METHOD_LEAVE_ONE_OUT, 0, 5), 7);
    assert_int_equal(passes(NETWORK, HEED_METHOD_LEAVE_ONE_OUT, 0, 500), 10);
    assert_int_equal(passes(LINEAR, HEED_METHOD_WEIGHTS, 0, 500), 3);
    assert_int_equal(passes(LINEAR, HEED_METHOD_LEAVE_ONE_OUT, 0, 500), 502);
    assert_int_equal(passes(LINEAR, HEED_METHOD_LEAVE_ONE_OUT, 0, 10001), 2); /* it is refused */
    assert_int_equal(passes(SUM, HEED_METHOD_GRADIENT, 0, 5), 6);
    assert_int_equal(passes(SUM, HEED_METHOD_LEAVE_ONE_OUT, 0, 5), 7);
    assert_int_equal(passes(NETWORK, HEED_METHOD_WEIGHTS, 0, 5), 0); /* it does not have them */
    assert_true(passes(LINEAR, HEED_METHOD_AUTO, 0, 5) == passes(LINEAR, HEED_METHOD_WEIGHTS, 0, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predictions_stop_when_asked_to),
        cmocka_unit_test(explanations_stop_when_asked_to),
        cmocka_unit_test(a_watch_that_says_no_changes_nothing_and_is_asked_by_each_call),
        cmocka_unit_test(a_text_without_tokens_is_explained_by_every_method),
        cmocka_unit_test(an_explainer_takes_other_options),
        cmocka_unit_test(options_that_are_refused_leave_an_explainer_as_it_is),
        cmocka_unit_test(the_passes_of_an_explanation_are_known),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
