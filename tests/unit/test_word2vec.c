/* Learning word vectors: the step and its gradient, the draws, planted structure, equal bits at any number of threads,
 * the files that are written, and what is refused. */
#include "unit/made_rows.h"

#include <math.h>

#include "base/file.h"
#include "base/random.h"
#include "train/alias_table.h"
#include "train/word2vec.h"

enum { TOPICS = 4, TOPIC_WORDS = 8 };

static heed_bytes text_bytes(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

static void assert_close(double found, double expected, double allowed)
{
    if (!(fabs(found - expected) <= allowed))
        fail_msg("found %.9g, expected %.9g within %.3g", found, expected, allowed);
}

/* ---- the step */

static void steps_are_those_that_numpy_computes(void **state)
{
    (void)state;
    enum { MOST = 33, MAX_TARGETS = 11 };
    float h[MOST], v[MAX_TARGETS][MOST], change[MOST], expected, rate;
    int n, targets, cases = 0;
    FILE *file = fopen("golden/word2vec.txt", "r");
    assert_non_null(file);
    for (; fscanf(file, "%d %d %f", &n, &targets, &rate) == 3; cases++) {
        float *target[MAX_TARGETS];
        assert_true(n <= MOST && targets <= MAX_TARGETS);
        for (int i = 0; i < n; i++) {
            assert_int_equal(fscanf(file, "%f", &h[i]), 1);
            change[i] = 0;
        }
        for (int k = 0; k < targets; k++) {
            target[k] = v[k];
            for (int i = 0; i < n; i++)
                assert_int_equal(fscanf(file, "%f", &v[k][i]), 1);
        }
        word2vec_step(kernels_choose(), targets, (size_t)n, rate, h, target, change);
        for (int k = -1; k < targets; k++)
            for (int i = 0; i < n; i++) {
                assert_int_equal(fscanf(file, "%f", &expected), 1);
                assert_close((double)(k < 0 ? change[i] : v[k][i]), (double)expected, 3e-6);
            }
    }
    assert_int_equal(cases, 5);
    fclose(file);
}

enum { SIZE = 6, TARGETS = 4 };

/* Straight from the definition; place 0 is the hidden vector, the targets follow. */
static double loss_of(float x[TARGETS + 1][SIZE], int moved, int element, double by)
{
    double loss = 0;
    for (int k = 1; k <= TARGETS; k++) {
        double dot = 0;
        for (int i = 0; i < SIZE; i++) {
            double h = (double)x[0][i] + (moved == 0 && element == i ? by : 0);
            double v = (double)x[k][i] + (moved == k && element == i ? by : 0);
            dot += h * v;
        }
        loss += log(1 + exp(k == 1 ? -dot : dot));
    }
    return loss;
}

static void a_step_descends_the_gradient_of_the_loss(void **state)
{
    (void)state;
    const double by = 1e-5;
    float x[TARGETS + 1][SIZE], moved[TARGETS + 1][SIZE], change[SIZE] = {0}, *target[TARGETS];
    random_key key = {.seed = 7};
    for (int k = 0; k <= TARGETS; k++)
        for (int i = 0; i < SIZE; i++)
            moved[k][i] = x[k][i] = (float)(2 * random_unit(random_word(key, (uint32_t)(k * SIZE + i))) - 1);
    for (int k = 0; k < TARGETS; k++)
        target[k] = moved[k + 1];
    word2vec_step(kernels_choose(), TARGETS, SIZE, 1, moved[0], target, change);
    for (int k = 0; k <= TARGETS; k++)
        for (int i = 0; i < SIZE; i++) {
            double gradient = (loss_of(x, k, i, by) - loss_of(x, k, i, -by)) / (2 * by);
            assert_close(k == 0 ? (double)change[i] : (double)(moved[k][i] - x[k][i]), -gradient, 1e-6);
        }
}

/* ---- draws */

static void check_masses(const double *weights, uint32_t count)
{
    alias_table table;
    double sum = 0, mass[64] = {0};
    must(alias_table_init(&table, weights, count, &made_error));
    for (uint32_t i = 0; i < count; i++) {
        double own = (double)table.cells[i].limit / 4294967296.0;
        sum += weights[i];
        mass[i] += own;
        mass[table.cells[i].other] += 1 - own;
    }
    for (uint32_t i = 0; i < count; i++)
        assert_close(mass[i] / count, weights[i] / sum, 1e-9);
    assert_true(alias_draw(&table, 0) < count && alias_draw(&table, UINT32_MAX) < count);
    alias_table_release(&table);
}

static void words_are_drawn_by_their_weight(void **state)
{
    (void)state;
    double zipf[64];
    for (int i = 0; i < 64; i++)
        zipf[i] = pow(1e6 / (i + 1), 0.75);
    check_masses(zipf, 64);
    check_masses((const double[]){5}, 1);
    check_masses((const double[]){1, 1, 1, 1}, 4);
    check_masses((const double[]){0, 1, 0, 1000}, 4);
}

/* ---- a text with topics */

/* Rows of 6 words of one topic, a word "and" of all topics among them: "t2w5 and t2w1 ...". */
static char *made_text(size_t rows)
{
    writer b = {0};
    char *text = NULL;
    random_key key = {.seed = 11};
    writer_print(&b, "text\n");
    for (size_t row = 0; row < rows; row++)
        for (unsigned i = 0; i < 6; i++) {
            uint32_t word = random_word(key, (uint32_t)row * 8 + i) % TOPIC_WORDS;
            if (i == 3)
                writer_print(&b, "and ");
            writer_print(&b, "t%zuw%u%s", row % TOPICS, word, i == 5 ? "\n" : " ");
        }
    must(writer_take(&b, &text, NULL, &made_error));
    return text;
}

static heed_vectors_options small_options(void)
{
    heed_vectors_options options;
    heed_vectors_options_init(&options);
    options.dimensions = 12;
    options.threads = 2;
    options.sample = 0.05;
    return options;
}

static heed_status train_text(heed_vectors **out, const char *text, const heed_vectors_options *options,
                              const heed_text_options *named, const heed_listener *listener)
{
    char path[64];
    heed_rows_options rows;
    heed_reader *reader = NULL;
    heed_text_options stages;
    heed_text_options_init(&stages, HEED_PRESET_DEFAULT);
    heed_rows_options_init(&rows);
    made_file(path, ".tsv", text, strlen(text));
    *out = NULL;
    heed_status status = heed_reader_open(&reader, &(const char *){path}, 1, &rows, &made_error);
    if (status == HEED_OK)
        status = heed_vectors_train(out, reader, named != NULL ? named : &stages, options, listener, &made_error);
    heed_reader_free(reader);
    unlink(path);
    return status;
}

static void check_topics(const heed_vectors_options *options)
{
    heed_vectors *v = NULL;
    char *text = made_text(2000);
    must(train_text(&v, text, options, NULL, NULL));
    heed_vectors_info info = *heed_vectors_describe(v);
    assert_int_equal(info.found, TOPICS * TOPIC_WORDS + 1);
    assert_int_equal(info.tokens, 2000 * 7);
    assert_string_equal(info.format, "learned");
    for (unsigned i = 0; i < TOPICS * TOPIC_WORDS; i++) {
        char word[16];
        heed_neighbours *near;
        snprintf(word, sizeof word, "t%uw%u", i / TOPIC_WORDS, i % TOPIC_WORDS);
        const float *vector = heed_vectors_of(v, text_bytes(word));
        must(heed_vectors_near(&near, v, text_bytes(word), vector, TOPIC_WORDS - 1, &made_error));
        assert_int_equal(heed_neighbours_count(near), TOPIC_WORDS - 1);
        for (size_t j = 0; j < TOPIC_WORDS - 1; j++) {
            heed_bytes found = heed_neighbours_item(near, j)->word;
            if (found.data[0] == 't' && found.data[1] != word[1]) /* "and" is near to all */
                fail_msg("%s: near word %zu is %.*s", word, j, (int)found.size, found.data);
        }
        heed_neighbours_free(near);
    }
    heed_vectors_free(v);
    heed_free(text);
}

static void words_of_a_topic_are_nearest_each_other(void **state)
{
    (void)state;
    heed_vectors_options options = small_options();
    check_topics(&options);
    options.method = HEED_WORD2VEC_CBOW;
    check_topics(&options);
}

/* Every word of so small a text is frequent, and every lane moves it. */
static void a_high_rate_stays_finite(void **state)
{
    (void)state;
    heed_vectors_options options = small_options();
    options.learning_rate = 0.5;
    options.sample = 0;
    options.epochs = 20;
    heed_vectors *v = NULL;
    char *text = made_text(2000);
    must(train_text(&v, text, &options, NULL, NULL));
    heed_vectors_free(v);
    heed_free(text);
}

/* ---- bits and files */

/* What the vectors are as a file. */
static char *saved(const heed_vectors *v, size_t *size)
{
    char path[64], *bytes = NULL;
    made_file(path, ".bin", "", 0);
    must(heed_vectors_save(v, path, true, &made_error));
    must(file_read(&bytes, size, path, 1 << 24, &made_error));
    unlink(path);
    return bytes;
}

static void threads_do_not_change_a_bit(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 3, 5};
    char *text = made_text(5000), *first = NULL;
    size_t first_size = 0;
    for (int method = HEED_WORD2VEC_SKIPGRAM; method <= HEED_WORD2VEC_CBOW; method++) {
        for (size_t i = 0; i < 5; i++) {
            heed_vectors *v = NULL;
            size_t size = 0;
            heed_vectors_options options = small_options();
            options.method = (heed_word2vec)method;
            options.epochs = 2;
            options.threads = threads[i % 4];
            options.seed = i < 4 ? 1 : 2;
            must(train_text(&v, text, &options, NULL, NULL));
            char *bytes = saved(v, &size);
            if (i == 0) {
                first = bytes;
                first_size = size;
            } else {
                assert_int_equal(size, first_size);
                assert_int_equal(memcmp(bytes, first, size) == 0, i < 4);
                free(bytes);
            }
            heed_vectors_free(v);
        }
        free(first);
    }
    heed_free(text);
}

static void files_read_back_as_they_were(void **state)
{
    (void)state;
    static const char *const formats[] = {"word2vec text", "word2vec binary"};
    heed_vectors *v = NULL;
    heed_vectors_options options = small_options();
    char *text = made_text(300);
    must(train_text(&v, text, &options, NULL, NULL));
    for (int binary = 0; binary < 2; binary++) {
        char path[64];
        heed_vectors *read = NULL;
        made_file(path, ".vec", "old", 3);
        must(heed_vectors_save(v, path, binary == 1, &made_error));
        must(heed_vectors_load(&read, path, NULL, 0, NULL, &made_error));
        heed_vectors_info info = *heed_vectors_describe(read);
        assert_string_equal(info.format, formats[binary]);
        assert_int_equal(info.declared, TOPICS * TOPIC_WORDS + 1);
        assert_int_equal(info.found, info.declared);
        for (unsigned i = 0; i < TOPICS * TOPIC_WORDS; i++) {
            char word[16];
            snprintf(word, sizeof word, "t%uw%u", i / TOPIC_WORDS, i % TOPIC_WORDS);
            assert_memory_equal(heed_vectors_of(read, text_bytes(word)), heed_vectors_of(v, text_bytes(word)),
                                options.dimensions * sizeof(float));
        }
        heed_vectors_free(read);
        unlink(path);
    }
    must_refuse(heed_vectors_save(v, "/nowhere/v.bin", true, &made_error), HEED_FAILED, "/nowhere/v.bin", "save");
    heed_vectors_free(v);
    heed_free(text);
}

static void a_word_with_a_space_goes_into_a_text_file_only(void **state)
{
    (void)state;
    char path[64];
    heed_vectors *v = NULL;
    made_file(path, ".txt", "new york 1 2\nparis 3 4\n", 23);
    must(heed_vectors_load(&v, path, NULL, 0, NULL, &made_error));
    must(heed_vectors_save(v, path, false, &made_error));
    must_refuse(heed_vectors_save(v, path, true, &made_error), HEED_BAD_DATA, "'new york' does not fit", "save");
    heed_vectors_free(v);
    unlink(path);
}

/* ---- which words */

static void rare_words_get_no_vector(void **state)
{
    (void)state;
    static const char text[] = "text\na a a b b c\nb a <br> a a\nc\n\n";
    static const struct {
        uint32_t min_count, max_words, found;
    } cases[] = {{1, 0, 3}, {2, 0, 3}, {3, 0, 2}, {4, 0, 1}, {1, 2, 2}, {1, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_vectors *v = NULL;
        heed_vectors_options options = small_options();
        options.min_count = cases[i].min_count;
        options.max_words = cases[i].max_words;
        must(train_text(&v, text, &options, NULL, NULL));
        assert_int_equal(heed_vectors_describe(v)->found, cases[i].found);
        assert_non_null(heed_vectors_of(v, text_bytes("a")));
        assert_null(heed_vectors_of(v, text_bytes("br")));
        heed_vectors_free(v);
    }
}

static void a_text_without_words_is_refused(void **state)
{
    (void)state;
    heed_vectors *v = NULL;
    heed_vectors_options options = small_options();
    must_refuse(train_text(&v, "text\n", &options, NULL, NULL), HEED_BAD_DATA, "0 tokens", "no rows");
    must_refuse(train_text(&v, "text\n \n", &options, NULL, NULL), HEED_BAD_DATA, "--min-count", "an empty row");
    must_refuse(train_text(&v, "text\na b c\n", &options, NULL, NULL), HEED_BAD_DATA, "none of them 5 times", "rare");
    assert_null(v);
    options.min_count = 1;
    must(train_text(&v, "text\nword\n", &options, NULL, NULL));
    assert_int_equal(heed_vectors_describe(v)->found, 1);
    heed_vectors_free(v);
}

static void options_that_cannot_be_used_are_named(void **state)
{
    (void)state;
    heed_vectors *v = NULL;
    const heed_vectors_options fine = small_options();
    heed_vectors_options o[] = {fine, fine, fine, fine, fine, fine, fine, fine};
    static const char *const named[] = {"--dimensions", "--dimensions", "--window",        "--negative",
                                        "--epochs",     "--sample",     "--learning-rate", "--method"};
    o[0].dimensions = 0;
    o[1].dimensions = 4097;
    o[2].window = 101;
    o[3].negative = 0;
    o[4].epochs = 0;
    o[5].sample = NAN;
    o[6].learning_rate = -1;
    o[7].method = (heed_word2vec)2;
    for (size_t i = 0; i < sizeof o / sizeof *o; i++)
        must_refuse(train_text(&v, "text\na\n", &o[i], NULL, NULL), HEED_USAGE, named[i], named[i]);
    heed_text_options whole;
    heed_text_options_init(&whole, HEED_PRESET_OFF);
    must_refuse(train_text(&v, "text\na\n", &fine, &whole, NULL), HEED_USAGE, "--tokens", "--tokens none");
}

static int stop_at(void *user, const heed_event *event)
{
    return event->stage == *(const heed_stage *)user;
}

static void a_listener_stops_it(void **state)
{
    (void)state;
    static const heed_stage stages[] = {HEED_STAGE_NOTE, HEED_STAGE_WORDS};
    char *text = made_text(500);
    for (size_t i = 0; i < 2; i++) {
        heed_vectors *v = NULL;
        heed_stage stage = stages[i];
        heed_listener listener = {stop_at, &stage};
        heed_vectors_options options = small_options();
        options.epochs = 65535;
        must_refuse(train_text(&v, text, &options, NULL, &listener), HEED_STOPPED, "stopped", "a listener");
        assert_null(v);
    }
    heed_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_those_that_numpy_computes),
        cmocka_unit_test(a_step_descends_the_gradient_of_the_loss),
        cmocka_unit_test(words_are_drawn_by_their_weight),
        cmocka_unit_test(words_of_a_topic_are_nearest_each_other),
        cmocka_unit_test(a_high_rate_stays_finite),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(files_read_back_as_they_were),
        cmocka_unit_test(a_word_with_a_space_goes_into_a_text_file_only),
        cmocka_unit_test(rare_words_get_no_vector),
        cmocka_unit_test(a_text_without_words_is_refused),
        cmocka_unit_test(options_that_cannot_be_used_are_named),
        cmocka_unit_test(a_listener_stops_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
