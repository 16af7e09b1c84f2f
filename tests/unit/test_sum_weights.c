/* The weights of a sum's parts: those that scipy finds (golden/make_sum_weights.py). */
#include "unit/made_rows.h"

#include <jansson.h>
#include <math.h>

#include "train/sum_weights.h"

enum { MOST_PARTS_HERE = 4, MOST_NUMBERS = 1000 };

/* A case of the golden file, and the storage of its rows. */
typedef struct golden_case {
    const char *name;
    double z[MOST_PARTS_HERE][MOST_NUMBERS], center[MOST_PARTS_HERE];
    const double *parts[MOST_PARTS_HERE];
    float target[MOST_NUMBERS];
    logit_rows rows;
    weight_prior prior;
} golden_case;

static json_t *golden;

static int read_golden(void **state)
{
    (void)state;
    golden = json_load_file("golden/sum_weights.json", 0, NULL);
    return golden == NULL;
}

static int free_golden(void **state)
{
    (void)state;
    json_decref(golden);
    return 0;
}

static size_t numbers_of(double *out, const json_t *list)
{
    size_t i;
    json_t *one;
    assert_in_range(json_array_size(list), 1, MOST_NUMBERS);
    json_array_foreach(list, i, one) out[i] = json_number_value(one);
    return json_array_size(list);
}

static void take_case(golden_case *out, const json_t *one)
{
    double target[MOST_NUMBERS];
    const json_t *z = json_object_get(one, "z");
    size_t numbers = numbers_of(target, json_object_get(one, "target"));
    size_t outputs = (size_t)json_integer_value(json_object_get(one, "outputs"));
    *out = (golden_case){.name = json_string_value(json_object_get(one, "name"))};
    for (size_t i = 0; i < numbers; i++)
        out->target[i] = (float)target[i];
    assert_in_range(json_array_size(z), 1, MOST_PARTS_HERE);
    for (size_t p = 0; p < json_array_size(z); p++) {
        assert_int_equal(numbers_of(out->z[p], json_array_get(z, p)), numbers);
        out->parts[p] = out->z[p];
    }
    assert_int_equal(numbers_of(out->center, json_object_get(one, "center")), json_array_size(z));
    out->rows = (logit_rows){.z = out->parts,
                             .target = out->target,
                             .count = numbers / outputs,
                             .outputs = outputs,
                             .parts = (uint32_t)json_array_size(z),
                             .softmax = json_is_true(json_object_get(one, "softmax"))};
    out->prior = (weight_prior){out->center, json_number_value(json_object_get(one, "strength"))};
}

static void check_numbers(const golden_case *c, const char *what, const double *found, const json_t *expected)
{
    size_t i;
    json_t *one;
    json_array_foreach(expected, i, one) if (!(fabs(found[i] - json_number_value(one)) <= 1e-6))
        fail_msg("%s: %s %zu: found %.9f, expected %.9f", c->name, what, i, found[i], json_number_value(one));
}

static void weights_are_those_of_scipy(void **state)
{
    (void)state;
    size_t i, zeros = 0;
    json_t *one;
    json_array_foreach(json_object_get(golden, "cases"), i, one)
    {
        golden_case c;
        double w[MOST_PARTS_HERE];
        take_case(&c, one);
        must(sum_weights_fit(w, &c.rows, &c.prior, &made_error));
        check_numbers(&c, "weight", w, json_object_get(one, "weights"));
        for (uint32_t p = 0; p < c.rows.parts; p++)
            zeros += w[p] == 0;
    }
    assert_int_equal(zeros, 3); /* of the parts that say the opposite of the targets */
}

static void crossfitted_logits_are_those_of_scipy(void **state)
{
    (void)state;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(golden, "cases"), i, one)
    {
        golden_case c;
        double z[MOST_NUMBERS];
        take_case(&c, one);
        must(sum_weights_crossfit(z, &c.rows, &c.prior, &made_error));
        check_numbers(&c, "logit", z, json_object_get(one, "crossfit"));
    }
}

static void without_rows_the_weights_are_the_center(void **state)
{
    (void)state;
    static const double center[] = {1, 0, 0.5};
    const logit_rows none = {.outputs = 1, .parts = 3};
    double w[3];
    must(sum_weights_fit(w, &none, &(weight_prior){center, 10}, &made_error));
    assert_memory_equal(w, center, sizeof w);
    must(sum_weights_crossfit(NULL, &none, &(weight_prior){center, 10}, &made_error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_those_of_scipy),
        cmocka_unit_test(crossfitted_logits_are_those_of_scipy),
        cmocka_unit_test(without_rows_the_weights_are_the_center),
    };
    return cmocka_run_group_tests_name("sum weights", tests, read_golden, free_golden);
}
