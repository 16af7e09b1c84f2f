/* HTML to text by both rules: cases/html, and what Python makes of entities and of pages.
 *
 *   test_html [FILE]   FILE: results of Python instead of those in golden/ */
#include "unit/case_file.h"

#include <jansson.h>

#include "text/html.h"

static const char *results[] = {"golden/unescape.json", "golden/pages.json"};
static size_t result_count = 2;

/* "[text]begin-end" of each piece. */
static void put_pieces(writer *out, const writer *text, const trace *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const trace_piece *piece = &from->pieces[i];
        writer_byte(out, '[');
        writer_bytes(out, text->data + piece->begin, piece->end - piece->begin);
        writer_print(out, "]%zu-%zu", piece->from, piece->to);
    }
}

static bool check_line(const test_case *c, const case_line *line, const writer *text, const trace *from)
{
    writer found = {0}, expected = {0};
    const char *value = case_value(line, "becomes");
    if (value != NULL)
        writer_bytes(&found, text->data, text->size);
    else if ((value = case_value(line, "pieces")) != NULL)
        put_pieces(&found, text, from);
    else
        return case_wrong(c, line, "expected text:, becomes: or pieces:");
    case_unescape(&expected, value);
    bool right = bytes_same((heed_bytes){found.data, found.size}, (heed_bytes){expected.data, expected.size});
    if (!right)
        case_wrong(c, line, "found %.*s", (int)found.size, found.size > 0 ? found.data : "");
    writer_release(&found);
    writer_release(&expected);
    return right;
}

static bool check_case(const test_case *c)
{
    const char *rule = case_value(&c->lines[0], "rule"), *text;
    bool angles = rule != NULL && strcmp(rule, "angles") == 0, right = true;
    if (rule == NULL || (!angles && strcmp(rule, "elements") != 0) || c->count < 3)
        return case_wrong(c, &c->lines[0], "expected rule: elements or angles, then text: and becomes:");
    writer input = {0}, out = {0};
    trace from = {0};
    if (case_value(&c->lines[1], "text") == NULL || case_value(&c->lines[c->count - 1], "text") != NULL)
        right = case_wrong(c, &c->lines[1], "expected text:, then becomes:");
    for (size_t i = 1; i < c->count && right; i++) {
        if ((text = case_value(&c->lines[i], "text")) == NULL) {
            right = check_line(c, &c->lines[i], &out, &from);
            continue;
        }
        writer_clear(&input);
        writer_clear(&out);
        case_unescape(&input, text);
        trace_clear(&from, input.size);
        (angles ? html_strip_angles : html_strip_elements)(&out, &from, (heed_bytes){input.data, input.size});
    }
    writer_release(&input);
    writer_release(&out);
    trace_release(&from);
    return right;
}

static void texts_become_what_the_cases_say(void **state)
{
    (void)state;
    cases_run("cases/html", check_case);
}

static void a_wrong_case_fails(void **state)
{
    (void)state;
    case_must_fail("rule: elements\ntext: a<b>c\nbecomes: a<b>c\n", check_case);
    case_must_fail("rule: angles\ntext: a<x>c\nbecomes: a<x>c\n", check_case);
    case_must_fail("rule: elements\ntext: a<b>\npieces: [a]0-1[ ]1-3\n", check_case);
    case_must_fail("rule: elements\ntext: a\ntext: b\nbecomes: a\n", check_case);
    case_must_fail("rule: elements\nbecomes: a\ntext: a\n", check_case);
    case_must_fail("rule: elements\ntext: a\ncleaned: a\n", check_case);
    case_must_fail("rule: elements\ntext: a\nbecomes: a\ntext: a\n", check_case);
    case_must_fail("rule: tags\ntext: a\nbecomes: a\n", check_case);
    case_must_fail("text: a\nbecomes: a\n", check_case);
}

/* Checks a file of ["text", "result"]. Returns how many are wrong. */
static size_t check_results(const char *path)
{
    json_t *rows = json_load_file(path, JSON_ALLOW_NUL, NULL), *row;
    assert_true(json_array_size(rows) > 0);
    writer out = {0};
    trace from = {0};
    size_t i, wrong = 0;
    json_array_foreach(rows, i, row)
    {
        json_t *text = json_array_get(row, 0), *expected = json_array_get(row, 1);
        writer_clear(&out);
        trace_clear(&from, json_string_length(text));
        html_strip_elements(&out, &from, (heed_bytes){json_string_value(text), json_string_length(text)});
        if (bytes_same((heed_bytes){out.data, out.size},
                       (heed_bytes){json_string_value(expected), json_string_length(expected)}))
            continue;
        print_error("%s:%zu: %s: found \"%.*s\", expected \"%s\"\n", path, i + 1, json_string_value(text),
                    (int)out.size, out.size > 0 ? out.data : "", json_string_value(expected));
        wrong++;
    }
    json_decref(rows);
    writer_release(&out);
    trace_release(&from);
    return wrong;
}

static void entities_and_pages_become_what_python_makes_of_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < result_count; i++)
        assert_int_equal(check_results(results[i]), 0);
}

/* Each would take minutes in quadratic time: what a search did not find must not be searched for again. */
static void repetitions_take_linear_time(void **state)
{
    (void)state;
    static const char *const patterns[] = {"<",
                                           "<a",
                                           "<a ",
                                           "<a x=\"",
                                           "<a x=\"y\" z=\"",
                                           "<a x=\"y\" z=\">",
                                           "<a x='\"",
                                           "<a x=\"'",
                                           "<a x=\"<a x='",
                                           "</a x=\"y\" z=\"",
                                           "<!--",
                                           "<!-- >",
                                           "<!doctype ",
                                           "<?x",
                                           "<script>",
                                           "<script><style>",
                                           "</script ",
                                           "<script></script ",
                                           "<script></script x=\"y\" z=\"",
                                           "&",
                                           "&#",
                                           "&#x1",
                                           "&CounterClockwiseContourIntegra",
                                           "&nGt;"};
    size_t size = 1 << 22;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        for (int rule = 0; rule < 2; rule++) {
            writer out = {0};
            trace from = {0};
            size_t length = strlen(patterns[i]), whole = size / length * length;
            for (size_t k = 0; k < whole; k++)
                text[k] = patterns[i][k % length];
            trace_clear(&from, whole);
            (rule == 0 ? html_strip_elements : html_strip_angles)(&out, &from, (heed_bytes){text, whole});
            assert_true(out.problem == 0 && !from.failed && out.size <= whole / 5 * 6 + 5);
            writer_release(&out);
            trace_release(&from);
        }
    free(text);
}

int main(int count, char **arguments)
{
    if (count > 1) {
        results[0] = arguments[1];
        result_count = 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_what_the_cases_say),
        cmocka_unit_test(a_wrong_case_fails),
        cmocka_unit_test(entities_and_pages_become_what_python_makes_of_them),
        cmocka_unit_test(repetitions_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
