/* Faithfulness: figures equal to those of texts that were erased by hand and predicted, of attention that was dealt out
 * by hand; a planted word is found; the same bits at any number of threads; what is stored is taken from then on. */
#include "unit/made_rows.h"
#include "unit/svg_check.h"

#include <jansson.h>
#include <math.h>

#include "metrics/rank_correlation.h"
#include "model/model_file.h"
#include "model/network_classifier.h"

enum { WORDS = 7, TEXTS = 6 };
static const double shares[] = {0.1, 0.2, 0.5};

static heed_model *train_model(const char *architecture, unsigned labels, heed_preset preset)
{
    heed_model *out = NULL;
    heed_text_options text = made_text_options();
    heed_train_options train = made_train_options();
    if (preset == HEED_PRESET_TUTORIAL)
        heed_text_options_init(&text, preset);
    text.max_length = 8;
    train.architecture = architecture;
    train.epochs = 30;
    train.validation = HEED_VALIDATION_NONE;
    train.keep = HEED_KEEP_LAST;
    heed_corpus *c = made_corpus(&text);
    char *rows = told_rows(64, labels);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must(heed_train(&out, c, &train, NULL, &made_error));
    free(rows);
    heed_corpus_free(c);
    return out;
}

static const char *const attentive = "embed 4 | bilstm 3 | attention additive 2 | dense 3";

static heed_faithfulness_options usual_options(void)
{
    heed_faithfulness_options options;
    heed_faithfulness_options_init(&options);
    options.resamples = 200;
    options.threads = 2;
    return options;
}

/* Measures on lines of text. */
static heed_status measure(heed_faithfulness **out, const heed_model *m, const char *lines,
                           heed_faithfulness_options options)
{
    char path[64];
    heed_reader *reader = NULL;
    heed_rows_options rows;
    heed_rows_options_init(&rows);
    made_file(path, ".txt", lines, strlen(lines));
    must(heed_reader_open(&reader, &(const char *){path}, 1, &rows, &made_error));
    heed_status status = heed_faithfulness_measure(out, m, reader, &options, NULL, &made_error);
    heed_reader_free(reader);
    unlink(path);
    return status;
}

static const heed_method_faithfulness *find(const heed_faithfulness *f, heed_method method)
{
    for (size_t i = 0; i < heed_faithfulness_describe(f)->method_count; i++)
        if (heed_faithfulness_method(f, i)->method == method)
            return heed_faithfulness_method(f, i);
    fail_msg("no method %s", heed_method_name(method));
    return NULL;
}

/* ---- Kendall's tau-b */

static void tau_is_that_of_scipy(void **state)
{
    (void)state;
    json_t *golden = json_load_file("golden/faithfulness.json", 0, NULL);
    assert_non_null(golden);
    for (size_t i = 0; i < json_array_size(golden); i++) {
        double x[64], y[64];
        const json_t *one = json_array_get(golden, i), *tau = json_object_get(one, "tau");
        size_t count = json_array_size(json_object_get(one, "x"));
        for (size_t j = 0; j < count; j++) {
            x[j] = json_number_value(json_array_get(json_object_get(one, "x"), j));
            y[j] = json_number_value(json_array_get(json_object_get(one, "y"), j));
        }
        double found = kendall_tau_b(x, y, count);
        if (json_is_null(tau) ? !isnan(found) : !(fabs(found - json_number_value(tau)) < 1e-12))
            fail_msg("case %zu: found %.17g, expected %.17g", i, found, json_number_value(tau));
    }
    json_decref(golden);
}

/* ---- erased words, by hand */

static const char *const texts[TEXTS][WORDS] = {
    {"the", "film", "n3", "was", "lovely", "to", "4"},  {"film", "n1", "the", "awful", "was", "3", "to"},
    {"lovely", "n7", "was", "awful", "2", "the", "to"}, {"n9", "to", "the", "film", "1", "awful", "was"},
    {"was", "the", "n2", "4", "film", "lovely", "to"},  {"to", "n4", "film", "was", "the", "0", "awful"}};

static void write_text(char *to, const char *const *words, const bool *gone, const char *instead)
{
    *to = '\0';
    for (int w = 0; w < WORDS; w++)
        if (!gone[w] || instead != NULL)
            sprintf(to + strlen(to), "%s%s", *to ? " " : "", gone[w] ? instead : words[w]);
}

static double probability(const heed_model *m, const char *text, size_t label)
{
    heed_predictor *p;
    float probabilities[4];
    must(heed_predictor_new(&p, m, 1, &made_error));
    must(heed_predictor_run(probabilities, p, &(heed_bytes){text, strlen(text)}, 1, &made_error));
    heed_predictor_free(p);
    return (double)probabilities[label];
}

static double score_of(const heed_explanation *e, size_t token)
{
    return heed_explanation_token(e, token)->score;
}

/* The probability lost at each share, without the top words and with them alone, of a text that is explained. */
static void lose_by_hand(const heed_model *m, heed_method method, const char *const *words, const char *instead,
                         double without[3], double alone[3])
{
    char text[200];
    bool gone[WORDS] = {false}, others[WORDS];
    heed_explainer *x;
    heed_explanation *e;
    heed_explain_options options;
    heed_explain_options_init(&options);
    options.method = method;
    write_text(text, words, gone, NULL);
    must(heed_explainer_new(&x, m, &options, &made_error));
    must(heed_explainer_run(&e, x, (heed_bytes){text, strlen(text)}, &made_error));
    heed_explanation_info info = *heed_explanation_describe(e);
    double whole = probability(m, text, info.label);
    assert_int_equal(info.token_count, WORDS);
    for (int s = 0, taken = 0; s < 3; s++) {
        for (; taken < (int)ceil(shares[s] * WORDS); taken++) {
            size_t best = WORDS;
            for (size_t w = 0; w < WORDS; w++)
                if (!gone[w] && (best == WORDS || score_of(e, w) > score_of(e, best)))
                    best = w;
            gone[best] = true;
        }
        for (int w = 0; w < WORDS; w++)
            others[w] = !gone[w];
        write_text(text, words, gone, instead);
        without[s] = whole - probability(m, text, info.label);
        write_text(text, words, others, instead);
        alone[s] = whole - probability(m, text, info.label);
    }
    heed_explanation_free(e);
    heed_explainer_free(x);
}

static void assert_near(const char *what, double found, double expected)
{
    if (!(fabs(found - expected) < 1e-6))
        fail_msg("%s: found %.9f, expected %.9f", what, found, expected);
}

static void check_method(const heed_model *m, const heed_faithfulness *f, heed_method method, const char *instead)
{
    double without[4] = {0}, alone[4] = {0};
    for (int i = 0; i < TEXTS; i++) {
        double w[3], a[3];
        lose_by_hand(m, method, texts[i], instead, w, a);
        for (int s = 0; s < 3; s++) {
            without[s] += w[s] / TEXTS;
            alone[s] += a[s] / TEXTS;
            without[3] += w[s] / TEXTS / 3;
            alone[3] += a[s] / TEXTS / 3;
        }
    }
    const heed_method_faithfulness *found = find(f, method), *random = find(f, HEED_METHOD_AUTO);
    for (int s = 0; s < HEED_ERASED; s++) {
        assert_near("comprehensiveness", found->comprehensiveness[s].mean, without[s]);
        assert_near("sufficiency", found->sufficiency[s].mean, alone[s]);
    }
    double over = without[3] - random->comprehensiveness[3].mean, under = random->sufficiency[3].mean - alone[3];
    assert_near("over random", found->over_random.mean, over);
    assert_near("under random", found->under_random.mean, under);
    assert_near("gain", found->gain.mean, (over + under) / 2);
    assert_true(found->gain.low <= found->gain.mean && found->gain.mean <= found->gain.high);
}

static void figures_are_those_of_predicting_erased_texts(void **state)
{
    (void)state;
    static const heed_method methods[] = {HEED_METHOD_ATTENTION, HEED_METHOD_GRADIENT, HEED_METHOD_INTEGRATED,
                                          HEED_METHOD_LEAVE_ONE_OUT};
    char lines[TEXTS * 100] = "";
    for (int i = 0; i < TEXTS; i++) {
        write_text(lines + strlen(lines), texts[i], (const bool[WORDS]){false}, NULL);
        strcat(lines, "\n");
    }
    for (unsigned labels = 2; labels <= 3; labels++) {
        heed_model *m = train_model(attentive, labels, HEED_PRESET_DEFAULT);
        for (int erase = HEED_ERASE_REMOVE; erase <= HEED_ERASE_UNK; erase++) {
            heed_faithfulness *f;
            heed_faithfulness_options options = usual_options();
            options.erase = (heed_erase)erase;
            must(measure(&f, m, lines, options));
            assert_int_equal(heed_faithfulness_describe(f)->rows, TEXTS);
            for (int k = 0; k < 4; k++)
                check_method(m, f, methods[k], erase == HEED_ERASE_UNK ? "unheard" : NULL);
            heed_faithfulness_free(f);
        }
        heed_model_free(m);
    }
}

/* ---- a model that looks at one word */

static void a_planted_word_is_found(void **state)
{
    (void)state;
    static const char *const architectures[] = {attentive, "embed 4 | conv 4 2 3 | max", "linear", "wide C 10"};
    char *rows = told_rows(40, 2);
    for (int a = 0; a < 4; a++) {
        heed_model *m = train_model(architectures[a], 2, HEED_PRESET_DEFAULT);
        heed_faithfulness *f;
        must(measure(&f, m, strchr(rows, '\n') + 1, usual_options()));
        heed_faithfulness_info info = *heed_faithfulness_describe(f);
        double random = find(f, HEED_METHOD_AUTO)->comprehensiveness[HEED_ERASED_10].mean;
        for (size_t i = 0; i < info.method_count; i++) {
            const heed_method_faithfulness *found = heed_faithfulness_method(f, i);
            bool finds = found->method != HEED_METHOD_AUTO && found->method != HEED_METHOD_ATTENTION;
            if (finds && !(found->comprehensiveness[HEED_ERASED_10].mean > 2 * random && found->gain.low > 0))
                fail_msg("%s, %s: comprehensiveness %.4f, random order %.4f", architectures[a],
                         heed_method_name(found->method), found->comprehensiveness[HEED_ERASED_10].mean, random);
        }
        assert_true(info.best != HEED_METHOD_AUTO);
        assert_true(isnan(find(f, HEED_METHOD_LEAVE_ONE_OUT)->leave_one_out.mean));
        assert_true(isnan(find(f, HEED_METHOD_LEAVE_ONE_OUT)->random_weights.mean) == (a >= 2));
        assert_true(isnan(info.permuted.mean) == (a != 0));
        heed_faithfulness_free(f);
        heed_model_free(m);
    }
    free(rows);
}

/* ---- permuted attention */

/* Of two words whose attention changes places, without anything else between embedding and output. */
static void swapped_attention_is_that_by_hand(void **state)
{
    (void)state;
    heed_model *m = train_model("embed 4 | attention location", 2, HEED_PRESET_DEFAULT);
    heed_explainer *x;
    heed_explanation *e;
    heed_faithfulness *f;
    heed_explain_options options;
    heed_explain_options_init(&options);
    options.method = HEED_METHOD_ATTENTION;
    must(heed_explainer_new(&x, m, &options, &made_error));
    must(heed_explainer_run(&e, x, (heed_bytes){"lovely film", 11}, &made_error));
    const parameter *last = &model_network(m)->net->parameters[model_network(m)->net->parameter_count - 1];
    const float *bias = model_network(m)->weights + last->offset, *kernel = model_network(m)->weights + last[-1].offset;
    double logit[2] = {(double)*bias, (double)*bias};
    for (size_t w = 0; w < 2; w++) {
        uint32_t id = vocabulary_id(&m->words, heed_explanation_token(e, w)->text);
        const float *embedded = model_network(m)->weights + 4 * (size_t)id;
        for (int j = 0; j < 4; j++)
            for (size_t swapped = 0; swapped < 2; swapped++)
                logit[swapped] += score_of(e, w ^ swapped) * (double)embedded[j] * (double)kernel[j];
    }
    double moved = fabs(1 / (1 + exp(-logit[0])) - 1 / (1 + exp(-logit[1])));
    heed_faithfulness_options measured = usual_options();
    measured.permutations = 1;
    bool swapped = false, stayed = false;
    for (measured.seed = 0; measured.seed < 16; measured.seed++) {
        must(measure(&f, m, "lovely film\n", measured));
        double found = heed_faithfulness_describe(f)->permuted.mean;
        swapped = swapped || fabs(found - moved) < 1e-6;
        stayed = stayed || found == 0;
        assert_true(fabs(found - moved) < 1e-6 || found == 0);
        heed_faithfulness_free(f);
    }
    assert_true(moved > 1e-4 && swapped && stayed);
    heed_explanation_free(e);
    heed_explainer_free(x);
    heed_model_free(m);
}

static void permuting_even_attention_changes_nothing(void **state)
{
    (void)state;
    for (int preset = 0; preset < 2; preset++) { /* the tutorial's reads padding, which keeps its own */
        heed_model *m = train_model("embed 4 | bilstm 3 | attention location | dense 3", 3,
                                    preset == 0 ? HEED_PRESET_DEFAULT : HEED_PRESET_TUTORIAL);
        heed_faithfulness *f;
        must(measure(&f, m, "the film was lovely to 3\nawful film\n", usual_options()));
        assert_true(heed_faithfulness_describe(f)->permuted.mean > 0);
        heed_faithfulness_free(f);
        for (int i = 0; i < model_network(m)->net->parameter_count; i++)
            if (strncmp(model_network(m)->net->parameters[i].name, "attention", 9) == 0)
                memset(model_network(m)->weights + model_network(m)->net->parameters[i].offset, 0,
                       parameter_count(&model_network(m)->net->parameters[i]) * sizeof *model_network(m)->weights);
        must(measure(&f, m, "the film was lovely to 3\nawful film\n", usual_options()));
        assert_true(heed_faithfulness_describe(f)->permuted.mean == 0);
        heed_faithfulness_free(f);
        heed_model_free(m);
    }
}

/* ---- the same bits, the sample */

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    heed_model *m = train_model(attentive, 2, HEED_PRESET_DEFAULT);
    char *rows = told_rows(60, 2), *one = NULL, *other = NULL;
    for (unsigned threads = 1; threads <= 4; threads++) {
        heed_faithfulness *f;
        heed_faithfulness_options options = usual_options();
        options.threads = threads;
        options.rows = 20;
        must(measure(&f, m, rows, options));
        must(heed_faithfulness_json(threads == 1 ? &one : &other, f, &made_error));
        heed_faithfulness_info info = *heed_faithfulness_describe(f);
        assert_true(info.rows == 20 && info.offered == 61);
        heed_faithfulness_free(f);
        if (threads > 1)
            assert_string_equal(one, other);
        heed_free(other);
        other = NULL;
    }
    heed_free(one);
    free(rows);
    heed_model_free(m);
}

static void short_texts_are_left_out_and_counted(void **state)
{
    (void)state;
    heed_model *m = train_model(attentive, 2, HEED_PRESET_DEFAULT);
    heed_faithfulness *f;
    must(measure(&f, m, "lovely\nthe lovely film\n. . .\n\n<br>\n", usual_options()));
    heed_faithfulness_info info = *heed_faithfulness_describe(f);
    assert_int_equal(info.rows + info.short_texts, info.offered);
    assert_int_equal(info.rows, 2);
    heed_faithfulness_free(f);
    must_refuse(measure(&f, m, "lovely\n", usual_options()), HEED_BAD_DATA, "found no text of two words", "one word");
    assert_null(f);
    heed_model_free(m);
}

/* ---- what is stored */

static void the_best_method_is_stored_and_taken(void **state)
{
    (void)state;
    char path[64];
    heed_model *m = train_model(attentive, 2, HEED_PRESET_DEFAULT), *loaded;
    char *rows = told_rows(40, 2), *text;
    heed_faithfulness *f;
    must(measure(&f, m, rows, usual_options()));
    heed_faithfulness_info info = *heed_faithfulness_describe(f);
    must(heed_model_set_explanation(m, f, &made_error));
    made_file(path, ".safetensors", "", 0);
    must(heed_model_save(m, path, &made_error));
    must(heed_model_load(&loaded, path, &made_error));
    must_refuse(heed_model_set_explanation(loaded, f, &made_error), HEED_USAGE, "another model", "another model");
    heed_explainer *x;
    heed_explanation *e;
    heed_explain_options options;
    heed_explain_options_init(&options);
    must(heed_explainer_new(&x, loaded, &options, &made_error));
    must(heed_explainer_run(&e, x, (heed_bytes){"lovely film", 11}, &made_error));
    heed_explanation_info taken = *heed_explanation_describe(e);
    assert_true(taken.method == info.best && taken.measured_rows == info.rows);
    assert_true(taken.gain.mean == find(f, info.best)->gain.mean);
    must(heed_model_summary(&text, loaded, &made_error));
    assert_non_null(strstr(text, "the most faithful on"));
    heed_free(text);
    heed_explanation_free(e);
    heed_explainer_free(x);
    heed_faithfulness_free(f);
    heed_model_free(loaded);
    heed_model_free(m);
    free(rows);
    unlink(path);
}

/* A bar with an interval for each method, without and alone; nothing is cut. */
static void the_picture_has_two_bars_a_method(void **state)
{
    (void)state;
    heed_model *m = train_model(attentive, 2, HEED_PRESET_DEFAULT);
    char *rows = told_rows(20, 2), *svg;
    heed_faithfulness *f;
    must(measure(&f, m, rows, usual_options()));
    must(heed_faithfulness_picture(&svg, f, &made_error));
    svg_check(svg);
    assert_int_equal(svg_count(svg, "class=\"bar\""), 2 * heed_faithfulness_describe(f)->method_count);
    assert_int_equal(svg_count(svg, ">leave-one-out<"), 1);
    assert_int_equal(svg_count(svg, "\u2026"), 0);
    heed_free(svg);
    heed_faithfulness_free(f);
    free(rows);
    heed_model_free(m);
}

static void nothing_is_stored_where_no_method_is_ahead(void **state)
{
    (void)state;
    heed_model *m = train_model(attentive, 2, HEED_PRESET_DEFAULT);
    heed_faithfulness *f;
    char *text;
    memset(model_network(m)->weights, 0,
           model_network(m)->net->weight_count * sizeof *model_network(m)->weights); /* answers all texts alike */
    must(measure(&f, m, "the lovely film\nthe awful film was\n", usual_options()));
    assert_int_equal(heed_faithfulness_describe(f)->best, HEED_METHOD_AUTO);
    must_refuse(heed_model_set_explanation(m, f, &made_error), HEED_UNMET, "no method is stored", "an even model");
    must(heed_faithfulness_report(&text, f, &made_error));
    assert_non_null(strstr(text, "most faithful: none"));
    heed_free(text);
    must(heed_faithfulness_picture(&text, f, &made_error));
    assert_non_null(strstr(text, "random order"));
    heed_free(text);
    heed_faithfulness_free(f);
    heed_model_free(m);
}

/* A file may say anything. */
/* By the loader, and by a save, which reads back what it is about to write. */
static void refused_as_file(const heed_model *m, const char *piece)
{
    char path[64];
    writer bytes = {0};
    heed_model *loaded;
    must(model_print(&bytes, m, &made_error));
    must_refuse(model_parse(&loaded, bytes.data, bytes.size, "a file", &made_error), HEED_BAD_DATA, piece, "loading");
    writer_release(&bytes);
    made_file(path, ".safetensors", "", 0);
    must_refuse(heed_model_save(m, path, &made_error), HEED_FAILED, piece, "saving");
    unlink(path);
}

static void a_stored_method_that_the_model_lacks_is_refused(void **state)
{
    (void)state;
    static const heed_method lacked[] = {HEED_METHOD_ATTENTION, HEED_METHOD_WEIGHTS};
    heed_model *m = train_model("embed 4 | conv 4 2 3 | max", 2, HEED_PRESET_DEFAULT);
    for (int i = 0; i < 2; i++) {
        m->config.explanation = (explanation_record){.method = lacked[i], .rows = 1};
        refused_as_file(m, "not a method of the model");
    }
    m->config.explanation = (explanation_record){.method = HEED_METHOD_GRADIENT, .rows = 1, .gain = 7};
    refused_as_file(m, "explanation.gain");
    heed_model_free(m);
}

/* ---- refusals */

static void options_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    heed_model *m = train_model(attentive, 2, HEED_PRESET_TUTORIAL);
    heed_faithfulness *f;
    heed_faithfulness_options options = usual_options();
    options.erase = HEED_ERASE_UNK;
    must_refuse(measure(&f, m, "the film\n", options), HEED_USAGE, "has no <unk>", "keras");
    options = usual_options();
    options.rows = 2000000;
    must_refuse(measure(&f, m, "the film\n", options), HEED_USAGE, "rows: found 2000000", "rows");
    options = usual_options();
    options.permutations = 20000;
    must_refuse(measure(&f, m, "the film\n", options), HEED_USAGE, "permutations: found", "permutations");
    options = usual_options();
    options.steps = 20000;
    must_refuse(measure(&f, m, "the film\n", options), HEED_USAGE, "steps: found", "steps");
    assert_null(f);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tau_is_that_of_scipy),
        cmocka_unit_test(figures_are_those_of_predicting_erased_texts),
        cmocka_unit_test(a_planted_word_is_found),
        cmocka_unit_test(swapped_attention_is_that_by_hand),
        cmocka_unit_test(permuting_even_attention_changes_nothing),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(short_texts_are_left_out_and_counted),
        cmocka_unit_test(the_best_method_is_stored_and_taken),
        cmocka_unit_test(the_picture_has_two_bars_a_method),
        cmocka_unit_test(nothing_is_stored_where_no_method_is_ahead),
        cmocka_unit_test(a_stored_method_that_the_model_lacks_is_refused),
        cmocka_unit_test(options_that_cannot_be_used_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
