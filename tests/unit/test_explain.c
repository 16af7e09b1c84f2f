/* Explanations: scores that hold what their methods promise, and segments that are the text, byte for byte. */
#include "unit/made_rows.h"

#include <math.h>

#include "base/random.h"
#include "explain/quadrature.h"
#include "model/encode.h"
#include "model/wide_classifier.h"

static heed_model *train_model(const char *architecture, unsigned labels, heed_preset preset)
{
    heed_model *out = NULL;
    heed_text_options text = made_text_options();
    heed_train_options train = made_train_options();
    if (preset == HEED_PRESET_TUTORIAL) {
        heed_text_options_init(&text, preset);
        heed_train_options_init(&train, preset);
        train.epochs = 2;
        train.batch_size = 8;
        text.max_length = 8;
    }
    if (architecture != NULL)
        train.architecture = architecture;
    train.epochs = 12;
    train.validation = HEED_VALIDATION_NONE;
    train.keep = HEED_KEEP_LAST;
    train.patience = 0;
    heed_corpus *c = made_corpus(&text);
    char *rows = told_rows(64, labels);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must(heed_train(&out, c, &train, NULL, &made_error));
    free(rows);
    heed_corpus_free(c);
    return out;
}

static heed_bytes bytes(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

static heed_explanation *explain(const heed_model *m, heed_method method, const char *label, heed_bytes text)
{
    heed_explainer *x;
    heed_explanation *e;
    heed_explain_options options;
    heed_explain_options_init(&options);
    options.method = method;
    options.label = label;
    options.threads = 2;
    must(heed_explainer_new(&x, m, &options, &made_error));
    must(heed_explainer_run(&e, x, text, &made_error));
    heed_explainer_free(x);
    return e;
}

static double score_of(const heed_explanation *e, size_t token)
{
    return heed_explanation_token(e, token)->score;
}

static double sum_of(const heed_explanation *e)
{
    double sum = 0;
    for (size_t t = 0; t < heed_explanation_describe(e)->token_count; t++)
        sum += score_of(e, t);
    return sum;
}

static const char *const architectures[] = {"embed 4 | bilstm 3 | attention additive 2 | dense 3",
                                            "embed 4 | conv 4 2 3 | max",
                                            "embed 4 | transformer 2 4 | mean",
                                            "linear",
                                            "wide C 10",
                                            NULL};

/* ---- methods */

static void integrated_gradients_add_up(void **state)
{
    (void)state;
    for (int a = 0; a < 3; a++)
        for (unsigned labels = 2; labels <= 3; labels++) {
            heed_model *m = train_model(architectures[a], labels, HEED_PRESET_DEFAULT);
            static const char *const names[] = {"bad", "good", NULL};
            for (int l = 0; l < 3; l++) {
                heed_explanation *e =
                    explain(m, HEED_METHOD_INTEGRATED, names[l], bytes("the film n1 was lovely and awful"));
                heed_explanation_info i = *heed_explanation_describe(e);
                double whole = i.logit - i.baseline;
                assert_true(i.steps >= 32 && i.token_count == 7);
                assert_true(fabs(sum_of(e) - whole) <= 0.01 * fabs(whole));
                assert_true(i.gap <= 0.01);
                heed_explanation_free(e);
            }
            heed_model_free(m);
        }
}

static void weights_of_a_linear_model_add_up_to_its_logit(void **state)
{
    (void)state;
    heed_model *m = train_model("linear", 3, HEED_PRESET_DEFAULT);
    heed_explanation *e =
        explain(m, HEED_METHOD_AUTO, "good", bytes("the film was lovely, lovely lovely. zzz the film"));
    heed_explanation_info i = *heed_explanation_describe(e);
    assert_int_equal(i.method, HEED_METHOD_WEIGHTS);
    assert_true(i.token_count == 11 && fabs(sum_of(e) - (i.logit - i.baseline)) < 1e-9);
    assert_true(score_of(e, 3) > 0 && score_of(e, 3) > score_of(e, 0));
    heed_explanation_free(e);
    heed_model_free(m);
}

/* Letters of unknown words have their part, n-grams that occur twice, and a label's sign. */
static void weights_of_a_wide_model_add_up_to_its_logit(void **state)
{
    (void)state;
    static const char *const wide[] = {"wide C 10", "wide words 2-3 C 10", "wide letters 1-3 weight idf C 1"};
    for (unsigned labels = 2; labels <= 3; labels++)
        for (size_t a = 0; a < sizeof wide / sizeof *wide; a++) {
            heed_model *m = train_model(wide[a], labels, HEED_PRESET_DEFAULT);
            heed_explanation *e =
                explain(m, HEED_METHOD_AUTO, "bad", bytes("the film was awful, the film was awfully lovely. zzz lov"));
            heed_explanation_info i = *heed_explanation_describe(e);
            assert_int_equal(i.method, HEED_METHOD_WEIGHTS);
            assert_true(i.token_count == 13 && fabs(sum_of(e) - (i.logit - i.baseline)) < 1e-9);
            assert_true(fabs(i.logit - i.baseline) > 1e-3);
            heed_explanation_free(e);
            heed_model_free(m);
        }
}

/* By hand, from the model's numbers: of "sea sea" with words 1-2 each token has half of "sea" and half of the pair. */
static void weights_are_shared_by_the_tokens_of_an_n_gram(void **state)
{
    (void)state;
    heed_corpus *c = made_corpus(NULL);
    heed_train_options train = made_train_options();
    heed_model *m = NULL;
    train.architecture = "wide words 1-2 min-count 1 weight idf C 10";
    train.validation = HEED_VALIDATION_NONE;
    must(add_rows(c, "label\ttext\na\tsea sea\nb\tsky sea\na\tsea\n", HEED_PART_ANY, NULL));
    must(heed_train(&m, c, &train, NULL, &made_error));
    const wide *w = model_wide(m);
    heed_explanation *e = explain(m, HEED_METHOD_WEIGHTS, "b", bytes("sea sea sky"));
    /* features: sea, sky, then "sea sea", "sky sea"; in 3, 1, 1 and 1 of 3 rows */
    const double idf[] = {1, log(4.0 / 2) + 1, log(4.0 / 2) + 1};
    const double length = sqrt(idf[0] * idf[0] + idf[1] * idf[1] + idf[2] * idf[2]);
    const double word = idf[0] / length * (double)w->fit.weights[0] / 2;
    const double other = idf[1] / length * (double)w->fit.weights[1];
    const double pair = idf[2] / length * (double)w->fit.weights[2] / 2;
    assert_int_equal(w->fit.features, 4);
    assert_true(fabs(score_of(e, 0) - (word + pair)) < 1e-6);
    assert_true(fabs(score_of(e, 1) - (word + pair)) < 1e-6);
    assert_true(fabs(score_of(e, 2) - other) < 1e-6);
    heed_explanation_free(e);
    heed_model_free(m);
    heed_corpus_free(c);
}

/* What is left out is left out by hand, and the shorter text predicted. */
static void leave_one_out_is_predicting_the_shorter_text(void **state)
{
    (void)state;
    static const char *const words[] = {"the", "film", "n3", "was", "lovely", "unheard", "awful"};
    enum { COUNT = sizeof words / sizeof *words };
    for (int a = 0; a < 5; a++) {
        heed_model *m = train_model(architectures[a], 2, HEED_PRESET_DEFAULT);
        heed_predictor *p;
        must(heed_predictor_new(&p, m, 1, &made_error));
        double logit[COUNT + 1];
        char text[COUNT + 1][200] = {""};
        for (int left = 0; left <= COUNT; left++) { /* the last one is whole */
            for (int w = 0; w < COUNT; w++)
                if (w != left)
                    sprintf(text[left] + strlen(text[left]), "%s%s", text[left][0] ? " " : "", words[w]);
            float probabilities[2];
            must(heed_predictor_run(probabilities, p, &(heed_bytes){text[left], strlen(text[left])}, 1, &made_error));
            logit[left] = log((double)probabilities[0]) - log((double)probabilities[1]);
        }
        heed_explanation *e = explain(m, HEED_METHOD_LEAVE_ONE_OUT, "bad", bytes(text[COUNT]));
        heed_explanation_info i = *heed_explanation_describe(e);
        assert_int_equal(i.token_count, COUNT);
        for (size_t w = 0; w < COUNT; w++)
            if (fabs(score_of(e, w) - (logit[COUNT] - logit[w])) > 1e-3) /* floats near 1 */
                fail_msg("%s without '%s': found %.7f, expected %.7f", architectures[a], words[w], score_of(e, w),
                         logit[COUNT] - logit[w]);
        heed_explanation_free(e);
        heed_predictor_free(p);
        heed_model_free(m);
    }
}

static void other_label_of_two_has_the_opposite_scores(void **state)
{
    (void)state;
    static const heed_method methods[] = {HEED_METHOD_GRADIENT, HEED_METHOD_INTEGRATED, HEED_METHOD_LEAVE_ONE_OUT};
    heed_model *m = train_model(NULL, 2, HEED_PRESET_DEFAULT);
    for (int k = 0; k < 3; k++) {
        heed_explanation *good = explain(m, methods[k], "good", bytes("lovely to 3")),
                         *bad = explain(m, methods[k], "bad", bytes("lovely to 3"));
        assert_true(score_of(good, 0) > 0);
        for (size_t t = 0; t < heed_explanation_describe(good)->token_count; t++)
            assert_true(score_of(good, t) == -score_of(bad, t));
        heed_explanation_free(good);
        heed_explanation_free(bad);
    }
    heed_model_free(m);
}

static void difference_of_two_texts_is_that_of_their_scores(void **state)
{
    (void)state;
    heed_model *m = train_model(NULL, 2, HEED_PRESET_DEFAULT);
    heed_explainer *x;
    heed_explanation *e, *other, *alone, *alone_other;
    heed_explain_options options;
    heed_explain_options_init(&options);
    options.method = HEED_METHOD_GRADIENT;
    options.label = "good";
    must(heed_explainer_new(&x, m, &options, &made_error));
    heed_bytes a = bytes("the film was lovely to 3"), b = bytes("film n1 was awful to 3");
    must(heed_explainer_compare(&e, &other, x, a, b, &made_error));
    must(heed_explainer_run(&alone, x, a, &made_error));
    must(heed_explainer_run(&alone_other, x, b, &made_error));
    enum { NONE = 6 };
    static const size_t partner[] = {NONE, 0, 2, NONE, 4, 5}; /* film, was, to, 3 */
    assert_true(heed_explanation_describe(e)->compared);
    for (size_t i = 0; i < 6; i++) {
        double expected = score_of(alone, i) - (partner[i] == NONE ? 0 : score_of(alone_other, partner[i]));
        assert_true(fabs(score_of(e, i) - expected) < 1e-12);
        assert_true(partner[i] == NONE || score_of(other, partner[i]) == -score_of(e, i));
    }
    assert_true(score_of(other, 3) == score_of(alone_other, 3));
    heed_explanation_free(e);
    heed_explanation_free(other);
    heed_explanation_free(alone);
    heed_explanation_free(alone_other);
    heed_explainer_free(x);
    heed_model_free(m);
}

static void quadrature_is_exact_for_polynomials(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 20; n++) {
        double points[20], weights[20];
        quadrature_points(n, points, weights);
        for (unsigned degree = 0; degree < 2 * n; degree++) {
            double sum = 0;
            for (unsigned i = 0; i < n; i++)
                sum += weights[i] * pow(points[i], degree);
            assert_true(fabs(sum - 1 / (degree + 1.0)) < 1e-14);
        }
    }
}

/* ---- segments */

static void check_whole(const heed_model *m, heed_bytes text)
{
    heed_explanation *e = explain(m, HEED_METHOD_GRADIENT, NULL, text);
    heed_explanation_info i = *heed_explanation_describe(e);
    text_encoder encoder;
    size_t at = 0, tokens = 0, count;
    double sum = 0;
    for (size_t s = 0; s < i.segment_count; s++) {
        const heed_segment *g = heed_explanation_segment(e, s);
        assert_true(g->begin == at && g->end > at);
        assert_true(at == 0 || ((unsigned char)text.data[at] & 0xC0) != 0x80);
        for (size_t t = g->first_token; t < g->first_token + g->tokens; t++, tokens++) {
            const heed_explained_token *token = heed_explanation_token(e, t);
            assert_true(token->segment == s && token->begin >= g->begin && token->end <= g->end);
        }
        sum += g->score;
        at = g->end;
    }
    assert_int_equal(at, text.size);
    assert_int_equal(tokens, i.token_count);
    assert_true(fabs(sum - sum_of(e)) <= 1e-9 * (1 + fabs(sum)));
    must(text_encoder_init(&encoder, &made_error));
    must(text_encode(&encoder, m, text, NULL, &made_error));
    count = encoder.count;
    assert_int_equal(count, i.token_count);
    for (size_t t = 0; t < count; t++) {
        uint32_t id = vocabulary_id(&m->words, heed_explanation_token(e, t)->text);
        assert_int_equal(id == VOCABULARY_DROPPED ? 1 : id, encoder.ids[t]);
    }
    text_encoder_release(&encoder);
    heed_explanation_free(e);
}

static void segments_are_the_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {"the",
                                         "film",
                                         " ",
                                         "lovely",
                                         "<br />",
                                         "<!-- x -->",
                                         "&amp;",
                                         "&#304;",
                                         "don't",
                                         "\xC4\xB0stanbul",
                                         "-",
                                         ".",
                                         "\n",
                                         "\xC8\xBA",
                                         "\xE6\xBC\xA2",
                                         "\xF0\x9F\x98\x80",
                                         "<",
                                         "&",
                                         "is",
                                         "awful-was",
                                         "films",
                                         "\xCC\x87",
                                         "\xE2\x84\xAA",
                                         "\t",
                                         "\xCE\xA3",
                                         "  ",
                                         "was/the",
                                         "\xC2\xA0",
                                         "it's",
                                         "\"",
                                         "\xE2\x80\xAE"};
    enum { PIECES = sizeof pieces / sizeof *pieces };
    for (int preset = 0; preset < 2; preset++) {
        heed_model *m = train_model(NULL, 2, preset == 0 ? HEED_PRESET_DEFAULT : HEED_PRESET_TUTORIAL);
        for (uint32_t row = 0; row < 300; row++) {
            char text[800] = "";
            uint32_t length = random_word((random_key){9, RANDOM_SPLIT, 0, 0, row}, 0) % 24;
            for (uint32_t j = 0; j < length; j++)
                strcat(text, pieces[random_word((random_key){9, RANDOM_SPLIT, 1, 0, row}, j) % PIECES]);
            check_whole(m, bytes(text));
        }
        heed_model_free(m);
    }
}

static void check_fate(const heed_explanation *e, const char *piece, heed_token_status fate, const char *word)
{
    const heed_explanation_info *i = heed_explanation_describe(e);
    for (size_t s = 0; s < i->segment_count; s++) {
        const heed_segment *g = heed_explanation_segment(e, s);
        if (g->end - g->begin != strlen(piece) || memcmp(i->text.data + g->begin, piece, strlen(piece)) != 0)
            continue;
        if (g->status != fate)
            fail_msg("'%s': found %s, expected %s", piece, heed_token_status_name(g->status),
                     heed_token_status_name(fate));
        assert_true(word == NULL || (g->word.size == strlen(word) && memcmp(g->word.data, word, g->word.size) == 0));
        return;
    }
    fail_msg("no segment '%s'", piece);
}

static void fates_say_what_happened(void **state)
{
    (void)state;
    heed_model *m = train_model(NULL, 2, HEED_PRESET_DEFAULT);
    heed_explanation *e =
        explain(m, HEED_METHOD_AUTO, NULL, bytes("lovely<br/>FILM zzz the films was was was was was was was"));
    check_fate(e, "<br/>", HEED_TOKEN_TAG, NULL);
    check_fate(e, "lovely", HEED_TOKEN_READ, "lovely");
    check_fate(e, "zzz", HEED_TOKEN_CUT, "zzz"); /* a window of 8, cut in the middle */
    check_fate(e, " ", HEED_TOKEN_BETWEEN, NULL);
    size_t last = heed_explanation_describe(e)->segment_count - 1;
    assert_int_equal(heed_explanation_segment(e, last)->status, HEED_TOKEN_READ);
    heed_explanation_free(e);
    e = explain(m, HEED_METHOD_AUTO, NULL, bytes("FILM zzz"));
    check_fate(e, "FILM", HEED_TOKEN_READ, "film");
    check_fate(e, "zzz", HEED_TOKEN_UNKNOWN, "zzz");
    assert_int_equal(heed_explanation_describe(e)->token_count, 2);
    heed_explanation_free(e);
    heed_model_free(m);
    m = train_model(NULL, 2, HEED_PRESET_TUTORIAL);
    e = explain(m, HEED_METHOD_GRADIENT, NULL, bytes("The, films zzz lovely"));
    check_fate(e, "films", HEED_TOKEN_READ, "film");
    check_fate(e, "zzz", HEED_TOKEN_UNKNOWN, "zzz");
    check_fate(e, "The", HEED_TOKEN_STOP_WORD, NULL);
    check_fate(e, ",", HEED_TOKEN_PUNCTUATION, NULL);
    assert_int_equal(heed_explanation_describe(e)->token_count, 2);
    heed_explanation_free(e);
    heed_model_free(m);
}

/* ---- hostile texts, refusals, pictures */

static void hostile_texts_are_explained_or_refused(void **state)
{
    (void)state;
    char *large = malloc(1 << 20);
    for (size_t i = 0; i < 1 << 20; i++)
        large[i] = "lovely<awful ' &film"[i % 20];
    for (int a = 0; a < 4; a++) {
        heed_model *m = train_model(architectures[a], 2, HEED_PRESET_DEFAULT);
        for (int method = HEED_METHOD_AUTO; method <= HEED_METHOD_LEAVE_ONE_OUT; method++) {
            if (method != HEED_METHOD_AUTO && a == 3)
                continue;
            if (method == HEED_METHOD_ATTENTION && a != 0)
                continue;
            heed_explanation_free(explain(m, (heed_method)method, NULL, (heed_bytes){NULL, 0}));
            heed_explanation_free(explain(m, (heed_method)method, NULL, bytes("<br> \n")));
            heed_explanation_free(explain(m, (heed_method)method, NULL, (heed_bytes){"a\0film", 6}));
            heed_explanation_free(explain(m, (heed_method)method, NULL, (heed_bytes){large, 1 << 20}));
        }
        heed_explainer *x;
        heed_explanation *e;
        heed_explain_options options;
        heed_explain_options_init(&options);
        must(heed_explainer_new(&x, m, &options, &made_error));
        must_refuse(heed_explainer_run(&e, x, bytes("film \xFF"), &made_error), HEED_BAD_DATA, "byte 6 is not UTF-8",
                    "a text");
        assert_null(e);
        heed_explainer_free(x);
        heed_model_free(m);
    }
    free(large);
}

static void what_a_model_does_not_have_is_refused(void **state)
{
    (void)state;
    static const struct {
        int architecture;
        heed_method method;
        const char *label, *piece;
        unsigned steps;
    } refused[] = {{1, HEED_METHOD_ATTENTION, NULL, "expected integrated, gradient or leave-one-out", 0},
                   {0, HEED_METHOD_WEIGHTS, NULL, "expected attention, gradient, integrated or leave-one-out", 0},
                   {3, HEED_METHOD_GRADIENT, NULL, "expected weights or leave-one-out", 0},
                   {0, HEED_METHOD_AUTO, "goed", "such as 'good'", 0},
                   {0, HEED_METHOD_INTEGRATED, NULL, "expected 1 to 10000", 10001},
                   {0, (heed_method)17, NULL, "method: found the number 17", 0}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        heed_model *m = train_model(architectures[refused[i].architecture], 2, HEED_PRESET_DEFAULT);
        heed_explainer *x;
        heed_explain_options options;
        heed_explain_options_init(&options);
        options.method = refused[i].method;
        options.label = refused[i].label;
        options.steps = refused[i].steps;
        must_refuse(heed_explainer_new(&x, m, &options, &made_error), HEED_USAGE, refused[i].piece, "an explainer");
        assert_null(x);
        heed_model_free(m);
    }
}

/* Markup and control characters of a text come out as what they look like, in every picture. */
static void no_picture_obeys_its_text(void **state)
{
    (void)state;
    heed_model *m = train_model(NULL, 2, HEED_PRESET_DEFAULT);
    heed_explanation *e = explain(m, HEED_METHOD_LEAVE_ONE_OUT, NULL,
                                  bytes("lovely </text><script>alert(1)</script> \"><b onload='x'> & \033[31mfilm\x07 "
                                        "\xC2\x9B\x31m \xE2\x80\xAE awful ]]>"));
    for (int picture = HEED_EXPLANATION_TEXT; picture <= HEED_EXPLANATION_JSON; picture++) {
        char *out;
        size_t size;
        must(heed_explanations_draw(&out, &size, (const heed_explanation *const[]){e, e}, 2,
                                    (heed_explanation_format)picture, &made_error));
        assert_int_equal(strlen(out), size);
        assert_null(strstr(out, "\033[31m"));
        assert_null(strchr(out, 7));
        if (picture == HEED_EXPLANATION_HTML || picture == HEED_EXPLANATION_SVG) {
            assert_null(strstr(out, "<script"));
            assert_null(strstr(out, "<b onload"));
            assert_null(strstr(out, "\xC2\x9B"));
            assert_non_null(strstr(out, "&lt;script&gt;"));
            assert_null(strstr(out, "http:") == NULL ? NULL : strstr(strstr(out, "http:") + 1, "http:"));
        } else if (picture != HEED_EXPLANATION_JSON) {
            assert_null(strstr(out, "\xE2\x80\xAE"));
        }
        heed_free(out);
    }
    heed_explanation_free(e);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quadrature_is_exact_for_polynomials),
        cmocka_unit_test(integrated_gradients_add_up),
        cmocka_unit_test(weights_of_a_linear_model_add_up_to_its_logit),
        cmocka_unit_test(weights_of_a_wide_model_add_up_to_its_logit),
        cmocka_unit_test(weights_are_shared_by_the_tokens_of_an_n_gram),
        cmocka_unit_test(leave_one_out_is_predicting_the_shorter_text),
        cmocka_unit_test(other_label_of_two_has_the_opposite_scores),
        cmocka_unit_test(difference_of_two_texts_is_that_of_their_scores),
        cmocka_unit_test(segments_are_the_text),
        cmocka_unit_test(fates_say_what_happened),
        cmocka_unit_test(hostile_texts_are_explained_or_refused),
        cmocka_unit_test(what_a_model_does_not_have_is_refused),
        cmocka_unit_test(no_picture_obeys_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
