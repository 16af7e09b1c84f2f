/* JSON made piece by piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static void assert_built(json_builder *j, const char *expected)
{
    char *text = NULL;
    heed_error error = {""};
    if (json_take(j, &text, "a test", &error) != HEED_OK)
        fail_msg("%s", error.message);
    assert_string_equal(text, expected);
    free(text);
}

static void objects_and_lists_nest_in_the_order_they_come(void **state)
{
    (void)state;
    json_builder j = {0};
    json_open_object(&j, NULL);
    json_put_count(&j, "z", 3);
    json_open_list(&j, "a");
    json_put_text(&j, NULL, "one \"quoted\"");
    json_open_object(&j, NULL);
    json_put_flag(&j, "yes", true);
    json_close(&j);
    json_close(&j);
    json_open_entry(&j, (heed_bytes){"key of data", 3});
    json_close(&j);
    json_put_bytes(&j, "bytes", (heed_bytes){"text", 2});
    json_close(&j);
    assert_built(&j,
                 "{\n  \"z\": 3,\n  \"a\": [\n    \"one \\\"quoted\\\"\",\n    {\n      \"yes\": true\n    }\n  ],\n"
                 "  \"key\": {},\n  \"bytes\": \"te\"\n}");
}

static void numbers_that_are_none_are_null(void **state)
{
    (void)state;
    json_builder j = {0};
    const double values[] = {0.1, 1, NAN, INFINITY, 1.0 / 3};
    json_open_list(&j, NULL);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        json_put_number(&j, NULL, values[i]);
    json_put_null(&j, NULL);
    json_put_text(&j, NULL, NULL);
    json_close(&j);
    assert_built(&j, "[\n  0.1,\n  1.0,\n  null,\n  null,\n  0.333333333333333,\n  null,\n  null\n]");
}

static void exact_numbers_are_read_back_as_they_are(void **state)
{
    (void)state;
    json_builder j = {0};
    const double values[] = {1.0 / 3, 0.1 + 0.2, -3.4635426998138428, 5e-324, -DBL_MAX};
    enum { VALUES = sizeof values / sizeof *values };
    char *text;
    json_open_list(&j, NULL);
    for (size_t i = 0; i < VALUES; i++)
        json_put_exact(&j, NULL, values[i]);
    json_close(&j);
    assert_int_equal(json_take(&j, &text, "a test", NULL), HEED_OK);
    json_t *list = json_loads(text, 0, NULL);
    assert_int_equal(json_array_size(list), VALUES);
    for (size_t i = 0; i < VALUES; i++)
        assert_true(json_real_value(json_array_get(list, i)) == values[i]);
    json_decref(list);
    free(text);
}

static void json_goes_into_json(void **state)
{
    (void)state;
    json_builder j = {0};
    json_open_object(&j, NULL);
    json_put_json(&j, "part", "{\"b\": 1, \"a\": [2.5]}");
    json_close(&j);
    assert_built(&j, "{\n  \"part\": {\n    \"b\": 1,\n    \"a\": [\n      2.5\n    ]\n  }\n}");
}

/* Whatever comes after it, and however deep. */
static void the_first_failure_is_kept(void **state)
{
    (void)state;
    enum { BROKEN_JSON, BROKEN_TEXT, NO_KEY, SECOND_WHOLE, TOO_DEEP, NOT_CLOSED, CASES };
    for (int i = 0; i < CASES; i++) {
        char *text = NULL;
        heed_error error = {""};
        json_builder j = {0};
        json_open_object(&j, NULL);
        if (i == BROKEN_JSON)
            json_put_json(&j, "part", "{");
        else if (i == BROKEN_TEXT)
            json_put_text(&j, "text", "\xff");
        else if (i == NO_KEY)
            json_put_count(&j, NULL, 1);
        for (int k = 0; k < JSON_DEPTH && i == TOO_DEEP; k++)
            json_open_list(&j, "list");
        json_open_object(&j, "more");
        json_put_count(&j, "count", 1);
        json_close(&j);
        for (int k = 0; k < JSON_DEPTH && i == TOO_DEEP; k++)
            json_close(&j);
        if (i != NOT_CLOSED)
            json_close(&j);
        if (i == SECOND_WHOLE)
            json_put_null(&j, NULL);
        assert_int_equal(json_take(&j, &text, "a test", &error), HEED_FAILED);
        assert_null(text);
        assert_string_equal(error.message, "out of memory for a test");
        assert_true(j.root == NULL && !j.failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_and_lists_nest_in_the_order_they_come),
        cmocka_unit_test(numbers_that_are_none_are_null),
        cmocka_unit_test(exact_numbers_are_read_back_as_they_are),
        cmocka_unit_test(json_goes_into_json),
        cmocka_unit_test(the_first_failure_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
