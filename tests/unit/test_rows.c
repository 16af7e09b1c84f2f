/* Reading records: what needs files of its own - files, pipes, folders, limits. */
#include "unit/made_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/writer.h"
#include "rows/record_batch.h"

static heed_reader *open_fine(const char *path, const heed_rows_options *options)
{
    heed_rows_options defaults;
    heed_error error = {{0}};
    heed_reader *reader;
    heed_rows_options_init(&defaults);
    if (heed_reader_open(&reader, &path, 1, options == NULL ? &defaults : options, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return reader;
}

static void assert_bytes(heed_bytes bytes, const char *text)
{
    assert_non_null(bytes.data);
    assert_int_equal(bytes.size, strlen(text));
    assert_memory_equal(bytes.data, text, bytes.size);
}

static void assert_next(heed_reader *reader, const char *text)
{
    const heed_record *record;
    heed_error error = {{0}};
    if (heed_reader_next(&record, reader, &error) != HEED_OK)
        fail_msg("%s", error.message);
    assert_bytes(record->text, text);
}

static void assert_ends(heed_reader *reader, heed_status status, const char *message)
{
    const heed_record *record;
    heed_error error = {{0}};
    heed_status last;
    while ((last = heed_reader_next(&record, reader, &error)) == HEED_OK)
        ;
    if (last != status || strstr(error.message, message) == NULL)
        fail_msg("found %s %s, expected %s", heed_status_name(last), error.message, message);
    heed_reader_free(reader);
}

/* `count` times the same byte. */
static void put_run(writer *out, char byte, size_t count)
{
    char *room = writer_reserve(out, count);
    assert_non_null(room);
    memset(room, byte, count);
    out->size += count;
}

/* ---------------------------------------------------------------- files, pipes, folders */

static void a_missing_file_fails_with_the_systems_word(void **state)
{
    (void)state;
    heed_rows_options options;
    heed_error error;
    heed_reader *reader;
    heed_rows_options_init(&options);
    const char *path = path_of("none.csv");
    assert_int_equal(heed_reader_open(&reader, &path, 1, &options, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, "No such file or directory"));
    assert_int_equal(heed_reader_open(&reader, &path, 0, &options, &error), HEED_USAGE);
    options.format = (heed_format)99;
    assert_int_equal(heed_reader_open(&reader, &path, 1, &options, NULL), HEED_USAGE);
}

static void several_files_are_one_input(void **state)
{
    (void)state;
    char *one = strdup(path_of("one.csv")), *two = strdup(path_of("two.tsv")), *three = strdup(path_of("three.txt"));
    write_text(one, "text,label\na,x\n");
    write_text(two, "label\textra\ttext\ny\t-\tb\n");
    write_text(three, "c\n");
    const char *paths[] = {one, two, three};
    heed_rows_options options;
    heed_rows_options_init(&options);
    heed_reader *reader;
    assert_int_equal(heed_reader_open(&reader, paths, 3, &options, NULL), HEED_OK);
    assert_int_equal(heed_reader_describe(reader)->total, 15 + 23 + 2);
    assert_int_equal(heed_reader_describe(reader)->done, 15);
    assert_int_equal(heed_reader_describe(reader)->format, HEED_FORMAT_CSV);
    assert_next(reader, "a");
    const heed_record *record;
    assert_int_equal(heed_reader_next(&record, reader, NULL), HEED_OK);
    assert_bytes(record->text, "b");
    assert_int_equal(record->row, 1);
    assert_int_equal(record->field_count, 3);
    assert_bytes(record->fields[1], "-");
    assert_bytes(record->line, "y\t-\tb");
    assert_int_equal(heed_reader_describe(reader)->column_count, 3);
    assert_bytes(heed_reader_describe(reader)->columns[1], "extra");
    assert_next(reader, "c");
    assert_null(heed_reader_describe(reader)->columns);
    assert_int_equal(heed_reader_describe(reader)->column_count, 0);
    assert_true(heed_reader_ready(reader));
    assert_ends(reader, HEED_END, "");
    paths[1] = path_of("none.csv");
    assert_int_equal(heed_reader_open(&reader, paths, 3, &options, NULL), HEED_OK);
    assert_ends(reader, HEED_BAD_DATA, "none.csv");
    free(one);
    free(two);
    free(three);
}

static void gzip_is_unpacked_and_its_damage_told(void **state)
{
    (void)state;
    const char *path = path_of("a.csv.gz");
    gzFile gz = gzopen(path, "wb");
    gzputs(gz, "text,label\n");
    for (int i = 0; i < 50000; i++)
        gzprintf(gz, "text %d,%d\n", i * 7919 % 50021, i % 2);
    gzclose(gz);
    heed_reader *reader = open_fine(path, NULL);
    const heed_record *record;
    for (int i = 0; i < 50000; i++)
        assert_int_equal(heed_reader_next(&record, reader, NULL), HEED_OK);
    struct stat about;
    stat(path, &about);
    assert_int_equal(heed_reader_next(&record, reader, NULL), HEED_END);
    assert_int_equal(heed_reader_describe(reader)->done, about.st_size);
    assert_int_equal(heed_reader_describe(reader)->total, about.st_size);
    heed_reader_free(reader);
    assert_int_equal(truncate(path, about.st_size / 2), 0);
    assert_ends(open_fine(path, NULL), HEED_BAD_DATA, "cannot be unpacked: it ends too early");
}

static void check_damaged_text_of_folder(const char *root)
{
    char path[300];
    heed_rows_options options;
    heed_reader *reader;
    const heed_record *record;
    heed_rows_options_init(&options);
    options.drop_labels = "unsup";
    snprintf(path, sizeof path, "%s/neg/1_1.txt", root);
    write_text(path, "\xFF");
    snprintf(path, sizeof path, "%s:utf-8", root);
    assert_ends(open_fine(path, &options), HEED_BAD_DATA, "movies/neg/1_1.txt:1: row 1: found invalid UTF-8");
    reader = open_fine(root, &options); /* that file is in another encoding, then */
    assert_int_equal(heed_reader_next(&record, reader, NULL), HEED_OK);
    assert_bytes(record->text, "\xC3\xBF");
    heed_reader_free(reader);
}

static void a_folder_is_read_by_label_and_name(void **state)
{
    (void)state;
    char *root = strdup(path_of("movies"));
    static const char *const names[] = {"", "/pos", "/neg", "/unsup", "/pos/.nested"};
    char path[300];
    heed_rows_options options;
    heed_rows_options_init(&options);
    for (size_t i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s%s", root, names[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    heed_reader *reader;
    heed_error error;
    assert_int_equal(heed_reader_open(&reader, (const char *const *)&root, 1, &options, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, ": found no sub-folder with texts, expected"));
    static const char *const files[][2] = {
        {"/pos/10_8.txt", "ten"}, {"/pos/2_7.TXT", "two\n"}, {"/pos/.hidden", "x"},  {"/neg/1_1.txt", "line\nline\r\n"},
        {"/unsup/0_0.txt", ""},   {"/README", "x"},          {"/pos/urls.csv", "x"}, {"/neg/labeledBow.feat", "x"}};
    for (size_t i = 0; i < 8; i++) {
        snprintf(path, sizeof path, "%s%s", root, files[i][0]);
        write_text(path, files[i][1]);
    }
    options.drop_labels = "unsup";
    options.need_label = true;
    reader = open_fine(root, &options);
    assert_int_equal(heed_reader_describe(reader)->format, HEED_FORMAT_FOLDER);
    static const char *const expected[][3] = {
        {"line\nline", "neg", "1_1"}, {"ten", "pos", "10_8"}, {"two", "pos", "2_7"}};
    const heed_record *record;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(heed_reader_next(&record, reader, NULL), HEED_OK);
        assert_bytes(record->text, expected[i][0]);
        assert_bytes(record->label, expected[i][1]);
        assert_bytes(record->id, expected[i][2]);
        assert_int_equal(record->row, i + 1);
    }
    assert_ends(reader, HEED_END, "");
    options.label_from = "id:rating>=8";
    reader = open_fine(root, &options);
    assert_int_equal(heed_reader_next(&record, reader, NULL), HEED_OK);
    assert_bytes(record->label, "0");
    heed_reader_free(reader);
    check_damaged_text_of_folder(root);
    options.format = HEED_FORMAT_CSV;
    assert_int_equal(heed_reader_open(&reader, (const char *const *)&root, 1, &options, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, "a folder, expected a file"));
    free(root);
}

static void a_folder_of_folders_of_labels_is_refused(void **state)
{
    (void)state;
    char *root = strdup(path_of("aclImdb")), path[300];
    static const char *const names[] = {"", "/test", "/test/neg", "/train", "/train/neg", "/train/pos"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s%s", root, names[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    snprintf(path, sizeof path, "%s/train/pos/0_9.txt", root);
    write_text(path, "fine");
    heed_rows_options options;
    heed_rows_options_init(&options);
    heed_reader *reader;
    heed_error error;
    assert_int_equal(heed_reader_open(&reader, (const char *const *)&root, 1, &options, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, "found the folder 'neg' in 'test'"));
    assert_non_null(strstr(error.message, "aclImdb/train instead"));
    snprintf(path, sizeof path, "%s/train", root);
    reader = open_fine(path, NULL);
    assert_next(reader, "fine");
    assert_ends(reader, HEED_END, "");
    free(root);
}

static void the_format_goes_by_the_extension_whatever_its_case(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        heed_format format;
    } cases[] = {{"a.TSV", HEED_FORMAT_TSV},     {"a.tab", HEED_FORMAT_TSV},     {"a.Csv", HEED_FORMAT_CSV},
                 {"a.json", HEED_FORMAT_JSONL},  {"a.JSONL", HEED_FORMAT_JSONL}, {"a.ndjson", HEED_FORMAT_JSONL},
                 {"a.FT", HEED_FORMAT_FASTTEXT}, {"a.txt", HEED_FORMAT_LINES},   {"a.tsv.old", HEED_FORMAT_LINES},
                 {"tsv", HEED_FORMAT_LINES}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = path_of(cases[i].name);
        write_text(path, "");
        heed_reader *reader = open_fine(path, NULL);
        heed_format found = heed_reader_describe(reader)->format;
        if (found != cases[i].format)
            fail_msg("%s: found format %d, expected %d", path, (int)found, (int)cases[i].format);
        heed_reader_free(reader);
    }
    const char *path = path_of("b.TSV.GZ");
    gzFile gz = gzopen(path, "wb");
    gzputs(gz, "text\tlabel\na\tb\n");
    gzclose(gz);
    heed_reader *reader = open_fine(path, NULL);
    assert_int_equal(heed_reader_describe(reader)->format, HEED_FORMAT_TSV);
    assert_next(reader, "a");
    heed_reader_free(reader);
}

static void the_quoting_that_was_found_can_be_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        heed_quoting quoting;
    } cases[] = {{"q.csv", "text,label\n\"a \"\"b\"\"\",c\n", HEED_QUOTING_MINIMAL},
                 {"q.csv", "text,label\n\"a \\\"b, c\",d\n", HEED_QUOTING_BACKSLASH},
                 {"q.tsv", "text\tlabel\n\"a\tb\n\"c\td\n", HEED_QUOTING_NONE},
                 {"q.txt", "\"a\"\n", HEED_QUOTING_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = path_of(cases[i].name);
        write_text(path, cases[i].text);
        heed_reader *reader = open_fine(path, NULL);
        assert_int_equal(heed_reader_describe(reader)->quoting, cases[i].quoting);
        heed_reader_free(reader);
    }
}

/* ---------------------------------------------------------------- pipes line by line */

static void write_pipe(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void a_line_on_a_pipe_is_had_at_once(void **state)
{
    (void)state;
    const char *path = path_of("live.csv");
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR); /* keeps the pipe open: what has not been written would be waited for */
    write_pipe(fd, "text,label\n");
    heed_rows_options options;
    heed_rows_options_init(&options);
    options.drop_labels = "unsup";
    heed_reader *reader = open_fine(path, &options);
    assert_false(heed_reader_ready(reader));
    write_pipe(fd, "a,x\nb,y\n\"c\n");
    assert_next(reader, "a");
    assert_true(heed_reader_ready(reader));
    assert_next(reader, "b");
    assert_false(heed_reader_ready(reader));
    write_pipe(fd, "d\",z\n");
    assert_next(reader, "c\nd");
    assert_int_equal(heed_reader_describe(reader)->total, 0);

    record_batch *batch;
    size_t count;
    assert_int_equal(record_batch_new(&batch, NULL), HEED_OK);
    write_pipe(fd, "e,x\nf,unsup\ng,");
    assert_int_equal(record_batch_fill(batch, reader, 100, 1 << 20, NULL),
                     HEED_OK); /* the dropped row holds nothing up */
    assert_bytes(record_batch_items(batch, &count)[0].text, "e");
    assert_int_equal(count, 1);
    write_pipe(fd, "x\nh,y\n");
    assert_int_equal(record_batch_fill(batch, reader, 100, 1 << 20, NULL), HEED_OK);
    assert_bytes(record_batch_items(batch, &count)[1].text, "h");
    assert_int_equal(count, 2);
    close(fd);
    assert_int_equal(record_batch_fill(batch, reader, 100, 1 << 20, NULL), HEED_END);
    record_batch_free(batch);
    heed_reader_free(reader);
    unlink(path);
}

/* ---------------------------------------------------------------- limits */

static void write_rows(const char *path, int rows, int bad_from, int bad)
{
    FILE *file = fopen(path, "wb");
    fputs("text,label\n", file);
    for (int i = 1; i <= rows; i++)
        fputs(i >= bad_from && i < bad_from + bad ? "alone\n" : "text,label\n", file);
    fclose(file);
}

static void up_to_a_hundredth_of_the_rows_may_be_bad(void **state)
{
    (void)state;
    static const struct {
        int rows, from, bad;
        bool fine;
    } cases[] = {{200, 199, 2, true},    {200, 150, 3, false}, {1000, 1, 10, true},
                 {1000, 990, 11, false}, {99, 50, 1, false},   {100, 5, 1, true}};
    heed_rows_options options;
    heed_rows_options_init(&options);
    options.on_bad_row = HEED_BAD_ROW_IS_SKIPPED;
    options.quoting = HEED_QUOTING_MINIMAL;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = path_of("share.csv");
        write_rows(path, cases[i].rows, cases[i].from, cases[i].bad);
        heed_reader *reader = open_fine(path, &options);
        const heed_record *record;
        heed_status status;
        int taken = 0;
        while ((status = heed_reader_next(&record, reader, NULL)) == HEED_OK)
            taken++;
        assert_int_equal(status, cases[i].fine ? HEED_END : HEED_BAD_DATA);
        if (cases[i].fine) {
            const heed_reader_info *info = heed_reader_describe(reader);
            assert_int_equal(info->skipped, cases[i].bad);
            assert_int_equal(taken, cases[i].rows - cases[i].bad);
            assert_non_null(strstr(info->first_skipped, "found 1 field, expected 2"));
        }
        heed_reader_free(reader);
    }
}

static void what_is_too_long_is_a_bad_row_and_reading_goes_on(void **state)
{
    (void)state;
    static const struct {
        const char *file, *head, *close, *tail;
        size_t size;
        const char *message;
    } cases[] = {
        {"long.txt", "", "\n", "", (1 << 20) + 1, "found a text of 1048577 bytes, expected at most 1048576"},
        {"long.txt", "", "\n", "", 17 << 20, "found a line of more than 16777216 bytes"},
        {"long.jsonl", "{\"text\":\"", "\"}\n", "{\"text\":\"last\"}\n", 17 << 20,
         "found a line of more than 16777216 bytes"},
        {"long.jsonl", "{\"text\":\"", "\"}\n", "{\"text\":\"last\"}\n", 2 << 20, "found a text of 2097152 bytes"},
        {"long.csv", "text,label\n", ",a\n", "last,b\n", (1 << 20) + 1,
         "long.csv:2: row 1: found a field of 1048577 bytes"},
        {"long.csv", "text,label\n", ",a\n", "last,b\n", 17 << 20,
         "long.csv:2: row 1: found a line of more than 16777216 bytes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        writer text = {0};
        const char *path = path_of(cases[i].file), *tail = cases[i].tail[0] != '\0' ? cases[i].tail : "last\n";
        writer_text(&text, cases[i].head);
        put_run(&text, 'x', cases[i].size);
        writer_text(&text, cases[i].close);
        writer_text(&text, tail);
        write_bytes(path, text.data, text.size);
        writer_release(&text);
        heed_reader *reader = open_fine(path, NULL);
        const heed_record *record;
        heed_error error = {{0}};
        assert_int_equal(heed_reader_next(&record, reader, &error), HEED_BAD_DATA);
        if (strstr(error.message, cases[i].message) == NULL)
            fail_msg("case %zu: %s", i, error.message);
        assert_int_equal(heed_reader_next(&record, reader, &error), HEED_OK);
        assert_bytes(record->text, "last");
        assert_int_equal(record->row, 2);
        assert_ends(reader, HEED_END, "");
    }
}

static void a_quote_that_never_closes_stops_within_a_field(void **state)
{
    (void)state;
    const char *path = path_of("open.csv");
    writer text = {0};
    writer_print(&text, "text,label\na,b\nc,\"");
    for (int i = 0; i < 100000; i++)
        writer_print(&text, "x,some more text\n");
    writer_print(&text, "y,\"closed\"\n"); /* too late */
    write_bytes(path, text.data, text.size);
    writer_release(&text);
    heed_rows_options options;
    heed_rows_options_init(&options);
    options.quoting = HEED_QUOTING_MINIMAL;
    options.on_bad_row = HEED_BAD_ROW_IS_SKIPPED; /* what is inside and what outside nobody can tell: not skipped */
    assert_ends(open_fine(path, &options), HEED_BAD_DATA,
                "open.csv:3: row 2: found an opening quote without a closing one within 1048576 bytes");
}

static void more_columns_than_any_table_has_are_refused(void **state)
{
    (void)state;
    const char *path = path_of("wide.csv");
    writer text = {0};
    writer_print(&text, "text");
    put_run(&text, ',', 1024);
    writer_print(&text, "\nx\n");
    write_bytes(path, text.data, text.size);
    writer_release(&text);
    heed_rows_options options;
    heed_rows_options_init(&options);
    heed_reader *reader;
    heed_error error;
    assert_int_equal(heed_reader_open(&reader, &path, 1, &options, &error), HEED_BAD_DATA);
    assert_non_null(strstr(error.message, "found 1025 columns, expected at most 1024"));
}

static void a_record_longer_than_a_read_keeps_its_place(void **state)
{
    (void)state;
    const char *path = path_of("blocks.csv");
    FILE *file = fopen(path, "wb");
    fputs("label,text,id\n", file);
    for (int i = 0; i < 300; i++)
        fprintf(file, "l%d,\"%0*d\"\"\n\"\r\n", i % 3, 100 + i * 37 % 9000, i);
    fclose(file);
    heed_rows_options options;
    heed_rows_options_init(&options);
    options.quoting = HEED_QUOTING_MINIMAL;
    heed_reader *reader;
    const heed_record *record;
    heed_error error;
    const char *paths[] = {path};
    assert_int_equal(heed_reader_open(&reader, paths, 1, &options, &error), HEED_OK);
    for (int i = 0; i < 300; i++) /* two fields, the header has three: each is reported with its own line */
        if (heed_reader_next(&record, reader, &error) == HEED_BAD_DATA) {
            char where[40];
            snprintf(where, sizeof where, "blocks.csv:%d: row %d: ", 2 + 2 * i, 1 + i);
            assert_non_null(strstr(error.message, where));
        } else {
            fail_msg("row %d was taken", i);
        }
    assert_ends(reader, HEED_END, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_file_fails_with_the_systems_word),
        cmocka_unit_test(several_files_are_one_input),
        cmocka_unit_test(gzip_is_unpacked_and_its_damage_told),
        cmocka_unit_test(a_folder_is_read_by_label_and_name),
        cmocka_unit_test(a_folder_of_folders_of_labels_is_refused),
        cmocka_unit_test(the_format_goes_by_the_extension_whatever_its_case),
        cmocka_unit_test(the_quoting_that_was_found_can_be_asked_for),
        cmocka_unit_test(a_line_on_a_pipe_is_had_at_once),
        cmocka_unit_test(up_to_a_hundredth_of_the_rows_may_be_bad),
        cmocka_unit_test(what_is_too_long_is_a_bad_row_and_reading_goes_on),
        cmocka_unit_test(a_quote_that_never_closes_stops_within_a_field),
        cmocka_unit_test(more_columns_than_any_table_has_are_refused),
        cmocka_unit_test(a_record_longer_than_a_read_keeps_its_place),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
