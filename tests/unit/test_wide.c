/* The wide model: scikit-learn's figures, what it chooses, and bits that depend on nothing. */
#include "unit/made_rows.h"

#include <jansson.h>
#include <math.h>

#include "model/model_file.h"
#include "model/wide_classifier.h"
#include "wide/wide_spec.h"

static heed_train_options wide_options(const char *architecture)
{
    heed_train_options train = made_train_options();
    train.architecture = architecture;
    return train;
}

static void check_same_file(const heed_model *a, const heed_model *b)
{
    writer first = {0}, second = {0};
    must(model_print(&first, a, &made_error));
    must(model_print(&second, b, &made_error));
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    writer_release(&first);
    writer_release(&second);
}

/* ---- scikit-learn */

static json_t *golden;

static int read_golden(void **state)
{
    (void)state;
    golden = json_load_file("golden/wide.json", 0, NULL);
    return golden == NULL;
}

static int free_golden(void **state)
{
    (void)state;
    json_decref(golden);
    return 0;
}

/* Tokens are what spaces divide, as golden/make_wide.py has them. */
static heed_model *golden_model(const json_t *one, heed_vocabulary vocabulary, unsigned threads)
{
    size_t i;
    json_t *row;
    heed_text_options text;
    heed_train_options train = wide_options(json_string_value(json_object_get(one, "architecture")));
    writer tsv = {0};
    writer_print(&tsv, "label\ttext\n");
    json_array_foreach(json_object_get(one, "rows"), i, row) writer_print(
        &tsv, "%s\t%s\n", json_string_value(json_array_get(row, 0)), json_string_value(json_array_get(row, 1)));
    writer_byte(&tsv, '\0');
    heed_text_options_init(&text, HEED_PRESET_OFF);
    text.tokens = HEED_TOKENS_SPLIT;
    text.vocabulary = vocabulary;
    text.min_count = 7; /* none of these limits the wide model */
    text.max_words = 10;
    text.max_length = 3;
    train.validation = HEED_VALIDATION_NONE;
    train.threads = threads;
    heed_model *m = trained_on(tsv.data, &text, &train, NULL);
    writer_release(&tsv);
    return m;
}

static void check_golden_model(const json_t *one, const heed_model *m)
{
    const char *what = json_string_value(json_object_get(one, "architecture"));
    const size_t labels = heed_model_describe(m)->label_count;
    size_t i, k;
    json_t *row;
    assert_string_equal(m->config.network.architecture, what);
    assert_int_equal(model_wide(m)->fit.features, json_integer_value(json_object_get(one, "features")));
    assert_int_equal(m->config.text.min_count, model_wide(m)->spec.min_count);
    json_array_foreach(json_object_get(one, "probabilities"), i, row)
    {
        const char *text = json_string_value(json_array_get(json_object_get(one, "held_out"), i));
        float found[8];
        made_predictions(found, m, &(heed_bytes){text, strlen(text)}, 1, 1);
        for (k = 0; k < labels; k++) {
            double expected = json_number_value(json_array_get(row, k));
            /* training ends close to the best weights (LAYERS.md); test_linear_loss.c has the fit at full precision */
            if (!(fabs((double)found[k] - expected) <= 3e-4))
                fail_msg("%s: '%s': found %.9f, expected %.9f", what, text, (double)found[k], expected);
        }
    }
}

static void probabilities_are_those_of_scikit_learn(void **state)
{
    (void)state;
    size_t c;
    json_t *one;
    json_array_foreach(json_object_get(golden, "cases"), c, one) for (int keras = 0; keras < 2; keras++)
    {
        heed_model *m = golden_model(one, keras ? HEED_VOCABULARY_KERAS : HEED_VOCABULARY_COUNTS, 2);
        check_golden_model(one, m);
        heed_model_free(m);
    }
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    for (size_t c = 1; c < 4; c += 2) {
        const json_t *one = json_array_get(json_object_get(golden, "cases"), c);
        heed_model *usual = golden_model(one, HEED_VOCABULARY_COUNTS, 1);
        for (unsigned threads = 2; threads <= 3; threads++) {
            heed_model *m = golden_model(one, HEED_VOCABULARY_COUNTS, threads);
            check_same_file(m, usual);
            heed_model_free(m);
        }
        heed_model_free(usual);
    }
}

/* ---- what is chosen */

static void the_choice_follows_rows_texts_and_labels(void **state)
{
    (void)state;
    static const struct {
        const char *asked;
        wide_facts facts;
        const char *chosen; /* C is not chosen here */
    } cases[] = {
        {"wide", {2000, 50, true}, "wide words 1-3 min-count 2 weight ratio"},
        {"wide", {1999, 49.9, true}, "wide words 1-2 letters 3-5 min-count 1 weight ratio"},
        {"wide", {2000, 10, false}, "wide words 1-2 letters 3-5 min-count 2 weight idf"},
        {"wide letters 2-4", {10, 200, false}, "wide letters 2-4 min-count 1 weight idf"},
        {"wide words 2-2 C 5", {1e6, 3, true}, "wide words 2-2 min-count 2 weight ratio C 5"},
        {"wide min-count 4 weight idf", {500, 60, true}, "wide words 1-3 min-count 4 weight idf"},
        {"wide min-count 4", {499, 60, true}, "wide words 1-2 letters 3-5 min-count 4 weight ratio"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wide_spec spec;
        char *text;
        must(wide_spec_parse(&spec, cases[i].asked, &made_error));
        assert_false(wide_spec_is_full(&spec));
        must(wide_spec_choose(&spec, &cases[i].facts, &made_error));
        must(wide_spec_print(&text, &spec, &made_error));
        assert_string_equal(text, cases[i].chosen);
        free(text);
    }
}

/* What the listener was told. */
typedef struct hearing {
    char notes[4000];
    uint64_t done;
    unsigned stop_after; /* passes; 0: never */
    unsigned passes;
} hearing;

static int hear(void *user, const heed_event *event)
{
    hearing *h = user;
    if (event->stage == HEED_STAGE_NOTE)
        snprintf(h->notes + strlen(h->notes), sizeof h->notes - strlen(h->notes), "%s\n", event->note);
    if (event->stage != HEED_STAGE_TRAIN)
        return 0;
    assert_true(event->done > h->done && event->done <= event->total);
    h->done = event->done;
    return ++h->passes == h->stop_after;
}

/* The C of the model is the one whose loss is the least of those that the note lists. */
static void check_noted_strength(const char *notes, double strength)
{
    const char *at = strstr(notes, "were held out:");
    double least = INFINITY, best = 0, c, loss;
    int length;
    assert_non_null(at);
    for (at += strlen("were held out:"); sscanf(at, " C %lf %lf%n", &c, &loss, &length) == 2;) {
        if (loss < least) {
            least = loss;
            best = c;
        }
        at += length + (at[length] == ',');
    }
    assert_true(best == strength);
}

static void what_was_chosen_is_said_and_recorded(void **state)
{
    (void)state;
    char *tsv = told_rows(80, 3);
    hearing h = {0};
    const heed_train_options train = wide_options("wide");
    heed_model *m = trained_on(tsv, NULL, &train, &(heed_listener){hear, &h});
    const char *recorded = m->config.network.architecture;
    assert_non_null(strstr(recorded, "wide words 1-2 letters 3-5 min-count 1 weight idf C "));
    assert_non_null(strstr(h.notes, recorded));
    check_noted_strength(h.notes, model_wide(m)->spec.strength);
    hearing full = {0};
    const heed_train_options again = wide_options(recorded);
    heed_model *other = trained_on(tsv, NULL, &again, &(heed_listener){hear, &full});
    assert_null(strstr(full.notes, "architecture:"));
    check_same_file(m, other);
    heed_model_free(m);
    heed_model_free(other);
    free(tsv);
}

static void a_listener_stops_the_search_for_c(void **state)
{
    (void)state;
    char *tsv = told_rows(80, 2);
    const heed_train_options train = wide_options("wide");
    hearing h = {.stop_after = 2};
    heed_corpus *c = made_corpus(NULL);
    heed_model *m = NULL;
    must(add_rows(c, tsv, HEED_PART_ANY, NULL));
    must_refuse(heed_train(&m, c, &train, &(heed_listener){hear, &h}, &made_error), HEED_STOPPED, "stopped after",
                "a listener's wish");
    assert_null(m);
    heed_corpus_free(c);
    free(tsv);
}

/* Rows may be so few that a fold has one label, one row, or none. */
static void few_rows_are_enough(void **state)
{
    (void)state;
    static const char *const rows[] = {"label\ttext\na\tx\nb\ty\n", "label\ttext\na\tx\nb\ty\na\tz\nb\tx\nb\tw v\n",
                                       "label\ttext\na\tsame\nb\tsame\na\tsame\n"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        heed_train_options train = wide_options("wide");
        train.validation = HEED_VALIDATION_NONE;
        heed_model *m = trained_on(rows[i], NULL, &train, NULL);
        float p[2];
        made_predictions(p, m, &(heed_bytes){"x", 1}, 1, 1);
        assert_true(p[0] > 0 && p[0] < 1);
        heed_model_free(m);
    }
}

/* ---- the model in use */

/* No word of the text is in the vocabulary: its letters decide. */
static void letters_of_unknown_words_are_read(void **state)
{
    (void)state;
    static const char tsv[] =
        "label\ttext\nnoun\tstation\nnoun\tnation\nnoun\tmotion\nverb\tseeing\nverb\tdoing\nverb\t"
        "going\n";
    static const heed_bytes texts[] = {{"lotion", 6}, {"flying", 6}, {"qqq", 3}, {"", 0}};
    for (int keras = 0; keras < 2; keras++) {
        heed_text_options text = made_text_options();
        heed_train_options train = wide_options("wide words 1-2 letters 3-4 C 10");
        float p[8];
        text.vocabulary = keras ? HEED_VOCABULARY_KERAS : HEED_VOCABULARY_COUNTS;
        train.validation = HEED_VALIDATION_NONE;
        heed_model *m = trained_on(tsv, &text, &train, NULL);
        made_predictions(p, m, texts, 4, 2);
        assert_true(p[0] > 0.6F && p[3] > 0.6F);
        assert_memory_equal(&p[4], &p[6], 2 * sizeof *p); /* no letters are known */
        heed_model_free(m);
    }
}

static void saved_model_answers_with_the_same_bits(void **state)
{
    (void)state;
    static const char *const architectures[] = {"wide", "wide words 2-3 C 3", "wide letters 1-3 C 3", "wide words 1-1"};
    static const heed_bytes texts[] = {{"the film was awful", 18}, {"lovelier than awfully n1", 24}, {"", 0}};
    for (size_t a = 0; a < sizeof architectures / sizeof *architectures; a++)
        for (unsigned labels = 2; labels <= 4; labels++) {
            char *tsv = told_rows(60, labels), path[64];
            const heed_train_options train = wide_options(architectures[a]);
            heed_model *saved = trained_on(tsv, NULL, &train, NULL), *loaded = NULL;
            float before[12], after[12];
            made_file(path, ".safetensors", "old", 3);
            must(heed_model_save(saved, path, &made_error));
            must(heed_model_load(&loaded, path, &made_error));
            unlink(path);
            made_predictions(before, saved, texts, 3, 2);
            made_predictions(after, loaded, texts, 3, 1);
            assert_memory_equal(before, after, 3 * labels * sizeof *before);
            check_same_file(saved, loaded);
            assert_int_equal(heed_model_describe(loaded)->parameters, heed_model_describe(saved)->parameters);
            heed_model_free(saved);
            heed_model_free(loaded);
            free(tsv);
        }
}

/* The ratio of two labels is antisymmetric, so that naming the other one positive gives the same model. */
static void the_positive_label_does_not_matter(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 2);
    heed_train_options train = wide_options("wide C 10");
    static const heed_bytes text = {"the film was lovely", 19};
    float p[2][2];
    for (int i = 0; i < 2; i++) {
        train.positive = i == 0 ? "good" : "bad";
        heed_model *m = trained_on(tsv, NULL, &train, NULL);
        made_predictions(p[i], m, &text, 1, 1);
        heed_model_free(m);
    }
    assert_true(fabs((double)(p[0][0] - p[1][0])) < 1e-5);
    free(tsv);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    char *two = told_rows(40, 2), *three = told_rows(40, 3);
    heed_train_options first = wide_options("wide C 10"), vectors = first, from = first, ratio, rare;
    heed_model *m = trained_on(two, NULL, &first, NULL), *out = NULL;
    vectors.vectors = "no.vec";
    from.init_from = m;
    ratio = wide_options("wide weight ratio");
    rare = wide_options("wide min-count 1000");
    const struct {
        const heed_train_options *options;
        const char *tsv;
        heed_status status;
        const char *piece;
    } cases[] = {{&vectors, two, HEED_USAGE, "--vectors: the architecture is wide"},
                 {&from, two, HEED_USAGE, "--init-from: the architecture is wide"},
                 {&ratio, three, HEED_USAGE, "'weight ratio', which compares two labels"},
                 {&rare, two, HEED_BAD_DATA, "min-count 1000"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = made_corpus(NULL);
        must(add_rows(c, cases[i].tsv, HEED_PART_ANY, NULL));
        must_refuse(heed_train(&out, c, cases[i].options, NULL, &made_error), cases[i].status, cases[i].piece,
                    "a case");
        assert_null(out);
        heed_corpus_free(c);
    }
    heed_model_free(m);
    free(two);
    free(three);
}

static void summary_names_the_strongest_features(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 2), *text = NULL;
    const heed_train_options train = wide_options("wide words 1-2 letters 3-4 min-count 2 weight ratio C 10");
    heed_model *m = trained_on(tsv, NULL, &train, NULL);
    must(heed_model_summary(&text, m, &made_error));
    static const char *const pieces[] = {"wide words 1-2 letters 3-4 min-count 2 weight ratio C 10\n",
                                         "n-grams of 1-2 words and 3-4 letters, weighted by naive Bayes ratio, sigmoid",
                                         "sigmoid, C = 10",
                                         "in at least 2 training rows",
                                         "  bad\n    ",
                                         "Newton-CG"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (strstr(text, pieces[i]) == NULL)
            fail_msg("no '%s' in:\n%s", pieces[i], text);
    const char *bad = strstr(text, "  bad\n"), *good = strstr(text, "  good\n");
    const char *awful = strstr(text, "awful"), *lovely = strstr(text, "lovely");
    assert_true(bad < awful && awful < good && good < lovely);
    heed_free(text);
    must(heed_model_json(&text, m, &made_error));
    json_t *root = json_loads(text, 0, NULL), *object = json_object_get(root, "wide");
    assert_string_equal(json_string_value(json_object_get(object, "weight")), "ratio");
    assert_int_equal(json_integer_value(json_object_get(object, "min_count")), 2);
    assert_int_equal(json_array_size(json_object_get(json_object_get(object, "strongest"), "good")), 10);
    json_decref(root);
    heed_free(text);
    heed_model_free(m);
    free(tsv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probabilities_are_those_of_scikit_learn),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(the_choice_follows_rows_texts_and_labels),
        cmocka_unit_test(what_was_chosen_is_said_and_recorded),
        cmocka_unit_test(a_listener_stops_the_search_for_c),
        cmocka_unit_test(few_rows_are_enough),
        cmocka_unit_test(letters_of_unknown_words_are_read),
        cmocka_unit_test(saved_model_answers_with_the_same_bits),
        cmocka_unit_test(the_positive_label_does_not_matter),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(summary_names_the_strongest_features),
    };
    return cmocka_run_group_tests_name("wide", tests, read_golden, free_golden);
}
