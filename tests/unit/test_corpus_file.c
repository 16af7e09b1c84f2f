/* A corpus that was kept is the one that was read; a file that is damaged, foreign or made up never becomes one. */
#include "unit/made_encoder.h"

#include "base/file.h"
#include "data/corpus.h"

static char folder[] = "/tmp/heed-test-XXXXXX";
static char rows_path[64];
static const char *encoder_path; /* of all corpora; NULL: they have none */

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(rows_path, sizeof rows_path, "%s/rows.tsv", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(rows_path);
    return rmdir(folder);
}

static void write_rows(const char *text)
{
    assert_int_equal(file_write(rows_path, text, strlen(text), NULL), HEED_OK);
}

static heed_corpus *new_corpus(heed_lemmas lemmas)
{
    heed_text_options options;
    heed_corpus *c;
    heed_text_options_init(&options, HEED_PRESET_DEFAULT);
    options.lemmas = lemmas;
    options.encoder = encoder_path;
    assert_int_equal(heed_corpus_new(&c, &options, NULL), HEED_OK);
    return c;
}

static heed_rows_options rows_options(const char *separator)
{
    heed_rows_options rows;
    heed_rows_options_init(&rows);
    rows.label_separator = separator;
    return rows;
}

static heed_corpus *read_corpus(const heed_rows_options *rows)
{
    const char *paths[] = {rows_path};
    heed_reader *reader;
    heed_corpus *c = new_corpus(HEED_LEMMAS_NONE);
    assert_int_equal(heed_reader_open(&reader, paths, 1, rows, NULL), HEED_OK);
    assert_int_equal(heed_corpus_add(c, reader, HEED_PART_ANY, 2, NULL, NULL), HEED_OK);
    heed_reader_free(reader);
    return c;
}

static char *cache_path(const heed_corpus *c, const heed_rows_options *rows)
{
    const char *paths[] = {rows_path};
    heed_corpus_files files = {paths, 1, HEED_PART_ANY};
    char *path;
    assert_int_equal(heed_corpus_cache_path(&path, c, folder, rows, &files, 1, NULL), HEED_OK);
    return path;
}

static void assert_equal(heed_corpus *a, heed_corpus *b)
{
    assert_int_equal(a->row_count, b->row_count);
    assert_int_equal(a->word_count, b->word_count);
    assert_int_equal(a->label_count, b->label_count);
    assert_int_equal(a->subword_count, b->subword_count);
    if (a->subword_count > 0)
        assert_memory_equal(a->subwords, b->subwords, a->subword_count * sizeof *a->subwords);
    assert_int_equal(a->several, b->several);
    assert_int_equal(a->grouped, b->grouped);
    assert_memory_equal(a->words_of_rows, b->words_of_rows, a->word_count * sizeof *a->words_of_rows);
    assert_memory_equal(a->labels_of_rows, b->labels_of_rows, a->label_count * sizeof *a->labels_of_rows);
    assert_int_equal(a->words.bytes_size, b->words.bytes_size);
    assert_memory_equal(a->words.bytes, b->words.bytes, a->words.bytes_size);
    assert_memory_equal(a->words.offset, b->words.offset, (a->words.count + 1) * sizeof *a->words.offset);
    assert_memory_equal(a->label_names.bytes, b->label_names.bytes, a->label_names.bytes_size);
    for (size_t i = 0; i < a->row_count; i++) {
        const corpus_row *x = &a->rows[i], *y = &b->rows[i];
        assert_true(x->first == y->first && x->group == y->group && x->digest == y->digest &&
                    x->first_subword == y->first_subword && x->first_label == y->first_label &&
                    x->weight == y->weight && x->tokens == y->tokens && x->part == y->part);
    }
    assert_true(XXH128_isEqual(corpus_digest(a), corpus_digest(b)));
    assert_true(heed_corpus_describe(a)->mean_tokens == heed_corpus_describe(b)->mean_tokens);
}

static const char ROWS[] = "label\ttext\na\tone two two\nb\t\na\tthree \xC3\xA9t\xC3\xA9 one\nb\tfour\n";

static void what_was_kept_comes_back(void **state)
{
    (void)state;
    static const char *const separators[] = {NULL, ","};
    static const char *const texts[] = {ROWS, "label\ttext\na,b\tone two\n\tthree\nb\tone\n"};
    for (size_t i = 0; i < 2; i++) {
        write_rows(texts[i]);
        heed_rows_options rows = rows_options(separators[i]);
        heed_corpus *made = read_corpus(&rows), *restored = new_corpus(HEED_LEMMAS_NONE);
        char *path = cache_path(made, &rows);
        assert_int_equal(heed_corpus_restore(restored, path, NULL), HEED_BAD_DATA); /* none yet */
        assert_int_equal(heed_corpus_keep(made, path, NULL), HEED_OK);
        assert_int_equal(heed_corpus_restore(restored, path, NULL), HEED_OK);
        assert_equal(made, restored);
        assert_int_equal(heed_corpus_restore(restored, path, NULL), HEED_USAGE); /* it has rows */
        unlink(path);
        heed_free(path);
        heed_corpus_free(made);
        heed_corpus_free(restored);
    }
}

static void another_input_or_option_has_another_path(void **state)
{
    (void)state;
    write_rows(ROWS);
    heed_rows_options rows = rows_options(NULL), mapped = rows;
    mapped.label_map = "a=1,b=0";
    heed_corpus *plain = new_corpus(HEED_LEMMAS_NONE), *lemmas = new_corpus(HEED_LEMMAS_NOUN);
    char *paths[] = {cache_path(plain, &rows), cache_path(plain, &mapped), cache_path(lemmas, &rows), NULL};
    char *again = cache_path(plain, &rows);
    assert_string_equal(paths[0], again);
    write_rows("label\ttext\na\tone two two\n");
    paths[3] = cache_path(plain, &rows);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(paths[i], paths[k]);
    for (size_t i = 0; i < 4; i++)
        heed_free(paths[i]);
    heed_free(again);
    heed_corpus_free(plain);
    heed_corpus_free(lemmas);
}

static void only_regular_files_have_a_path(void **state)
{
    (void)state;
    static const char *const inputs[] = {"-", "/tmp", "/dev/null", "/nonexistent"};
    heed_rows_options rows = rows_options(NULL);
    heed_corpus *c = new_corpus(HEED_LEMMAS_NONE);
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        heed_corpus_files files = {&inputs[i], 1, HEED_PART_ANY};
        char *path;
        assert_int_equal(heed_corpus_cache_path(&path, c, folder, &rows, &files, 1, NULL), HEED_USAGE);
        assert_null(path);
    }
    heed_corpus_free(c);
}

static void write_quickly(const char *path, const char *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Restoring these bytes fails, and leaves a corpus that can be filled. */
static void assert_refused(const char *path, const char *data, size_t size)
{
    write_quickly(path, data, size);
    heed_corpus *c = new_corpus(HEED_LEMMAS_NONE);
    heed_error error = {{0}};
    assert_int_equal(heed_corpus_restore(c, path, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, path));
    assert_int_equal(c->row_count, 0);
    const char *paths[] = {rows_path};
    heed_rows_options rows = rows_options(NULL);
    heed_reader *reader;
    assert_int_equal(heed_reader_open(&reader, paths, 1, &rows, NULL), HEED_OK);
    assert_int_equal(heed_corpus_add(c, reader, HEED_PART_ANY, 1, NULL, NULL), HEED_OK);
    assert_int_equal(c->row_count, 4);
    heed_reader_free(reader);
    heed_corpus_free(c);
}

static void seal(char *data, size_t size)
{
    XXH128_hash_t hash = XXH3_128bits(data, size - sizeof hash);
    memcpy(data + size - sizeof hash, &hash, sizeof hash);
}

/* All numbers are within bounds. */
static void assert_whole(heed_corpus *c)
{
    for (size_t k = 0; k < c->word_count; k++)
        assert_true(c->words_of_rows[k] < c->words.count);
    for (size_t k = 0; k < c->subword_count; k++)
        assert_true(c->subwords[k] < tokenizer_size(c->encoder->words));
    for (size_t k = 0; k < c->label_count; k++)
        assert_true(c->labels_of_rows[k] < c->label_names.count);
    for (size_t k = 0, count; k < c->row_count; k++) {
        corpus_words(c, k, &count);
        assert_true(count <= c->word_count);
        corpus_subwords(c, k, &count);
        assert_true(count <= c->subword_count);
    }
    heed_corpus_describe(c);
}

/* Every byte changed, without its seal and with a new one: nothing is read past its end (as asan sees it), and what is
 * taken has all its numbers within bounds. */
static void damage_is_refused(void **state)
{
    (void)state;
    write_rows(ROWS);
    heed_rows_options rows = rows_options(NULL);
    heed_corpus *made = read_corpus(&rows);
    char *path = cache_path(made, &rows), *data;
    size_t size;
    assert_int_equal(heed_corpus_keep(made, path, NULL), HEED_OK);
    assert_int_equal(file_read(&data, &size, path, 1 << 20, NULL), HEED_OK);
    for (size_t cut = 0; cut < size; cut += 7)
        assert_refused(path, data, cut);
    char *changed = malloc(size);
    assert_non_null(changed);
    for (size_t i = 0; i < size; i++) {
        memcpy(changed, data, size);
        changed[i] = (char)(changed[i] ^ 0xFF);
        assert_refused(path, changed, size);
        if (i >= size - sizeof(XXH128_hash_t))
            continue;
        seal(changed, size);
        write_quickly(path, changed, size);
        heed_corpus *c = new_corpus(HEED_LEMMAS_NONE);
        if (heed_corpus_restore(c, path, NULL) == HEED_OK)
            assert_whole(c);
        heed_corpus_free(c);
    }
    unlink(path);
    free(changed);
    free(data);
    heed_free(path);
    heed_corpus_free(made);
}

/* The same of corpora whose rows have sub-words; and one kept with an encoder is none of those without, or with
 * another. */
static void rows_with_subwords_are_kept_alike(void **state)
{
    made_encoder bert, still;
    char *paths[3];
    heed_rows_options rows = rows_options(NULL);
    made_encoder_open(&bert, "bert", "vocab.txt");
    made_encoder_open(&still, "static", "static.json");
    write_rows(ROWS);
    const char *const encoders[] = {NULL, still.path, bert.path};
    for (size_t i = 0; i < 3; i++) {
        encoder_path = encoders[i];
        heed_corpus *c = new_corpus(HEED_LEMMAS_NONE);
        paths[i] = cache_path(c, &rows);
        heed_corpus_free(c);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(paths[i], paths[k]);
    }
    what_was_kept_comes_back(state);
    damage_is_refused(state);
    for (size_t i = 0; i < 3; i++)
        heed_free(paths[i]);
    encoder_path = NULL;
    made_encoder_close(&bert);
    made_encoder_close(&still);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_comes_back),          cmocka_unit_test(another_input_or_option_has_another_path),
        cmocka_unit_test(only_regular_files_have_a_path),    cmocka_unit_test(damage_is_refused),
        cmocka_unit_test(rows_with_subwords_are_kept_alike),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
