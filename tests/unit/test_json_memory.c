/* JSON, and the model files that have it in their header, while one allocation fails: what comes of it is whole, or it
 * is HEED_FAILED for want of memory. The shared library of jansson hides failures, and may end the process. */
#include "unit/failing_memory.h"
#include "unit/made_rows.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/json_memory.h"

/* Does its work, and asserts that its outputs are whole if it says so. */
typedef heed_status checked_call(void *user, heed_error *error);

/* Skips the test without the copy of jansson. Lets one allocation after the other fail, only that one or all from it
 * on, and demands at least `least` failures. */
static void fails_whole(checked_call *call, void *user, long least)
{
#ifndef HEED_JANSSON
    skip();
#endif
    long failed = 0;
    for (int lasting = 0; lasting < 2; lasting++)
        for (long allowed = 0;; allowed++) {
            heed_error error = {""};
            once = lasting == 0;
            left = allowed;
            heed_status status = call(user, &error);
            bool reached = left < 0;
            left = LONG_MAX;
            if (!reached)
                break;
            failed += status != HEED_OK;
            if (status != HEED_OK && (status != HEED_FAILED || strstr(error.message, "memory") == NULL))
                fail_msg("after %ld allocations: %s: %s", allowed, heed_status_name(status), error.message);
        }
    assert_true(failed >= least);
}

/* ---- reading and printing */

/* Tokens that are longer than the buffer that jansson's parser begins with, and of every kind. */
static const char document[] =
    "{\"a key of more than sixteen bytes\": \"a text of more than sixteen bytes\",\n"
    " \"numbers\": [123456789012345678, -12345678.123456789e-12, 0], \"\": null,\n"
    " \"escapes\": \"\\u00e4\\ud83d\\ude00\\n\\\\ \\\" and as much again of plain letters\",\n"
    " \"inner\": {\"list\": [[], {}, true, false, \"short\", \"a text of thirty-two bytes, or so\"]}}";

static heed_status parse(void *whole, heed_error *error)
{
    json_t *root;
    json_error_t where;
    heed_status status = json_parse(&root, bytes_of(document), JSON_REJECT_DUPLICATES, &where, error);
    assert_true((status == HEED_OK) == (root != NULL));
    assert_true(status != HEED_OK || json_equal(root, whole));
    json_decref(root);
    return status;
}

static void parsing_is_whole_or_fails(void **state)
{
    (void)state;
    json_t *whole = json_loads(document, 0, NULL);
    assert_non_null(whole);
    fails_whole(parse, whole, 40);
    json_decref(whole);
}

static const char printed[] = "{\"a key of the object\":\"text\",\"list\":[1,\"two\"],\"inner\":{\"another key\":1.5}}";

/* json_pack leaves out a member whose key it cannot copy, and json_dumps a key. */
static heed_status print(void *user, heed_error *error)
{
    char *out;
    (void)user;
    const size_t failures = json_memory_failures();
    json_t *root = json_pack("{s:s, s:[i, s], s:{s:f}}", "a key of the object", "text", "list", 1, "two", "inner",
                             "another key", 1.5);
    heed_status status = json_print(&out, root, JSON_COMPACT, failures, "a text", error);
    json_decref(root);
    assert_true((status == HEED_OK) == (out != NULL));
    if (status == HEED_OK)
        assert_string_equal(out, printed);
    free(out);
    return status;
}

static void printing_is_whole_or_fails(void **state)
{
    (void)state;
    fails_whole(print, NULL, 20);
}

static heed_status build(void *user, heed_error *error)
{
    char *out;
    json_builder j = {0};
    (void)user;
    json_open_object(&j, NULL);
    json_put_text(&j, "a key of the object", "text");
    json_put_json(&j, "read", "{\"a key that is read from a text\": \"and a text that is longer than it\"}");
    json_close(&j);
    heed_status status = json_take(&j, &out, "a text", error);
    assert_true((status == HEED_OK) == (out != NULL));
    if (status == HEED_OK)
        assert_string_equal(out,
                            "{\n  \"a key of the object\": \"text\",\n  \"read\": {\n    \"a key that is read from a "
                            "text\": \"and a text that is longer than it\"\n  }\n}");
    free(out);
    return status;
}

static void building_is_whole_or_fails(void **state)
{
    (void)state;
    fails_whole(build, NULL, 20);
}

static void broken_json_is_bad_data(void **state)
{
    static const char *const broken[] = {"",     "{",           "{\"a\": 1",        "{\"a\": \"text",
                                         "[1,]", "{\"a\": 01}", "{\"a\": \"\\x\"}", "{\"a\": 1, \"a\": 2}",
                                         "{} {}"};
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        json_t *root;
        json_error_t where;
        assert_int_equal(json_parse(&root, bytes_of(broken[i]), JSON_REJECT_DUPLICATES, &where, NULL), HEED_BAD_DATA);
        assert_null(root);
        assert_true(where.text[0] != '\0');
    }
}

/* ---- model files */

static struct {
    char path[64];
    heed_model *model;
    char *file, *json; /* the model's, with all memory */
    size_t size;
} w;

static const char old[] = "the only copy";

static void keep_old(void)
{
    FILE *file = fopen(w.path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(old, 1, sizeof old, file), sizeof old);
    assert_int_equal(fclose(file), 0);
}

static int make_model(void **state)
{
    (void)state;
    made_file(w.path, ".safetensors", "", 0);
    w.model = made_model("embed 2 | lstm 2 | attention additive 2");
    must(heed_model_save(w.model, w.path, &made_error));
    must(file_read(&w.file, &w.size, w.path, 1 << 20, &made_error));
    heed_model *saved; /* has the metrics of its epochs in the precision of the file */
    must(heed_model_load(&saved, w.path, &made_error));
    must(heed_model_json(&w.json, saved, &made_error));
    heed_model_free(saved);
    return 0;
}

static int free_model(void **state)
{
    (void)state;
    unlink(w.path);
    free(w.file);
    free(w.json);
    heed_model_free(w.model);
    return 0;
}

static heed_status save(void *user, heed_error *error)
{
    char *found;
    size_t size;
    (void)user;
    heed_status status = heed_model_save(w.model, w.path, error);
    long kept = left;
    left = LONG_MAX;
    must(file_read(&found, &size, w.path, 1 << 20, &made_error));
    if (status == HEED_OK) {
        assert_int_equal(size, w.size);
        assert_memory_equal(found, w.file, size);
        keep_old();
    } else {
        assert_int_equal(size, sizeof old);
        assert_memory_equal(found, old, size);
    }
    free(found);
    left = kept;
    return status;
}

static void a_model_is_saved_whole_or_the_old_file_stays(void **state)
{
    (void)state;
    keep_old();
    fails_whole(save, NULL, 200);
}

static heed_status load(void *user, heed_error *error)
{
    heed_model *model = NULL;
    char *json = NULL;
    (void)user;
    heed_status status = heed_model_load(&model, w.path, error);
    assert_true((status == HEED_OK) == (model != NULL));
    if (status == HEED_OK)
        status = heed_model_json(&json, model, error);
    if (status == HEED_OK)
        assert_string_equal(json, w.json);
    heed_free(json);
    heed_model_free(model);
    return status;
}

static void a_model_is_loaded_whole_or_fails(void **state)
{
    (void)state;
    must(heed_model_save(w.model, w.path, &made_error));
    fails_whole(load, NULL, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsing_is_whole_or_fails),
        cmocka_unit_test(printing_is_whole_or_fails),
        cmocka_unit_test(building_is_whole_or_fails),
        cmocka_unit_test(broken_json_is_bad_data),
        cmocka_unit_test_setup_teardown(a_model_is_saved_whole_or_the_old_file_stays, make_model, free_model),
        cmocka_unit_test_setup_teardown(a_model_is_loaded_whole_or_fails, make_model, free_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
