/* Rows as a corpus holds them: words, labels, parts, and what it refuses. */
#include "unit/made_rows.h"

#include "data/corpus.h"
#include "model/model.h"

static void rows_words_and_labels_are_counted(void **state)
{
    (void)state;
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, "label\ttext\nzebra\tone two two\nApple\tTWO three\nzebra\t\n\xC3\xA9\tone\n", HEED_PART_ANY,
                  NULL));
    heed_corpus_info info = *heed_corpus_describe(c);
    assert_int_equal(info.rows, 4);
    assert_int_equal(info.rows_train + info.rows_validation + info.rows_test, 0);
    assert_int_equal(info.distinct_words, 3);
    assert_true(info.mean_tokens == (3 + 2 + 1 + 1) / 4.0); /* an empty text counts 1 */
    static const char *const labels[] = {"Apple", "zebra", "\xC3\xA9"};
    static const uint64_t rows[] = {1, 2, 1};
    assert_int_equal(info.label_count, 3);
    for (size_t i = 0; i < 3; i++) { /* bytewise */
        assert_string_equal(info.labels[i], labels[i]);
        assert_int_equal(info.label_rows[i], rows[i]);
    }
    size_t count;
    const uint32_t *words = corpus_words(c, 0, &count);
    assert_int_equal(count, 3);
    assert_true(words[0] == 0 && words[1] == 1 && words[2] == 1);
    corpus_words(c, 2, &count);
    assert_int_equal(count, 0);
    heed_corpus_free(c);
}

static void rows_are_added_up_and_described_anew(void **state)
{
    (void)state;
    heed_corpus *c = made_corpus(NULL);
    assert_int_equal(heed_corpus_describe(c)->rows, 0);
    assert_int_equal(heed_corpus_describe(c)->label_count, 0);
    must(add_rows(c, "label\ttext\nb\tx\n", HEED_PART_TRAIN, NULL));
    must(add_rows(c, "label\ttext\na\ty\nb\tz\n", HEED_PART_VALIDATION, NULL));
    must(add_rows(c, "label\ttext\nb\ty\n", HEED_PART_TEST, NULL));
    heed_corpus_info info = *heed_corpus_describe(c);
    assert_int_equal(info.rows, 4);
    assert_int_equal(info.rows_train, 1);
    assert_int_equal(info.rows_validation, 2);
    assert_int_equal(info.rows_test, 1);
    assert_string_equal(info.labels[0], "b"); /* that of training rows is first */
    assert_int_equal(info.label_rows[0], 3);
    assert_string_equal(info.labels[1], "a");
    heed_corpus_free(c);
}

/* Every word of a split column, and one that is none. */
static void split_column_knows_its_words(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        heed_part part;
    } words[] = {{"train", HEED_PART_TRAIN},
                 {"training", HEED_PART_TRAIN},
                 {"0", HEED_PART_TRAIN},
                 {"valid", HEED_PART_VALIDATION},
                 {"validation", HEED_PART_VALIDATION},
                 {"val", HEED_PART_VALIDATION},
                 {"dev", HEED_PART_VALIDATION},
                 {"1", HEED_PART_VALIDATION},
                 {"test", HEED_PART_TEST},
                 {"2", HEED_PART_TEST}};
    char tsv[128];
    heed_rows_options options;
    heed_rows_options_init(&options);
    options.split_column = "part";
    heed_corpus *c = made_corpus(NULL);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        snprintf(tsv, sizeof tsv, "label\tpart\ttext\na\t%s\tx\n", words[i].word);
        must(add_rows(c, tsv, HEED_PART_ANY, &options));
        assert_int_equal(c->rows[i].part, words[i].part);
        must(add_rows(c, tsv, HEED_PART_TRAIN, &options)); /* the part of the file is stronger */
        assert_int_equal(c->rows[--c->row_count].part, HEED_PART_TRAIN);
    }
    must_refuse(add_rows(c, "label\tpart\ttext\na\ttest\tx\na\tTrain\tx\n", HEED_PART_ANY, &options), HEED_BAD_DATA,
                ":3: split column: found 'Train', expected train, validation or test", "a word that is none");
    heed_corpus_free(c);
}

static heed_status add_file(heed_corpus *c, const char *ending, const char *text, size_t size, unsigned threads,
                            const heed_listener *listener)
{
    char path[64];
    heed_reader *reader;
    heed_rows_options options;
    heed_rows_options_init(&options);
    made_file(path, ending, text, size);
    must(heed_reader_open(&reader, &(const char *){path}, 1, &options, &made_error));
    heed_status status = heed_corpus_add(c, reader, HEED_PART_ANY, threads, listener, &made_error);
    heed_reader_free(reader);
    unlink(path);
    return status;
}

/* What no model file could hold is refused at its row. */
static void labels_that_cannot_be_kept_are_refused(void **state)
{
    (void)state;
    char long_label[2200] = "label\ttext\na\tx\n";
    memset(long_label + strlen(long_label), 'l', 1100);
    strcat(long_label, "\tx\n");
    const struct {
        const char *what, *ending, *text, *piece;
    } cases[] = {
        {"no label", ".tsv", "label\ttext\na\tx\n\ty\n", ":3: row 2 has no label"},
        {"no label column", ".txt", "just a text\n", ":1: row 1 has no label"},
        {"a long one", ".tsv", long_label, ":3: row 2: found a label of 1100 bytes, expected at most 1024"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = made_corpus(NULL);
        must_refuse(add_file(c, cases[i].ending, cases[i].text, strlen(cases[i].text), 1, NULL), HEED_BAD_DATA,
                    cases[i].piece, cases[i].what);
        assert_int_equal(heed_corpus_describe(c)->rows, i == 1 ? 0 : 1); /* the rows before it are whole */
        heed_corpus_free(c);
    }
}

static void threads_change_nothing(void **state)
{
    (void)state;
    char *tsv = told_rows(1500, 3);
    heed_corpus *one = made_corpus(NULL), *four = made_corpus(NULL);
    must(add_file(one, ".tsv", tsv, strlen(tsv), 1, NULL));
    must(add_file(four, ".tsv", tsv, strlen(tsv), 4, NULL));
    assert_int_equal(one->row_count, four->row_count);
    assert_int_equal(one->word_count, four->word_count);
    assert_memory_equal(one->words_of_rows, four->words_of_rows, one->word_count * sizeof(uint32_t));
    assert_memory_equal(one->words.bytes, four->words.bytes, one->words.bytes_size);
    XXH128_hash_t a = XXH3_128bits_digest(one->digest), b = XXH3_128bits_digest(four->digest);
    assert_true(XXH128_isEqual(a, b));
    heed_corpus_free(one);
    heed_corpus_free(four);
    free(tsv);
}

static void digest_tells_corpora_apart(void **state)
{
    (void)state;
    static const char *const texts[] = {"label\ttext\na\tbc\n", "label\ttext\nab\tc\n", "label\ttext\na\tbc\na\tbc\n",
                                        "label\ttext\na\tbc\nb\t\n", "label\ttext\nb\tbc\n"};
    XXH128_hash_t digests[5];
    for (size_t i = 0; i < 5; i++) {
        heed_corpus *c = made_corpus(NULL);
        must(add_rows(c, texts[i], HEED_PART_ANY, NULL));
        digests[i] = XXH3_128bits_digest(c->digest);
        heed_corpus_free(c);
        for (size_t j = 0; j < i; j++)
            assert_false(XXH128_isEqual(digests[i], digests[j]));
    }
}

static int refuse(void *user, const heed_event *event)
{
    assert_int_equal(event->stage, HEED_STAGE_READ);
    assert_in_range(event->done, 1, event->total);
    ++*(int *)user;
    return 1;
}

static void listener_stops_reading(void **state)
{
    (void)state;
    int told = 0;
    char *tsv = told_rows(400000, 2); /* over the tenth of a second after which the listener is told */
    heed_corpus *c = made_corpus(NULL);
    heed_status status = add_file(c, ".tsv", tsv, strlen(tsv), 1, &(heed_listener){refuse, &told});
    if (told == 0)
        skip(); /* a machine that reads all of it within that time */
    must_refuse(status, HEED_STOPPED, "stopped", "reading");
    assert_int_equal(told, 1);
    assert_in_range(heed_corpus_describe(c)->rows, 1, 399999);
    heed_corpus_free(c);
    free(tsv);
}

/* The file may be gone when the model wants its words. */
static void stop_words_of_a_file_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *list, *kept;
    } cases[] = {{"the\nwas\n", "list"}, {"", NULL}};
    for (size_t i = 0; i < 2; i++) {
        char path[64], *tsv = told_rows(40, 2);
        heed_text_options text = made_text_options();
        heed_train_options train = made_train_options();
        heed_model *model = NULL;
        made_file(path, ".stop", cases[i].list, strlen(cases[i].list));
        text.stop_words = path;
        heed_corpus *c = made_corpus(&text);
        unlink(path);
        must(add_rows(c, tsv, HEED_PART_ANY, NULL));
        must(heed_train(&model, c, &train, NULL, &made_error));
        heed_corpus_free(c);
        if (cases[i].kept == NULL)
            assert_null(model->config.text.stop_words);
        else
            assert_string_equal(model->config.text.stop_words, cases[i].kept);
        must(heed_model_save(model, path, &made_error));
        heed_model_free(model);
        must(heed_model_load(&model, path, &made_error));
        heed_model_free(model);
        unlink(path);
        free(tsv);
    }
}

static void options_out_of_their_range_are_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        heed_corpus *c = NULL;
        heed_text_options text = made_text_options();
        if (i == 0)
            text.vocabulary = (heed_vocabulary)2;
        else if (i == 1)
            text.cut = (heed_cut)3;
        else if (i == 2)
            text.pad = (heed_pad)2;
        else
            text.tokens = (heed_tokenizer)4;
        must_refuse(heed_corpus_new(&c, &text, &made_error), HEED_USAGE, "found the number", "an option");
        assert_null(c);
    }
    heed_corpus *c = NULL;
    heed_text_options text = made_text_options();
    text.stop_words = "/no/such/file";
    must_refuse(heed_corpus_new(&c, &text, &made_error), HEED_BAD_DATA, "/no/such/file", "stop words");
    assert_null(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_words_and_labels_are_counted),
        cmocka_unit_test(rows_are_added_up_and_described_anew),
        cmocka_unit_test(split_column_knows_its_words),
        cmocka_unit_test(labels_that_cannot_be_kept_are_refused),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(digest_tells_corpora_apart),
        cmocka_unit_test(listener_stops_reading),
        cmocka_unit_test(stop_words_of_a_file_are_kept),
        cmocka_unit_test(options_out_of_their_range_are_refused),
    };
    return cmocka_run_group_tests_name("corpus", tests, NULL, NULL);
}
