/* Thresholds as a person names them: heed_model_parse_thresholds. */
#include "unit/made_rows.h"

typedef struct threshold_case {
    const char *model, *text;
    double expected[4];  /* of the labels in their order; OWN: the model's */
    const char *refused; /* a piece of the message; NULL: taken */
} threshold_case;
enum { OWN = 9 };

/* several: long, neg, old, pos, any number per row; tutorial: neg and pos, the positive one; linear3: art, film, other.
 */
static const threshold_case cases[] = {
    {"several", "0.25", {0.25, 0.25, 0.25, 0.25}, NULL},
    {"several", "old=0.125", {OWN, OWN, 0.125, OWN}, NULL},
    {"several", "pos=1,long=0", {0, OWN, OWN, 1}, NULL},
    {"several", "pos=1,,pos=0.5,", {OWN, OWN, OWN, 0.5}, NULL},
    {"several", "new=0.5", {0}, "has no label 'new'"},
    {"several", "new=old=0.5", {0}, "has no label 'new=old'"},
    {"several", "old=1.5", {0}, "found 'old=1.5', expected a number from 0 to 1"},
    {"several", "old=", {0}, "found 'old='"},
    {"several", "old", {0}, "found 'old'"},
    {"several", "-0.1", {0}, "found '-0.1'"},
    {"several", "nan", {0}, "found 'nan'"},
    {"tutorial", "0", {0}, NULL},
    {"tutorial", "pos=0.75", {0.75}, NULL},
    {"tutorial", "neg=0.75", {0}, "found the label 'neg', expected the positive one, 'pos'"},
    {"linear3", "0.5", {0}, "the model has 3 labels, expected two"},
};

static void thresholds_are_read_as_they_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[100];
        double *found;
        heed_model *model = NULL;
        snprintf(path, sizeof path, "models/%s.safetensors", cases[i].model);
        must(heed_model_load(&model, path, &made_error));
        const heed_model_info *info = heed_model_describe(model);
        heed_status status = heed_model_parse_thresholds(&found, model, cases[i].text, &made_error);
        if (cases[i].refused != NULL) {
            must_refuse(status, HEED_USAGE, cases[i].refused, cases[i].text);
            assert_null(found);
        } else {
            must(status);
        }
        for (size_t k = 0; found != NULL && k < info->threshold_count; k++)
            assert_true(found[k] == (cases[i].expected[k] == OWN ? info->thresholds[k] : cases[i].expected[k]));
        heed_free(found);
        heed_model_free(model);
    }
}

/* What can be told before the model is read. */
static void the_form_is_looked_at_without_a_model(void **state)
{
    (void)state;
    must(heed_check_thresholds("0.5", &made_error));
    must(heed_check_thresholds("a=0.5,b=1", &made_error));
    must_refuse(heed_check_thresholds("2", &made_error), HEED_USAGE, "found '2'", "2");
    must_refuse(heed_check_thresholds("half", &made_error), HEED_USAGE, "found 'half'", "half");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_are_read_as_they_are_named),
        cmocka_unit_test(the_form_is_looked_at_without_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
