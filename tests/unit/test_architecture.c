/* Architectures that no text file can hold well: none at all, and very long ones. The others are in
 * tests/cases/architecture. */
#include "unit/network_cases.h"

#include "base/writer.h"
#include "network/architecture.h"

static network_spec spec_of(const char *architecture)
{
    return (network_spec){.architecture = architecture, .vocabulary = 40, .window = 12, .outputs = 1, .mask = true};
}

static void check_refused(const char *text, const char *message)
{
    heed_error error = {0};
    layer_spec *layers = (layer_spec *)(void *)&error;
    int count = 99;
    assert_int_equal(architecture_parse(&layers, &count, text, &error), HEED_USAGE);
    assert_null(layers);
    assert_int_equal(count, 0);
    if (strncmp(error.message, message, strlen(message)) != 0)
        fail_msg("'%s':\n  found    %s\n  expected %s", text == NULL ? "NULL" : text, error.message, message);
}

static void no_architecture_is_refused(void **state)
{
    (void)state;
    check_refused(NULL, "architecture: empty; expected such as 'embed 128");
}

/* The first text, then the second so often. */
static void repeat_text(writer *out, const char *first, const char *second, int count)
{
    writer_clear(out);
    writer_text(out, first);
    for (int i = 0; i < count; i++)
        writer_text(out, second);
    writer_byte(out, '\0');
    assert_int_equal(writer_check(out, NULL), HEED_OK);
}

static void long_architectures_are_refused(void **state)
{
    (void)state;
    writer text = {0};
    repeat_text(&text, "embed 8", " | lstm 2", 70);
    check_refused(text.data, "architecture: more than 63 layers");
    repeat_text(&text, "embed 8 | max", " + max", 61);
    network *most = network_of(spec_of(text.data));
    assert_int_equal(most->layer_count, 63 + 2); /* and their concatenation, and the output */
    assert_int_equal(most->layers[63].out.width, 62 * 8);
    network_free(most);
    repeat_text(&text, "embed 8 | max", " + max", 62);
    check_refused(text.data, "architecture: more than 63 layers");
    writer_release(&text);

    char garbage[5000];
    memset(garbage, 'x', sizeof garbage);
    garbage[sizeof garbage - 1] = '\0';
    check_refused(garbage, "architecture: 4999 characters, expected at most 4096");
    garbage[4096] = '\0';
    check_refused(garbage, "architecture, column 1: no layer is called 'xxxx");
    memcpy(garbage, "embed ", 6);
    check_refused(garbage, "architecture, column 7: found 'xxxx");
    memset(garbage, '8', 4096);
    memcpy(garbage, "embed ", 6);
    check_refused(garbage, "architecture, column 7: found '8888");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_architecture_is_refused),
        cmocka_unit_test(long_architectures_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
