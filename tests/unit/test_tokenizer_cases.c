/* Tokenizers as tests/cases/tokenizer says: which tokens texts become with a file, or why the file is refused. */
#include "unit/case_file.h"

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "tokenizer/subwords.h"

/* What "change:" lines begin with: the file of their "base:", or else this one. */
static const char WORDPIECE[] =
    "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":["
    "{\"id\":0,\"content\":\"[UNK]\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,"
    "\"special\":true},"
    "{\"id\":5,\"content\":\"<x>\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,"
    "\"special\":false}],"
    "\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"
    "\"strip_accents\":null,\"lowercase\":true},"
    "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
    "\"post_processor\":{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",2],\"cls\":[\"[CLS]\",1]},"
    "\"decoder\":{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true},"
    "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\","
    "\"max_input_chars_per_word\":100,\"vocab\":{\"[UNK]\":0,\"[CLS]\":1,\"[SEP]\":2,\"ab\":3,\"##c\":4}}}";

static const char BYTES[] =
    "{\"version\":\"1.0\",\"added_tokens\":["
    "{\"id\":9,\"content\":\"<m>\",\"single_word\":false,\"lstrip\":true,\"rstrip\":false,\"normalized\":false,"
    "\"special\":true}],\"normalizer\":null,"
    "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true},"
    "\"post_processor\":{\"type\":\"RobertaProcessing\",\"sep\":[\"</s>\",2],\"cls\":[\"<s>\",1],"
    "\"trim_offsets\":true,\"add_prefix_space\":false},\"decoder\":{\"type\":\"ByteLevel\"},"
    "\"model\":{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":\"<u>\",\"continuing_subword_prefix\":\"\","
    "\"end_of_word_suffix\":\"\",\"fuse_unk\":false,\"vocab\":{\"<u>\":0,\"<s>\":1,\"</s>\":2,\"a\":3,\"b\":4,"
    "\"\xC4\xA0\":5,\"ab\":6,\"\xC4\xA0"
    "ab\":7,\"c\":8},\"merges\":[\"a b\",\"\xC4\xA0 ab\"]}}";

/* The map: U+0001 to ab, U+0002 to nothing, U+0009 to a space. */
static const char PIECES[] =
    "{\"version\":\"1.0\",\"added_tokens\":["
    "{\"id\":0,\"content\":\"<s>\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,"
    "\"special\":true}],\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":"
    "\"QAAAAAAgAAAJHQAAAAAAAAAAAAAAAACAAwAAgAQAAIAAAAAAAAAAAAE1AAAC"
    "PQAAAAAAAAAAAAAAAAAAAAAAAAAAAABhYgAAIAA=\"},"
    "\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"\xE2\x96\x81\",\"prepend_scheme\":\"always\","
    "\"split\":true},\"post_processor\":null,\"decoder\":null,"
    "\"model\":{\"type\":\"Unigram\",\"unk_id\":1,\"vocab\":[[\"<s>\",0.0],[\"<unk>\",0],[\"a\",-1.5],[\"b\",-2],"
    "[\"ab\",-3.25],[\"\xE2\x96\x81\",-2],[\"\xE2\x96\x81"
    "ab\",-4.1],[\"e\",-5]],\"byte_fallback\":false}}";

static const struct {
    const char *name, *json;
} bases[] = {{"wordpiece", WORDPIECE}, {"bytes", BYTES}, {"pieces", PIECES}};

typedef struct given {
    writer json, vocabulary, config;
    bool has_vocabulary, has_config;
} given;

static heed_bytes bytes_in(const writer *w)
{
    return (heed_bytes){w->data == NULL ? "" : w->data, w->size};
}

/* "OLD => NEW": replaces OLD, which occurs once in the file. */
static bool change(const test_case *c, const case_line *line, writer *json, const char *value)
{
    writer old = {0}, new = {0}, changed = {0};
    const char *arrow = strstr(value, " => ");
    bool fine = arrow != NULL || case_wrong(c, line, "expected OLD => NEW");
    if (fine) {
        char *left = strndup(value, (size_t)(arrow - value));
        case_unescape(&old, left);
        case_unescape(&new, arrow + 4);
        free(left);
        writer_byte(&old, '\0');
        const char *at = json->size == 0 ? NULL : memmem(json->data, json->size, old.data, old.size - 1);
        fine = at != NULL || case_wrong(c, line, "the file has no such piece");
        if (fine) {
            writer_bytes(&changed, json->data, (size_t)(at - json->data));
            if (new.size > 0)
                writer_bytes(&changed, new.data, new.size);
            writer_bytes(&changed, at + old.size - 1, json->size - (size_t)(at - json->data) - (old.size - 1));
            writer_release(json);
            *json = changed;
        }
    }
    writer_release(&old);
    writer_release(&new);
    return fine;
}

static heed_status parse(tokenizer **out, const given *g, heed_error *error)
{
    if (!g->has_vocabulary)
        return tokenizer_parse(out, bytes_in(&g->json), "t.json", error);
    return tokenizer_parse_vocabulary(out, bytes_in(&g->vocabulary),
                                      g->has_config ? bytes_in(&g->config) : (heed_bytes){NULL, 0}, error);
}

static bool check_error(const test_case *c, const case_line *line, const given *g, const char *expected)
{
    heed_error error = {{0}};
    tokenizer *t = NULL;
    heed_status status = parse(&t, g, &error);
    bool same = status == HEED_BAD_DATA && t == NULL && case_message_fits(error.message, expected);
    if (!same)
        case_wrong(c, line, "found %s", status == HEED_OK ? "no error" : error.message);
    tokenizer_free(t);
    return same;
}

/* The tokens of a text: "ab:0-2 ##c:2-3". */
static void write_tokens(writer *out, const tokenizer *t, const char *text)
{
    writer bytes = {0};
    subwords *list;
    size_t count;
    case_unescape(&bytes, text);
    assert_int_equal(subwords_new(&list, t, NULL), HEED_OK);
    assert_int_equal(subwords_find(list, bytes_in(&bytes), 0, true, NULL), HEED_OK);
    const subword *items = subwords_items(list, &count);
    for (size_t i = 0; i < count; i++) {
        heed_bytes token = tokenizer_token(t, items[i].id);
        writer_print(out, "%s%.*s:%zu-%zu", i > 0 ? " " : "", (int)token.size, token.data, items[i].begin,
                     items[i].end);
    }
    writer_byte(out, '\0');
    subwords_free(list);
    writer_release(&bytes);
}

static bool check_tokens(const test_case *c, const case_line *line, const given *g, const char *text,
                         const char *expected)
{
    heed_error error = {{0}};
    tokenizer *t;
    writer found = {0};
    if (text == NULL)
        return case_wrong(c, line, "tokens of no text");
    if (parse(&t, g, &error) != HEED_OK)
        return case_wrong(c, line, "%s", error.message);
    write_tokens(&found, t, text);
    bool same = strcmp(found.data, expected) == 0 || case_wrong(c, line, "found %s", found.data);
    writer_release(&found);
    tokenizer_free(t);
    return same;
}

/* Begins again with the file of this name. */
static bool begin_with(const test_case *c, const case_line *line, writer *json, const char *name)
{
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (strcmp(name, bases[i].name) == 0) {
            writer_clear(json);
            writer_text(json, bases[i].json);
            return true;
        }
    return case_wrong(c, line, "there is no such file");
}

static bool check_lines(const test_case *c, given *g)
{
    const char *value, *text = NULL;
    bool fine = true, checked = false;
    for (size_t i = 0; i < c->count && fine; i++) {
        const case_line *line = &c->lines[i];
        if ((value = case_value(line, "change")) != NULL)
            fine = change(c, line, &g->json, value);
        else if ((value = case_value(line, "base")) != NULL)
            fine = begin_with(c, line, &g->json, value);
        else if ((value = case_value(line, "file")) != NULL) {
            writer_clear(&g->json);
            case_unescape(&g->json, value);
        } else if ((value = case_value(line, "vocabulary")) != NULL) {
            g->has_vocabulary = true;
            case_unescape(&g->vocabulary, value);
        } else if ((value = case_value(line, "config")) != NULL) {
            g->has_config = true;
            case_unescape(&g->config, value);
        } else if ((value = case_value(line, "text")) != NULL)
            text = value;
        else if ((value = case_value(line, "tokens")) != NULL)
            fine = checked = check_tokens(c, line, g, text, value);
        else if ((value = case_value(line, "error")) != NULL)
            fine = checked = check_error(c, line, g, value);
        else
            fine = case_wrong(c, line, "expected base, change, file, vocabulary, config, text, tokens or error");
    }
    return fine && (checked || case_wrong(c, &c->lines[0], "nothing is checked"));
}

static bool check(const test_case *c)
{
    given g = {0};
    writer_text(&g.json, WORDPIECE);
    bool fine = check_lines(c, &g);
    writer_release(&g.json);
    writer_release(&g.vocabulary);
    writer_release(&g.config);
    return fine;
}

static void files_are_read_or_refused_as_the_cases_say(void **state)
{
    (void)state;
    cases_run("cases/tokenizer", check);
}

static void wrong_cases_fail(void **state)
{
    (void)state;
    case_must_fail("text: abc\ntokens: [CLS]:0-0 ab:0-2 ##c:2-3\n", check);
    case_must_fail("text: abc\ntokens: [CLS]:0-0 ab:0-3 ##c:2-3 [SEP]:3-3\n", check);
    case_must_fail("error: t.json: broken JSON...\n", check);
    case_must_fail("change: \"lowercase\":true => \"lowercase\":1\nerror: t.json: normalizer: lower...\nerror: no\n",
                   check);
    case_must_fail("change: nothing => something\ntext: a\ntokens: [CLS]:0-0 [UNK]:0-1 [SEP]:1-1\n", check);
    case_must_fail("text: abc\n", check);
    case_must_fail("words: abc\n", check);
    case_must_fail("base: words\ntext: abc\ntokens: [CLS]:0-0 ab:0-2 ##c:2-3 [SEP]:3-3\n", check);
    case_must_fail("vocabulary: [UNK]\\n[CLS]\\n[SEP]\\n\nerror: vocab.txt...\n", check);
}

/* ---- sizes that a line of a case cannot have */

static void must_refuse_file(const writer *json, const char *message)
{
    heed_error error = {{0}};
    tokenizer *t;
    assert_int_equal(json->problem, 0);
    assert_int_equal(tokenizer_parse(&t, bytes_in(json), "t.json", &error), HEED_BAD_DATA);
    assert_null(t);
    assert_string_equal(error.message, message);
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    writer json = {0};
    heed_error error = {{0}};
    tokenizer *t;
    writer_repeat(&json, '[', 1000000);
    assert_int_equal(tokenizer_parse(&t, bytes_in(&json), "t.json", &error), HEED_BAD_DATA);
    assert_null(t);
    assert_non_null(strstr(error.message, "broken JSON: maximum parsing depth reached"));
    writer_clear(&json);
    writer_text(&json, "{\"version\":\"1.0\",\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},\"model\":{\"type\":"
                       "\"WordPiece\",\"unk_token\":\"a\",\"continuing_subword_prefix\":\"\","
                       "\"max_input_chars_per_word\":1,\"vocab\":{\"a\":0}},\"normalizer\":");
    for (int i = 0; i < 900; i++)
        writer_text(&json, "{\"type\":\"Sequence\",\"normalizers\":[");
    writer_text(&json, "{\"type\":\"NFD\"}");
    for (int i = 0; i < 900; i++)
        writer_text(&json, "]}");
    writer_text(&json, "}");
    assert_int_equal(tokenizer_parse(&t, bytes_in(&json), "t.json", &error), HEED_OK);
    tokenizer_free(t);
    writer_release(&json);
}

static void a_vocabulary_of_millions_is_refused(void **state)
{
    (void)state;
    enum { MANY = 1100000 };
    writer json = {0};
    writer_text(&json, "{\"version\":\"1.0\",\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"0\","
                       "\"continuing_subword_prefix\":\"\",\"max_input_chars_per_word\":1,\"vocab\":{\"0\":0");
    for (unsigned i = 1; i < MANY; i++)
        writer_print(&json, ",\"%u\":%u", i, i);
    writer_text(&json, "}}}");
    must_refuse_file(&json, "t.json: model: vocab: 1100000 tokens, expected at most 1048576");
    writer_repeat(&json, ' ', 48 << 20);
    char message[100];
    snprintf(message, sizeof message, "t.json: %zu bytes, expected at most 50331648", json.size);
    must_refuse_file(&json, message);
    writer_release(&json);
}

static void must_refuse_path(const char *path, const char *message)
{
    heed_error error = {{0}};
    tokenizer *t;
    assert_int_equal(tokenizer_load(&t, path, &error), HEED_BAD_DATA);
    assert_null(t);
    assert_string_equal(error.message, message);
}

static void a_folder_or_a_file_is_loaded(void **state)
{
    (void)state;
    static const char *const paths[] = {"golden/tokenizers/uncased", "golden/tokenizers/uncased/tokenizer.json",
                                        "golden/tokenizers/lines", "golden/tokenizers/lines/vocab.txt"};
    /* a file by itself has no configuration: it is in small letters */
    static const char *const expected[] = {"[CLS]:0-0 the:0-3 [SEP]:3-3", "[CLS]:0-0 the:0-3 [SEP]:3-3",
                                           "[CLS]:0-0 [UNK]:0-3 [SEP]:3-3", "[CLS]:0-0 the:0-3 [SEP]:3-3"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        tokenizer *t;
        writer found = {0};
        assert_int_equal(tokenizer_load(&t, paths[i], NULL), HEED_OK);
        write_tokens(&found, t, "tHe");
        assert_string_equal(found.data, expected[i]);
        writer_release(&found);
        tokenizer_free(t);
    }
    must_refuse_path("cases/tokenizer",
                     "cases/tokenizer: found neither tokenizer.json nor vocab.txt, expected one of them");
    must_refuse_path("cases/none", "cases/none: No such file or directory, expected a folder or file of a tokenizer");
    must_refuse_path("golden/metrics.json", "golden/metrics.json: the file: found 'small', which heed does not know");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_or_refused_as_the_cases_say),
        cmocka_unit_test(wrong_cases_fail),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(a_vocabulary_of_millions_is_refused),
        cmocka_unit_test(a_folder_or_a_file_is_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
