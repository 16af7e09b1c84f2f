/* heed_train as a whole: which epoch is kept, when it stops, what it refuses, and that no model is broken. */
#include "unit/made_rows.h"

#include <math.h>

#include "model/model_file.h"
#include "model/network_classifier.h"
#include "train/training.h"

static heed_corpus *corpus_of(const char *train, const char *validation, const heed_text_options *text)
{
    heed_corpus *c = made_corpus(text);
    must(add_rows(c, train, HEED_PART_ANY, NULL));
    if (validation != NULL)
        must(add_rows(c, validation, HEED_PART_VALIDATION, NULL));
    return c;
}

/* Mean loss of the model's answers to the validation rows of told_rows-like text: label<TAB>text lines. */
static double loss_of(const heed_model *m, const char *tsv)
{
    heed_predictor *p;
    size_t labels, count = 0;
    double sum = 0;
    const char *const *names = heed_model_labels(m, &labels);
    must(heed_predictor_new(&p, m, 1, &made_error));
    for (const char *line = strchr(tsv, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1, count++) {
        float probability[8];
        size_t size = strcspn(line, "\t"), label = 0;
        heed_bytes text = {line + size + 1, strcspn(line, "\n") - size - 1};
        must(heed_predictor_run(p, &text, 1, probability, &made_error));
        while (strlen(names[label]) != size || memcmp(names[label], line, size) != 0)
            label++;
        sum -= log((double)probability[label]);
    }
    heed_predictor_free(p);
    return sum / (double)count;
}

/* Rows that say the contrary of what training says, so that validation soon becomes worse. */
static char *contrary_rows(unsigned count)
{
    buffer text = {0};
    char *out = NULL;
    must(buffer_print(&text, &made_error, "label\ttext\n"));
    for (unsigned i = 0; i < count; i++)
        must(buffer_print(&text, &made_error, "%s\tthe film was %s to %u\n", i % 2 ? "good" : "bad",
                          i % 2 ? "awful" : "lovely", i));
    must(buffer_take(&text, &out, &made_error));
    return out;
}

static void check_finite(const heed_model *m)
{
    for (size_t i = 0; i < model_network(m)->net->weight_count; i++)
        assert_true(isfinite(model_network(m)->weights[i]));
}

/* ---- which epoch is kept */

static void kept_epoch_has_the_lowest_validation_loss(void **state)
{
    (void)state;
    char *train = told_rows(80, 2), *mixed = told_rows(30, 2), *contrary = contrary_rows(30);
    buffer validation = {0}; /* good enough to be learnt, bad enough to turn */
    must(buffer_print(&validation, &made_error, "%s%s", mixed, strchr(contrary, '\n') + 1));
    must(buffer_byte(&validation, '\0', &made_error));
    const char *const cases[] = {mixed, contrary, validation.data};
    for (size_t i = 0; i < 3; i++) {
        heed_corpus *c = corpus_of(train, cases[i], NULL);
        heed_train_options o = made_train_options();
        heed_model *m;
        o.epochs = 12;
        o.patience = 0;
        o.learning_rate = 0.1;
        must(heed_train(&m, c, &o, NULL, &made_error));
        uint32_t best = 0;
        for (uint32_t e = 0; e < 12; e++)
            if (m->validation[e].loss < m->validation[best].loss)
                best = e;
        assert_int_equal(m->config.training.epochs_run, 12);
        assert_int_equal(m->config.training.epoch_kept, best + 1);
        unsigned epoch = 0, epochs = 0;
        const heed_figures kept = heed_model_validation(m, &epoch, &epochs);
        assert_int_equal(epoch, best + 1);
        assert_int_equal(epochs, 12);
        assert_memory_equal(&kept, &m->validation[best], sizeof kept);
        double expected = m->validation[best].loss, found = loss_of(m, cases[i]);
        if (fabs(found - expected) > 1e-4 * expected + 1e-6)
            fail_msg("case %zu: the weights have the loss %g, epoch %u had %g", i, found, best + 1, expected);
        heed_model_free(m);
        heed_corpus_free(c);
    }
    buffer_release(&validation);
    free(train);
    free(mixed);
    free(contrary);
}

static void last_epoch_is_kept_where_asked(void **state)
{
    (void)state;
    char *train = told_rows(80, 2), *contrary = contrary_rows(30);
    heed_corpus *c = corpus_of(train, contrary, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    o.epochs = 8;
    o.keep = HEED_KEEP_LAST;
    o.patience = 0;
    must(heed_train(&m, c, &o, NULL, &made_error));
    assert_int_equal(m->config.training.epoch_kept, 8);
    assert_true(m->validation[7].loss > m->validation[0].loss);
    double expected = m->validation[7].loss, found = loss_of(m, contrary);
    if (fabs(found - expected) > 1e-3 * expected)
        fail_msg("the weights have the loss %g, epoch 8 had %g", found, expected);
    heed_model_free(m);
    heed_corpus_free(c);
    free(train);
    free(contrary);
}

static void patience_ends_training(void **state)
{
    (void)state;
    char *train = told_rows(80, 2), *contrary = contrary_rows(30);
    heed_corpus *c = corpus_of(train, contrary, NULL);
    for (unsigned patience = 1; patience <= 3; patience++) {
        heed_train_options o = made_train_options();
        heed_model *m;
        o.epochs = 50;
        o.patience = patience;
        o.learning_rate = 0.1;
        must(heed_train(&m, c, &o, NULL, &made_error));
        assert_in_range(m->config.training.epochs_run, 2, 49);
        assert_int_equal(m->config.training.epochs_run, m->config.training.epoch_kept + patience);
        assert_false(m->config.training.stopped);
        heed_model_free(m);
    }
    heed_corpus_free(c);
    free(train);
    free(contrary);
}

static void without_validation_the_last_epoch_is_kept(void **state)
{
    (void)state;
    char *train = told_rows(40, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    o.validation = HEED_VALIDATION_NONE;
    o.patience = 1;
    o.epochs = 5;
    must(heed_train(&m, c, &o, NULL, &made_error));
    assert_int_equal(m->config.training.epochs_run, 5);
    assert_int_equal(m->config.training.epoch_kept, 5);
    assert_int_equal(m->config.training.rows_train, 40);
    assert_true(isnan(m->validation[4].loss));
    assert_true(isnan(heed_model_validation(m, NULL, NULL).loss));
    m->config.training.epoch_kept = 6; /* as a file may have it */
    assert_true(isnan(heed_model_validation(m, NULL, NULL).loss));
    m->config.training.epoch_kept = 0;
    assert_true(isnan(heed_model_validation(m, NULL, NULL).loss));
    assert_string_equal(m->config.training.validation, "none");
    heed_model_free(m);
    heed_corpus_free(c);
    free(train);
}

/* ---- what goes wrong with numbers */

static void large_steps_never_leave_broken_weights(void **state)
{
    (void)state;
    static const char *const deep =
        "embed 4 | bilstm 3 | attention additive 2 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | "
        "dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8";
    char *train = told_rows(80, 2);
    for (unsigned i = 0; i < 16; i++) {
        heed_corpus *c = corpus_of(train, NULL, NULL);
        heed_train_options o = made_train_options();
        heed_model *m;
        if (i % 2 == 1)
            o.architecture = deep;
        o.learning_rate = 1000;
        o.epochs = 20;
        o.patience = 0;
        o.seed = i / 8;
        o.keep = i & 2 ? HEED_KEEP_LAST : HEED_KEEP_BEST;
        o.validation = i & 4 ? HEED_VALIDATION_NONE : HEED_VALIDATION_FRACTION;
        heed_status status = heed_train(&m, c, &o, NULL, &made_error);
        if (status == HEED_OK) {
            check_finite(m);
            assert_in_range(m->config.training.epoch_kept, 1, m->config.training.epochs_run);
        } else {
            must_refuse(status, HEED_BAD_DATA, "finite number", "a learning rate of 1000");
            assert_non_null(strstr(made_error.message, "lower --learning-rate (now 1000)"));
            assert_null(m);
        }
        heed_model_free(m);
        heed_corpus_free(c);
    }
    free(train);
}

/* One batch an epoch, whose loss is infinite from the second on: the first is no reason to go on for ever. */
static void cross_validation_survives_large_steps(void **state)
{
    (void)state;
    char *train = told_rows(40, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_fold folds[4];
    o.architecture = "embed 4 | bilstm 3 | attention additive 2 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | "
                     "dense 8 | dense 8 | "
                     "dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8";
    o.learning_rate = 1000;
    o.epochs = 6;
    heed_status status = heed_cross_validate(folds, 4, c, &o, NULL, &made_error);
    if (status != HEED_OK)
        must_refuse(status, HEED_BAD_DATA, "finite number", "folds");
    o = made_train_options();
    must(heed_cross_validate(folds, 4, c, &o, NULL, &made_error));
    for (int i = 0; i < 4; i++) {
        assert_int_equal(folds[i].rows_validation, 10);
        assert_int_equal(folds[i].rows_train, 30);
        assert_in_range(folds[i].best_epoch, 1, 3);
        assert_true(isfinite(folds[i].validation.loss));
    }
    heed_corpus_free(c);
    free(train);
}

/* ---- the listener */

typedef struct told {
    heed_stage stage;
    unsigned epoch; /* stop at this stage of this epoch; 0: any */
    unsigned epochs_ended, notes, bests;
    uint64_t last_done;
} told;

static int listen(void *user, const heed_event *event)
{
    told *t = user;
    t->notes += event->stage == HEED_STAGE_NOTE;
    t->epochs_ended += event->stage == HEED_STAGE_EPOCH;
    t->bests += event->stage == HEED_STAGE_EPOCH && event->best;
    if (event->stage == HEED_STAGE_NOTE)
        assert_non_null(event->note);
    if (event->stage == HEED_STAGE_TRAIN)
        assert_in_range(event->done, 1, event->total);
    return event->stage == t->stage && (t->epoch == 0 || event->epoch == t->epoch);
}

static void listener_stops_training(void **state)
{
    (void)state;
    static const struct {
        heed_stage stage;
        unsigned epoch, complete;
    } cases[] = {{HEED_STAGE_NOTE, 0, 0}, {HEED_STAGE_TRAIN, 1, 0}, {HEED_STAGE_VALIDATE, 1, 1},
                 {HEED_STAGE_EPOCH, 1, 1}, {HEED_STAGE_TRAIN, 3, 2}, {HEED_STAGE_EPOCH, 5, 5}};
    char *train = told_rows(60, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        told t = {.stage = cases[i].stage, .epoch = cases[i].epoch};
        heed_train_options o = made_train_options();
        heed_model *m = NULL, *straight;
        o.epochs = 5;
        o.patience = 0;
        heed_status status = heed_train(&m, c, &o, &(heed_listener){listen, &t}, &made_error);
        must_refuse(status, HEED_STOPPED, "stopped", "training");
        assert_int_equal(m != NULL, cases[i].complete > 0); /* no epoch, no model */
        if (m == NULL)
            continue;
        assert_int_equal(m->config.training.epochs_run, cases[i].complete);
        assert_true(m->config.training.stopped);
        o.epochs = cases[i].complete; /* the best so far is what a run of so many epochs keeps */
        must(heed_train(&straight, c, &o, NULL, &made_error));
        assert_int_equal(m->config.training.epoch_kept, straight->config.training.epoch_kept);
        assert_memory_equal(model_network(m)->weights, model_network(straight)->weights, model_network(m)->net->weight_count * sizeof(real));
        heed_model_free(straight);
        heed_model_free(m);
    }
    told t = {.stage = HEED_STAGE_PREDICT};
    heed_train_options o = made_train_options();
    heed_model *m;
    must(heed_train(&m, c, &o, &(heed_listener){listen, &t}, &made_error));
    assert_int_equal(t.epochs_ended, 3);
    assert_int_equal(t.notes, 2); /* sizes; what the commonest answer would reach */
    assert_in_range(t.bests, 1, 3);
    heed_model_free(m);
    heed_corpus_free(c);
    free(train);
}

static void stopped_folds_say_so(void **state)
{
    (void)state;
    char *train = told_rows(60, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_fold folds[3];
    told t = {.stage = HEED_STAGE_EPOCH, .epoch = 1};
    must_refuse(heed_cross_validate(folds, 3, c, &o, &(heed_listener){listen, &t}, &made_error), HEED_STOPPED,
                "stopped", "folds");
    assert_int_equal(t.epochs_ended, 1);
    heed_corpus_free(c);
    free(train);
}

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
        {"a label in validation alone", "label\ttext\na\tx\nb\ty\n", "label\ttext\nc\tz\n", NULL,
         "validation: the label 'c' is not among the training rows"},
        {"a label in test alone", "label\ttext\na\tx\nb\ty\n", NULL, "label\ttext\nc\tz\n",
         "the label 'c' is not among the training rows"},
        {"test rows alone", NULL, NULL, "label\ttext\na\tx\nb\ty\n", "no rows are left for training"},
        {"empty texts", "label\ttext\na\t\nb\t \n", NULL, NULL, "no words: every text of the training rows is empty"},
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

static void options_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    char *train = told_rows(30, 2);
    const struct {
        heed_train_options set;
        int field;
        const char *piece;
    } cases[] = {
        {{.epochs = 0}, 0, "epochs"},
        {{.epochs = 100000}, 0, "epochs"},
        {{.batch_size = 0}, 1, "batch-size"},
        {{.batch_size = 1 << 20}, 1, "batch-size"},
        {{.learning_rate = 0}, 2, "learning-rate"},
        {{.learning_rate = -1}, 2, "learning-rate"},
        {{.learning_rate = NAN}, 2, "learning-rate"},
        {{.learning_rate = INFINITY}, 2, "learning-rate"},
        {{.threads = 257}, 3, "threads"},
        {{.validation_fraction = 0}, 4, "validation"},
        {{.validation_fraction = 1}, 4, "validation"},
        {{.validation_fraction = NAN}, 4, "validation"},
        {{.architecture = NULL}, 5, "architecture"},
        {{.architecture = "embed 4 | attention sideways"}, 5, "architecture, column 11"},
        {{.positive = "perfect"}, 6, "no label is called 'perfect'; they are 'bad' and 'good'"},
        {{.seed = UINT64_MAX}, 7, "seed"},
        {{.keep = (heed_keep)2}, 8, "keep"},
        {{.validation = (heed_validation)3}, 9, "validation"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = corpus_of(train, NULL, NULL);
        heed_train_options o = made_train_options(), set = cases[i].set;
        heed_model *m = NULL;
        switch (cases[i].field) {
        case 0: o.epochs = set.epochs; break;
        case 1: o.batch_size = set.batch_size; break;
        case 2: o.learning_rate = set.learning_rate; break;
        case 3: o.threads = set.threads; break;
        case 4: o.validation_fraction = set.validation_fraction; break;
        case 5: o.architecture = set.architecture; break;
        case 6: o.positive = set.positive; break;
        case 7: o.seed = set.seed; break;
        case 8: o.keep = set.keep; break;
        default: o.validation = set.validation; break;
        }
        must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, cases[i].piece, cases[i].piece);
        assert_null(m);
        heed_corpus_free(c);
    }
    free(train);
}

static void what_does_not_fit_the_rows_is_refused(void **state)
{
    (void)state;
    char *three = told_rows(30, 3);
    heed_corpus *c = corpus_of(three, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    heed_fold folds[101];
    o.positive = "good";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "there are 3 labels, expected two",
                "positive of three");
    o = made_train_options();
    must_refuse(heed_cross_validate(folds, 1, c, &o, NULL, &made_error), HEED_USAGE, "folds", "one fold");
    must_refuse(heed_cross_validate(folds, 101, c, &o, NULL, &made_error), HEED_USAGE, "folds", "many folds");
    must_refuse(heed_cross_validate(folds, 50, c, &o, NULL, &made_error), HEED_BAD_DATA, "use fewer folds",
                "folds without rows");
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
    buffer rows = {0};
    must(buffer_print(&rows, &made_error, "label\ttext\n"));
    for (int i = 0; i < 20; i++) {
        must(buffer_print(&rows, &made_error, "a\t\nb\tlovely\na\tawful %d\nb\t", i));
        for (int j = 0; j < 100; j++) /* far longer than the window */
            must(buffer_print(&rows, &made_error, "%s%d ", j == 50 ? "lovely" : "word", j + i));
        must(buffer_byte(&rows, '\n', &made_error));
    }
    must(buffer_byte(&rows, '\0', &made_error));
    for (int i = 0; i < 8; i++) {
        heed_text_options text = made_text_options();
        heed_train_options o = made_train_options();
        heed_model *m;
        o.mask = i & 1;
        text.pad = i & 2 ? HEED_PAD_BEHIND : HEED_PAD_FRONT;
        text.max_length = i & 4 ? 1 : 8;
        o.batch_size = 5000; /* more than there are rows */
        heed_corpus *c = corpus_of(rows.data, NULL, &text);
        must(heed_train(&m, c, &o, NULL, &made_error));
        check_finite(m);
        assert_true(isfinite(m->train[0].loss));
        heed_model_free(m);
        heed_corpus_free(c);
    }
    buffer_release(&rows);
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
        heed_model_labels(m, &count);
        assert_int_equal(count, labels);
        assert_int_equal(heed_model_positive(m), labels == 2 ? 1 : labels);
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
        size_t count;
        o.positive = i == 0 ? "bad" : "good";
        o.epochs = 15;
        must(heed_train(&m, c, &o, NULL, &made_error));
        assert_int_equal(heed_model_positive(m), i);
        assert_string_equal(heed_model_labels(m, &count)[0], "bad");
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
    buffer files[3] = {{0}};
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
        buffer_release(&files[i]);
        heed_model_free(models[i]);
    }
    heed_corpus_free(c);
    free(train);
}

static void history_has_a_row_an_epoch(void **state)
{
    (void)state;
    char *train = told_rows(60, 2), *csv, *text;
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    must(heed_train(&m, c, &o, NULL, &made_error));
    must(heed_model_history_csv(m, &csv, &made_error));
    const char *head = "epoch,loss,tp,fp,tn,fn,accuracy,precision,recall,auc,"
                       "val_loss,val_tp,val_fp,val_tn,val_fn,val_accuracy,val_precision,val_recall,val_auc\n1,";
    assert_memory_equal(csv, head, strlen(head));
    size_t lines = 0;
    for (const char *p = csv; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    assert_int_equal(lines, 4);
    must(heed_model_summary(m, &text, &made_error));
    assert_non_null(strstr(text, "Total params: "));
    heed_free(text);
    must(heed_model_json(m, &text, &made_error));
    assert_true(text[0] == '{');
    heed_free(text);
    heed_free(csv);
    heed_model_free(m);
    heed_corpus_free(c);
    free(train);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_epoch_has_the_lowest_validation_loss),
        cmocka_unit_test(last_epoch_is_kept_where_asked),
        cmocka_unit_test(patience_ends_training),
        cmocka_unit_test(without_validation_the_last_epoch_is_kept),
        cmocka_unit_test(large_steps_never_leave_broken_weights),
        cmocka_unit_test(cross_validation_survives_large_steps),
        cmocka_unit_test(listener_stops_training),
        cmocka_unit_test(stopped_folds_say_so),
        cmocka_unit_test(data_that_cannot_be_trained_on_is_refused),
        cmocka_unit_test(options_that_cannot_be_used_are_refused),
        cmocka_unit_test(what_does_not_fit_the_rows_is_refused),
        cmocka_unit_test(networks_that_no_file_holds_are_refused),
        cmocka_unit_test(empty_long_and_few_rows_are_trained_on),
        cmocka_unit_test(labels_are_learnt),
        cmocka_unit_test(positive_turns_the_figures_not_the_answers),
        cmocka_unit_test(vocabulary_comes_from_training_rows),
        cmocka_unit_test(corpus_can_be_trained_on_again),
        cmocka_unit_test(history_has_a_row_an_epoch),
    };
    return cmocka_run_group_tests_name("training", tests, NULL, NULL);
}
