/* Labels of every kind and weights, from rows to a model: corpus, split, class weights, loss, model file. */
#include "unit/made_rows.h"

#include <math.h>

#include "data/split.h"
#include "train/class_weights.h"

static heed_rows_options several(void)
{
    heed_rows_options rows = made_rows_options(";");
    rows.need_label = true;
    return rows;
}

/* Rows of the topics x, y and z, each told by a word; weight is a column. */
static char *topic_rows(unsigned count, const char *weight)
{
    static const char *const topic[] = {"x", "y", "z"}, *const word[] = {"wave", "ball", "scene"};
    writer text = {0};
    char *out = NULL;
    writer_print(&text, "label\tw\ttext\n");
    for (unsigned i = 0; i < count; i++) {
        const char *between = "";
        for (unsigned t = 0; t < 3; t++) {
            if (!((i % 8) >> t & 1))
                continue;
            writer_print(&text, "%s%s", between, topic[t]);
            between = ";";
        }
        writer_print(&text, "\t%s\tn%u", weight, i);
        for (unsigned t = 0; t < 3; t++)
            if ((i % 8) >> t & 1)
                writer_print(&text, " %s", word[t]);
        writer_byte(&text, '\n');
    }
    must(writer_take(&text, &out, NULL, &made_error));
    return out;
}

static heed_corpus *topic_corpus(unsigned count, const char *weight, bool weighed)
{
    heed_text_options text = made_text_options();
    text.min_count = 2; /* the word that makes each text another is not one to learn by heart */
    heed_corpus *c = made_corpus(&text);
    heed_rows_options options = several();
    char *rows = topic_rows(count, weight);
    options.weight_column = weighed ? "w" : NULL;
    must(add_rows(c, rows, HEED_PART_ANY, &options));
    free(rows);
    return c;
}

/* ---- rows */

static void a_record_has_up_to_a_thousand_labels(void **state)
{
    (void)state;
    writer text = {0};
    const heed_record *record;
    heed_reader *reader;
    char path[64];
    heed_rows_options options = several();
    writer_print(&text, "text,label\nx,");
    for (int i = 0; i < 2001; i++)
        writer_print(&text, "l%d%s", i, i == 999 ? "\ny," : ";");
    made_file(path, ".csv", text.data, text.size);
    must(heed_reader_open(&reader, &(const char *){path}, 1, &options, &made_error));
    must(heed_reader_next(&record, reader, &made_error));
    assert_int_equal(record->label_count, 1000);
    assert_memory_equal(record->labels[999].data, "l999", 4);
    must_refuse(heed_reader_next(&record, reader, &made_error), HEED_BAD_DATA, "row 2: found more than 1000 labels",
                "many labels");
    assert_null(record);
    heed_reader_free(reader);
    writer_release(&text);
    unlink(path);
}

static void a_separator_of_no_bytes_is_refused(void **state)
{
    (void)state;
    heed_reader *reader;
    heed_rows_options options = made_rows_options("");
    must_refuse(heed_reader_open(&reader, &(const char *){"/dev/null"}, 1, &options, &made_error), HEED_USAGE,
                "label separator: found an empty text", "separator");
}

/* ---- corpus and split */

static void a_corpus_knows_its_task(void **state)
{
    (void)state;
    heed_corpus *c = topic_corpus(16, "1", false);
    heed_corpus_info info = *heed_corpus_describe(c);
    assert_int_equal(info.task, HEED_TASK_MULTILABEL);
    assert_int_equal(info.label_count, 3);
    assert_int_equal(info.rows, 16); /* those of no label count */
    assert_string_equal(info.labels[0], "x");
    assert_int_equal(info.label_rows[0], 8);
    must_refuse(add_rows(c, "label\ttext\nx\ta\n", HEED_PART_ANY, NULL), HEED_USAGE,
                "label separator: found a file with one label per row", "one label per row");
    heed_corpus_free(c);
    c = made_corpus(NULL);
    must(add_rows(c, "label\ttext\nx\ta\ny\ta\n", HEED_PART_ANY, NULL));
    assert_int_equal(heed_corpus_describe(c)->task, HEED_TASK_BINARY);
    must(add_rows(c, "label\ttext\nz\ta\n", HEED_PART_ANY, NULL));
    assert_int_equal(heed_corpus_describe(c)->task, HEED_TASK_MULTICLASS);
    heed_corpus_free(c);
}

static void the_digest_covers_labels_and_weights(void **state)
{
    (void)state;
    static const char *const rows[] = {"label\tw\ttext\na;b\t1\tc\n", "label\tw\ttext\nb;a\t1\tc\n",
                                       "label\tw\ttext\na;b\t2\tc\n", "label\tw\ttext\na b\t1\tc\n",
                                       "label\tw\ttext\na\t1\tc\n"};
    enum { KINDS = 5 };
    XXH128_hash_t digest[KINDS + 1];
    for (int i = 0; i <= KINDS; i++) { /* the last: one label a row */
        heed_corpus *c = made_corpus(NULL);
        heed_rows_options options = made_rows_options(i < KINDS ? ";" : NULL);
        options.weight_column = "w";
        must(add_rows(c, rows[i < KINDS ? i : 4], HEED_PART_ANY, &options));
        digest[i] = XXH3_128bits_digest(c->digest);
        for (int j = 0; j < i; j++)
            assert_false(XXH128_isEqual(digest[i], digest[j]));
        heed_corpus_free(c);
    }
}

/* Half of the rows that have the rare label validate, whatever else they have, and half of those without any. */
static void rows_are_divided_by_their_rarest_label(void **state)
{
    (void)state;
    heed_corpus *c = made_corpus(NULL);
    writer text = {0};
    split parts;
    heed_rows_options rows = several();
    writer_print(&text, "label\ttext\n");
    for (int i = 0; i < 40; i++)
        writer_print(&text, "%s\tn%d\n", i < 8 ? "common;rare" : i < 32 ? "common" : "", i);
    writer_byte(&text, '\0');
    must(add_rows(c, text.data, HEED_PART_ANY, &rows));
    must(corpus_sort_labels(c, &made_error));
    must(split_rows(&parts, c, HEED_VALIDATION_FRACTION, 0.5, 3, &made_error));
    unsigned rare = 0, common = 0, none = 0;
    for (uint32_t i = 0; i < parts.validation_count; i++) {
        uint32_t row = parts.validation[i];
        *(row < 8 ? &rare : row < 32 ? &common : &none) += 1;
    }
    assert_int_equal(rare, 4);
    assert_int_equal(common, 12);
    assert_int_equal(none, 4);
    split_release(&parts);
    writer_release(&text);
    heed_corpus_free(c);
}

/* ---- class weights */

static const char *const label_names_given[] = {"a", "b", "c"};

static void balanced_weights_equal_scikit_learn(void **state)
{
    (void)state;
    uint32_t one[] = {0, 1, 1, 2, 2, 2}, any[] = {0, 1, 1, 2, 0};
    size_t one_first[] = {0, 1, 2, 3, 4, 5, 6}, any_first[] = {0, 1, 2, 5};
    examples rows = {.labels = one, .first_label = one_first, .count = 6};
    double *weights;
    must(class_weights_make(&weights, "balanced", &(weighed_labels){label_names_given, 3, 3, HEED_TASK_MULTICLASS}, &rows,
                            &made_error)); /* compute_class_weight: 6 / (3 * [1, 2, 3]) */
    assert_true(weights[0] == 2 && weights[1] == 1 && fabs(weights[2] - 2.0 / 3) < 1e-15);
    free(weights);
    uint32_t two[] = {0, 0, 0, 1};
    rows = (examples){.labels = two, .first_label = one_first, .count = 4};
    for (uint32_t positive = 0; positive < 2; positive++) { /* by target: 1 is the positive one */
        must(class_weights_make(&weights, "balanced", &(weighed_labels){label_names_given, 2, positive, HEED_TASK_BINARY}, &rows,
                                &made_error));
        assert_true(fabs(weights[positive == 1 ? 0 : 1] - 4.0 / 6) < 1e-15 && weights[positive == 1 ? 1 : 0] == 2);
        free(weights);
    }
    rows = (examples){.labels = any, .first_label = any_first, .count = 3}; /* a: 2 of 3, b: 2 of 3, c: 1 of 3 */
    must(class_weights_make(&weights, "balanced", &(weighed_labels){label_names_given, 3, 3, HEED_TASK_MULTILABEL}, &rows,
                            &made_error));
    assert_true(weights[0] == 0.5 && weights[1] == 0.5 && weights[2] == 2);
    free(weights);
    must(class_weights_make(&weights, NULL, NULL, NULL, &made_error));
    assert_null(weights);
}

static void a_file_of_weights_is_read_line_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *piece; /* NULL: fine */
        double weights[3];
    } cases[] = {{"", NULL, {1, 1, 1}},
                 {"b\t2.5\r\n\na\t0\n", NULL, {0, 2.5, 1}},
                 {"c\t1e1", NULL, {1, 1, 10}},
                 {"\xEF\xBB\xBF"
                  "a\t3\r\n",
                  NULL,
                  {3, 1, 1}},
                 {" b \t3\n", NULL, {1, 3, 1}},
                 {"d\t1\n", "f:1: found the label 'd', which no row has; did you mean 'a'?", {0}},
                 {"a\t1\na\t1\n", "f:2: found the label 'a' a second time", {0}},
                 {"a\t-1\n", "f:1: found the weight '-1', expected a number from 0", {0}},
                 {"a\t\n", "f:1: found the weight ''", {0}},
                 {"a\tx\n", "f:1: found the weight 'x'", {0}},
                 {"a 1\n", "f:1: found 'a 1', expected a label, a tab and its weight", {0}},
                 {"\t1\n", "f:1: found the label ''", {0}}};
    const weighed_labels labels = {label_names_given, 3, 3, HEED_TASK_MULTICLASS};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double weights[3];
        heed_status status =
            class_weights_parse(weights, (heed_bytes){cases[i].text, strlen(cases[i].text)}, "f", &labels, &made_error);
        if (cases[i].piece != NULL)
            must_refuse(status, HEED_BAD_DATA, cases[i].piece, cases[i].text);
        else
            must(status);
        if (cases[i].piece == NULL)
            assert_memory_equal(weights, cases[i].weights, sizeof weights);
    }
}

static void weights_find_a_label_in_either_form_of_unicode(void **state)
{
    (void)state;
    static const char *const composed[] = {"caf\xC3\xA9", "the"};
    static const char decomposed[] = "cafe\xCC\x81\t2\n";
    const weighed_labels labels = {composed, 2, 2, HEED_TASK_BINARY};
    double weights[2];
    must(class_weights_parse(weights, (heed_bytes){decomposed, sizeof decomposed - 1}, "f", &labels, &made_error));
    assert_true(weights[0] == 2 && weights[1] == 1);
}

/* ---- training */

typedef struct losses {
    double train, validation;
} losses;

static int take_losses(void *user, const heed_event *event)
{
    losses *l = user;
    if (event->stage == HEED_STAGE_EPOCH)
        *l = (losses){event->train->loss, event->validation->loss};
    return 0;
}

/* Of an epoch whose steps are too small to matter. */
static losses losses_of(const char *weight, double smoothing, const char *class_weights)
{
    losses l = {NAN, NAN};
    heed_model *m = NULL;
    heed_listener listener = {take_losses, &l};
    heed_train_options options = made_train_options();
    options.epochs = 1;
    options.learning_rate = 1e-9;
    options.label_smoothing = smoothing;
    options.class_weights = class_weights;
    heed_corpus *c = topic_corpus(64, weight, true);
    must(heed_train(&m, c, &options, &listener, &made_error));
    heed_model_free(m);
    heed_corpus_free(c);
    return l;
}

/* Keras's convention: weighted losses are divided by the number of rows. */
static void weights_and_smoothing_shape_the_training_loss_alone(void **state)
{
    (void)state;
    char path[64];
    made_file(path, ".txt", "x\t3\ny\t3\nz\t3\n", 12);
    losses plain = losses_of("1", 0, NULL), doubled = losses_of("2", 0, NULL), smoothed = losses_of("1", 0.5, NULL),
           classes = losses_of("1", 0, path);
    unlink(path);
    assert_true(fabs(doubled.train - 2 * plain.train) < 1e-6 * plain.train);
    assert_true(fabs(smoothed.train - plain.train) > 1e-6);
    assert_true(classes.train > 1.5 * plain.train && classes.train < 3 * plain.train); /* where labels are, threefold */
    assert_true(fabs(doubled.validation - plain.validation) < 1e-6);
    assert_true(fabs(smoothed.validation - plain.validation) < 1e-6);
    assert_true(fabs(classes.validation - plain.validation) < 1e-6);
}

static void weights_of_zero_alone_are_refused(void **state)
{
    (void)state;
    heed_model *m = NULL;
    heed_train_options options = made_train_options();
    heed_corpus *c = topic_corpus(64, "0", true);
    must_refuse(heed_train(&m, c, &options, NULL, &made_error), HEED_BAD_DATA, "training rows have weight 0",
                "weights");
    heed_corpus_free(c);
}

static heed_model *topic_model(bool tuned)
{
    heed_model *m = NULL;
    heed_train_options options = made_train_options();
    options.architecture = "embed 8 | max | dense 8";
    options.epochs = 60;
    options.keep = HEED_KEEP_LAST;
    options.patience = 0;
    options.tune_thresholds = tuned;
    heed_corpus *c = topic_corpus(160, "1", false);
    heed_rows_options rows = several();
    must(heed_train(&m, c, &options, NULL, &made_error));
    must(heed_model_set_rows_options(m, &rows, &made_error));
    heed_corpus_free(c);
    return m;
}

static void a_model_of_several_labels_answers_each_and_is_kept_whole(void **state)
{
    (void)state;
    for (int tuned = 0; tuned < 2; tuned++) {
        heed_model *m = topic_model(tuned == 1), *loaded = NULL;
        heed_predictor *p;
        heed_rows_options rows = made_rows_options(NULL);
        char path[64];
        size_t count;
        made_file(path, ".safetensors", "", 0);
        must(heed_model_save(m, path, &made_error));
        must(heed_model_load(&loaded, path, &made_error));
        unlink(path);
        assert_int_equal(heed_model_describe(loaded)->task, HEED_TASK_MULTILABEL);
        count = heed_model_describe(loaded)->label_count;
        assert_int_equal(count, 3);
        assert_int_equal(heed_model_describe(loaded)->positive, 3);
        assert_memory_equal(heed_model_describe(loaded)->thresholds, heed_model_describe(m)->thresholds,
                            3 * sizeof(double));
        if (tuned == 0)
            assert_true(heed_model_describe(m)->thresholds[0] == 0.5 && heed_model_describe(m)->thresholds[2] == 0.5);
        must(heed_options_copy(&rows, heed_model_describe(loaded)->rows, &made_error));
        assert_string_equal(rows.label_separator, ";");
        const heed_bytes texts[] = {{"n wave scene", 12}, {"n ball", 6}, {"nothing", 7}};
        static const bool expected[3][3] = {{true, false, true}, {false, true, false}, {false, false, false}};
        float probability[3][3];
        must(heed_predictor_new(&p, loaded, 1, &made_error));
        must(heed_predictor_run(probability[0], p, texts, 3, &made_error));
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++)
                if (((double)probability[i][k] > heed_model_describe(loaded)->thresholds[k]) != expected[i][k])
                    fail_msg("text %d, label %d: probability %g, threshold %g", i, k, (double)probability[i][k],
                             heed_model_describe(loaded)->thresholds[k]);
        heed_predictor_free(p);
        heed_model_free(m);
        heed_model_free(loaded);
    }
}

static void accuracy_counts_every_output_of_network_and_linear_alike(void **state)
{
    (void)state;
    static const char *const architectures[] = {"embed 8 | max | dense 8", "linear"};
    for (int i = 0; i < 2; i++) {
        heed_model *m = NULL;
        heed_train_options options = made_train_options();
        options.architecture = architectures[i];
        heed_corpus *c = topic_corpus(160, "1", false);
        must(heed_train(&m, c, &options, NULL, &made_error));
        heed_keras_metrics f = *heed_model_describe(m)->validation;
        double right = f.tp + f.tn, answers = right + f.fp + f.fn;
        assert_true(answers > 0 && fabs(f.accuracy - right / answers) < 1e-12);
        heed_model_free(m);
        heed_corpus_free(c);
    }
}

static void thresholds_are_tuned_where_there_are_some(void **state)
{
    (void)state;
    heed_model *m = NULL;
    heed_train_options options = made_train_options();
    options.tune_thresholds = true;
    heed_corpus *c = made_corpus(NULL);
    char *rows = told_rows(60, 3);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must_refuse(heed_train(&m, c, &options, NULL, &made_error), HEED_USAGE, "--tune-thresholds: found 3 labels",
                "three");
    heed_corpus_free(c);
    free(rows);
    c = made_corpus(NULL);
    rows = told_rows(60, 2);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must(heed_train(&m, c, &options, NULL, &made_error));
    assert_int_equal(heed_model_describe(m)->task, HEED_TASK_BINARY);
    assert_true(heed_model_describe(m)->thresholds[0] > 0 && heed_model_describe(m)->thresholds[0] < 1);
    heed_model_free(m);
    options.validation = HEED_VALIDATION_NONE;
    must_refuse(heed_train(&m, c, &options, NULL, &made_error), HEED_USAGE, "no validation rows", "none");
    heed_corpus_free(c);
    free(rows);
}

static void rows_without_any_label_are_refused(void **state)
{
    (void)state;
    heed_model *m = NULL;
    heed_train_options options = made_train_options();
    heed_corpus *c = made_corpus(NULL);
    heed_rows_options rows = several();
    must(add_rows(c, "label\ttext\n\ta\n;\tb\n", HEED_PART_ANY, &rows));
    must_refuse(heed_train(&m, c, &options, NULL, &made_error), HEED_BAD_DATA, "found 0 labels in all 2 rows", "none");
    heed_corpus_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_has_up_to_a_thousand_labels),
        cmocka_unit_test(a_separator_of_no_bytes_is_refused),
        cmocka_unit_test(a_corpus_knows_its_task),
        cmocka_unit_test(the_digest_covers_labels_and_weights),
        cmocka_unit_test(rows_are_divided_by_their_rarest_label),
        cmocka_unit_test(balanced_weights_equal_scikit_learn),
        cmocka_unit_test(a_file_of_weights_is_read_line_by_line),
        cmocka_unit_test(weights_find_a_label_in_either_form_of_unicode),
        cmocka_unit_test(weights_and_smoothing_shape_the_training_loss_alone),
        cmocka_unit_test(weights_of_zero_alone_are_refused),
        cmocka_unit_test(a_model_of_several_labels_answers_each_and_is_kept_whole),
        cmocka_unit_test(accuracy_counts_every_output_of_network_and_linear_alike),
        cmocka_unit_test(thresholds_are_tuned_where_there_are_some),
        cmocka_unit_test(rows_without_any_label_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
