/* The kinds of classifiers: every architecture has one, and each kind says of itself what others rely on. */
#include "unit/made_rows.h"

#include "model/classifier_table.h"
#include "model/linear_classifier.h"
#include "model/network_classifier.h"
#include "model/sum_classifier.h"
#include "model/wide_classifier.h"
#include "train/training_table.h"

static const struct {
    const char *architecture, *canonical; /* canonical NULL: it is refused */
    const classifier_class *class;
} cases[] = {
    {"linear", "linear 10", &linear_classifier},
    {" linear  2.50 ", "linear 2.5", &linear_classifier},
    {"linear 0", NULL, &linear_classifier},
    {"wide", "wide", &wide_classifier},
    {"wide C 3 words 1-2", "wide words 1-2 C 3", &wide_classifier},
    {"wide 3", NULL, &wide_classifier},
    {"wide | dense 3", NULL, &network_classifier},
    {"wider", NULL, &network_classifier},
    {"embed 4|mean", "embed 4 | mean", &network_classifier},
    {"embed 4 | gru 3 | attention dot + max", "embed 4 | gru 3 | attention dot + max", &network_classifier},
    {"linear | dense 3", NULL, &network_classifier},
    {"linear;embed 4|mean", "linear 10 ; embed 4 | mean", &sum_classifier},
    {"wide C 3 ; wide words 1-2", "wide C 3 ; wide words 1-2", &sum_classifier},
    {"wide ;", NULL, &sum_classifier},
    {"; wide", NULL, &sum_classifier},
    {"wide ; ; linear", NULL, &sum_classifier},
    {"wide ; embed 4", NULL, &sum_classifier},
    {"embed 4", NULL, &network_classifier},
    {"", NULL, &network_classifier},
    {NULL, NULL, &network_classifier},
};

static void architectures_name_their_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *architecture = cases[i].architecture;
        const classifier_class *class = classifier_class_of(architecture);
        char *canonical = NULL;
        assert_ptr_equal(class, cases[i].class);
        assert_ptr_equal(training_class_of(architecture)->classifier, class);
        heed_status status = class->canonical(&canonical, architecture, &made_error);
        assert_int_equal(status, cases[i].canonical == NULL ? HEED_USAGE : HEED_OK);
        assert_int_equal(heed_architecture_check(architecture, NULL), status);
        if (status == HEED_OK)
            assert_string_equal(canonical, cases[i].canonical);
        free(canonical);
    }
}

/* One solution, one epoch, one trial. */
static void a_solver_makes_training_deterministic(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const heed_train_options options = {.architecture = cases[i].architecture};
        const training_class *class = training_class_of(options.architecture);
        assert_int_equal(class->deterministic, class->classifier->solver != NULL);
    }
}

static void models_have_the_methods_that_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *architecture;
        heed_method usual;
        bool has[6]; /* of each heed_method */
    } models[] = {{"linear", HEED_METHOD_WEIGHTS, {true, false, false, false, true, true}},
                  {"wide", HEED_METHOD_WEIGHTS, {true, false, false, false, true, true}},
                  {"embed 4 | mean", HEED_METHOD_INTEGRATED, {true, false, true, true, true, false}},
                  {"embed 4 | attention dot", HEED_METHOD_INTEGRATED, {true, true, true, true, true, false}}};
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        heed_model *m = made_model(models[i].architecture);
        assert_int_equal(model_default_method(m), models[i].usual);
        assert_true(model_has_method(m, m->class->method_of_many));
        for (int method = HEED_METHOD_AUTO; method <= HEED_METHOD_WEIGHTS; method++)
            assert_int_equal(model_has_method(m, (heed_method)method), models[i].has[method]);
        assert_int_equal(model_network(m) != NULL, m->class == &network_classifier);
        assert_int_equal(model_linear(m) != NULL, m->class == &linear_classifier);
        assert_int_equal(model_wide(m) != NULL, m->class == &wide_classifier);
        heed_model_free(m);
    }
}

/* Random weights are those of a seed, and another thing than what was learnt; the model stays as it is. */
static void a_network_can_be_randomised(void **state)
{
    (void)state;
    heed_model *m = made_model("embed 4 | mean");
    const trained_network *learnt = model_network(m);
    size_t size = learnt->net->weight_count * sizeof(real);
    void *random[3];
    for (size_t i = 0; i < 3; i++)
        must(m->class->randomise(&random[i], m, i / 2, &made_error));
    const trained_network *const n[] = {random[0], random[1], random[2]};
    assert_int_equal(n[0]->net->weight_count, learnt->net->weight_count);
    assert_memory_equal(n[0]->weights, n[1]->weights, size);
    assert_memory_not_equal(n[0]->weights, n[2]->weights, size);
    assert_memory_not_equal(n[0]->weights, learnt->weights, size);
    for (size_t i = 0; i < 3; i++)
        m->class->free(random[i]);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(architectures_name_their_kind),
        cmocka_unit_test(a_solver_makes_training_deterministic),
        cmocka_unit_test(models_have_the_methods_that_they_say),
        cmocka_unit_test(a_network_can_be_randomised),
    };
    return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
