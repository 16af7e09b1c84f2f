/* HEED_TOKENS_WORDPIECE: tokens against those of Hugging Face's tokenizers (golden/tokenizers), lists that go from one
 * tokenizer to another, the option with its file, and models: the same bits, round trip, what an explanation joins. */
#include "unit/made_rows.h"

#include <glob.h>
#include <jansson.h>

#include "explain/token_map.h"
#include "model/model_file.h"
#include "options/option_structs.h"
#include "text/tokenize.h"

#define UNCASED "golden/tokenizers/uncased"
#define CASED "golden/tokenizers/cased"
enum { FOLDERS = 16, CASES = 150 };

static heed_text_options options_of(const char *path)
{
    heed_text_options o = made_text_options();
    o.tokens = HEED_TOKENS_WORDPIECE;
    o.tokenizer = path;
    o.max_length = 30;
    return o;
}

static heed_cleaner *cleaner_of(const heed_text_options *options)
{
    heed_cleaner *cleaner = NULL;
    must(heed_cleaner_new(&cleaner, options, &made_error));
    return cleaner;
}

/* ---- tokens */

static size_t number_at(const json_t *line, const char *name, size_t i)
{
    const json_t *number = json_array_get(json_object_get(line, name), i);
    assert_true(json_is_integer(number));
    return (size_t)json_integer_value(number);
}

/* The golden tokens are with the special ones around them. */
static void check_tokens(const heed_cleaner *cleaner, heed_tokens *tokens, const json_t *line, const char *where)
{
    const tokenizer *t = cleaner->tokenizer->words;
    const json_t *text = json_object_get(line, "text");
    size_t count, before, around = tokenizer_around(t);
    tokenizer_frame(t, &before);
    must(heed_cleaner_run(tokens, cleaner, (heed_bytes){json_string_value(text), json_string_length(text)},
                          &made_error));
    const heed_token *found = tokens_items(tokens, &count);
    if (count + around != json_array_size(json_object_get(line, "ids")))
        fail_msg("%s: '%s': found %zu tokens", where, json_string_value(text), count);
    for (size_t i = 0; i < count; i++) {
        heed_bytes expected = tokenizer_token(t, (uint32_t)number_at(line, "ids", i + before));
        assert_int_equal(found[i].text.size, expected.size);
        assert_memory_equal(found[i].text.data, expected.data, expected.size);
        assert_int_equal(found[i].begin, number_at(line, "begin", i + before));
        assert_int_equal(found[i].end, number_at(line, "end", i + before));
    }
}

static size_t check_folder(const char *folder, heed_tokens *tokens)
{
    char path[200], *text = NULL;
    size_t room = 0, cases = 0;
    heed_text_options options;
    heed_text_options_init(&options, HEED_PRESET_OFF);
    options.rules = HEED_TEXT_RULES_PYTHON; /* the text as it is: not even spellings of a character are made one */
    options.tokens = HEED_TOKENS_WORDPIECE;
    options.tokenizer = folder;
    heed_cleaner *cleaner = cleaner_of(&options);
    snprintf(path, sizeof path, "%s/cases.jsonl", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (ssize_t size; (size = getline(&text, &room, file)) > 0; cases++) {
        json_t *line = json_loadb(text, (size_t)size, JSON_ALLOW_NUL, NULL);
        check_tokens(cleaner, tokens, line, path);
        json_decref(line);
    }
    fclose(file);
    free(text);
    heed_cleaner_free(cleaner);
    return cases;
}

/* One list for all tokenizers: what it keeps of words belongs to the one before, which is gone. */
static void tokens_are_those_of_tokenizers(void **state)
{
    (void)state;
    glob_t folders;
    heed_tokens *tokens = NULL;
    must(heed_tokens_new(&tokens, &made_error));
    assert_int_equal(glob("golden/tokenizers/*", 0, NULL, &folders), 0);
    assert_int_equal(folders.gl_pathc, FOLDERS);
    for (size_t i = 0; i < folders.gl_pathc; i++)
        assert_true(check_folder(folders.gl_pathv[i], tokens) >= CASES);
    globfree(&folders);
    heed_tokens_free(tokens);
}

/* A token's text by itself is what it came from, unless it is a part of a character or was normalized. */
static size_t check_texts(const char *folder, const char *text)
{
    heed_text_options options = options_of(folder);
    heed_tokens *tokens = NULL;
    options.rules = HEED_TEXT_RULES_PYTHON;
    heed_cleaner *cleaner = cleaner_of(&options);
    size_t count;
    must(heed_tokens_new(&tokens, &made_error));
    must(heed_cleaner_run(tokens, cleaner, bytes_of(text), &made_error));
    const heed_token *found = tokens_items(tokens, &count);
    for (size_t i = 0; i < count; i++) {
        const tokenizer *t = cleaner->tokenizer->words;
        writer own = {0};
        size_t begin = found[i].begin;
        uint32_t id = 0;
        while (id < tokenizer_size(t) && !bytes_same(tokenizer_token(t, id), found[i].text))
            id++;
        for (; begin < found[i].end && text[begin] == ' ';)
            begin++;
        tokenizer_write_text(&own, t, id);
        if (id != tokenizer_unknown(t) &&
            (own.size != found[i].end - begin || memcmp(own.data, text + begin, own.size) != 0))
            fail_msg("%s: token %zu of '%s' is written '%.*s'", folder, i, text, (int)own.size, own.data);
        writer_release(&own);
    }
    heed_tokens_free(tokens);
    heed_cleaner_free(cleaner);
    return count;
}

static void tokens_are_written_as_they_stand_in_a_text(void **state)
{
    (void)state;
    static const char *const folders[] = {UNCASED, "golden/tokenizers/bytes", "golden/tokenizers/pieces"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_true(check_texts(folders[i], "the film was not as good as its beginning, unbelievably") > 9);
}

static void check_joined(heed_tokens *tokens, const heed_cleaner *cleaner, const char *text, const char *expected)
{
    must(heed_cleaner_run(tokens, cleaner, bytes_of(text), &made_error));
    heed_bytes joined = heed_tokens_joined(tokens);
    assert_int_equal(joined.size, strlen(expected));
    assert_memory_equal(joined.data, expected, joined.size);
}

/* Of words, of one tokenizer, of another, and of words again. */
static void a_list_of_tokens_may_go_to_another_cleaner(void **state)
{
    (void)state;
    heed_text_options words = made_text_options(), small = options_of(UNCASED), large = options_of(CASED);
    heed_cleaner *cleaners[] = {cleaner_of(&words), cleaner_of(&small), cleaner_of(&large)};
    static const char *const expected[] = {"the dog jumped", "the dog jump ##ed", "the dog [UNK]"};
    heed_tokens *tokens = NULL;
    must(heed_tokens_new(&tokens, &made_error));
    for (int i = 0; i < 12; i++) {
        int which = i % 5 % 3;
        check_joined(tokens, cleaners[which], "the dog jumped", expected[which]);
    }
    check_joined(tokens, cleaners[1], "the dog jumped", expected[1]);
    for (size_t i = 0; i < 3; i++)
        heed_cleaner_free(cleaners[i]);
    assert_int_equal(heed_tokens_count(tokens), 4); /* its tokens outlive the cleaner */
    assert_memory_equal(heed_tokens_item(tokens, 3)->text.data, "##ed", 4);
    heed_tokens_free(tokens);
}

/* ---- the option */

static void the_choice_and_its_file_are_one_option(void **state)
{
    (void)state;
    const option *o = option_named(HEED_OPTIONS_TEXT, "tokens");
    heed_text_options text, other;
    char printed[100];
    heed_text_options_init(&text, HEED_PRESET_DEFAULT);
    must(heed_options_set(&text, "tokens", "wordpiece:a:b.json", &made_error));
    assert_int_equal(text.tokens, HEED_TOKENS_WORDPIECE);
    assert_string_equal(text.tokenizer, "a:b.json");
    option_print(printed, sizeof printed, o, &text);
    assert_string_equal(printed, "wordpiece:a:b.json");
    must(heed_options_copy((heed_text_options_init(&other, HEED_PRESET_DEFAULT), &other), &text, &made_error));
    assert_true(option_equal(o, &text, &other));
    must(heed_options_set(&other, "tokens", "wordpiece:b.json", &made_error));
    assert_false(option_equal(o, &text, &other));
    must(heed_options_set(&other, "tokens", "split", &made_error));
    assert_null(other.tokenizer);
    assert_true(other.tokens == HEED_TOKENS_SPLIT);
    must_refuse(heed_options_set(&other, "tokens", "wordpiece:", &made_error), HEED_USAGE,
                "--tokens: found 'wordpiece:', expected none|split|words|wordpiece:FILE", "no file");
    other.tokens = HEED_TOKENS_WORDPIECE; /* as in a model, which has the file's contents */
    option_print(printed, sizeof printed, o, &other);
    assert_string_equal(printed, "wordpiece");
}

/* A caller's struct without the member: nothing is written after its end. */
static void an_older_struct_has_no_file(void **state)
{
    (void)state;
    heed_text_options text;
    const size_t size = offsetof(heed_text_options, tokenizer);
    static const char mark[] = "mine";
    heed_options_init(&text, size, HEED_OPTIONS_TEXT, HEED_PRESET_DEFAULT);
    text.tokenizer = mark;
    must(heed_options_set(&text, "tokens", "split", &made_error));
    assert_ptr_equal(text.tokenizer, mark);
    must_refuse(heed_options_set(&text, "tokens", "wordpiece:x", &made_error), HEED_USAGE,
                "--tokens: the program was built with a heed.h that does not have it", "an older struct");
    assert_ptr_equal(text.tokenizer, mark);
    assert_true(text.tokens == HEED_TOKENS_SPLIT);
}

static void a_choice_without_its_file_is_refused(void **state)
{
    (void)state;
    heed_corpus *corpus = NULL;
    heed_text_options o = options_of(NULL);
    must_refuse(heed_corpus_new(&corpus, &o, &made_error), HEED_USAGE, "--tokens wordpiece: found no file", "no file");
    assert_null(corpus);
    o = options_of("golden");
    must_refuse(heed_corpus_new(&corpus, &o, &made_error), HEED_BAD_DATA, "golden: found neither", "no tokenizer");
    o.tokens = HEED_TOKENS_SPLIT;
    must_refuse(heed_corpus_new(&corpus, &o, &made_error), HEED_USAGE, "tokenizer: found 'golden' with other tokens",
                "other tokens");
}

/* ---- models */

static const char rows[] = "label\ttext\n"
                           "a\tThe unaffable dog jumped over 1 lazy dog\nb\tHe can want of 2 cafes\n"
                           "a\tThe unaffable dog jumped over 2 dogs\nb\the wants the token and 3\n"
                           "a\tan affable dog jumped, lazy\nb\tcan he want istanbul?\n"
                           "a\tjumped and jumped unaffable!\nb\tnaive strasse of 9\n";
static const char *const architectures[] = {"embed 4 | bilstm 3 | attention additive 2 | dense 3", "linear",
                                            "wide words 1-2 letters 2-3 min-count 1",
                                            "wide words 1-2 letters 2-3 ; embed 4 | mean"};
enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };

static heed_model *model_of(const char *architecture, const char *path, unsigned threads)
{
    heed_text_options text = options_of(path);
    heed_train_options train = made_train_options();
    train.architecture = architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.threads = threads;
    return trained_on(rows, &text, &train, NULL);
}

static writer printed(const heed_model *m)
{
    writer out = {0};
    must(model_print(&out, m, &made_error));
    return out;
}

static void must_equal(const writer *a, const writer *b)
{
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->data, b->data, a->size);
}

/* A file of a model, read and written again, is the same, and what was read answers as it does. */
static void check_written_again(const heed_model *m, const writer *file, heed_bytes text)
{
    float expected[2], found[2];
    heed_model *loaded = NULL;
    must(model_parse(&loaded, file->data, file->size, "m", &made_error));
    writer again = printed(loaded);
    must_equal(file, &again);
    made_predictions(expected, m, &text, 1, 1);
    made_predictions(found, loaded, &text, 1, 2);
    assert_memory_equal(expected, found, sizeof found);
    writer_release(&again);
    heed_model_free(loaded);
}

/* By one thread and three, from the folder and from its file; and a loaded one is written again as it was. */
static void a_model_has_the_tokenizer_and_the_same_bits(void **state)
{
    (void)state;
    static const heed_bytes text = {"The unaffable DOGS wanted cafes", 31};
    for (size_t i = 0; i < ARCHITECTURES; i++) {
        heed_model *one = model_of(architectures[i], UNCASED, 1);
        heed_model *three = model_of(architectures[i], UNCASED "/tokenizer.json", 3);
        writer first = printed(one), second = printed(three);
        must_equal(&first, &second);
        assert_null(heed_model_describe(one)->text->tokenizer);
        check_written_again(one, &first, text);
        writer_release(&first);
        writer_release(&second);
        heed_model_free(one);
        heed_model_free(three);
    }
}

/* Byte-level BPE, and Unigram with SentencePiece's map: the file has all of it. */
static void models_with_other_tokenizers_are_written_as_they_were_read(void **state)
{
    (void)state;
    static const char *const paths[] = {"golden/tokenizers/bytes_added", "golden/tokenizers/pieces"};
    static const heed_bytes text = {"The unaffable \xC2\xBD DOGS wanted caf\xC3\xA9s", 35};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        heed_model *made = model_of(architectures[0], paths[i], 1);
        writer first = printed(made);
        check_written_again(made, &first, text);
        writer_release(&first);
        heed_model_free(made);
    }
}

static void a_corpus_like_the_model_reads_with_its_tokenizer(void **state)
{
    (void)state;
    heed_model *m = model_of(architectures[0], UNCASED, 1);
    heed_corpus *like = NULL, *same = NULL;
    heed_text_options options = options_of(UNCASED);
    must(heed_corpus_new_like(&like, m, 0, 1, &made_error));
    must(heed_corpus_new(&same, &options, &made_error));
    heed_model_free(m); /* the corpus holds it */
    must(add_rows(like, rows, HEED_PART_ANY, NULL));
    must(add_rows(same, rows, HEED_PART_ANY, NULL));
    assert_int_equal(like->word_count, same->word_count);
    assert_memory_equal(like->words_of_rows, same->words_of_rows, like->word_count * sizeof *like->words_of_rows);
    assert_memory_equal(like->words.bytes, same->words.bytes, like->words.bytes_size);
    assert_true(intern_find(&like->words, bytes_of("##able")) != INTERN_NONE);
    heed_corpus_free(like);
    heed_corpus_free(same);
}

/* The tokenizer counts, not its path. */
static void the_cache_asks_for_the_tokenizer(void **state)
{
    (void)state;
    static const char *const paths[] = {UNCASED, UNCASED "/tokenizer.json", CASED};
    heed_rows_options read = made_rows_options(NULL);
    char file[64], *kept[3];
    const char *names[] = {file};
    const heed_corpus_files files = {names, 1, HEED_PART_ANY};
    made_file(file, ".tsv", rows, strlen(rows));
    for (size_t i = 0; i < 3; i++) {
        heed_text_options options = options_of(paths[i]);
        heed_corpus *corpus = made_corpus(&options);
        must(heed_corpus_cache_path(&kept[i], corpus, "folder", &read, &files, 1, &made_error));
        heed_corpus_free(corpus);
    }
    assert_string_equal(kept[0], kept[1]);
    assert_string_not_equal(kept[0], kept[2]);
    for (size_t i = 0; i < 3; i++)
        heed_free(kept[i]);
    unlink(file);
}

typedef struct expected_word {
    size_t begin, end, pieces; /* 0 pieces: one or more */
} expected_word;

static void check_words(const token_map *map, const expected_word *expected, size_t count)
{
    assert_int_equal(map->word_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(map->words[i].begin, expected[i].begin);
        assert_int_equal(map->words[i].end, expected[i].end);
        assert_true(expected[i].pieces == 0 || map->words[i].pieces == expected[i].pieces);
    }
}

/* A word's parts are one word of an explanation; a mark is one by itself, and so is a word after a tag. */
static void an_explanation_joins_the_parts_of_a_word(void **state)
{
    (void)state;
    static const char text[] = "unaffable! jump<b>ed</b> un able";
    static const expected_word expected[] = {{0, 9, 3}, {9, 10, 1}, {11, 15, 1}, {18, 20, 1}, {25, 27, 1}, {28, 32, 1}};
    heed_model *m = model_of(architectures[0], UNCASED, 1);
    token_map map;
    must(token_map_init(&map, &made_error));
    must(token_map_run(&map, m, bytes_of(text), &made_error));
    check_words(&map, expected, sizeof expected / sizeof *expected);
    assert_int_equal(map.status[15], HEED_TOKEN_TAG);
    assert_int_equal(map.status[10], HEED_TOKEN_BETWEEN);
    token_map_release(&map);
    heed_model_free(m);
}

/* Where no token says that it goes on with a word, letters and digits do; bytes of a character are one. A space that is
 * a token by itself has no bytes, and counts to the word before. */
static void an_explanation_joins_bytes_and_pieces(void **state)
{
    (void)state;
    static const char text[] = "unaffable, jumped. \xF0\x9F\x98\x80 dogs";
    static const expected_word expected[] = {{0, 9, 0}, {9, 10, 1}, {11, 17, 0}, {17, 18, 2}, {19, 23, 0}, {24, 28, 0}};
    heed_model *m = model_of(architectures[0], "golden/tokenizers/bytes", 1);
    token_map map;
    must(token_map_init(&map, &made_error));
    must(token_map_run(&map, m, bytes_of(text), &made_error));
    check_words(&map, expected, sizeof expected / sizeof *expected);
    token_map_release(&map);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_those_of_tokenizers),
        cmocka_unit_test(tokens_are_written_as_they_stand_in_a_text),
        cmocka_unit_test(a_list_of_tokens_may_go_to_another_cleaner),
        cmocka_unit_test(the_choice_and_its_file_are_one_option),
        cmocka_unit_test(an_older_struct_has_no_file),
        cmocka_unit_test(a_choice_without_its_file_is_refused),
        cmocka_unit_test(a_model_has_the_tokenizer_and_the_same_bits),
        cmocka_unit_test(models_with_other_tokenizers_are_written_as_they_were_read),
        cmocka_unit_test(a_corpus_like_the_model_reads_with_its_tokenizer),
        cmocka_unit_test(the_cache_asks_for_the_tokenizer),
        cmocka_unit_test(an_explanation_joins_the_parts_of_a_word),
        cmocka_unit_test(an_explanation_joins_bytes_and_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
