/* What heed_train makes of rows and options: those that it refuses, those that it takes, and what a model knows of
 * them. */
#include "unit/made_training.h"

#include "model/model_file.h"

/* ---- rows of all kinds */

static void data_that_cannot_be_trained_on_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *what, *train, *validation, *test, *piece;
    } cases[] = {
        {"no rows", NULL, NULL, NULL, "no rows to train on"},
        {"one label", "label\ttext\na\tx\na\ty\n", NULL, NULL, "all 2 rows have the label 'a'"},
        {"one label in training", "label\ttext\na\tx\na\ty\n", "label\ttext\nb\tz\n", NULL,
         "the 2 training rows have 1 label,"},
        {"unknown labels in validation alone", "label\ttext\na\tx\nb\ty\n", "label\ttext\nc\tz\nd\tz\nc\ty\n", NULL,
         "validation: found only labels that no training row has: 'c' (2 rows), 'd' (1 row); --label-map"},
        {"test rows alone", NULL, NULL, "label\ttext\na\tx\nb\ty\n", "no rows are left for training"},
        {"empty texts", "label\ttext\na\t\nb\t \n", NULL, NULL, "found no words in the training rows after cleaning"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = made_corpus(NULL);
        heed_train_options o = made_train_options();
        heed_model *m = NULL;
        if (cases[i].train != NULL)
            must(add_rows(c, cases[i].train, HEED_PART_ANY, NULL));
        if (cases[i].validation != NULL)
            must(add_rows(c, cases[i].validation, HEED_PART_VALIDATION, NULL));
        if (cases[i].test != NULL)
            must(add_rows(c, cases[i].test, HEED_PART_TEST, NULL));
        must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_BAD_DATA, cases[i].piece, cases[i].what);
        assert_null(m);
        heed_corpus_free(c);
    }
}

static void check_options(const char *rows, const heed_train_options *options, const char *piece)
{
    heed_corpus *c = corpus_of(rows, NULL, NULL);
    heed_model *m = NULL;
    must_refuse(heed_train(&m, c, options, NULL, &made_error), HEED_USAGE, piece, piece);
    assert_null(m);
    heed_corpus_free(c);
}

static void options_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    char *rows = told_rows(30, 2);
    heed_train_options o;
#define REFUSE(change, piece) (o = made_train_options(), change, check_options(rows, &o, piece))
    REFUSE(o.epochs = 0, "epochs");
    REFUSE(o.epochs = 100000, "epochs");
    REFUSE(o.batch_size = 0, "batch-size");
    REFUSE(o.batch_size = 1 << 20, "batch-size");
    REFUSE(o.learning_rate = 0, "learning-rate");
    REFUSE(o.learning_rate = -1, "learning-rate");
    REFUSE(o.learning_rate = NAN, "learning-rate");
    REFUSE(o.learning_rate = INFINITY, "learning-rate");
    REFUSE(o.threads = 257, "threads");
    REFUSE(o.validation_fraction = 0, "validation");
    REFUSE(o.validation_fraction = 1, "validation");
    REFUSE(o.validation_fraction = NAN, "validation");
    REFUSE(o.architecture = NULL, "architecture");
    REFUSE(o.architecture = "embed 4 | attention sideways", "architecture, column 11");
    REFUSE(o.positive = "perfect", "there is no label 'perfect'; the labels are 'bad' and 'good'");
    REFUSE(o.seed = UINT64_MAX, "seed");
    REFUSE(o.keep = (heed_keep)2, "keep");
    REFUSE(o.validation = (heed_validation)99, "validation");
#undef REFUSE
    free(rows);
}

/* The last rows of a file are drawn; where they have a label of their own, another validation part is needed. */
static void a_label_of_the_last_rows_alone_is_refused(void **state)
{
    (void)state;
    heed_corpus *c = corpus_of("label\ttext\na\tx\nb\ty\na\tx\nc\tz\n", NULL, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    o.validation = HEED_VALIDATION_LAST;
    o.validation_fraction = 0.25;
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_BAD_DATA,
                "validation: the label 'c' is not among the training rows", "a label of the last row");
    heed_corpus_free(c);
}

/* Test rows are not used, and a model has the labels that can be learnt: two of them are binary. */
static void a_label_of_test_rows_alone_is_no_label_of_the_model(void **state)
{
    (void)state;
    heed_corpus *c = corpus_of("label\ttext\nb\tx x\nd\ty y\nb\tx y\nd\ty y y\n", NULL, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    must(add_rows(c, "label\ttext\na\tx\nc\ty\n", HEED_PART_TEST, NULL));
    o.validation = HEED_VALIDATION_NONE;
    must(heed_train(&m, c, &o, NULL, &made_error));
    const heed_model_info *info = heed_model_describe(m);
    assert_int_equal(info->task, HEED_TASK_BINARY);
    assert_int_equal(info->label_count, 2);
    assert_string_equal(info->labels[0], "b");
    assert_string_equal(info->labels[1], "d");
    const heed_corpus_info *rows = heed_corpus_describe(c);
    assert_int_equal(rows->task, HEED_TASK_BINARY);
    assert_int_equal(rows->label_count, 4);
    assert_string_equal(rows->labels[2], "a");
    assert_string_equal(rows->labels[3], "c");
    heed_model_free(m);
    heed_corpus_free(c);
}

static void what_does_not_fit_the_rows_is_refused(void **state)
{
    (void)state;
    char *three = told_rows(30, 3);
    heed_corpus *c = corpus_of(three, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    heed_folds *folds;
    o.positive = "good";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "there are 3 labels, expected two",
                "positive of three");
    o = made_train_options();
    must_refuse(heed_cross_validate(&folds, 1, c, &o, NULL, &made_error), HEED_USAGE, "folds", "one fold");
    must_refuse(heed_cross_validate(&folds, 101, c, &o, NULL, &made_error), HEED_USAGE, "folds", "many folds");
    must_refuse(heed_cross_validate(&folds, 50, c, &o, NULL, &made_error), HEED_BAD_DATA, "use fewer folds",
                "folds without rows");
    assert_null(folds);
    heed_corpus_free(c);
    free(three);
}

static void networks_that_no_file_holds_are_refused(void **state)
{
    (void)state;
    char *train = told_rows(30, 2);
    heed_text_options text = made_text_options();
    heed_train_options o = made_train_options();
    heed_model *m;
    text.max_length = 65536;
    heed_corpus *c = corpus_of(train, NULL, &text);
    o.architecture = "embed 4096 | bilstm 8 | attention additive 4";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "a pass over 10 rows of 65536 tokens",
                "a long window");
    o.architecture = "embed 4 | bilstm 4096 | bilstm 4096 | bilstm 4096 | attention additive 4";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "parameters, expected at most", "wide layers");
    heed_corpus_free(c);
    free(train);
}

static void empty_long_and_few_rows_are_trained_on(void **state)
{
    (void)state;
    writer rows = {0};
    writer_print(&rows, "label\ttext\n");
    for (int i = 0; i < 20; i++) {
        writer_print(&rows, "a\t\nb\tlovely\na\tawful %d\nb\t", i);
        for (int j = 0; j < 100; j++) /* far longer than the window */
            writer_print(&rows, "%s%d ", j == 50 ? "lovely" : "word", j + i);
        writer_byte(&rows, '\n');
    }
    writer_byte(&rows, '\0');
    for (int i = 0; i < 8; i++) {
        heed_text_options text = made_text_options();
        heed_train_options o = made_train_options();
        heed_model *m;
        o.mask = i & 1;
        text.pad = i & 2 ? HEED_PAD_POST : HEED_PAD_PRE;
        text.max_length = i & 4 ? 1 : 8;
        o.batch_size = 5000; /* more than there are rows */
        heed_corpus *c = corpus_of(rows.data, NULL, &text);
        must(heed_train(&m, c, &o, NULL, &made_error));
        check_finite(m);
        assert_true(isfinite(m->train[0].loss));
        heed_model_free(m);
        heed_corpus_free(c);
    }
    writer_release(&rows);
}

static void labels_are_learnt(void **state)
{
    (void)state;
    for (unsigned labels = 2; labels <= 4; labels++) {
        char *train = told_rows(200, labels);
        heed_corpus *c = corpus_of(train, NULL, NULL);
        heed_train_options o = made_train_options();
        heed_model *m;
        size_t count;
        o.epochs = 15;
        o.architecture = "embed 8 | bilstm 6 | attention additive 4 | dense 8";
        must(heed_train(&m, c, &o, NULL, &made_error));
        count = heed_model_describe(m)->label_count;
        assert_int_equal(count, labels);
        assert_int_equal(heed_model_describe(m)->positive, labels == 2 ? 1 : labels);
        assert_true(m->validation[m->config.training.epoch_kept - 1].accuracy > 0.95);
        assert_true(loss_of(m, train) < 0.3);
        heed_model_free(m);
        heed_corpus_free(c);
        free(train);
    }
}

static void positive_turns_the_figures_not_the_answers(void **state)
{
    (void)state;
    char *two = told_rows(90, 2);
    for (int i = 0; i < 2; i++) {
        heed_corpus *c = corpus_of(two, NULL, NULL);
        heed_train_options o = made_train_options();
        heed_model *m;
        o.positive = i == 0 ? "bad" : "good";
        o.epochs = 15;
        must(heed_train(&m, c, &o, NULL, &made_error));
        assert_int_equal(heed_model_describe(m)->positive, i);
        assert_string_equal(heed_model_describe(m)->labels[0], "bad");
        assert_true(loss_of(m, two) < 0.4); /* by name: probabilities stand in the labels' order */
        heed_model_free(m);
        heed_corpus_free(c);
    }
    free(two);
}

/* ---- what a model knows of which rows */

static bool knows(const heed_model *m, const char *word)
{
    return intern_find(&m->words.words, (heed_bytes){word, strlen(word)}) != INTERN_NONE;
}

static void vocabulary_comes_from_training_rows(void **state)
{
    (void)state;
    char *train = told_rows(40, 2);
    for (int all = 0; all < 2; all++) {
        heed_text_options text = made_text_options();
        heed_train_options o = made_train_options();
        heed_model *m;
        text.count_all_rows = all;
        text.max_length = 0; /* the mean, of the same rows */
        heed_corpus *c = corpus_of(
            train, "label\ttext\nbad\tsecretword a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd\n",
            &text);
        must(add_rows(c, "label\ttext\ngood\ttestword\n", HEED_PART_TEST, NULL));
        must(heed_train(&m, c, &o, NULL, &made_error));
        assert_true(knows(m, "lovely"));
        assert_int_equal(knows(m, "secretword"), all);
        assert_false(knows(m, "testword"));
        assert_true(m->config.training.mean_tokens == (all ? (40 * 7 + 31) / 41.0 : 7.0));
        assert_int_equal(m->config.network.window, all ? 8 : 7);
        assert_int_equal(m->config.training.rows_validation, 1);
        assert_int_equal(m->config.training.rows_train, 40);
        assert_string_equal(m->config.training.validation, "given");
        heed_model_free(m);
        heed_corpus_free(c);
    }
    free(train);
}

static void corpus_can_be_trained_on_again(void **state)
{
    (void)state;
    char *train = told_rows(60, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_model *models[3];
    writer files[3] = {{0}};
    for (int i = 0; i < 3; i++) {
        heed_train_options o = made_train_options();
        o.seed = i == 2;
        o.threads = (unsigned)i + 1;
        o.validation_fraction = 0.125;
        must(heed_train(&models[i], c, &o, NULL, &made_error));
        must(model_print(&files[i], models[i], &made_error));
        assert_string_equal(models[i]->config.training.validation, "fraction 0.125");
    }
    assert_int_equal(files[0].size, files[1].size);
    assert_memory_equal(files[0].data, files[1].data, files[0].size);
    assert_memory_not_equal(model_network(models[0])->weights, model_network(models[2])->weights, 8);
    for (int i = 0; i < 3; i++) {
        writer_release(&files[i]);
        heed_model_free(models[i]);
    }
    heed_corpus_free(c);
    free(train);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_that_cannot_be_trained_on_is_refused),
        cmocka_unit_test(options_that_cannot_be_used_are_refused),
        cmocka_unit_test(a_label_of_the_last_rows_alone_is_refused),
        cmocka_unit_test(a_label_of_test_rows_alone_is_no_label_of_the_model),
        cmocka_unit_test(what_does_not_fit_the_rows_is_refused),
        cmocka_unit_test(networks_that_no_file_holds_are_refused),
        cmocka_unit_test(empty_long_and_few_rows_are_trained_on),
        cmocka_unit_test(labels_are_learnt),
        cmocka_unit_test(positive_turns_the_figures_not_the_answers),
        cmocka_unit_test(vocabulary_comes_from_training_rows),
        cmocka_unit_test(corpus_can_be_trained_on_again),
    };
    return cmocka_run_group_tests_name("training rows", tests, NULL, NULL);
}
