/* The text of an architecture: its canonical form, and the messages for what is none. */
#include "unit/network_cases.h"

#include "base/writer.h"
#include "network/architecture.h"

static const char tutorial[] = "embed 128 | bilstm 32 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05";

static network_spec spec_of(const char *architecture)
{
    return (network_spec){.architecture = architecture, .vocabulary = 40, .window = 12, .outputs = 1, .mask = true};
}

static void architectures_have_a_canonical_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        {tutorial, tutorial},
        {"embed 8|lstm 4|attention additive 2", "embed 8 | lstm 4 | attention additive 2"},
        {"  embed\t8 |  lstm   4\n| attention \t additive  2  ", "embed 8 | lstm 4 | attention additive 2"},
        {"embed 8 | lstm 4 | attention additive", "embed 8 | lstm 4 | attention additive 10"},
        {"embed 08 | lstm 4. | attention additive 2.000", "embed 8 | lstm 4 | attention additive 2"},
        {"embed 8 | attention additive 4", "embed 8 | attention additive 4"},
        {"embed 8|bigru 4|max", "embed 8 | bigru 4 | max"},
        {"embed 8|gru 4|attention  dot+max +last", "embed 8 | gru 4 | attention dot + max + last"},
        {"embed 8 | attention additive + attention location | dense 3",
         "embed 8 | attention additive 10 + attention location | dense 3"},
        {"embed 8|dropout .1|lstm 4  recurrent-dropout  .20|dropout 0|bigru 2 recurrent-dropout 0|max|dropout 0.5",
         "embed 8 | dropout 0.1 | lstm 4 recurrent-dropout 0.2 | dropout 0 | bigru 2 | max | dropout 0.5"},
        {"embed 8 | gru recurrent-dropout 0.25 3 | last", "embed 8 | gru 3 recurrent-dropout 0.25 | last"},
        {"embed 8 | dropout 0.5 | attention additive 4", "embed 8 | dropout 0.5 | attention additive 4"},
        {"embed 8 | transformer 2 4 | max + mean", "embed 8 | transformer 2 4 | max + mean"},
        {"embed 4096 | bilstm 1 | lstm 2 | bilstm 3 | attention additive 1 | dropout 0 | dense 2 | dense 1",
         "embed 4096 | bilstm 1 | lstm 2 | bilstm 3 | attention additive 1 | dropout 0 | dense 2 | dense 1"},
        {"embed 8 | lstm 4 | attention additive 2 | dropout .5",
         "embed 8 | lstm 4 | attention additive 2 | dropout 0.5"},
        {"embed 8 | lstm 4 | attention additive 2 | dropout 0.000010",
         "embed 8 | lstm 4 | attention additive 2 | dropout 0.00001"},
        {"embed 8 | lstm 4 | attention additive 2 | dropout 0.123456 | dropout 0.95",
         "embed 8 | lstm 4 | attention additive 2 | dropout 0.123456 | dropout 0.95"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i].text;
        for (int turn = 0; turn < 2; turn++) { /* the second reads what the first has printed */
            heed_error error = {0};
            layer_spec *layers = NULL;
            int count = 0;
            char *printed = NULL;
            if (architecture_parse(&layers, &count, text, &error) != HEED_OK)
                fail_msg("'%s': %s", text, error.message);
            assert_int_equal(architecture_print(&printed, layers, count, NULL), HEED_OK);
            assert_string_equal(printed, cases[i].canonical);
            free(printed);
            free(layers);
            text = cases[i].canonical;
        }
    }
}

static const struct {
    const char *text, *message;
} bad_architectures[] = {
    {NULL, "architecture: empty; expected such as 'embed 128"},
    {"", "architecture: empty; expected such as 'embed 128"},
    {"   ", "architecture, column 4: no layer is called ''"},
    {"|", "architecture, column 1: no layer is called ''"},
    {"linear | dense 3", "architecture, column 1: 'linear' is no layer; expected it alone, or layers without it"},
    {"embed 8 | linear", "architecture, column 11: 'linear' is no layer"},
    {"liner", "architecture, column 1: no layer is called 'liner'; did you mean 'linear'?"},
    {"embed 8 | lstm 4 |", "architecture, column 19: no layer is called ''"},
    {"embed 8 || lstm 4", "architecture, column 10: no layer is called ''"},
    {"embed 8 | bilsm 4", "architecture, column 11: no layer is called 'bilsm'; did you mean 'bilstm'?"},
    {"embed 8 | lstm 4 | atention additve 3",
     "architecture, column 20: no layer is called 'atention additve'; did you mean 'attention additive'?"},
    {"embed 8 | LSTM 4", "architecture, column 11: no layer is called 'LSTM'"},
    {"embedding 8", "architecture, column 1: no layer is called 'embedding'; did you mean 'embed'?"},
    {"embed 8 | lstm4", "architecture, column 11: no layer is called 'lstm'"},
    {"embed 8 | \xff\xfe\x01\n 4", "architecture, column 11: no layer is called '\xff\xfe?"},
    {"embed \xc3\xa9", "architecture, column 7: found '\xc3\xa9', expected a number: embed WIDTH"},
    {"lstm 4 | embed 8", "architecture, column 1: 'lstm' (encoder) cannot be here; expected: embed |"},
    {"embed 8 | embed 8", "architecture, column 11: 'embed' (embedding) cannot be here"},
    {"embed 8 | dense 4", "architecture, column 11: 'dense' (head) cannot be here"},
    {"embed 8 | lstm 4 | dropout 0.1", "architecture: ends without a pooling"},
    {"dropout 0.1 | embed 8", "architecture, column 1: 'dropout' (head) cannot be here"},
    {"embed 8 | dropout 0.1 | dense 4 | max", "architecture, column 25: 'dense' (head) cannot be here"},
    {"embed 8 | max | dropout 0.1 | lstm 4", "architecture, column 31: 'lstm' (encoder) cannot be here"},
    {"embed 8 | max + dropout 0.1", "architecture, column 17: found 'dropout' (head) after '+'"},
    {"embed 8 | dropout 0.1 + max", "architecture, column 25: found 'max' (pooling) after '+'"},
    {"embed 8 | lstm 4 recurent-dropout 0.2",
     "architecture, column 18: found 'recurent-dropout', expected a number or 'recurrent-dropout': lstm UNITS "
     "[recurrent-dropout RATE]"},
    {"embed 8 | gru 4 recurrent-dropout", "architecture, column 17: 'recurrent-dropout' needs a number: gru UNITS ["},
    {"embed 8 | gru recurrent-dropout 0.2", "architecture, column 11: 'gru' needs a number: gru UNITS ["},
    {"embed 8 | gru 4 recurrent-dropout 1",
     "architecture, column 35: found 1, expected a number from 0 to 0.95: gru UNITS [recurrent-dropout RATE]"},
    {"embed 8 | gru 4 recurrent-dropout x", "architecture, column 35: found 'x', expected a number: gru UNITS ["},
    {"embed 8 | gru 4 recurrent-dropout 0.1 recurrent-dropout 0.1",
     "architecture, column 39: found 'recurrent-dropout' twice: gru UNITS ["},
    {"embed 8 | conv 4 3 recurrent-dropout 0.1",
     "architecture, column 20: found 'recurrent-dropout', expected a number: conv UNITS WIDTH"},
    {"embed 8 | lstm 4 | attention additive 2 | lstm 4", "architecture, column 43: 'lstm' (encoder) cannot be here"},
    {"embed 8 | lstm 4 | attention additive 2 | attention additive 2",
     "architecture, column 43: 'attention additive' (pooling) cannot be here"},
    {"embed 8", "architecture: ends without a pooling"},
    {"embed 8 | lstm 4", "architecture: ends without a pooling"},
    {"embed 8 | last", "architecture: 'last' needs a final state; put a recurrent layer"},
    {"embed 8 | lstm 4 | conv 3 2 | max + last", "architecture: 'last' needs a final state; put a recurrent layer"},
    {"embed 8 | max + dense 4",
     "architecture, column 17: found 'dense' (head) after '+', which joins only poolings; expected '|'"},
    {"embed 8 + max", "architecture, column 11: found 'max' (pooling) after '+', which joins only poolings"},
    {"embed 8 | lstm 4 + lstm 4", "architecture, column 20: found 'lstm' (encoder) after '+'"},
    {"embed 8 | lstm 4 | max | mean", "architecture, column 26: 'mean' (pooling) cannot be here"},
    {"embed 8 | lstm 4 | max + mean | last", "architecture, column 33: 'last' (pooling) cannot be here"},
    {"embed 8 | lstm 4 | max +", "architecture, column 25: no layer is called ''"},
    {"embed 8 | lstm 4 | + max", "architecture, column 20: no layer is called ''"},
    {"+ embed 8", "architecture, column 1: no layer is called ''"},
    {"embed 8 | lstm 4 | max 3", "architecture, column 24: found an extra '3': max"},
    {"embed 8 | lstm 4 | attention dots",
     "architecture, column 20: no layer is called 'attention dots'; did you mean 'attention dot'?"},
    {"embed 8 | gru", "architecture, column 11: 'gru' needs a number: gru UNITS"},
    {"embed", "architecture, column 1: 'embed' needs a number: embed WIDTH"},
    {"embed 8 | lstm", "architecture, column 11: 'lstm' needs a number: lstm UNITS"},
    {"embed 8 9", "architecture, column 9: found an extra '9': embed WIDTH"},
    {"embed 8 | lstm 4 5 6", "architecture, column 18: found an extra '5 6': lstm UNITS"},
    {"embed 0", "architecture, column 7: found 0, expected a whole number from 1 to 4096: embed WIDTH"},
    {"embed 4097", "architecture, column 7: found 4097, expected a whole number from 1 to 4096"},
    {"embed 1000000000", "architecture, column 7: found 1000000000, expected a whole number"},
    {"embed 1e9", "architecture, column 7: found '1e9', expected a number"},
    {"embed -8", "architecture, column 7: found '-8', expected a number"},
    {"embed 0x10", "architecture, column 7: found '0x10', expected a number"},
    {"embed nan", "architecture, column 7: found 'nan', expected a number"},
    {"embed .", "architecture, column 7: found '.', expected a number"},
    {"embed 8,5", "architecture, column 7: found '8,5', expected a number"},
    {"embed 00000000000000000000000000000000000000000000000008",
     "architecture, column 7: found '0000000000000000000000000000000000000000', expected a number"},
    {"embed 8 | lstm 4 | attention additive 2 | dense 2.5",
     "architecture, column 49: found 2.5, expected a whole number from 1 to 4096: dense UNITS"},
    {"embed 8 | lstm 4 | attention additive 2 | dropout 1.5",
     "architecture, column 51: found 1.5, expected a number from 0 to 0.95: dropout RATE"},
    {"embed 8 | lstm 4 | attention additive 2 | dropout 0.0000001",
     "architecture, column 51: found '0.0000001', expected a number: dropout RATE"},
    {"embed 8 | lstm 4 | attention additive 2 | dropout 0.5.5",
     "architecture, column 51: found '0.5.5', expected a number: dropout RATE"},
};

static void check_refused(const char *text, const char *message)
{
    heed_error error = {0};
    layer_spec *layers = (layer_spec *)(void *)&error;
    int count = 99;
    heed_status status = architecture_parse(&layers, &count, text, &error);
    if (status == HEED_OK) { /* what only the build can see */
        network_spec spec = spec_of(text);
        network *net;
        free(layers);
        layers = NULL;
        count = 0;
        status = network_new(&net, &spec, &error);
        assert_null(net);
    }
    assert_int_equal(status, HEED_USAGE);
    assert_null(layers);
    assert_int_equal(count, 0);
    if (strncmp(error.message, message, strlen(message)) != 0)
        fail_msg("'%s':\n  found    %s\n  expected %s", text == NULL ? "NULL" : text, error.message, message);
    for (const char *p = error.message; *p != '\0'; p++)
        assert_true((unsigned char)*p >= 0x20);
}

static void bad_architectures_are_refused_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_architectures / sizeof *bad_architectures; i++)
        check_refused(bad_architectures[i].text, bad_architectures[i].message);
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
        cmocka_unit_test(architectures_have_a_canonical_text),
        cmocka_unit_test(bad_architectures_are_refused_in_words),
        cmocka_unit_test(long_architectures_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
