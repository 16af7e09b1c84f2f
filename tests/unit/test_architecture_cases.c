/* Architectures as tests/cases/architecture says: what a text becomes, or why it is refused. */
#include "unit/case_file.h"
#include "unit/network_cases.h"

#include "model/classifier_table.h"
#include "model/encoder_spec.h"
#include "model/network_classifier.h"
#include "network/architecture.h"

enum { VOCABULARY = 40, WINDOW = 12, STATES_WIDTH = 24 };

static heed_status build(network **net, const char *text, heed_error *error)
{
    network_spec spec = {.architecture = text,
                         .vocabulary = VOCABULARY,
                         .window = WINDOW,
                         .outputs = 1,
                         .mask = true,
                         .encoder_width = architecture_reads_states(text) ? STATES_WIDTH : 0};
    return network_new(net, &spec, error);
}

/* The text becomes these layers, which become themselves. */
static bool check_layers(const test_case *c, const case_line *line, const char *text, const char *expected)
{
    for (int turn = 0; turn < 2; turn++, text = expected) {
        heed_error error = {{0}};
        char *printed = NULL;
        heed_status status = classifier_class_of(text)->canonical(&printed, text, &error);
        assert_int_equal(heed_architecture_check(text, NULL), status);
        bool same = status == HEED_OK && strcmp(printed, expected) == 0;
        if (!same)
            case_wrong(c, line, "found %s", status == HEED_OK ? printed : error.message);
        free(printed);
        if (!same)
            return false;
    }
    return true;
}

static bool check_parameters(const test_case *c, const case_line *line, const network *net, const char *expected)
{
    size_t sum = 0;
    for (const char *at = expected; *at != '\0'; at += strspn(at, " +")) {
        char *end;
        sum += strtoul(at, &end, 10);
        assert_true(end > at);
        at = end;
    }
    return net->weight_count == sum ||
           case_wrong(c, line, "found %zu parameters, expected %zu", net->weight_count, sum);
}

/* expected: "NAME 3x8x6", or "NAME none". */
static bool check_tensor(const test_case *c, const case_line *line, const network *net, const char *expected)
{
    char name[96], shape[40], found[100] = "none";
    assert_int_equal(sscanf(expected, "%95s %39s", name, shape), 2);
    const parameter *p = find_parameter(net, name);
    for (int i = 0, used = 0; p != NULL && i < p->rank; i++)
        used += snprintf(found + used, sizeof found - (size_t)used, "%s%d", i > 0 ? "x" : "", p->shape[i]);
    return strcmp(found, shape) == 0 || case_wrong(c, line, "found the shape %s", found);
}

static bool check_baseline(const test_case *c, const case_line *line, const char *text, const char *expected)
{
    heed_error error = {{0}};
    char *found = NULL;
    heed_status status = architecture_without_attention(&found, text, &error);
    bool same = status == HEED_OK && strcmp(found == NULL ? "none" : found, expected) == 0;
    if (!same)
        case_wrong(c, line, "found %s", status != HEED_OK ? error.message : found == NULL ? "none" : found);
    free(found);
    return same;
}

/* The parser refuses it, or the building of the network does, which alone knows all sizes. */
static bool check_error(const test_case *c, const case_line *line, const char *text, const char *expected)
{
    heed_error error = {{0}};
    writer message = {0};
    network *net = NULL;
    char *printed = NULL;
    heed_status status = classifier_class_of(text)->canonical(&printed, text, &error);
    assert_int_equal(heed_architecture_check(text, NULL), status);
    free(printed);
    if (status == HEED_OK && classifier_class_of(text) == &network_classifier)
        status = build(&net, text, &error);
    network_free(net);
    bool printable = true;
    for (const char *at = error.message; *at != '\0'; at++)
        printable = printable && (unsigned char)*at >= 0x20;
    case_unescape(&message, expected);
    writer_byte(&message, '\0');
    bool right = status == HEED_USAGE && printable && case_message_fits(error.message, message.data);
    writer_release(&message);
    return right || case_wrong(c, line, "found %s %s", heed_status_name(status), error.message);
}

static bool check_network(const test_case *c, const case_line *line, const char *text)
{
    const char *parameters = case_value(line, "parameters"), *tensor = case_value(line, "tensor");
    heed_error error = {{0}};
    network *net;
    if (parameters == NULL && tensor == NULL)
        return case_wrong(c, line, "expected layers:, parameters:, tensor:, without attention: or error:");
    if (build(&net, text, &error) != HEED_OK)
        return case_wrong(c, line, "found %s", error.message);
    bool right = parameters != NULL ? check_parameters(c, line, net, parameters) : check_tensor(c, line, net, tensor);
    network_free(net);
    return right;
}

static bool check_line(const test_case *c, const case_line *line, const char *text)
{
    const char *value;
    if ((value = case_value(line, "layers")) != NULL)
        return check_layers(c, line, text, value);
    if ((value = case_value(line, "without attention")) != NULL)
        return check_baseline(c, line, text, value);
    if ((value = case_value(line, "error")) != NULL)
        return check_error(c, line, text, value);
    return check_network(c, line, text);
}

static bool check_case(const test_case *c)
{
    const char *escaped = case_value(&c->lines[0], "architecture");
    writer text = {0};
    if (escaped == NULL || c->count < 2)
        return case_wrong(c, &c->lines[0], "expected architecture:, then what it becomes");
    case_unescape(&text, escaped);
    writer_byte(&text, '\0');
    assert_int_equal(writer_check(&text, NULL), HEED_OK);
    bool right = true;
    for (size_t i = 1; i < c->count; i++)
        right = check_line(c, &c->lines[i], text.data) && right;
    writer_release(&text);
    return right;
}

static void architectures_become_what_the_cases_say(void **state)
{
    (void)state;
    cases_run("cases/architecture", check_case);
}

static void a_wrong_case_fails(void **state)
{
    (void)state;
    case_must_fail("architecture: embed 8 | max\nlayers: embed 8 | mean\n", check_case);
    case_must_fail("architecture: embed 8|max\nlayers: embed 8|max\n", check_case);
    case_must_fail("architecture: embed 8 | max\nparameters: 320 + 8\n", check_case); /* a bias is missing */
    case_must_fail("architecture: embed 8 | max\ntensor: output.bias none\n", check_case);
    case_must_fail("architecture: embed 8 | max\nwithout attention: embed 8 | mean\n", check_case);
    case_must_fail("architecture: embed 8 | max\nerror: architecture...\n", check_case);
    case_must_fail("architecture: embed\nerror: architecture\n", check_case);
    case_must_fail("architecture: embed\nlayers: embed\n", check_case);
    case_must_fail("architecture: embed 8 | max\n", check_case);
    case_must_fail("architecture: embed 8 | max\nlayer: embed 8 | max\n", check_case);
    case_must_fail("layers: embed 8 | max\nlayers: embed 8 | max\n", check_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(architectures_become_what_the_cases_say),
        cmocka_unit_test(a_wrong_case_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
