/* Batches of records: copies that stay when the reader goes on. */
#include "unit/made_rows.h"

#include "rows/record_batch.h"

static void assert_bytes(heed_bytes bytes, const char *text)
{
    assert_int_equal(bytes.size, strlen(text));
    assert_memory_equal(bytes.data, text, bytes.size);
}

static heed_reader *open_fine(const char *path, const char *label_separator)
{
    heed_reader *reader = NULL;
    heed_rows_options options = made_rows_options(label_separator);
    must(heed_reader_open(&reader, &path, 1, &options, &made_error));
    return reader;
}

static void a_batch_is_filled_to_its_limits_and_keeps_its_error(void **state)
{
    (void)state;
    static const char csv[] = "id,text,label\n1,a,x\n2,\"b \"\"q\"\"\",y\n3,c,x\n4,d,\n5\n";
    char path[64];
    made_file(path, ".csv", csv, strlen(csv));
    heed_reader *reader = open_fine(path, NULL);
    record_batch *batch;
    heed_error error = {{0}};
    size_t count;
    assert_int_equal(record_batch_new(&batch, NULL), HEED_OK);
    assert_int_equal(record_batch_fill(batch, reader, 3, 1 << 20, &error), HEED_OK);
    const heed_record *record = record_batch_items(batch, &count);
    assert_int_equal(count, 3);
    assert_bytes(record[0].text, "a");
    assert_bytes(record[1].text, "b \"q\"");
    assert_bytes(record[1].fields[1], "b \"q\"");
    assert_bytes(record[1].line, "2,\"b \"\"q\"\"\",y");
    assert_bytes(record[2].id, "3");
    assert_string_equal(record[2].file, path);
    assert_int_equal(record_batch_fill(batch, reader, 3, 1 << 20, &error), HEED_OK);
    record = record_batch_items(batch, &count);
    assert_int_equal(count, 1);
    assert_bytes(record[0].text, "d");
    assert_null(record[0].label.data);
    assert_int_equal(record[0].row, 4);
    assert_int_equal(record_batch_fill(batch, reader, 3, 1 << 20, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, ".csv:6: row 5: found 1 field, expected 3"));
    assert_int_equal(record_batch_fill(batch, reader, 3, 1 << 20, &error), HEED_END);
    heed_reader_free(reader);
    reader = open_fine(path, NULL);
    assert_int_equal(record_batch_fill(batch, reader, 3, 1, &error), HEED_OK);
    record_batch_items(batch, &count);
    assert_int_equal(count, 1); /* one record is more than a byte */
    heed_reader_free(reader);
    record_batch_free(batch);
    unlink(path);
}

static void a_batch_keeps_the_parts_of_labels(void **state)
{
    (void)state;
    static const char csv[] = "text,label\na,x;y\nb,\nc,z\n";
    record_batch *batch;
    char path[64];
    size_t count;
    made_file(path, ".csv", csv, strlen(csv));
    heed_reader *reader = open_fine(path, ";");
    must(record_batch_new(&batch, &made_error));
    must(record_batch_fill(batch, reader, 3, 1 << 20, &made_error));
    const heed_record *record = record_batch_items(batch, &count);
    assert_int_equal(count, 3);
    assert_int_equal(record[0].label_count, 2);
    assert_bytes(record[0].labels[0], "x");
    assert_bytes(record[0].labels[1], "y");
    assert_bytes(record[0].label, "x;y");
    assert_int_equal(record[1].label_count, 0);
    assert_int_equal(record[2].label_count, 1);
    assert_bytes(record[2].labels[0], "z");
    heed_reader_free(reader);
    record_batch_free(batch);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_filled_to_its_limits_and_keeps_its_error),
        cmocka_unit_test(a_batch_keeps_the_parts_of_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
