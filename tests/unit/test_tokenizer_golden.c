/* The tutorial's 62,506 rows, from its files to the network's ids, against the Keras Tokenizer. The files come from
 * $HEED_DATA where it names their folder, and are unpacked for a moment otherwise. */
#include "unit/made_rows.h"

#include <jansson.h>
#include <sys/stat.h>

#include "train/training_data.h"
#include "train/training_table.h"

#define GOLDEN "../../shared/golden/text/tokenizer.json"
#define UNPACK "../../shared/data/unpack"
enum { SKIPPED = 77 };

static char folder[256];
static json_t *golden;
static heed_corpus *corpus;
static training_data data; /* every row, in its order, as training examples */
static split all;

static void file_name(char path[320], const char *name)
{
    snprintf(path, 320, "%s/imdb/%s", folder, name);
}

/* Whether the files are there, or can be made; says why not. */
static bool find_files(bool *made)
{
    char path[320], command[400];
    struct stat about;
    const char *given = getenv("HEED_DATA");
    *made = false;
    if (given != NULL) {
        snprintf(folder, sizeof folder, "%s", given);
        file_name(path, "imdb_master.csv");
        if (stat(path, &about) == 0)
            return true;
        printf("skipped: $HEED_DATA holds no imdb/imdb_master.csv\n");
        return false;
    }
    if (access(UNPACK, R_OK) != 0 || system("python3 -c 'import lzma' 2> /dev/null") != 0) {
        printf("skipped: %s or python3 with lzma is missing\n", UNPACK);
        return false;
    }
    const char *aside = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/heed-data-XXXXXX", aside == NULL ? "/tmp" : aside);
    if (mkdtemp(folder) == NULL)
        return false;
    *made = true;
    snprintf(command, sizeof command, "python3 " UNPACK " '%s'", folder);
    if (system(command) == 0)
        return true;
    printf("skipped: %s failed\n", UNPACK);
    return false;
}

static void remove_files(void)
{
    char command[400];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        printf("%s: cannot be removed\n", folder);
}

static void read_rows(void)
{
    char train[320], master[320];
    heed_text_options text;
    heed_rows_options rows;
    heed_reader *reader;
    heed_text_options_init(&text, HEED_PRESET_TUTORIAL);
    heed_rows_options_init(&rows);
    rows.tutorial = true;
    rows.need_label = true;
    file_name(train, "labeledTrainData.tsv");
    file_name(master, "imdb_master.csv");
    must(heed_corpus_new(&corpus, &text, &made_error));
    must(heed_reader_open(&reader, (const char *const[]){train, master}, 2, &rows, &made_error));
    must(heed_corpus_add(corpus, reader, HEED_PART_ANY, 2, NULL, &made_error));
    heed_reader_free(reader);
}

static int set_up(void **state)
{
    (void)state;
    heed_train_options train;
    heed_train_options_init(&train, HEED_PRESET_TUTORIAL);
    read_rows();
    must(corpus_sort_labels(corpus, &made_error));
    must(split_rows(&all, corpus, HEED_VALIDATION_NONE, 0, 1, &made_error));
    must(training_data_make(&data, training_class_of(train.architecture), corpus, &all, &train, NULL, &made_error));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    training_data_release(&data);
    split_release(&all);
    heed_corpus_free(corpus);
    return 0;
}

static void rows_and_means_are_those_of_the_original(void **state)
{
    (void)state;
    heed_corpus_info info = *heed_corpus_describe(corpus);
    assert_int_equal(info.rows, json_integer_value(json_object_get(golden, "rows")));
    assert_int_equal(info.distinct_words, json_integer_value(json_object_get(golden, "distinct_words")));
    double mean = json_number_value(json_object_get(golden, "mean_tokens"));
    assert_true(info.mean_tokens - mean < 1e-9 && mean - info.mean_tokens < 1e-9);
    assert_int_equal(info.label_count, 2);
    assert_string_equal(info.labels[0], "0");
    assert_string_equal(info.labels[1], "1");
}

static void last_fifth_validates(void **state)
{
    (void)state;
    split s;
    size_t positive = 0;
    must(split_rows(&s, corpus, HEED_VALIDATION_LAST, 0.2, 1, &made_error));
    for (uint32_t i = 0; i < s.validation_count; i++)
        positive += corpus->label_rank[corpus->labels_of_rows[s.validation[i]]] == 1;
    assert_int_equal(s.validation_count, 12502);
    assert_int_equal(positive, 12500);
    split_release(&s);
}

static void words_stand_in_the_order_of_the_original(void **state)
{
    (void)state;
    json_t *words = json_object_get(golden, "index");
    assert_int_equal(data.words.words.count, json_array_size(words));
    for (uint32_t i = 0; i < data.words.words.count; i++) {
        heed_bytes found = intern_word(&data.words.words, i);
        const char *expected = json_string_value(json_array_get(words, i));
        if (found.size != strlen(expected) || memcmp(found.data, expected, found.size) != 0)
            fail_msg("word %u: found '%.*s', expected '%s'", i, (int)found.size, found.data, expected);
    }
}

/* Row number `row` of the examples, padded in front to the width, is the list. */
static void check_ids(const examples *e, size_t row, const json_t *expected)
{
    size_t width = json_array_size(expected), count = e->first[row + 1] - e->first[row];
    assert_in_range(count, 0, width);
    for (size_t i = 0; i < width; i++) {
        uint32_t found = i < width - count ? 0 : e->ids[e->first[row] + i - (width - count)];
        if (found != json_integer_value(json_array_get(expected, i)))
            fail_msg("row %zu, place %zu: found %u, expected %lld", row, i, found,
                     (long long)json_integer_value(json_array_get(expected, i)));
    }
}

static void ids_are_those_of_the_original(void **state)
{
    (void)state;
    size_t index;
    json_t *sample, *samples = json_object_get(golden, "sample");
    examples whole;
    must(examples_make(&whole, corpus, all.train, all.train_count, &data.words,
                       (text_window){.length = 65536, .cut = HEED_CUT_PRE}, &made_error));
    assert_int_equal(json_array_size(samples), 200);
    json_array_foreach(samples, index, sample)
    {
        size_t row = (size_t)json_integer_value(json_object_get(sample, "row"));
        const json_t *ids = json_object_get(sample, "ids"), *padded = json_object_get(sample, "padded130");
        assert_int_equal(whole.first[row + 1] - whole.first[row], json_array_size(ids));
        assert_int_equal(json_array_size(padded), 130);
        check_ids(&whole, row, ids);
        check_ids(&data.train, row, padded);
    }
    examples_release(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_means_are_those_of_the_original),
        cmocka_unit_test(last_fifth_validates),
        cmocka_unit_test(words_stand_in_the_order_of_the_original),
        cmocka_unit_test(ids_are_those_of_the_original),
    };
    bool made = false;
    golden = json_load_file(GOLDEN, 0, NULL);
    if (golden == NULL)
        printf("skipped: no %s\n", GOLDEN);
    int result = golden != NULL && find_files(&made)
                     ? cmocka_run_group_tests_name("tokenizer", tests, set_up, tear_down)
                     : SKIPPED;
    if (made)
        remove_files();
    json_decref(golden);
    return result;
}
