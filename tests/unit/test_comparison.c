/* heed_compare: its trials are the trainings of their options on the split of the first one. */
#include "unit/made_comparison.h"

enum { ROWS = 120 };

/* A word decides the label of one row in three, so that figures say how a model was trained. */
static char *unsure_rows(void)
{
    writer text = {0};
    char *out = NULL;
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i < ROWS; i++)
        writer_print(&text, "%s\tn%u %s with %u\n", i % 4 == 0 ? "good" : "bad", i,
                     i % 3 > 0    ? "so"
                     : i % 4 == 0 ? "lovely"
                                  : "awful",
                     i % 5);
    must(writer_take(&text, &out, NULL, &made_error));
    return out;
}

static heed_corpus *unsure_corpus(void)
{
    char *rows = unsure_rows();
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    free(rows);
    return c;
}

static heed_keras_metrics figures_of_training(const heed_train_options *options)
{
    heed_model *m = NULL;
    heed_corpus *c = unsure_corpus();
    must(heed_train(&m, c, options, NULL, &made_error));
    heed_keras_metrics f = *heed_model_describe(m)->validation;
    heed_model_free(m);
    heed_corpus_free(c);
    return f;
}

static void a_trial_is_the_training_of_its_options(void **state)
{
    (void)state;
    enum { COUNT = 6 };
    heed_train_options options[COUNT];
    heed_comparison *comparison = NULL;
    heed_corpus *c = unsure_corpus();
    char path[64];
    made_file(path, ".tsv", "good\t5\n", 7);
    for (int i = 0; i < COUNT; i++)
        options[i] = made_train_options();
    options[1].class_weights = path;
    options[2].positive = "bad";
    options[3].architecture = "linear";
    options[4].architecture = "linear 10";
    options[4].class_weights = "balanced";
    must(compare(&comparison, c, options, COUNT, 1, NULL));
    assert_true(heed_comparison_describe(comparison)->trial_count >= COUNT);
    const heed_keras_metrics *found[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        heed_keras_metrics expected = figures_of_training(&options[i]);
        const heed_trial *trial = heed_comparison_trial(comparison, i);
        must(trial->status);
        found[i] = trial->validation;
        if (memcmp(found[i], &expected, sizeof expected) != 0)
            fail_msg("contender %zu: found loss %.9g, tp %g, expected %.9g, %g", i, found[i]->loss, found[i]->tp,
                     expected.loss, expected.tp);
    }
    assert_true(found[0]->loss != found[1]->loss); /* the options matter */
    assert_true(found[0]->tp != found[2]->tp);
    assert_true(found[3]->loss != found[4]->loss);
    assert_memory_equal(found[0], found[5], sizeof(heed_keras_metrics));
    heed_comparison_free(comparison);
    heed_corpus_free(c);
    unlink(path);
}

static void options_of_every_contender_are_checked(void **state)
{
    (void)state;
    heed_train_options options[2] = {made_train_options(), made_train_options()};
    heed_comparison *comparison = NULL;
    heed_corpus *c = unsure_corpus();
    options[1].frozen_epochs = 2;
    must_refuse(compare(&comparison, c, options, 2, 1, NULL), HEED_USAGE, "--freeze: --vectors is missing", "freeze");
    options[1] = options[0];
    options[1].label_smoothing = 2;
    must_refuse(compare(&comparison, c, options, 2, 1, NULL), HEED_USAGE, "--label-smoothing: found 2", "smoothing");
    assert_null(comparison);
    heed_corpus_free(c);
}

static void linear_contenders_leave_vectors_aside(void **state)
{
    (void)state;
    heed_train_options options[2] = {made_train_options(), made_train_options()};
    heed_comparison *comparison = NULL;
    heed_corpus *c = unsure_corpus();
    char path[64];
    made_file(path, ".vec", "so 1 2 3 4\nwith 4 3 2 1\n", 24);
    options[0].vectors = options[1].vectors = path;
    options[1].architecture = "linear";
    must(compare(&comparison, c, options, 2, 1, NULL));
    for (size_t i = 0; i < heed_comparison_describe(comparison)->trial_count; i++) {
        const heed_trial *trial = heed_comparison_trial(comparison, i);
        if (trial->status != HEED_OK)
            fail_msg("%s: %s", trial->name, trial->problem);
    }
    heed_comparison_free(comparison);
    heed_corpus_free(c);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trial_is_the_training_of_its_options),
        cmocka_unit_test(options_of_every_contender_are_checked),
        cmocka_unit_test(linear_contenders_leave_vectors_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
