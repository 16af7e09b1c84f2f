/* Tokens of texts against those of Hugging Face's tokenizers (golden/tokenizers), and what may not change them: a
 * limit, a list used before, the place in a longer text. */
#include "unit/made_rows.h"

#include <glob.h>
#include <jansson.h>

#include "base/file.h"
#include "tokenizer/subwords.h"

enum { CASES = 150, FOLDERS = 16 };

static tokenizer *load(const char *folder)
{
    tokenizer *t;
    must(tokenizer_load(&t, folder, &made_error));
    return t;
}

static subwords *list_of(const tokenizer *t)
{
    subwords *list;
    must(subwords_new(&list, t, &made_error));
    return list;
}

static bool same_tokens(const subword *a, const subword *b, size_t count)
{
    size_t i = 0;
    while (i < count && a[i].id == b[i].id && a[i].begin == b[i].begin && a[i].end == b[i].end)
        i++;
    return i == count;
}

static size_t whole_number(const json_t *list, size_t i)
{
    assert_true(json_is_integer(json_array_get(list, i)));
    return (size_t)json_integer_value(json_array_get(list, i));
}

static void check_case(subwords *list, const json_t *line, const char *where, size_t number)
{
    const json_t *text = json_object_get(line, "text"), *ids = json_object_get(line, "ids");
    const json_t *begins = json_object_get(line, "begin"), *ends = json_object_get(line, "end");
    size_t count;
    must(subwords_find(list, (heed_bytes){json_string_value(text), json_string_length(text)}, 0, true, &made_error));
    const subword *items = subwords_items(list, &count);
    if (count != json_array_size(ids))
        fail_msg("%s:%zu: found %zu tokens, expected %zu", where, number, count, json_array_size(ids));
    for (size_t i = 0; i < count; i++)
        if (items[i].id != whole_number(ids, i) || items[i].begin != whole_number(begins, i) ||
            items[i].end != whole_number(ends, i))
            fail_msg("%s:%zu: token %zu: found %u, bytes %zu to %zu, expected %zu, %zu to %zu", where, number, i,
                     items[i].id, items[i].begin, items[i].end, whole_number(ids, i), whole_number(begins, i),
                     whole_number(ends, i));
}

/* Calls the check for every case of a folder. */
static size_t each_case(subwords *list, const char *folder,
                        void (*check)(subwords *list, const json_t *line, const char *where, size_t number))
{
    char path[200], *line = NULL;
    size_t room = 0, cases = 0;
    snprintf(path, sizeof path, "%s/cases.jsonl", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (ssize_t size; (size = getline(&line, &room, file)) > 0; cases++) {
        json_t *root = json_loadb(line, (size_t)size, JSON_ALLOW_NUL, NULL);
        assert_non_null(root);
        check(list, root, path, cases + 1);
        json_decref(root);
    }
    fclose(file);
    free(line);
    return cases;
}

static void each_folder(void (*check)(subwords *list, const json_t *line, const char *where, size_t number))
{
    glob_t folders;
    assert_int_equal(glob("golden/tokenizers/*", GLOB_ONLYDIR, NULL, &folders), 0);
    assert_true(folders.gl_pathc >= FOLDERS);
    for (size_t i = 0; i < folders.gl_pathc; i++) {
        tokenizer *t = load(folders.gl_pathv[i]);
        subwords *list = list_of(t);
        assert_true(each_case(list, folders.gl_pathv[i], check) >= CASES);
        subwords_free(list);
        tokenizer_free(t);
    }
    globfree(&folders);
}

static void tokens_are_those_of_tokenizers(void **state)
{
    (void)state;
    each_folder(check_case);
}

/* ---- */

static void check_limits(subwords *list, const json_t *line, const char *where, size_t number)
{
    const json_t *text = json_object_get(line, "text");
    heed_bytes bytes = {json_string_value(text), json_string_length(text)};
    size_t all, count, bare;
    must(subwords_find(list, bytes, 0, false, &made_error));
    const subword *items = subwords_items(list, &bare);
    subword *kept = malloc((bare + 1) * sizeof *kept);
    assert_non_null(kept);
    if (bare > 0)
        memcpy(kept, items, bare * sizeof *kept);
    all = json_array_size(json_object_get(line, "ids"));
    assert_true(!subwords_were_cut(list) && bare <= all);
    size_t around = all - bare;
    for (size_t longest = around > 0 ? around : 1; longest <= all + 1; longest += 1 + longest / 4) {
        must(subwords_find(list, bytes, longest, true, &made_error));
        items = subwords_items(list, &count);
        bool cut = longest < all;
        if (count != (cut ? longest : all) || subwords_were_cut(list) != cut ||
            !same_tokens(items + around / 2, kept, count - around))
            fail_msg("%s:%zu: at most %zu tokens of %zu: found %zu others", where, number, longest, all, count);
        assert_true(around == 0 || items[count - 1].begin == bytes.size);
    }
    free(kept);
}

/* What a model file keeps is the same tokenizer, and the same text again. */
static void a_tokenizer_is_written_as_it_was_read(void **state)
{
    (void)state;
    glob_t folders;
    assert_int_equal(glob("golden/tokenizers/*", GLOB_ONLYDIR, NULL, &folders), 0);
    for (size_t i = 0; i < folders.gl_pathc; i++) {
        tokenizer *t = load(folders.gl_pathv[i]), *again;
        char *written, *twice;
        must(tokenizer_json(&written, t, &made_error));
        must(tokenizer_parse(&again, bytes_of(written), "written", &made_error));
        must(tokenizer_json(&twice, again, &made_error));
        assert_string_equal(twice, written);
        assert_int_equal(tokenizer_size(again), tokenizer_size(t));
        subwords *list = list_of(again);
        assert_true(each_case(list, folders.gl_pathv[i], check_case) >= CASES);
        subwords_free(list);
        tokenizer_free(again);
        tokenizer_free(t);
        free(written);
        free(twice);
    }
    globfree(&folders);
}

static void both_layouts_of_a_tokenizer_are_written_alike(void **state)
{
    (void)state;
    tokenizer *t = load("golden/tokenizers/lines"), *same;
    char *data, *written, *expected;
    size_t size;
    must(file_read(&data, &size, "golden/tokenizers/lines/same.json", 1 << 20, &made_error));
    must(tokenizer_parse(&same, (heed_bytes){data, size}, "same.json", &made_error));
    must(tokenizer_json(&written, t, &made_error));
    must(tokenizer_json(&expected, same, &made_error));
    assert_string_equal(written, expected);
    tokenizer_free(t);
    tokenizer_free(same);
    free(data);
    free(written);
    free(expected);
}

static void the_first_tokens_of_a_text_are_kept_and_those_around_it(void **state)
{
    (void)state;
    each_folder(check_limits);
}

/* Between the same words, texts give the same tokens, at their new places: whatever is in the cache, and wherever a
 * part that is normalized begins. */
static void check_embedded(subwords *list, const json_t *line, const char *where, size_t number)
{
    const json_t *text = json_object_get(line, "text");
    size_t size = json_string_length(text), count, alone;
    must(subwords_find(list, (heed_bytes){json_string_value(text), size}, 0, false, &made_error));
    const subword *items = subwords_items(list, &alone);
    subword *kept = malloc((alone + 1) * sizeof *kept);
    writer embedded = {0};
    writer_text(&embedded, "of (");
    writer_bytes(&embedded, json_string_value(text), size);
    writer_text(&embedded, ") of");
    assert_true(kept != NULL && embedded.problem == 0);
    if (alone > 0)
        memcpy(kept, items, alone * sizeof *kept);
    must(subwords_find(list, (heed_bytes){embedded.data, embedded.size}, 0, false, &made_error));
    items = subwords_items(list, &count);
    bool same = count == alone + 4;
    for (size_t i = 0; i < alone && same; i++)
        same = items[i + 2].id == kept[i].id && items[i + 2].begin == kept[i].begin + 4 &&
               items[i + 2].end == kept[i].end + 4;
    if (!same)
        fail_msg("%s:%zu: between other words: other tokens", where, number);
    writer_release(&embedded);
    free(kept);
}

static void tokens_do_not_depend_on_what_is_around(void **state)
{
    (void)state;
    static const char *const folders[] = {"golden/tokenizers/uncased", "golden/tokenizers/cased",
                                          "golden/tokenizers/sequence", "golden/tokenizers/lines"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        tokenizer *t = load(folders[i]);
        subwords *list = list_of(t);
        each_case(list, folders[i], check_embedded);
        subwords_free(list);
        tokenizer_free(t);
    }
}

/* More words than the cache keeps, twice; each has the pieces that it has alone, with a new list. */
static void the_cache_changes_nothing(void **state)
{
    (void)state;
    enum { WORDS = 60000, STEP = 997 };
    tokenizer *t = load("golden/tokenizers/uncased");
    subwords *list = list_of(t);
    char word[32];
    size_t count, other;
    for (unsigned turn = 0; turn < 2; turn++)
        for (unsigned i = 0; i < WORDS; i++) {
            snprintf(word, sizeof word, "%c%cun%c%c%s", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26,
                     'a' + i / 17576,
                     i % 3 == 0   ? "able"
                     : i % 3 == 1 ? ""
                                  : "izationing");
            must(subwords_find(list, bytes_of(word), 0, true, &made_error));
            if (i % STEP != 0)
                continue;
            subwords *fresh = list_of(t);
            must(subwords_find(fresh, bytes_of(word), 0, true, &made_error));
            const subword *a = subwords_items(list, &count), *b = subwords_items(fresh, &other);
            assert_int_equal(count, other);
            assert_true(same_tokens(a, b, count));
            subwords_free(fresh);
        }
    subwords_free(list);
    tokenizer_free(t);
}

static void a_text_that_cannot_be_used_is_refused(void **state)
{
    (void)state;
    tokenizer *t = load("golden/tokenizers/uncased");
    subwords *list = list_of(t);
    size_t count;
    assert_int_equal(tokenizer_around(t), 2);
    heed_status status = subwords_find(list, bytes_of("the \xC3\x28 of"), 0, true, &made_error);
    must_refuse(status, HEED_BAD_DATA, "byte 4 of a text is not UTF-8", "not UTF-8");
    subwords_items(list, &count);
    assert_int_equal(count, 0);
    status = subwords_find(list, bytes_of("the"), 1, true, &made_error);
    must_refuse(status, HEED_USAGE, "at most 1 tokens of a text, expected at least the 2 around it", "too short");
    must(subwords_find(list, bytes_of("the"), 2, true, &made_error));
    subwords_items(list, &count);
    assert_true(count == 2 && subwords_were_cut(list));
    must(subwords_find(list, bytes_of("the of"), 1, false, &made_error));
    subwords_items(list, &count);
    assert_true(count == 1 && subwords_were_cut(list));
    subwords_free(list);
    tokenizer_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_those_of_tokenizers),
        cmocka_unit_test(a_tokenizer_is_written_as_it_was_read),
        cmocka_unit_test(both_layouts_of_a_tokenizer_are_written_alike),
        cmocka_unit_test(the_first_tokens_of_a_text_are_kept_and_those_around_it),
        cmocka_unit_test(tokens_do_not_depend_on_what_is_around),
        cmocka_unit_test(the_cache_changes_nothing),
        cmocka_unit_test(a_text_that_cannot_be_used_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
