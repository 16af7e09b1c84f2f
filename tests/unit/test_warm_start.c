/* Training that starts from a model: with next to no learning its answers stay what they were, whatever was added. */
#include "unit/made_rows.h"

#include <math.h>

#include "model/model.h"

enum { TEXTS = 3 };
static const heed_bytes texts[TEXTS] = {{"the film was awful", 18}, {"lovely film to 3", 16}, {"", 0}};

static const char more_rows[] = "label\ttext\nbad\tthe tedious film was awful\ngood\ta lovely splendid film\n"
                                "bad\ttedious and awful to 1\ngood\tsplendid and lovely to 2\n";
static const char third_label[] = "label\ttext\nbad\tthe tedious film was awful\nfair\ta usual film\n"
                                  "fair\tthe usual was to 2\ngood\tsplendid and lovely to 2\n";

static heed_model *train_on(heed_corpus *c, const char *rows, const heed_train_options *o)
{
    heed_model *m = NULL;
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must(heed_train(&m, c, o, NULL, &made_error));
    heed_corpus_free(c);
    return m;
}

static heed_model *first_model(unsigned labels, const char *architecture)
{
    char *rows = told_rows(80, labels);
    heed_train_options o = made_train_options();
    if (architecture != NULL)
        o.architecture = architecture;
    heed_model *m = train_on(made_corpus(NULL), rows, &o);
    free(rows);
    return m;
}

/* One epoch at a learning rate that changes no answer to six digits. */
static heed_model *train_further(const heed_model *from, const char *rows, const char *positive, uint32_t max_words)
{
    heed_train_options o = made_train_options();
    heed_corpus *c = NULL;
    o.architecture = heed_model_describe(from)->architecture;
    o.mask = heed_model_describe(from)->mask;
    o.init_from = from;
    o.learning_rate = 1e-9;
    o.epochs = 1;
    o.validation = HEED_VALIDATION_NONE;
    o.positive = positive;
    must(heed_corpus_new_like(&c, from, max_words, 1, &made_error));
    return train_on(c, rows, &o);
}

static void ask(const heed_model *m, float *probabilities)
{
    heed_predictor *p = NULL;
    must(heed_predictor_new(&p, m, 1, &made_error));
    must(heed_predictor_run(probabilities, p, texts, TEXTS, &made_error));
    heed_predictor_free(p);
}

static void answers_stay_with_more_words_and_either_positive(void **state)
{
    (void)state;
    static const char *const architectures[] = {"embed 4 | bilstm 3 | attention additive 2 | dense 3",
                                                "embed 4 | transformer 2 4 | attention location | dropout 0.2"};
    for (size_t i = 0; i < 4; i++) {
        heed_model *from = first_model(2, architectures[i / 2]);
        heed_model *further = train_further(from, more_rows, i % 2 == 0 ? "good" : "bad", 0);
        float before[TEXTS * 2], after[TEXTS * 2];
        assert_int_equal(further->words.words.count, from->words.words.count + 4); /* tedious splendid a and */
        ask(from, before);
        ask(further, after);
        for (size_t j = 0; j < TEXTS * 2; j++)
            assert_true(fabs((double)(before[j] - after[j])) < 1e-5);
        heed_model_free(from);
        heed_model_free(further);
    }
}

/* bad and good keep their ratio when fair joins them, and when it leaves again. */
static void labels_keep_their_odds_when_one_joins_or_leaves(void **state)
{
    (void)state;
    heed_model *two = first_model(2, NULL);
    heed_model *three = train_further(two, third_label, NULL, 0);
    heed_model *back = train_further(three, more_rows, NULL, 0);
    float first[TEXTS * 2], joined[TEXTS * 3], left[TEXTS * 2];
    ask(two, first);
    ask(three, joined);
    ask(back, left);
    for (size_t i = 0; i < TEXTS; i++) { /* bad, fair, good */
        double odds = log((double)(first[2 * i] / first[2 * i + 1]));
        assert_true(fabs(odds - log((double)(joined[3 * i] / joined[3 * i + 2]))) < 1e-4);
        assert_true(fabs(odds - log((double)(left[2 * i] / left[2 * i + 1]))) < 1e-4);
    }
    heed_model_free(two);
    heed_model_free(three);
    heed_model_free(back);
}

static void new_words_stop_at_the_limit_and_old_ones_stay(void **state)
{
    (void)state;
    heed_model *from = first_model(2, NULL);
    uint32_t known = from->words.size;
    static const struct {
        uint32_t more, expected;
    } cases[] = {{2, 2}, {0, 0}};
    for (size_t i = 0; i < 2; i++) {
        heed_model *further = train_further(from, more_rows, NULL, known + cases[i].more);
        assert_int_equal(further->words.size, known + cases[i].expected);
        for (uint32_t j = 0; j < from->words.words.count; j++)
            assert_int_equal(vocabulary_id(&further->words, intern_word(&from->words.words, j)), j + from->words.first);
        heed_model_free(further);
    }
    heed_model *few = train_further(from, more_rows, NULL, 3); /* fewer than the model has */
    assert_int_equal(few->words.size, known);
    heed_model_free(few);
    heed_model_free(from);
}

static int remember_note(void *user, const heed_event *event)
{
    if (event->stage == HEED_STAGE_NOTE && strncmp(event->note, "taken ", 6) == 0)
        snprintf(user, 512, "%s", event->note);
    return 0;
}

static void another_head_starts_anew_and_is_told(void **state)
{
    (void)state;
    char note[512] = "";
    heed_listener listener = {remember_note, note};
    heed_model *from = first_model(2, NULL), *further = NULL;
    heed_train_options o = made_train_options();
    heed_corpus *c = NULL;
    o.init_from = from;
    o.architecture = "embed 4 | bilstm 3 | attention additive 2 | dense 5";
    o.epochs = 1;
    must(heed_corpus_new_like(&c, from, 0, 1, &made_error));
    must(add_rows(c, more_rows, HEED_PART_TRAIN, NULL));
    must(heed_train(&further, c, &o, &listener, &made_error));
    assert_non_null(strstr(note, "taken from the model: 13 of 15 tensors, "));
    assert_non_null(strstr(note, "0 of 2 labels"));
    heed_model_free(further);
    heed_corpus_free(c);
    heed_model_free(from);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    heed_model *from = first_model(2, NULL), *m = NULL;
    heed_train_options o = made_train_options();
    heed_corpus *c = NULL;
    o.init_from = from;
    must(heed_corpus_new_like(&c, from, 0, 1, &made_error));
    must(add_rows(c, more_rows, HEED_PART_TRAIN, NULL));
    o.architecture = "embed 5 | bilstm 3 | attention additive 2 | dense 3";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "--init-from: the model is", "another width");
    o.architecture = "embed 4 | lstm 3 | max";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "no weights except the embedding fit",
                "other layers");
    o.vectors = "/no/such/file";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "found --vectors with a file and --init-from",
                "two starts");
    heed_train_options linear = made_train_options();
    linear.architecture = "linear";
    char *rows = told_rows(20, 2);
    heed_model *other = train_on(made_corpus(NULL), rows, &linear);
    o = made_train_options();
    o.init_from = other;
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "the model is linear", "from a linear model");
    heed_model_free(other);
    free(rows);
    heed_corpus_free(c);
    heed_text_options keras = made_text_options();
    keras.vocabulary = HEED_VOCABULARY_KERAS;
    c = made_corpus(&keras);
    o = made_train_options();
    o.init_from = from;
    must(add_rows(c, more_rows, HEED_PART_TRAIN, NULL));
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "another kind of vocabulary", "Keras's words");
    heed_corpus_free(c);
    heed_model_free(from);
}

/* Words of a stop-word file go on being dropped when the file is gone. */
static void a_corpus_like_a_model_cleans_as_it_does(void **state)
{
    (void)state;
    char path[64], *rows = told_rows(80, 2);
    heed_text_options text = made_text_options();
    heed_train_options o = made_train_options();
    made_file(path, ".txt", "film\nthe\n", 9);
    text.stop_words = path;
    heed_model *from = train_on(made_corpus(&text), rows, &o);
    unlink(path);
    heed_model *further =
        train_further(from, "label\ttext\nbad\tthe film was tedious\ngood\tfilm film the end\n", NULL, 0);
    assert_int_equal(intern_find(&further->words.words, (heed_bytes){"film", 4}), INTERN_NONE);
    assert_int_not_equal(intern_find(&further->words.words, (heed_bytes){"tedious", 7}), INTERN_NONE);
    assert_string_equal(heed_model_describe(further)->text->stop_words, "list");
    heed_model_free(from);
    heed_model_free(further);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_stay_with_more_words_and_either_positive),
        cmocka_unit_test(labels_keep_their_odds_when_one_joins_or_leaves),
        cmocka_unit_test(new_words_stop_at_the_limit_and_old_ones_stay),
        cmocka_unit_test(another_head_starts_anew_and_is_told),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_corpus_like_a_model_cleans_as_it_does),
    };
    return cmocka_run_group_tests_name("warm start", tests, NULL, NULL);
}
