/* The linear model: scikit-learn's figures, bits that depend on nothing, and options that it refuses. */
#include "unit/made_rows.h"

#include <jansson.h>
#include <math.h>

#include "model/classifier.h"
#include "model/encode.h"
#include "model/linear_classifier.h"
#include "model/model_file.h"

static heed_train_options linear_options(void)
{
    heed_train_options train = made_train_options();
    train.architecture = "linear";
    return train;
}

/* ---- scikit-learn */

static json_t *golden;

static int read_golden(void **state)
{
    (void)state;
    golden = json_load_file("golden/linear.json", 0, NULL);
    return golden == NULL;
}

static int free_golden(void **state)
{
    (void)state;
    json_decref(golden);
    return 0;
}

/* Tokens are what spaces divide, as golden/make_linear.py has them. */
static heed_model *golden_model(const json_t *one, heed_vocabulary vocabulary, unsigned threads)
{
    char architecture[40];
    size_t i;
    json_t *row;
    heed_text_options text;
    heed_train_options train = linear_options();
    writer tsv = {0};
    writer_print(&tsv, "label\ttext\n");
    json_array_foreach(json_object_get(one, "rows"), i, row) writer_print(
        &tsv, "%s\t%s\n", json_string_value(json_array_get(row, 0)), json_string_value(json_array_get(row, 1)));
    writer_byte(&tsv, '\0');
    heed_text_options_init(&text, HEED_PRESET_OFF);
    text.tokens = HEED_TOKENS_SPLIT;
    text.vocabulary = vocabulary;
    text.min_count = 2;
    text.max_words = 10; /* neither limits the linear model */
    text.max_length = 3;
    snprintf(architecture, sizeof architecture, "linear %g", json_number_value(json_object_get(one, "strength")));
    train.architecture = architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.threads = threads;
    heed_model *m = trained_on(tsv.data, &text, &train, NULL);
    writer_release(&tsv);
    return m;
}

/* The number of a feature by its name: a word, or two with a space between. */
static size_t find_feature(const heed_model *m, const char *name)
{
    const ngrams *n = &model_linear(m)->features;
    size_t size = strcspn(name, " ");
    uint32_t first = intern_find(&m->words.words, (heed_bytes){name, size});
    assert_int_not_equal(first, INTERN_NONE);
    if (name[size] == '\0')
        return first;
    uint32_t second = intern_find(&m->words.words, (heed_bytes){name + size + 1, strlen(name + size + 1)});
    for (uint32_t i = n->begin[first]; i < n->begin[first + 1]; i++)
        if (n->second[i] == second) {
            assert_int_equal(ngrams_first(n, i), first);
            return n->words + i;
        }
    fail_msg("no bigram '%s'", name);
    return 0;
}

static void check_near(const char *what, const char *name, double found, const json_t *expected, double tolerance)
{
    double number = json_number_value(expected);
    if (!(fabs(found - number) <= tolerance))
        fail_msg("%s: '%s': found %.7f, expected %.7f", what, name, found, number);
}

static void check_weights(const json_t *one, const heed_model *m)
{
    const char *what = json_string_value(json_object_get(one, "name"));
    size_t i, k, outputs = model_linear(m)->fit.outputs;
    json_t *feature;
    json_array_foreach(json_object_get(one, "features"), i, feature)
    {
        const char *name = json_string_value(json_object_get(feature, "name"));
        size_t number = find_feature(m, name);
        check_near(what, name, (double)model_linear(m)->features.idf[number], json_object_get(feature, "idf"), 1e-6);
        for (k = 0; k < outputs; k++)
            check_near(what, name, (double)model_linear(m)->fit.weights[number * outputs + k],
                       json_array_get(json_object_get(feature, "weights"), k), 2e-3);
    }
    for (k = 0; k < outputs; k++)
        check_near(what, "bias", (double)model_linear(m)->fit.bias[k], json_array_get(json_object_get(one, "bias"), k),
                   2e-3);
}

static void model_is_that_of_scikit_learn(void **state)
{
    (void)state;
    size_t c, i, k, labels;
    json_t *one, *row;
    json_array_foreach(json_object_get(golden, "cases"), c, one) for (int keras = 0; keras < 2; keras++)
    {
        heed_model *m = golden_model(one, keras ? HEED_VOCABULARY_KERAS : HEED_VOCABULARY_COUNTS, 2);
        const char *const *names = heed_model_describe(m)->labels;
        labels = heed_model_describe(m)->label_count;
        assert_int_equal(model_linear(m)->features.words, json_integer_value(json_object_get(one, "words")));
        assert_int_equal(model_linear(m)->features.bigrams, json_integer_value(json_object_get(one, "bigrams")));
        for (k = 0; k < labels; k++)
            assert_string_equal(names[k], json_string_value(json_array_get(json_object_get(one, "labels"), k)));
        check_weights(one, m);
        json_array_foreach(json_object_get(one, "probabilities"), i, row)
        {
            const char *text = json_string_value(json_array_get(json_object_get(one, "held_out"), i));
            float found[8];
            made_predictions(found, m, &(heed_bytes){text, strlen(text)}, 1, 1);
            for (k = 0; k < labels; k++)
                check_near(json_string_value(json_object_get(one, "name")), text, (double)found[k],
                           json_array_get(row, k), 5e-4);
        }
        heed_model_free(m);
    }
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    json_t *one = json_array_get(json_object_get(golden, "cases"), 3);
    writer files[3] = {{0}};
    for (unsigned threads = 1; threads <= 3; threads++) {
        heed_model *m = golden_model(one, HEED_VOCABULARY_COUNTS, threads);
        must(model_print(&files[threads - 1], m, &made_error));
        heed_model_free(m);
        assert_int_equal(files[threads - 1].size, files[0].size);
        assert_memory_equal(files[threads - 1].data, files[0].data, files[0].size);
    }
    for (int i = 0; i < 3; i++)
        writer_release(&files[i]);
}

/* ---- the model in use */

static void saved_model_answers_with_the_same_bits(void **state)
{
    (void)state;
    for (unsigned labels = 2; labels <= 4; labels++) {
        char *tsv = told_rows(60, labels), path[64];
        static char late[4000]; /* what decides stands far behind max_length */
        heed_train_options train = linear_options();
        heed_model *saved = trained_on(tsv, NULL, &train, NULL), *loaded = NULL;
        made_file(path, ".safetensors", "old", 3);
        must(heed_model_save(saved, path, &made_error));
        must(heed_model_load(&loaded, path, &made_error));
        unlink(path);
        for (size_t i = 0; i < sizeof late; i += 4)
            memcpy(late + i, "the ", 4);
        memcpy(late + sizeof late - 8, " lovely ", 8);
        const heed_bytes texts[] = {{"the film was awful", 18}, {late, sizeof late}, {NULL, 0}, {"zzz", 3}, {" ", 1}};
        enum { TEXTS = sizeof texts / sizeof *texts };
        float before[TEXTS * 4], after[TEXTS * 4], alone[4];
        made_predictions(before, saved, texts, TEXTS, 2);
        made_predictions(after, loaded, texts, TEXTS, 3);
        assert_memory_equal(before, after, TEXTS * labels * sizeof *before);
        for (size_t i = 0; i < TEXTS; i++) { /* nor do neighbours matter */
            made_predictions(alone, loaded, &texts[i], 1, 1);
            assert_memory_equal(alone, before + i * labels, labels * sizeof *alone);
        }
        assert_true(before[labels + 1] > before[1]); /* "lovely" is heard: "good" */
        assert_memory_equal(&before[2 * labels], &before[3 * labels], labels * sizeof *before); /* nothing is known */
        writer first = {0}, again = {0};
        must(model_print(&first, saved, &made_error));
        must(model_print(&again, loaded, &made_error));
        assert_int_equal(first.size, again.size);
        assert_memory_equal(first.data, again.data, first.size);
        assert_int_equal(heed_model_describe(loaded)->parameters, heed_model_describe(saved)->parameters);
        writer_release(&first);
        writer_release(&again);
        heed_model_free(saved);
        heed_model_free(loaded);
        free(tsv);
    }
}

/* What a classifier says of a corpus's rows is what a predictor says of their texts. */
static void examples_are_answered_as_texts_are(void **state)
{
    (void)state;
    static const char *const architectures[] = {"linear", "embed 4 | max", "wide C 10"};
    for (size_t a = 0; a < 3; a++)
        for (unsigned labels = 2; labels <= 3; labels++) {
            enum { COUNT = 700 }; /* more than one block */
            static float by_text[COUNT * 3], by_row[COUNT * 3];
            static heed_bytes texts[COUNT];
            static uint32_t numbers[COUNT];
            static batch_row rows[COUNT];
            char *tsv = told_rows(COUNT, labels), *next = strchr(tsv, '\n');
            heed_train_options train = linear_options();
            train.architecture = architectures[a];
            train.epochs = 1;
            train.positive = labels == 2 ? "bad" : NULL;
            heed_corpus *c = made_corpus(NULL);
            heed_model *m = NULL;
            examples e;
            pool *workers;
            classifier *all = NULL;
            must(add_rows(c, tsv, HEED_PART_ANY, NULL));
            must(heed_train(&m, c, &train, NULL, &made_error));
            for (uint32_t i = 0; i < COUNT; i++, next = strchr(next + 1, '\n')) {
                const char *text = strchr(next, '\t') + 1;
                texts[i] = (heed_bytes){text, strcspn(text, "\n")};
                numbers[i] = i;
            }
            must(examples_make(&e, c, numbers, COUNT, &m->words, model_window(m), &made_error));
            for (uint32_t i = 0; i < COUNT; i++)
                rows[i] = (batch_row){.ids = e.ids + e.first[i],
                                      .length = (int)(e.first[i + 1] - e.first[i]),
                                      .number = i,
                                      .spelling = e.spelling};
            must(pool_new(&workers, 2, &made_error));
            must(classifier_new(&all, m, workers, &made_error));
            must(classifier_run(all, rows, COUNT, by_row, &made_error));
            made_predictions(by_text, m, texts, COUNT, 1);
            assert_memory_equal(by_row, by_text, COUNT * labels * sizeof *by_row);
            classifier_free(all);
            pool_free(workers);
            examples_release(&e);
            heed_model_free(m);
            heed_corpus_free(c);
            free(tsv);
        }
}

/* ---- training */

typedef struct hearing {
    unsigned epochs, passes, notes;
    uint64_t done;
    unsigned stop_after; /* passes; 0: never */
    bool stop_at_end;
    heed_keras_metrics validation;
} hearing;

static int hear(void *user, const heed_event *event)
{
    hearing *h = user;
    h->notes += event->stage == HEED_STAGE_NOTE;
    if (event->stage == HEED_STAGE_EPOCH) {
        h->epochs++;
        h->validation = *event->validation;
        assert_true(event->best && event->epoch == 1 && event->epochs == 1);
    }
    if (event->stage == HEED_STAGE_TRAIN) {
        h->passes++;
        assert_true(event->done > h->done && event->done <= event->total && event->train->loss > 0);
        h->done = event->done;
    }
    return (h->stop_after > 0 && h->passes >= h->stop_after) || (h->stop_at_end && h->epochs > 0);
}

static void listener_hears_passes_and_one_epoch(void **state)
{
    (void)state;
    char *tsv = told_rows(80, 2);
    heed_train_options train = linear_options();
    for (unsigned stop = 0; stop < 3; stop++) {
        hearing h = {.stop_after = stop == 1 ? 3 : 0, .stop_at_end = stop == 2};
        heed_listener listener = {hear, &h};
        heed_corpus *c = made_corpus(NULL);
        heed_model *m = NULL;
        must(add_rows(c, tsv, HEED_PART_ANY, NULL));
        heed_status status = heed_train(&m, c, &train, &listener, &made_error);
        if (stop == 1) {
            must_refuse(status, HEED_STOPPED, "stopped after 3 passes", "a listener's wish");
            assert_null(m);
        } else if (stop == 2) {
            must_refuse(status, HEED_STOPPED, "stopped after the last pass", "a late wish");
            assert_non_null(m);
        } else {
            must(status);
            assert_int_equal(h.epochs, 1);
            assert_in_range(h.passes, 3, 200);
            assert_in_range(h.notes, 2, 2);
            assert_true(h.validation.accuracy == 1);
            assert_true(m->validation[0].loss == h.validation.loss);
            assert_int_equal(m->config.training.epochs_run, 1);
            assert_int_equal(m->config.text.max_length, 0);
        }
        heed_model_free(m);
        heed_corpus_free(c);
    }
    free(tsv);
}

static void folds_are_measured(void **state)
{
    (void)state;
    char *tsv = told_rows(90, 3);
    heed_train_options train = linear_options();
    heed_corpus *c = made_corpus(NULL);
    heed_folds *folds;
    must(add_rows(c, tsv, HEED_PART_ANY, NULL));
    must(heed_cross_validate(&folds, 3, c, &train, NULL, &made_error));
    assert_int_equal(heed_folds_count(folds), 3);
    for (unsigned i = 0; i < 3; i++) {
        const heed_fold *fold = heed_folds_item(folds, i);
        assert_int_equal(fold->best_epoch, 1);
        assert_int_equal(fold->rows_train + fold->rows_validation, 90);
        assert_true(fold->validation->accuracy > 0.9);
    }
    heed_folds_free(folds);
    heed_corpus_free(c);
    free(tsv);
}

static void options_of_networks_are_refused(void **state)
{
    (void)state;
    char *tsv = told_rows(40, 2);
    heed_train_options train = linear_options(), vectors = train, from = train, frozen = train;
    heed_model *m = trained_on(tsv, NULL, &train, NULL), *out = NULL;
    vectors.vectors = "no.vec";
    from.init_from = m;
    frozen.frozen_epochs = 2;
    const struct {
        const heed_train_options *options;
        const char *piece;
    } cases[] = {{&vectors, "--vectors: the architecture is linear"},
                 {&from, "--init-from: the architecture is linear"},
                 {&frozen, "--freeze: --vectors is missing"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = made_corpus(NULL);
        must(add_rows(c, tsv, HEED_PART_ANY, NULL));
        must_refuse(heed_train(&out, c, cases[i].options, NULL, &made_error), HEED_USAGE, cases[i].piece, "an option");
        assert_null(out);
        heed_corpus_free(c);
    }
    heed_model_free(m);
    free(tsv);
}

static void summary_names_the_strongest_features(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 2), *text = NULL;
    heed_train_options train = linear_options();
    heed_model *m = trained_on(tsv, NULL, &train, NULL);
    must(heed_model_summary(&text, m, &made_error));
    static const char *const pieces[] = {"linear 10\n",  "C = 10",      "parameters", "  bad\n    ",
                                         "  good\n    ", "whole texts", "L-BFGS",     "epoch  1*"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (strstr(text, pieces[i]) == NULL)
            fail_msg("no '%s' in:\n%s", pieces[i], text);
    const char *bad = strstr(text, "  bad\n"), *good = strstr(text, "  good\n");
    const char *awful = strstr(text, "awful"), *lovely = strstr(text, "lovely");
    assert_true(bad < awful && awful < good && good < lovely);
    heed_free(text);
    must(heed_model_json(&text, m, &made_error));
    json_t *root = json_loads(text, 0, NULL), *linear = json_object_get(root, "linear");
    assert_int_equal(json_array_size(json_object_get(json_object_get(linear, "strongest"), "good")), 10);
    assert_int_equal(json_integer_value(json_object_get(root, "parameters")), heed_model_describe(m)->parameters);
    json_decref(root);
    heed_free(text);
    heed_model_free(m);
    free(tsv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model_is_that_of_scikit_learn),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(saved_model_answers_with_the_same_bits),
        cmocka_unit_test(examples_are_answered_as_texts_are),
        cmocka_unit_test(listener_hears_passes_and_one_epoch),
        cmocka_unit_test(folds_are_measured),
        cmocka_unit_test(options_of_networks_are_refused),
        cmocka_unit_test(summary_names_the_strongest_features),
    };
    return cmocka_run_group_tests_name("linear", tests, read_golden, free_golden);
}
