/* A split from a program: parts of rows in the order of the input, files that change. */
#include "unit/made_rows.h"

#include "rows/encoding.h"

enum { ROWS = 400 };

static void made_split_file(char path[64], const char *last)
{
    writer text = {0};
    char *data = NULL;
    size_t size = 0;
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i + 1 < ROWS; i++)
        writer_print(&text, "%s\trow number %u of film %u\n", i % 2 ? "a" : "b", i, i * 7);
    writer_print(&text, "a\t%s\n", last);
    must(writer_take(&text, &data, &size, &made_error));
    made_file(path, ".tsv", data, size);
    free(data);
}

static heed_reader *open_file(const char *path)
{
    heed_reader *reader = NULL;
    heed_rows_options options = made_rows_options(NULL);
    options.need_label = true;
    must(heed_reader_open(&reader, &path, 1, &options, &made_error));
    return reader;
}

static heed_split *split_file(const char *path, uint64_t seed, unsigned threads)
{
    heed_split *split = NULL;
    heed_reader *reader = open_file(path);
    must(heed_split_new(&split, reader, "one=0.75,two=0.25", seed, threads, NULL, &made_error));
    heed_reader_free(reader);
    return split;
}

static void parts_are_numbered_and_the_same_on_any_threads(void **state)
{
    (void)state;
    char path[64];
    made_split_file(path, "Row number 0, of film 0!");
    heed_split *one = split_file(path, 5, 1), *many = split_file(path, 5, 4);
    const heed_split_info *info = heed_split_describe(one);
    assert_int_equal(info->rows, ROWS);
    assert_int_equal(info->groups, ROWS - 1);
    assert_int_equal(info->part_count, 2);
    assert_int_equal(info->label_count, 2);
    assert_string_equal(info->labels[1], "b");
    assert_string_equal(info->parts[1].name, "two");
    assert_null(info->parts[1].path);
    assert_int_equal(info->parts[0].rows + info->parts[1].rows, ROWS);
    assert_in_range(info->parts[1].rows, ROWS / 4 - 2, ROWS / 4 + 2);
    assert_int_equal(info->parts[0].label_rows[1] + info->parts[1].label_rows[1], ROWS / 2);
    for (uint64_t i = 0; i < ROWS; i++)
        assert_int_equal(heed_split_part_of(one, i), heed_split_part_of(many, i));
    assert_int_equal(heed_split_part_of(one, 0), heed_split_part_of(one, ROWS - 1)); /* the same text */
    assert_int_equal(heed_split_part_of(one, ROWS), 2);
    heed_split_free(one);
    heed_split_free(many);
    unlink(path);
}

static void a_file_that_changes_is_refused(void **state)
{
    (void)state;
    char path[64], other[64], folder[] = "/tmp/heed-test-XXXXXX";
    made_split_file(path, "the last row");
    made_split_file(other, "another last row");
    assert_non_null(mkdtemp(folder));
    heed_split *split = split_file(path, 1, 1);
    heed_reader *reader = open_file(other);
    must_refuse(heed_split_write(split, reader, folder, NULL, &made_error), HEED_BAD_DATA, "has other rows than",
                "a changed file");
    heed_reader_free(reader);
    FILE *file = fopen(path, "a");
    fputs("a\tone more\n", file);
    fclose(file);
    reader = open_file(path);
    must_refuse(heed_split_write(split, reader, folder, NULL, &made_error), HEED_BAD_DATA, "has other rows than",
                "a longer file");
    heed_reader_free(reader);
    assert_null(heed_split_describe(split)->parts[0].path);
    heed_split_free(split);
    assert_int_equal(rmdir(folder), 0); /* nothing was left in it */
    unlink(path);
    unlink(other);
}

/* Whatever the byte, it is what it was. */
static void every_byte_of_an_encoding_comes_back(void **state)
{
    (void)state;
    static const heed_encoding encodings[] = {HEED_WINDOWS_1252, HEED_LATIN_1};
    char bytes[256];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    for (size_t i = 0; i < 2; i++) {
        writer text = {0}, back = {0};
        encoding_append(&text, encodings[i], bytes, sizeof bytes);
        assert_true(encoding_restore(&back, encodings[i], (heed_bytes){text.data, text.size}));
        assert_int_equal(back.size, sizeof bytes);
        assert_memory_equal(back.data, bytes, sizeof bytes);
        assert_false(encoding_restore(&back, encodings[i], bytes_of("\xE4\xB8\xAD")));
        writer_release(&text);
        writer_release(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_numbered_and_the_same_on_any_threads),
        cmocka_unit_test(a_file_that_changes_is_refused),
        cmocka_unit_test(every_byte_of_an_encoding_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
