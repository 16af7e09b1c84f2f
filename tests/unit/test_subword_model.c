/* fastText's .bin: vectors of words and of sub-words, and models that are refused. */
#include "unit/read_vectors.h"

#include <math.h>

#include "base/file.h"
#include "base/memory.h"

/* golden/vectors/NAME.tsv: word, known, composed or unknown, its vector by fastText's definition. */
static void check_model(const char *name)
{
    char path[128], *text;
    size_t size;
    heed_vectors *v;
    snprintf(path, sizeof path, "golden/vectors/%s.tsv", name);
    must(file_read(&text, &size, path, 1 << 20, &made_error));
    snprintf(path, sizeof path, "golden/vectors/%s.bin", name);
    for (char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        heed_bytes word = {line, strcspn(line, "\t")};
        const char *kind = line + word.size + 1, *at = strchr(kind, '\t');
        must(heed_vectors_load(&v, path, &word, 1, NULL, &made_error));
        const float *row = heed_vectors_of(v, word);
        assert_int_equal(heed_vectors_describe(v)->composed, *kind == 'c');
        assert_int_equal(row == NULL, *kind == 'u');
        double expected[4], largest = 0;
        for (int i = 0; i < 4; i++) {
            expected[i] = strtod(at, (char **)&at);
            largest = fmax(largest, fabs(expected[i]));
        }
        for (int i = 0; i < 4 && row != NULL; i++)
            if (fabs((double)row[i] - expected[i]) > 1e-6 * largest)
                fail_msg("%s: %.*s: found %.9g, expected %.9g", name, (int)word.size, word.data, (double)row[i],
                         expected[i]);
        heed_vectors_free(v);
    }
    free(text);
}

static void fasttext_models_give_the_vectors_that_fasttext_gives(void **state)
{
    (void)state;
    check_model("skipgram");
    check_model("supervised");
    check_model("whole");
}

static void all_words_of_a_fasttext_model_are_those_asked_for(void **state)
{
    (void)state;
    heed_vectors *all, *one;
    must(heed_vectors_load(&all, "golden/vectors/skipgram.bin", NULL, 0, NULL, &made_error));
    heed_bytes word = BYTES("caf\xC3\xA9");
    must(heed_vectors_load(&one, "golden/vectors/skipgram.bin", &word, 1, NULL, &made_error));
    assert_memory_equal(heed_vectors_of(all, word), heed_vectors_of(one, word), 4 * sizeof(float));
    heed_vectors_info info = *heed_vectors_describe(all);
    assert_string_equal(info.format, "fastText binary");
    assert_int_equal(info.found, info.rows);
    assert_int_equal(info.composed, 0);
    assert_null(heed_vectors_of(all, BYTES("foxes")));
    heed_vectors_free(all);
    heed_vectors_free(one);
}

static void quantised_models_are_refused(void **state)
{
    (void)state;
    heed_vectors *v;
    must_refuse(heed_vectors_load(&v, "golden/vectors/quantised.ftz", NULL, 0, NULL, &made_error), HEED_BAD_DATA,
                "a quantised fastText model", "ftz");
    assert_null(v);
}

/* Where the input matrix begins: after 92 bytes of header, the dictionary and 17 bytes. */
static size_t matrix_begin(const char *data)
{
    uint32_t entries;
    size_t at = 92;
    memcpy(&entries, data + 64, 4);
    for (uint32_t i = 0; i < entries; i++)
        at += strlen(data + at) + 10;
    return at + 17;
}

static void cut_fasttext_models_are_refused(void **state)
{
    (void)state;
    char *data;
    size_t size;
    uint64_t rows;
    vectors v;
    must(file_read(&data, &size, "golden/vectors/skipgram.bin", 1 << 20, &made_error));
    size_t begin = matrix_begin(data);
    memcpy(&rows, data + begin - 16, 8);
    for (size_t cut = 4; cut < begin + rows * 16; cut++)
        must_refuse(read_bytes(&v, (heed_bytes){data, cut}, 64, NULL), HEED_BAD_DATA, "cut short", "cut model");
    must(read_bytes(&v, (heed_bytes){data, begin + rows * 16}, 64, NULL)); /* the output matrix is not needed */
    vectors_release(&v);
    free(data);
}

static void lies_in_a_fasttext_header_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint32_t value;
        const char *piece;
    } lies[] = {{4, 13, "version 13"},
                {8, 0, "found 0 dimensions"},
                {8, 4097, "found 4097 dimensions"},
                {8, 5, "found a matrix of"},
                {40, 61, "found a matrix of"},
                {40, 0x80000000, "a dictionary of"},
                {64, 9999999, "a dictionary of"},
                {68, 0xFFFFFFFF, "a dictionary of"},
                {72, 1, "a dictionary of"},
                {84, 0, "pruned"}};
    char *data;
    size_t size;
    vectors v;
    must(file_read(&data, &size, "golden/vectors/skipgram.bin", 1 << 20, &made_error));
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        char *copy = memory_copy(data, size);
        memcpy(copy + lies[i].at, &lies[i].value, 4);
        must_refuse(read_bytes(&v, (heed_bytes){copy, size}, 4096, NULL), HEED_BAD_DATA, lies[i].piece, "lie");
        free(copy);
    }
    uint64_t huge = UINT64_MAX / 8; /* rows of the matrix */
    memcpy(data + matrix_begin(data) - 16, &huge, 8);
    must_refuse(read_bytes(&v, (heed_bytes){data, size}, 4096, NULL), HEED_BAD_DATA, "found a matrix of", "rows");
    free(data);
}

static void a_model_with_too_many_numbers_that_are_not_finite_is_refused(void **state)
{
    (void)state;
    static const float broken = NAN;
    char *data;
    size_t size;
    vectors v;
    must(file_read(&data, &size, "golden/vectors/whole.bin", 1 << 20, &made_error));
    memcpy(data + matrix_begin(data), &broken, 4);
    must_refuse(read_bytes(&v, (heed_bytes){data, size}, 4096, NULL), HEED_BAD_DATA, "rows are bad",
                "NaN"); /* 1 of 30 */
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fasttext_models_give_the_vectors_that_fasttext_gives),
        cmocka_unit_test(all_words_of_a_fasttext_model_are_those_asked_for),
        cmocka_unit_test(quantised_models_are_refused),
        cmocka_unit_test(cut_fasttext_models_are_refused),
        cmocka_unit_test(lies_in_a_fasttext_header_are_refused),
        cmocka_unit_test(a_model_with_too_many_numbers_that_are_not_finite_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
