/* What heed.h says of calls that cannot be done: each is refused with the status that it names, and its outputs are
 * NULL or 0. */
#include "unit/made_rows.h"

#include <math.h>
#include <sys/stat.h>

#define BYTES(literal) ((heed_bytes){literal, sizeof(literal) - 1})

static heed_model *model, *linear;

static int make_models(void **state)
{
    (void)state;
    model = made_model("embed 4 | bilstm 3 | attention additive 2 | dense 3");
    linear = made_model("linear");
    return 0;
}

static int free_models(void **state)
{
    (void)state;
    heed_model_free(model);
    heed_model_free(linear);
    return 0;
}

/* ---- texts that are not UTF-8 */

static void predicted_texts_are_utf8(void **state)
{
    (void)state;
    enum { COUNT = 1300 };
    static heed_bytes texts[COUNT];
    static float probabilities[COUNT][2];
    static const size_t bad[] = {0, 7, 499, 500, 1299};
    heed_model *const models[] = {model, linear};
    for (size_t m = 0; m < 2; m++)
        for (unsigned threads = 1; threads <= 4; threads += 3) {
            heed_predictor *p = NULL;
            must(heed_predictor_new(&p, models[m], threads, &made_error));
            for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                char piece[60];
                for (size_t k = 0; k < COUNT; k++)
                    texts[k] = k >= bad[i] ? BYTES("w1 \xff no") : BYTES("w1 up");
                probabilities[0][0] = probabilities[COUNT - 1][1] = 7;
                snprintf(piece, sizeof piece, "text %zu: byte 4 is not UTF-8 (found 0xFF)", bad[i] + 1);
                must_refuse(heed_predictor_run(*probabilities, p, texts, COUNT, &made_error), HEED_BAD_DATA, piece,
                            "a text");
                for (size_t k = 0; k < COUNT; k++)
                    assert_true(probabilities[k][0] == 0 && probabilities[k][1] == 0);
            }
            must(heed_predictor_run(*probabilities, p, &BYTES("w1 up"), 1, &made_error));
            assert_true(fabsf(probabilities[0][0] + probabilities[0][1] - 1) < 1e-5F);
            must(heed_predictor_run(NULL, p, NULL, 0, &made_error));
            heed_predictor_free(p);
        }
}

static void reported_texts_are_utf8(void **state)
{
    (void)state;
    char folder[64] = "/tmp/heed-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const heed_model_info *info = heed_model_describe(model);
    heed_evaluation *e = NULL, *other = NULL;
    heed_report *r = NULL;
    heed_report_options options;
    heed_report_options_init(&options);
    options.folder = folder;
    must(heed_evaluation_new(&e, info->labels, 2, info->positive, 0.5, &made_error));
    must(heed_evaluation_new(&other, (const char *const[]){"bb", "aa"}, 2, 1, 0.5, &made_error));
    must_refuse(heed_report_new(&r, model, other, &options, &made_error), HEED_USAGE, "in its order", "labels");
    assert_null(r);
    must(heed_report_new(&r, model, e, &options, &made_error));
    must(heed_evaluation_add(e, 0, (const float[]){0.5F, 0.5F}, &made_error));
    must_refuse(heed_report_add(r, BYTES("up\xc3"), BYTES("id"), &made_error), HEED_BAD_DATA,
                "report: text 1: byte 3 is not UTF-8", "a text");
    must_refuse(heed_report_add(r, BYTES("up"), BYTES("\x80"), &made_error), HEED_BAD_DATA,
                "report: id 1: byte 1 is not UTF-8", "an id");
    must(heed_report_add(r, BYTES("up"), (heed_bytes){NULL, 0}, &made_error));
    must(heed_evaluation_finish(e, &made_error));
    must(heed_report_write(r, NULL, &made_error));
    heed_report_free(r);
    heed_evaluation_free(other);
    heed_evaluation_free(e);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

/* ---- numbers that no enum has, and counts of 0 */

static void numbers_that_no_enum_has_are_refused(void **state)
{
    (void)state;
    heed_predictor *p = NULL;
    heed_corpus *c = made_corpus(NULL);
    heed_rows_options rows = made_rows_options(NULL);
    char *text = NULL;
    size_t size = 7;
    must(heed_predictor_new(&p, model, 1, &made_error));
    must_refuse(heed_predictor_set_projections(p, (heed_precision)7, &made_error), HEED_USAGE, "found", "projections");
    must_refuse(heed_predictor_set_weights(p, (heed_precision)7, &made_error), HEED_USAGE, "found", "weights");
    must_refuse(heed_explanations_draw(&text, &size, NULL, 0, (heed_explanation_format)77, &made_error), HEED_USAGE,
                "found 77", "a format");
    assert_true(text == NULL && size == 0);
    must_refuse(add_rows(c, "label\ttext\na\tb\n", (heed_part)9, NULL), HEED_USAGE, "found the number 9", "a part");
    rows.encoding = (heed_encoding)9;
    must_refuse(heed_model_set_rows_options(model, &rows, &made_error), HEED_USAGE, "--encoding: found the number 9",
                "rows of a model");
    assert_string_equal(heed_method_name((heed_method)99), "unknown");
    assert_string_equal(heed_token_status_name((heed_token_status)99), "unknown");
    assert_string_equal(heed_status_name((heed_status)99), "unknown");
    heed_corpus_free(c);
    heed_predictor_free(p);
}

static void a_count_of_nothing_does_nothing(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size, answer = 77;
    for (unsigned format = HEED_EXPLANATION_TEXT; format <= HEED_EXPLANATION_JSON; format++) {
        must(heed_explanations_draw(&text, &size, NULL, 0, (heed_explanation_format)format, &made_error));
        assert_int_equal(strlen(text), size);
        heed_free(text);
    }
    heed_model_rank(&answer, 0, model, (const float[]){0.25F, 0.75F}, NULL);
    assert_int_equal(answer, 77);
    must(heed_learning_picture(&text, NULL, 0, "accuracy", &made_error));
    assert_non_null(strstr(text, "no data"));
    heed_free(text);
    must(heed_evaluation_check_requirements(NULL, NULL, 0, &made_error));
}

static void a_direction_has_finite_numbers(void **state)
{
    (void)state;
    char path[64];
    heed_vectors *v = NULL;
    heed_neighbours *near = NULL;
    made_file(path, ".txt", "up 1 2\nno 2 1\n", 14);
    must(heed_vectors_load(&v, path, NULL, 0, NULL, &made_error));
    unlink(path);
    const float bad[][2] = {{0, 0}, {NAN, 1}, {INFINITY, 1}};
    for (size_t i = 0; i < 3; i++) {
        near = (void *)&path;
        must_refuse(heed_vectors_near(&near, v, BYTES("up"), bad[i], 5, &made_error), HEED_BAD_DATA, "of 'up'", "up");
        assert_null(near);
    }
    must(heed_vectors_near(&near, v, BYTES("up"), (const float[]){1, 2}, SIZE_MAX, &made_error));
    assert_int_equal(heed_neighbours_count(near), 1);
    heed_neighbours_free(near);
    must(heed_vectors_near(&near, v, BYTES("up"), (const float[]){1, 2}, 0, &made_error));
    assert_int_equal(heed_neighbours_count(near), 0);
    heed_neighbours_free(near);
    heed_vectors_free(v);
}

/* ---- options that have no sense */

static void an_architecture_is_needed(void **state)
{
    (void)state;
    static const char *const ranges[] = {"batch-size=8,9"};
    static const char piece[] = "--architecture: found none";
    heed_corpus *c = made_corpus(NULL);
    heed_text_options text = made_text_options();
    heed_train_options train = made_train_options();
    const heed_train_options *const contenders[] = {&train};
    heed_compare_options compare;
    heed_tune_options tune;
    heed_model *trained = NULL;
    heed_folds *folds = NULL;
    heed_comparison *comparison = NULL;
    heed_tuning *tuning = NULL;
    heed_compare_options_init(&compare);
    heed_tune_options_init(&tune);
    train.architecture = NULL;
    compare.contenders = contenders;
    compare.count = 1;
    tune.text = &text;
    tune.train = &train;
    tune.ranges = ranges;
    tune.range_count = 1;
    must(add_rows(c, "label\ttext\na\tx\nb\ty\n", HEED_PART_ANY, NULL));
    must_refuse(heed_architecture_check(NULL, &made_error), HEED_USAGE, piece, "check");
    must_refuse(heed_train(&trained, c, &train, NULL, &made_error), HEED_USAGE, piece, "train");
    must_refuse(heed_cross_validate(&folds, 2, c, &train, NULL, &made_error), HEED_USAGE, piece, "folds");
    must_refuse(heed_compare(&comparison, c, &compare, NULL, &made_error), HEED_USAGE, piece, "compare");
    must_refuse(heed_tune(&tuning, &tune, NULL, &made_error), HEED_USAGE, piece, "tune");
    must_refuse(heed_tune_check(NULL, &tune, &made_error), HEED_USAGE, piece, "tune check");
    compare.count = 0;
    must_refuse(heed_compare(&comparison, c, &compare, NULL, &made_error), HEED_USAGE, "found no architecture", "none");
    assert_true(!trained && !folds && !comparison && !tuning);
    heed_corpus_free(c);
}

static void a_search_has_a_table_of_its_own(void **state)
{
    (void)state;
    static const char *const ranges[] = {"batch-size=8,9"};
    char path[64];
    heed_text_options text = made_text_options();
    heed_train_options train = made_train_options();
    heed_tune_options tune;
    heed_tuning *tuning = NULL;
    heed_tune_options_init(&tune);
    tune.text = &text;
    tune.train = &train;
    tune.ranges = ranges;
    tune.range_count = 1;
    must_refuse(heed_tune(&tuning, &tune, NULL, &made_error), HEED_USAGE, "--table is missing", "no table");
    made_file(path, ".csv", "old\n", 4);
    tune.table = path;
    must_refuse(heed_tune(&tuning, &tune, NULL, &made_error), HEED_USAGE, "exists already", "an old table");
    must_refuse(heed_tune_check(NULL, &tune, &made_error), HEED_USAGE, "exists already", "an old table, checked");
    struct stat found;
    assert_true(stat(path, &found) == 0 && found.st_size == 4);
    unlink(path);
    must_refuse(heed_tune(&tuning, &tune, NULL, &made_error), HEED_USAGE, "expected one in read", "no function");
    assert_null(tuning);
    unlink(path);
}

/* ---- what is copied */

/* A copy for a call, which is gone after it. */
static char *lend(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    return copy;
}

static void take_back(char *lent)
{
    memset(lent, 0x5a, strlen(lent));
    free(lent);
}

static void a_reader_and_a_corpus_have_copies(void **state)
{
    (void)state;
    char path[64], stop[64];
    heed_rows_options rows = made_rows_options(NULL);
    heed_text_options text = made_text_options();
    heed_reader *reader = NULL;
    heed_corpus *c = NULL;
    made_file(path, ".tsv", "kind\tbody\nbb\tw1 no\naa\tw2 up\n", 28);
    made_file(stop, ".txt", "w1\n", 3);
    char *name = lend(path), *label = lend("kind"), *column = lend("body"), *words = lend(stop);
    rows.label_column = label;
    rows.text_columns = column;
    text.stop_words = words;
    must(heed_reader_open(&reader, (const char *const[]){name}, 1, &rows, &made_error));
    must(heed_corpus_new(&c, &text, &made_error));
    must(heed_model_set_rows_options(model, &rows, &made_error));
    take_back(name);
    take_back(label);
    take_back(column);
    take_back(words);
    unlink(stop);
    assert_string_equal(heed_model_describe(model)->rows->text_columns, "body");
    must(heed_model_set_rows_options(model, heed_model_describe(model)->rows, &made_error)); /* its own */
    assert_string_equal(heed_model_describe(model)->rows->label_column, "kind");
    must(heed_corpus_add(c, reader, HEED_PART_ANY, 1, NULL, &made_error));
    assert_int_equal(heed_corpus_describe(c)->rows, 2);
    assert_int_equal(heed_corpus_describe(c)->distinct_words, 3); /* without w1 */
    unlink(path);
    heed_reader_free(reader);
    heed_corpus_free(c);
}

static void an_explainer_and_an_evaluation_have_copies(void **state)
{
    (void)state;
    heed_explain_options options;
    heed_explainer *x = NULL;
    heed_explanation *e = NULL;
    heed_evaluation *v = NULL;
    char *label = lend("bb"), *name = lend("cc"), *text = lend("w1 up no");
    double value = 0, *thresholds = malloc(2 * sizeof *thresholds);
    assert_non_null(thresholds);
    thresholds[0] = thresholds[1] = 0.25;
    heed_explain_options_init(&options);
    options.label = label;
    must(heed_explainer_new(&x, model, &options, &made_error));
    take_back(label);
    must(heed_explainer_run(&e, x, (heed_bytes){text, 8}, &made_error));
    take_back(text);
    heed_explainer_free(x); /* the explanation does not need it */
    const heed_explanation_info *info = heed_explanation_describe(e);
    assert_string_equal(info->labels[info->label], "bb");
    assert_memory_equal(info->text.data, "w1 up no", 8);
    assert_memory_equal(heed_explanation_token(e, 0)->text.data, "w1", 2);
    heed_explanation_free(e);
    assert_null(heed_explanation_describe(NULL));
    must(heed_evaluation_new_multilabel(&v, (const char *const[]){"aa", name}, 2, thresholds, &made_error));
    take_back(name);
    free(thresholds);
    must(heed_evaluation_add_labels(v, (const size_t[]){1, 1, 0}, 3, (const float[]){0.5F, 0.5F}, &made_error));
    must(heed_evaluation_finish(v, &made_error));
    must(heed_evaluation_metric(&value, v, "f1:cc", &made_error));
    assert_true(value == 1);
    heed_evaluation_free(v);
}

static void a_comparison_has_copies(void **state)
{
    (void)state;
    heed_corpus *c = made_corpus(NULL);
    heed_comparison *comparison = NULL;
    heed_compare_options compare;
    heed_train_options *train = malloc(sizeof *train);
    const heed_train_options *contenders[] = {train};
    char *rows = told_rows(40, 2), *name = lend("mine"), *architecture = lend("linear"), *text = NULL;
    const char *names[] = {name};
    assert_non_null(train);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    *train = made_train_options();
    train->architecture = architecture;
    heed_compare_options_init(&compare);
    compare.contenders = contenders;
    compare.names = names;
    compare.count = compare.seeds = 1;
    must(heed_compare(&comparison, c, &compare, NULL, &made_error));
    take_back(name);
    take_back(architecture);
    free(train);
    heed_corpus_free(c);
    must(heed_comparison_json(&text, comparison, &made_error));
    assert_non_null(strstr(text, "\"mine\""));
    heed_free(text);
    assert_string_equal(heed_comparison_contender(comparison, 0)->architecture, "linear");
    heed_comparison_free(comparison);
    free(rows);
}

/* ---- listeners that stop */

typedef struct stopping {
    unsigned left; /* events until it stops */
    bool stopped, epoch_ended;
} stopping;

static int stop_later(void *user, const heed_event *event)
{
    stopping *s = user;
    s->epoch_ended = s->epoch_ended || event->stage == HEED_STAGE_EPOCH;
    s->stopped = s->left == 0;
    s->left -= s->left > 0;
    return s->stopped;
}

static void a_stopped_training_is_the_best_epoch_if_one_has_ended(void **state)
{
    (void)state;
    heed_corpus *c = made_corpus(NULL);
    char *rows = told_rows(40, 2);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    for (unsigned kind = 0; kind < 2; kind++)
        for (unsigned after = 0; after < 40; after++) {
            stopping s = {.left = after};
            heed_train_options train = made_train_options();
            heed_model *trained = NULL;
            heed_folds *folds = NULL;
            if (kind == 1)
                train.architecture = "linear";
            heed_status status = heed_train(&trained, c, &train, &(heed_listener){stop_later, &s}, &made_error);
            assert_int_equal(status, s.stopped ? HEED_STOPPED : HEED_OK);
            if (s.stopped)
                assert_true((trained != NULL) == s.epoch_ended);
            heed_model_free(trained);
            s = (stopping){.left = after};
            status = heed_cross_validate(&folds, 2, c, &train, &(heed_listener){stop_later, &s}, &made_error);
            assert_int_equal(status, s.stopped ? HEED_STOPPED : HEED_OK);
            assert_true((folds == NULL) == s.stopped);
            heed_folds_free(folds);
        }
    free(rows);
    heed_corpus_free(c);
}

static int refuse_record(void *user, const heed_record *record, const float *found)
{
    (void)record;
    (void)found;
    return ++*(int *)user == 2;
}

static int refuse_tokens(void *user, const heed_record *record, heed_tokens *tokens)
{
    (void)record;
    (void)tokens;
    return ++*(int *)user == 2;
}

static void a_sink_stops_and_a_bad_row_keeps_those_before(void **state)
{
    (void)state;
    char path[64];
    heed_rows_options rows = made_rows_options(NULL);
    heed_text_options text = made_text_options();
    heed_reader *reader = NULL;
    heed_predictor *p = NULL;
    heed_cleaner *cleaner = NULL;
    heed_corpus *c = made_corpus(NULL);
    int predicted = 0, cleaned = 0;
    made_file(path, ".tsv", "label\ttext\naa\tw1\nbb\tw2\naa\tw3\n", 29);
    must(heed_predictor_new(&p, linear, 1, &made_error));
    must(heed_cleaner_new(&cleaner, &text, &made_error));
    must(heed_reader_open(&reader, &(const char *){path}, 1, &rows, &made_error));
    assert_int_equal(heed_predict_rows(p, reader, refuse_record, &predicted, NULL, &made_error), HEED_STOPPED);
    heed_reader_free(reader);
    must(heed_reader_open(&reader, &(const char *){path}, 1, &rows, &made_error));
    assert_int_equal(heed_clean_rows(reader, cleaner, 2, refuse_tokens, &cleaned, &made_error), HEED_STOPPED);
    heed_reader_free(reader);
    assert_true(predicted == 2 && cleaned == 2);
    must_refuse(add_rows(c, "label\ttext\naa\tw1\nbb\n", HEED_PART_ANY, NULL), HEED_BAD_DATA, ":3:", "a short row");
    assert_int_equal(heed_corpus_describe(c)->rows, 1);
    rows.label_separator = ",";
    must_refuse(add_rows(c, "label\ttext\naa,bb\tw1\n", HEED_PART_ANY, &rows), HEED_USAGE, "label separator",
                "other labels");
    unlink(path);
    heed_corpus_free(c);
    heed_cleaner_free(cleaner);
    heed_predictor_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predicted_texts_are_utf8),
        cmocka_unit_test(reported_texts_are_utf8),
        cmocka_unit_test(numbers_that_no_enum_has_are_refused),
        cmocka_unit_test(a_count_of_nothing_does_nothing),
        cmocka_unit_test(a_direction_has_finite_numbers),
        cmocka_unit_test(an_architecture_is_needed),
        cmocka_unit_test(a_search_has_a_table_of_its_own),
        cmocka_unit_test(a_reader_and_a_corpus_have_copies),
        cmocka_unit_test(an_explainer_and_an_evaluation_have_copies),
        cmocka_unit_test(a_comparison_has_copies),
        cmocka_unit_test(a_stopped_training_is_the_best_epoch_if_one_has_ended),
        cmocka_unit_test(a_sink_stops_and_a_bad_row_keeps_those_before),
    };
    return cmocka_run_group_tests_name("what heed.h promises", tests, make_models, free_models);
}
