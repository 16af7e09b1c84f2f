/* The method by which a text is explained if none is asked for: by the model, and by the text's own length. */
#include "unit/made_encoder.h"

#include "encoder/encoder.h"
#include "explain/method_choice.h"
#include "model/network_classifier.h"
#include "network/network.h"

/* Counted by hand from docs/LAYERS.md: the embedding's features, and every weight up to the pooling once. */
static void the_work_of_a_token_is_that_of_its_weights(void **state)
{
    (void)state;
    static const struct {
        const char *architecture;
        uint64_t products; /* of a text of 5 tokens */
    } cases[] = {
        {"embed 4 | mean", 4},
        {"embed 4 | mean | dense 30", 4}, /* once a text */
        {"embed 4 | attention dot", 4},
        {"embed 4 | lstm 3 | max", 4 + 4 * (3 * 4 + 3 * 3 + 3)},
        {"embed 4 | bilstm 3 | max", 4 + 2 * 4 * (3 * 4 + 3 * 3 + 3)},
        {"embed 4 | conv 5 2 3 | max", 4 + 4 * 5 * 2 + 5 + 4 * 5 * 3 + 5},
        /* the positions are a table, of which a token reads its row; q, k, v and what they give; two norms; two
         * products; each token with all 5, for its weight and for what it gets */
        {"embed 4 | transformer 2 7 | mean", 4 + 4 * (4 * 4 + 4) + 4 * 4 + (4 * 7 + 7) + (7 * 4 + 4) + 2 * 5 * 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_model *m = made_model(cases[i].architecture);
        assert_int_equal(network_token_products(model_network(m)->net, 5), cases[i].products);
        assert_int_equal(integrated_work(m, 0, 5), 5 * 32 * cases[i].products);
        assert_int_equal(integrated_work(m, 9, 5), 5 * 16 * cases[i].products); /* rounded up to a multiple of 8 */
        assert_int_equal(integrated_work(m, 0, 0), 0);
        heed_model_free(m);
    }
}

static void the_work_of_an_encoder_is_that_of_its_blocks(void **state)
{
    (void)state;
    made_encoder folder;
    made_encoder_open(&folder, "bert", "vocab.txt");
    heed_text_options text = encoder_text_options(&folder, 12);
    heed_model *m = made_encoder_model(&text, "encoder | mean | linear 1");
    made_encoder_close(&folder);
    const encoder_config *c = &m->encoder->net->config;
    const uint64_t layers = (uint64_t)c->layers, width = (uint64_t)c->width, feed = (uint64_t)c->feed;
    assert_true(layers > 0 && feed > 0);
    const uint64_t products = layers * (4 * width * width + 2 * width * feed + 2 * 7 * width);
    assert_int_equal(encoder_token_products(m->encoder->net, 7), products);
    assert_int_equal(integrated_work(m, 0, 7), 7 * 32 * products);
    /* The same work is more than a network may take, and less than an encoder may. */
    const size_t many = 1 + (size_t)(MOST_WORK / integrated_work(m, 0, 1));
    assert_true(integrated_work(m, 0, many) > MOST_WORK && integrated_work(m, 0, many) < MOST_ENCODER_WORK);
    assert_int_equal(method_for_text(m, 0, many), HEED_METHOD_INTEGRATED);
    assert_int_equal(method_for_text(m, 0, 1 + (size_t)(MOST_ENCODER_WORK / integrated_work(m, 0, 1))),
                     HEED_METHOD_ATTENTION);
    heed_model_free(m);
}

/* 32 steps of 4 features: 1e9 / 128 is 7812500. */
static void long_texts_are_explained_by_one_gradient(void **state)
{
    (void)state;
    heed_model *m = made_model("embed 4 | attention dot");
    assert_int_equal(method_for_text(m, 0, 0), HEED_METHOD_INTEGRATED);
    assert_int_equal(method_for_text(m, 0, 7812500), HEED_METHOD_INTEGRATED);
    assert_int_equal(method_for_text(m, 0, 7812501), HEED_METHOD_GRADIENT);
    assert_int_equal(method_for_text(m, 8, 7812501), HEED_METHOD_INTEGRATED);
    assert_int_equal(method_for_text(m, 8, 4 * 7812500 + 1), HEED_METHOD_GRADIENT);
    m->config.explanation = (explanation_record){.method = HEED_METHOD_INTEGRATED, .rows = 9};
    assert_int_equal(method_for_text(m, 0, 7812501), HEED_METHOD_INTEGRATED); /* it was measured */
    m->config.explanation.method = HEED_METHOD_ATTENTION;
    assert_int_equal(method_for_text(m, 0, 1), HEED_METHOD_ATTENTION);
    heed_model_free(m);
}

static void words_with_weights_are_explained_by_them_however_many(void **state)
{
    (void)state;
    static const char *const architectures[] = {"linear", "wide", "linear ; wide C 3"};
    for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++) {
        heed_model *m = made_model(architectures[i]);
        assert_int_equal(method_for_text(m, 0, 1), HEED_METHOD_WEIGHTS);
        assert_int_equal(method_for_text(m, 0, 1000000000), HEED_METHOD_WEIGHTS);
        heed_model_free(m);
    }
}

/* ---- explanations */

static heed_explanation *explain(const heed_model *m, heed_method method, heed_bytes text)
{
    heed_explain_options o;
    heed_explainer *x;
    heed_explanation *e;
    heed_explain_options_init(&o);
    o.method = method;
    o.threads = 2;
    must(heed_explainer_new(&x, m, &o, &made_error));
    must(heed_explainer_run(&e, x, text, &made_error));
    heed_explainer_free(x);
    return e;
}

static void check_drawn(const heed_explanation *e, heed_explanation_format format, const char *piece)
{
    char *drawn;
    size_t size;
    must(heed_explanations_draw(&drawn, &size, &e, 1, format, &made_error));
    if (strstr(drawn, piece) == NULL)
        fail_msg("found '%s', expected '%s' in it", drawn, piece);
    heed_free(drawn);
}

/* Every output says whether its method was measured. */
static void check_said(const heed_model *m, heed_method method, uint32_t rows)
{
    const char *yes = "the most faithful method on 9 texts: gain over random order +0.250, +0.200 to +0.300",
               *no = "(not measured)";
    heed_explanation *e = explain(m, method, bytes_of("w1 x3 up"));
    const heed_explanation_info *info = heed_explanation_describe(e);
    assert_int_equal(info->measured_rows, rows);
    check_drawn(e, HEED_EXPLANATION_TEXT, rows > 0 ? yes : no);
    check_drawn(e, HEED_EXPLANATION_HTML, rows > 0 ? yes : no);
    check_drawn(e, HEED_EXPLANATION_SVG, rows > 0 ? ">faithful<" : ">measured)<");
    check_drawn(e, HEED_EXPLANATION_JSON,
                rows > 0 ? "\"measured\":true,\"most_faithful\":{\"rows\":9,\"gain\":0.25,\"low\":0.2,\"high\":0.3}"
                         : "\"measured\":false,\"difference\"");
    heed_explanation_free(e);
}

static void outputs_say_whether_the_method_was_measured(void **state)
{
    (void)state;
    heed_model *m = made_model("embed 4 | attention dot");
    check_said(m, HEED_METHOD_AUTO, 0);
    check_said(m, HEED_METHOD_ATTENTION, 0);
    m->config.explanation = (explanation_record){
        .method = HEED_METHOD_GRADIENT, .rows = 9, .gain = 0.25, .gain_low = 0.2, .gain_high = 0.3};
    check_said(m, HEED_METHOD_AUTO, 9);
    check_said(m, HEED_METHOD_GRADIENT, 9); /* by name, too */
    check_said(m, HEED_METHOD_ATTENTION, 0);
    heed_model_free(m);
}

/* Tokens are compared with each other, so that twice as many are four times the work. */
static void one_model_explains_short_and_long_texts_differently(void **state)
{
    (void)state;
    enum { WORDS = 1200 };
    static char words[3 * WORDS];
    heed_text_options text = made_text_options();
    heed_train_options train = made_train_options();
    text.max_length = WORDS;
    train.architecture = "embed 16 | transformer 4 32 | attention dot";
    train.epochs = 1;
    for (size_t i = 0; i < WORDS; i++)
        memcpy(words + 3 * i, i % 2 ? "up " : "w1 ", 3);
    char *rows = told_rows(20, 2);
    heed_model *m = trained_on(rows, &text, &train, NULL);
    heed_explanation *one = explain(m, HEED_METHOD_AUTO, (heed_bytes){words, 3 * 10}),
                     *all = explain(m, HEED_METHOD_AUTO, (heed_bytes){words, sizeof words}),
                     *looked = explain(m, HEED_METHOD_ATTENTION, (heed_bytes){words, sizeof words});
    assert_int_equal(heed_explanation_describe(one)->method, HEED_METHOD_INTEGRATED);
    assert_int_equal(heed_explanation_describe(all)->method, HEED_METHOD_GRADIENT);
    assert_int_equal(heed_explanation_describe(looked)->method, HEED_METHOD_ATTENTION);
    heed_explanation_free(one);
    heed_explanation_free(all);
    heed_explanation_free(looked);
    heed_free(rows);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_work_of_a_token_is_that_of_its_weights),
        cmocka_unit_test(the_work_of_an_encoder_is_that_of_its_blocks),
        cmocka_unit_test(long_texts_are_explained_by_one_gradient),
        cmocka_unit_test(words_with_weights_are_explained_by_them_however_many),
        cmocka_unit_test(outputs_say_whether_the_method_was_measured),
        cmocka_unit_test(one_model_explains_short_and_long_texts_differently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
