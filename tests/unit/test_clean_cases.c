/* Cleaning as tests/cases/clean says: the tokens of a text, their places in it, or why options are refused. */
#include "unit/case_file.h"
#include "unit/text_check.h"

#include "options/option_table.h"

/* Fills options with "--NAME VALUE ...", which it changes: every stage is off unless it is named; "--preset NAME" comes
 * first. */
static heed_status read_options(heed_text_options *options, char *text, heed_error *error)
{
    heed_text_options_init(options, HEED_PRESET_OFF);
    for (char *name = strtok(text, " "); name != NULL; name = strtok(NULL, " ")) {
        const char *value = strtok(NULL, " ");
        assert_true(strncmp(name, "--", 2) == 0 && value != NULL);
        if (strcmp(name, "--preset") == 0) {
            heed_text_options_init(options,
                                   strcmp(value, "tutorial") == 0 ? HEED_PRESET_TUTORIAL : HEED_PRESET_DEFAULT);
            continue;
        }
        const option *o = option_named(HEED_OPTIONS_TEXT, name + 2);
        if (o == NULL)
            fail_msg("cases/clean: no option is called %s", name);
        heed_status status = option_store(o, options, value, error);
        if (status != HEED_OK)
            return status;
    }
    return HEED_OK;
}

/* "[text]begin-end" of each token. */
static void put_tokens(writer *out, const heed_tokens *tokens)
{
    size_t count;
    const heed_token *items = tokens_items(tokens, &count);
    for (size_t i = 0; i < count; i++) {
        writer_byte(out, '[');
        writer_bytes(out, items[i].text.data, items[i].text.size);
        writer_print(out, "]%zu-%zu", items[i].begin, items[i].end);
    }
}

static bool check_found(const test_case *c, const case_line *line, const writer *found, const char *value)
{
    writer expected = {0};
    case_unescape(&expected, value);
    bool right =
        found->size == expected.size && (found->size == 0 || memcmp(found->data, expected.data, found->size) == 0);
    writer_release(&expected);
    return right || case_wrong(c, line, "found %.*s", (int)found->size, found->size > 0 ? found->data : "");
}

static bool check_tokens(const test_case *c, const case_line *line, heed_tokens *tokens)
{
    writer found = {0};
    const char *value = case_value(line, "tokens");
    if (value != NULL)
        put_tokens(&found, tokens);
    else if ((value = case_value(line, "clean")) != NULL)
        writer_bytes(&found, heed_tokens_joined(tokens).data, heed_tokens_joined(tokens).size);
    else
        return case_wrong(c, line, "expected tokens: or clean:");
    bool right = check_found(c, line, &found, value);
    writer_release(&found);
    return right;
}

/* The text of a line and what it becomes, in the lines after it up to the next text. Sets *next to that one. */
static bool check_text(const test_case *c, size_t *next, const heed_cleaner *cleaner, heed_tokens *tokens)
{
    const case_line *line = &c->lines[(*next)++];
    size_t first = *next;
    while (*next < c->count && case_value(&c->lines[*next], "text") == NULL)
        ++*next;
    if (case_value(line, "text") == NULL || *next == first)
        return case_wrong(c, line, "expected text:, then tokens: or clean:");
    writer text = {0};
    bool right = true;
    case_unescape(&text, case_value(line, "text"));
    for (int cached = 0; cached < 3 && right; cached++) { /* without, with an empty and with a filled cache */
        assert_int_equal(cleaner_run(cleaner, (heed_bytes){text.data, text.size}, tokens, cached > 0, NULL), HEED_OK);
        for (size_t i = first; i < *next; i++)
            right = check_tokens(c, &c->lines[i], tokens) && right;
    }
    writer_release(&text);
    return right;
}

static bool check_texts(const test_case *c, const heed_cleaner *cleaner)
{
    heed_tokens *tokens;
    bool right = true;
    assert_int_equal(heed_tokens_new(&tokens, NULL), HEED_OK);
    for (size_t next = 1; next < c->count;)
        right = check_text(c, &next, cleaner, tokens) && right;
    heed_tokens_free(tokens);
    return right;
}

static bool check_case(const test_case *c)
{
    char text[1024];
    heed_text_options options;
    heed_cleaner *cleaner = NULL;
    heed_error error = {{0}};
    const char *named = case_value(&c->lines[0], "options");
    if (named == NULL || c->count < 2)
        return case_wrong(c, &c->lines[0], "expected options:, then text: or error:");
    snprintf(text, sizeof text, "%s", named);
    heed_status status = read_options(&options, text, &error);
    if (status == HEED_OK)
        status = heed_cleaner_new(&cleaner, &options, &error);
    const char *message = case_value(&c->lines[1], "error");
    bool right =
        (message != NULL) == (status != HEED_OK) && (message == NULL || case_message_fits(error.message, message));
    if (!right)
        case_wrong(c, &c->lines[1], "found %s %s", heed_status_name(status), error.message);
    else if (status == HEED_OK)
        right = check_texts(c, cleaner);
    heed_cleaner_free(cleaner);
    return right;
}

static void texts_become_what_the_cases_say(void **state)
{
    (void)state;
    cases_run("cases/clean", check_case);
}

static void a_wrong_case_fails(void **state)
{
    (void)state;
    case_must_fail("options: --case lower\ntext: A b\ntokens: [a b]0-4\n", check_case);
    case_must_fail("options: --case lower\ntext: A b\nclean: A b\n", check_case);
    case_must_fail("options: --case keep\ntext: A\nclean: A\ntokens: [a]0-1\n", check_case);
    case_must_fail("options: --case keep\ntext: A\ntext: b\nclean: b\n", check_case);
    case_must_fail("options: --case lower\nerror: --case...\n", check_case);
    case_must_fail("options: --case upper\ntext: A\nclean: A\n", check_case);
    case_must_fail("options: --case upper\nerror: --case: found\n", check_case);
    case_must_fail("options: --case lower\n", check_case);
    case_must_fail("options: --case lower\ntext: A\n", check_case);
    case_must_fail("options: --case lower\ntext: A\ncleaned: a\n", check_case);
    case_must_fail("text: A\nclean: A\n", check_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_what_the_cases_say),
        cmocka_unit_test(a_wrong_case_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
