/* Word vectors: formats of rows by their content, what is skipped and what is refused, wanted words, near words. */
#include "unit/read_vectors.h"

#include <math.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"

#define REAL_FILES "../../shared/data/vectors/"

static void put(writer *b, const char *data, size_t size)
{
    writer_bytes(b, data, size);
}

/* A row of word2vec's binary format; the file's floats are those of this machine. */
static void put_row(writer *b, const char *word, const float *values, size_t count, bool line_end)
{
    put(b, word, strlen(word));
    put(b, " ", 1);
    put(b, (const char *)values, count * sizeof *values);
    if (line_end)
        put(b, "\n", 1);
}

/* ---- text */

static const struct {
    const char *what, *data;
    vector_kind kind;
    uint64_t rows, declared;
    const char *word; /* has the vector (1, 2) */
} good_texts[] = {
    {"GloVe", "a 1 2\nb 3 4\n", VECTORS_GLOVE, 2, 0, "a"},
    {"no LF at the end", "b 3 4\na 1 2", VECTORS_GLOVE, 2, 0, "a"},
    {"one row", "a 1 2", VECTORS_GLOVE, 1, 0, "a"},
    {"word2vec", "2 2\nb 3 4\na 1 2\n", VECTORS_WORD2VEC_TEXT, 2, 2, "a"},
    {"spaces at the end, as fastText writes", "2 2 \na 1 2 \nb 3 4 \n", VECTORS_WORD2VEC_TEXT, 2, 2, "a"},
    {"CR LF", "2 2\r\na 1 2\r\nb 3 4\r\n", VECTORS_WORD2VEC_TEXT, 2, 2, "a"},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "a 1 2\nb 3 4\n",
     VECTORS_GLOVE, 2, 0, "a"},
    {"byte order mark and header",
     "\xEF\xBB\xBF"
     "2 2\na 1 2\nb 3 4\n",
     VECTORS_WORD2VEC_TEXT, 2, 2, "a"},
    {"too many rows declared", "1000000000000 2\na 1 2\nb 3 4\n", VECTORS_WORD2VEC_TEXT, 2, 1000000000000, "a"},
    {"too few rows declared", "1 2\nb 3 4\na 1 2\n", VECTORS_WORD2VEC_TEXT, 2, 1, "a"},
    {"a word with spaces", "2 2\nnew york 1 2\nb 3 4\n", VECTORS_WORD2VEC_TEXT, 2, 2, "new york"},
    {"GloVe's dots", "b 3 4\nc 5 6\n. . . 1 2\n", VECTORS_GLOVE, 3, 0, ". . ."},
    {"a number as a word", "b 3 4\n3.5 1 2\nc 5 6\n", VECTORS_GLOVE, 3, 0, "3.5"},
    {"a tab and NBSP are no spaces", "b 3 4\na\t\xC2\xA0 1 2\n", VECTORS_GLOVE, 2, 0, "a\t\xC2\xA0"},
    {"an empty word", " 1 2\nb 3 4\n", VECTORS_GLOVE, 2, 0, ""},
    {"the first of equal words counts", "a 1 2\nb 3 4\na 5 6\n", VECTORS_GLOVE, 3, 0, "a"},
    {"a blank line is no row", "a 1 2\n\nb 3 4\n\n", VECTORS_GLOVE, 2, 0, "a"},
    {"all ways to write a number", "b -1e-50 .5\na 1.0e0 +20e-1\n", VECTORS_GLOVE, 2, 0, "a"},
};

static void texts_are_read_by_their_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good_texts / sizeof *good_texts; i++)
        for (size_t piece = 1; piece < 1000; piece += 9) {
            vectors v;
            if (read_bytes(&v, bytes_of(good_texts[i].data), piece, NULL) != HEED_OK)
                fail_msg("%s: %s", good_texts[i].what, made_error.message);
            const float *row = row_of(&v, bytes_of(good_texts[i].word));
            if (v.kind != good_texts[i].kind || v.rows != good_texts[i].rows || v.declared != good_texts[i].declared ||
                v.dimensions != 2 || v.bad + v.not_utf8 != 0 || row == NULL || row[0] != 1 || row[1] != 2)
                fail_msg("%s: read wrongly", good_texts[i].what);
            assert_int_equal(v.found + v.repeated, v.rows);
            vectors_release(&v);
        }
}

/* 199 good rows of two numbers, and one more in their midst. */
static heed_status read_among_good_rows(vectors *v, heed_bytes row, unsigned times)
{
    writer b = {0};
    for (int i = 0; i < 199; i++) {
        writer_print(&b, "w%d %d 0.5\n", i, i);
        for (unsigned j = 0; j < times && i == 99; j++) {
            put(&b, row.data, row.size);
            put(&b, "\n", 1);
        }
    }
    heed_status status = read_bytes(v, (heed_bytes){b.data, b.size}, 4096, NULL);
    writer_release(&b);
    return status;
}

static void bad_rows_are_skipped_and_counted(void **state)
{
    (void)state;
    static const char *const rows[] = {"x nan 1", "x 1 -inf", "x 1e39 1", "x 0x1p3 1", "x 1,5 1", "x 1",   "x",
                                       "1 2",     "x 1 2 3",  "x 1 2e",   "x . 1",     "x\t1\t2", "x 1  2"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        vectors v;
        must(read_among_good_rows(&v, bytes_of(rows[i]), 1));
        if (v.bad != 1 || v.first_bad != 101 || v.rows != 200 || v.found != 199 || row_of(&v, BYTES("x")) != NULL)
            fail_msg("'%s' was not skipped", rows[i]);
        assert_true(row_of(&v, BYTES("w198"))[0] == 198);
        vectors_release(&v);
        must(read_among_good_rows(&v, bytes_of(rows[i]), 2)); /* 2 of 201 */
        vectors_release(&v);
        must_refuse(read_among_good_rows(&v, bytes_of(rows[i]), 3), HEED_BAD_DATA,
                    "f: 3 of 202 rows are bad, the first is row 101", rows[i]);
    }
}

static void overlong_words_and_lines_are_skipped(void **state)
{
    (void)state;
    size_t huge = VECTOR_WINDOW * 2 + 77;
    char *text = malloc(huge);
    vectors v;
    assert_non_null(text);
    memset(text, 'x', huge);
    memcpy(text + 255, " 1 2", 4);
    must(read_among_good_rows(&v, (heed_bytes){text, 259}, 1));
    assert_int_equal(v.found, 200);
    vectors_release(&v);
    memcpy(text + 255, "x 1 2", 5);
    must(read_among_good_rows(&v, (heed_bytes){text, 260}, 1));
    assert_int_equal(v.bad, 1);
    vectors_release(&v);
    memcpy(text + huge - 4, " 1 2", 4);
    must(read_among_good_rows(&v, (heed_bytes){text, huge}, 1));
    assert_int_equal(v.bad, 1);
    assert_int_equal(v.found, 199);
    vectors_release(&v);
    free(text);
}

static void words_that_are_not_utf8_are_skipped_and_counted_apart(void **state)
{
    (void)state;
    vectors v;
    must(read_among_good_rows(&v, BYTES("caf\xE9 1 2"), 20));
    assert_int_equal(v.not_utf8, 20);
    assert_int_equal(v.bad, 0);
    assert_int_equal(v.found, 199);
    vectors_release(&v);
}

static void what_is_no_vector_file_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *piece;
        heed_bytes data;
    } cases[] = {{"not words followed by numbers", BYTES("")},
                 {"not words followed by numbers", BYTES("once upon a time\nthere were no numbers\n")},
                 {"not words followed by numbers", BYTES("label\ttext\ngood\tfine 3\n")},
                 {"found 0 dimensions, expected 1 to 4096", BYTES("3 0\na\nb\nc\n")},
                 {"found 4097 dimensions, expected 1 to 4096", BYTES("3 4097\na 1\n")},
                 {"found 99999999999999999 dimensions", BYTES("99999999999999999 99999999999999999\na 1\n")},
                 {"rows are bad, the first is row 1", BYTES("3 3\na 1 2\nb 1 2\nc 1 2\n")},
                 {"found no row", BYTES("0 3\n")},
                 {"a zip archive", BYTES("PK\x03\x04 and so on")},
                 {"ends inside its header", BYTES("\xBA\x16\x4F\x2F\x0C\0\0\0")}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        vectors v;
        must_refuse(read_bytes(&v, cases[i].data, 5, NULL), HEED_BAD_DATA, cases[i].piece, cases[i].data.data);
        assert_null(v.values);
    }
}

/* ---- word2vec's binary format */

static const float pair[2] = {1, 2}, other_pair[2] = {0.1f, -0.2f};

static void binary_rows_are_read_with_and_without_line_ends(void **state)
{
    (void)state;
    for (int line_end = 0; line_end < 2; line_end++)
        for (size_t piece = 1; piece < 60; piece += 7) {
            writer b = {0};
            vectors v;
            put(&b, "9 2\n", 4); /* a lie */
            put_row(&b, "the", other_pair, 2, line_end);
            put_row(&b, "caf\xC3\xA9", pair, 2, line_end);
            put_row(&b, "the", pair, 2, line_end);
            must(read_bytes(&v, (heed_bytes){b.data, b.size}, piece, NULL));
            assert_int_equal(v.kind, VECTORS_WORD2VEC_BINARY);
            assert_int_equal(v.rows, 3);
            assert_int_equal(v.declared, 9);
            assert_int_equal(v.repeated, 1);
            assert_memory_equal(row_of(&v, BYTES("the")), other_pair, sizeof other_pair);
            assert_memory_equal(row_of(&v, BYTES("caf\xC3\xA9")), pair, sizeof pair);
            vectors_release(&v);
            writer_release(&b);
        }
}

static void a_binary_file_cut_within_a_row_is_refused(void **state)
{
    (void)state;
    writer b = {0};
    vectors v;
    put(&b, "2 2\n", 4);
    put_row(&b, "the", other_pair, 2, false);
    size_t whole = b.size;
    put_row(&b, "fox", pair, 2, false);
    for (size_t size = whole + 1; size < b.size; size++)
        must_refuse(read_bytes(&v, (heed_bytes){b.data, size}, 100, NULL), HEED_BAD_DATA, "cut short", "cut file");
    must(read_bytes(&v, (heed_bytes){b.data, whole}, 100, NULL));
    vectors_release(&v);
    writer_release(&b);
}

static void bad_binary_rows_are_skipped_and_counted(void **state)
{
    (void)state;
    static const float broken[2] = {NAN, 1};
    char word[300];
    writer b = {0};
    vectors v;
    put(&b, "400 2\n", 6);
    for (int i = 0; i < 400; i++) {
        snprintf(word, sizeof word, "w%d", i);
        put_row(&b, i == 8 ? "\xFF\xFE" : word, i == 7 ? broken : pair, 2, true);
    }
    memset(word, 'z', 256);
    word[256] = '\0';
    put_row(&b, word, pair, 2, true);
    must(read_bytes(&v, (heed_bytes){b.data, b.size}, 333, NULL));
    assert_int_equal(v.rows, 401);
    assert_int_equal(v.bad, 2);
    assert_int_equal(v.first_bad, 8);
    assert_int_equal(v.not_utf8, 1);
    assert_int_equal(v.found, 398);
    assert_null(row_of(&v, BYTES("w7")));
    vectors_release(&v);
    writer_release(&b);
}

/* ---- wanted words, real files, packed files */

/* macOS and some keyboards write NFD; the words of a vocabulary are in NFC. */
static void a_wanted_word_is_found_in_either_spelling(void **state)
{
    (void)state;
    vectors v;
    intern wanted;
    uint32_t number;
    must(intern_init(&wanted, &made_error));
    must(intern_put(&number, &wanted, BYTES("caf\xC3\xA9"), &made_error));
    must(read_bytes(&v, BYTES("cafe 1 2\ncafe\xCC\x81 3 4\ncaf\xC3\xA9 5 6\n"), 3, &wanted));
    assert_int_equal(v.found, 1);
    assert_true(vectors_row(&v, number)[0] == 3);
    vectors_release(&v);
    intern_release(&wanted);
}

static void only_wanted_words_are_kept(void **state)
{
    (void)state;
    intern wanted;
    uint32_t number;
    vectors v;
    must(intern_init(&wanted, &made_error));
    must(intern_put(&number, &wanted, BYTES("nowhere"), &made_error));
    must(intern_put(&number, &wanted, BYTES("b"), &made_error));
    must(read_bytes(&v, BYTES("a 1 2\nb 3 4\nc 5 6\nb 7 8\na 1 2\n"), 3, &wanted));
    assert_int_equal(v.rows, 5);
    assert_int_equal(v.found, 1);
    assert_int_equal(v.stored, 1);
    assert_int_equal(v.repeated, 1);
    assert_null(vectors_row(&v, 0));
    assert_true(vectors_row(&v, 1)[0] == 3 && vectors_row(&v, 1)[1] == 4);
    vectors_release(&v);
    intern_release(&wanted);
}

static const struct {
    const char *name;
    vector_kind kind;
    uint32_t dimensions;
    uint64_t rows;
    const char *word;
    float first, last;
} real_files[] = {
    {"crime-and-punishment.vec", VECTORS_WORD2VEC_TEXT, 5, 291, "\xD0\xB2", 0.093809f, 0.11884f},
    {"lee_fasttext.vec", VECTORS_WORD2VEC_TEXT, 10, 1762, "the", -0.65992f, 0.099763f},
    {"test_glove.txt", VECTORS_GLOVE, 50, 76, "the", 0.418f, -0.78581f},
    {"word2vec_pre_kv_c", VECTORS_WORD2VEC_TEXT, 10, 1750, "the", -0.561106f, -1.416105f},
    {"euclidean_vectors.bin", VECTORS_WORD2VEC_BINARY, 10, 2747, NULL, 0, 0},
};

static void need_real_files(void)
{
    struct stat about;
    if (stat(REAL_FILES, &about) != 0) {
        printf("skipped: no real vector files beside the checkout\n");
        skip();
    }
}

static void real_files_are_read_whole(void **state)
{
    (void)state;
    need_real_files();
    for (size_t i = 0; i < sizeof real_files / sizeof *real_files; i++) {
        char path[128];
        vectors v;
        snprintf(path, sizeof path, REAL_FILES "%s", real_files[i].name);
        must(vectors_read(&v, path, NULL, 0, NULL, &made_error));
        assert_int_equal(v.kind, real_files[i].kind);
        assert_int_equal(v.dimensions, real_files[i].dimensions);
        assert_int_equal(v.rows, real_files[i].rows);
        assert_int_equal(v.found, real_files[i].rows);
        assert_int_equal(v.bad + v.not_utf8 + v.repeated, 0);
        if (real_files[i].word != NULL) {
            const float *row = row_of(&v, bytes_of(real_files[i].word));
            assert_true(row[0] == real_files[i].first && row[v.dimensions - 1] == real_files[i].last);
        }
        vectors_release(&v);
    }
}

/* The file's bytes themselves: "2747 10\nthe " and ten floats, and so on without line ends. */
static void a_real_binary_file_has_the_floats_of_its_bytes(void **state)
{
    (void)state;
    need_real_files();
    char *data;
    size_t size;
    vectors v;
    must(file_read(&data, &size, REAL_FILES "euclidean_vectors.bin", 1 << 20, &made_error));
    must(vectors_read(&v, REAL_FILES "euclidean_vectors.bin", NULL, 0, NULL, &made_error));
    char *at = data + 8;
    for (uint32_t i = 0; i < v.rows; i++) {
        char *space = strchr(at, ' ');
        assert_memory_equal(row_of(&v, (heed_bytes){at, (size_t)(space - at)}), space + 1, 40);
        at = space + 41;
    }
    assert_ptr_equal(at, data + size);
    vectors_release(&v);
    free(data);
}

static void packed_files_are_unpacked_whatever_their_name(void **state)
{
    (void)state;
    char path[64], *data;
    vectors v;
    size_t size;
    made_file(path, ".txt", "", 0);
    gzFile out = gzopen(path, "wb");
    for (int i = 0; i < 500; i++)
        gzprintf(out, "w%d %d 1.5 2.5\n", i, i);
    gzclose(out);
    must(vectors_read(&v, path, NULL, 0, NULL, &made_error));
    assert_int_equal(v.found, 500);
    assert_true(row_of(&v, BYTES("w499"))[0] == 499);
    vectors_release(&v);
    must(file_read(&data, &size, path, 1 << 20, &made_error));
    unlink(path);
    made_file(path, ".gz", data, size - 20);
    must_refuse(vectors_read(&v, path, NULL, 0, NULL, &made_error), HEED_BAD_DATA, "the gzip data ends too early",
                "cut gzip");
    unlink(path);
    free(data);
}

static void files_that_cannot_be_opened_are_told(void **state)
{
    (void)state;
    vectors v;
    must_refuse(vectors_read(&v, "/no/such/file", NULL, 0, NULL, &made_error), HEED_BAD_DATA,
                "/no/such/file: cannot be opened", "none");
    must_refuse(vectors_read(&v, "/tmp", NULL, 0, NULL, &made_error), HEED_BAD_DATA,
                "/tmp: cannot be opened: not a file", "folder");
}

/* ---- near words */

static void near_words_come_by_falling_cosine(void **state)
{
    (void)state;
    static const char text[] = "east 1 0\nnone 0 0\nnorth 0 1\nnortheast 2 2\nwest -3 0\nfar 100 1\n";
    char path[64];
    heed_vectors *v;
    heed_neighbours *found;
    made_file(path, ".vec", text, strlen(text));
    must(heed_vectors_load(&v, path, NULL, 0, NULL, &made_error));
    unlink(path);
    heed_bytes east = BYTES("east");
    must(heed_vectors_near(&found, v, east, heed_vectors_of(v, east), 3, &made_error));
    assert_int_equal(heed_neighbours_count(found), 3);
    assert_memory_equal(heed_neighbours_item(found, 0)->word.data, "far", 3);
    assert_memory_equal(heed_neighbours_item(found, 1)->word.data, "northeast", 9);
    assert_memory_equal(heed_neighbours_item(found, 2)->word.data, "north", 5);
    assert_true(fabs(heed_neighbours_item(found, 1)->cosine - sqrt(0.5)) < 1e-12);
    assert_true(heed_neighbours_item(found, 2)->cosine == 0);
    heed_neighbours_free(found);
    must(heed_vectors_near(&found, v, east, heed_vectors_of(v, east), 9, &made_error));
    assert_int_equal(heed_neighbours_count(found), 4); /* neither itself nor the vector of zeros */
    assert_true(heed_neighbours_item(found, 3)->cosine == -1);
    heed_neighbours_free(found);
    must_refuse(heed_vectors_near(&found, v, BYTES("none"), heed_vectors_of(v, BYTES("none")), 9, &made_error),
                HEED_BAD_DATA, "so it has no direction", "zeros");
    assert_null(found);
    heed_vectors_free(v);
}

/* ---- stopping */

static int stop_at_once(void *user, const heed_event *event)
{
    (void)user;
    return event->stage == HEED_STAGE_READ;
}

/* Reading tells ten times a second at most, so this takes a file that lasts longer. */
static void the_listener_can_stop_the_reading(void **state)
{
    (void)state;
    char path[64];
    writer b = {0};
    vectors v;
    heed_listener listener = {stop_at_once, NULL};
    for (int i = 0; i < 1000; i++)
        writer_print(&b, "w%d 0.125 0.25 0.375 0.5 0.625 0.75 0.875 1.125 1.25 1.375 1.5 1.625\n", i);
    made_file(path, ".txt", "", 0);
    gzFile out = gzopen(path, "wb1");
    for (int i = 0; i < 2000; i++)
        gzwrite(out, b.data, (unsigned)b.size);
    gzclose(out);
    must_refuse(vectors_read(&v, path, NULL, 0, &listener, &made_error), HEED_STOPPED, "stopped while reading", "stop");
    unlink(path);
    writer_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_by_their_content),
        cmocka_unit_test(bad_rows_are_skipped_and_counted),
        cmocka_unit_test(overlong_words_and_lines_are_skipped),
        cmocka_unit_test(words_that_are_not_utf8_are_skipped_and_counted_apart),
        cmocka_unit_test(what_is_no_vector_file_is_refused),
        cmocka_unit_test(binary_rows_are_read_with_and_without_line_ends),
        cmocka_unit_test(a_binary_file_cut_within_a_row_is_refused),
        cmocka_unit_test(bad_binary_rows_are_skipped_and_counted),
        cmocka_unit_test(a_wanted_word_is_found_in_either_spelling),
        cmocka_unit_test(only_wanted_words_are_kept),
        cmocka_unit_test(real_files_are_read_whole),
        cmocka_unit_test(a_real_binary_file_has_the_floats_of_its_bytes),
        cmocka_unit_test(packed_files_are_unpacked_whatever_their_name),
        cmocka_unit_test(files_that_cannot_be_opened_are_told),
        cmocka_unit_test(near_words_come_by_falling_cosine),
        cmocka_unit_test(the_listener_can_stop_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
