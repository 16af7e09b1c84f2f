/* What the folds of a cross-validation say: their report, and the options of the training after them. */
#include "experiment/cross_validation.h"
#include "unit/made_rows.h"

static heed_keras_metrics metrics[] = {
    {.accuracy = 0.5, .loss = 0.75, .auc = 0.6},
    {.accuracy = 0.7, .loss = 0.25, .auc = 0.9},
    {.accuracy = 0.9, .loss = 0.5, .auc = 0.75},
};
static heed_fold items[] = {{18, 9, 2, &metrics[0]}, {18, 9, 5, &metrics[1]}, {18, 9, 4, &metrics[2]}};
static const heed_folds folds = {3, items, metrics};

static void folds_are_listed_with_mean_and_deviation(void **state)
{
    (void)state;
    char *text = NULL;
    must(heed_folds_report(&text, &folds, &made_error));
    assert_string_equal(text, "fold 1/3: rows 18 + 9, best epoch 2, accuracy 0.5000, loss 0.7500, auc 0.6000\n"
                              "fold 2/3: rows 18 + 9, best epoch 5, accuracy 0.7000, loss 0.2500, auc 0.9000\n"
                              "fold 3/3: rows 18 + 9, best epoch 4, accuracy 0.9000, loss 0.5000, auc 0.7500\n"
                              "accuracy: 0.7000 ± 0.2000\n"
                              "loss: 0.5000 ± 0.2500\n"
                              "auc: 0.7500 ± 0.1500\n");
    heed_free(text);
}

static void all_rows_are_trained_on_for_the_mean_of_the_best_epochs(void **state)
{
    (void)state;
    heed_train_options o;
    heed_train_options_init(&o, HEED_PRESET_DEFAULT);
    heed_folds_apply(&o, &folds);
    assert_int_equal(o.epochs, 4); /* 11/3, rounded */
    assert_int_equal(o.validation, HEED_VALIDATION_NONE);
    assert_int_equal(o.keep, HEED_KEEP_LAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_are_listed_with_mean_and_deviation),
        cmocka_unit_test(all_rows_are_trained_on_for_the_mean_of_the_best_epochs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
