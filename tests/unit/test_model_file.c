/* Model files: what is saved is what is loaded, and a file that cannot be written stays as it was. */
#include "unit/made_model_file.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* ---- there and back */

static void loaded_model_answers_with_the_same_bits(void **state)
{
    (void)state;
    for (unsigned labels = 2; labels <= 4; labels++) {
        char *tsv = told_rows(60, labels), path[64];
        heed_train_options train = made_train_options();
        train.mask = labels != 3;
        heed_text_options text = made_text_options();
        text.stop_words = labels == 4 ? "english" : NULL;
        heed_model *saved = trained_on(tsv, &text, &train, NULL), *loaded = NULL;
        made_file(path, ".safetensors", "old", 3);
        must(heed_model_save(saved, path, &made_error));
        must(heed_model_load(&loaded, path, &made_error));
        unlink(path);
        heed_bytes texts[50];
        float before[50 * 4], after[50 * 4], alone[4];
        const char *next = strchr(tsv, '\t');
        for (int i = 0; i < 50; i++) {
            next = strchr(next, '\n') + 1;
            texts[i] = (heed_bytes){next, strcspn(next, "\n")};
        }
        texts[49] = (heed_bytes){NULL, 0};
        made_predictions(before, saved, texts, 50, 2);
        made_predictions(after, loaded, texts, 50, 3);
        assert_memory_equal(before, after, 50 * labels * sizeof *before);
        for (int i = 0; i < 50; i += 7) { /* nor do neighbours matter */
            made_predictions(alone, loaded, &texts[i], 1, 1);
            assert_memory_equal(alone, before + (size_t)i * labels, labels * sizeof *alone);
        }
        writer again = {0}, first = {0};
        must(model_print(&first, saved, &made_error));
        must(model_print(&again, loaded, &made_error));
        assert_int_equal(first.size, again.size);
        assert_memory_equal(first.data, again.data, first.size);
        writer_release(&first);
        writer_release(&again);
        heed_model_free(saved);
        heed_model_free(loaded);
        free(tsv);
    }
}

static void rows_options_are_kept(void **state)
{
    (void)state;
    heed_rows_options options, back;
    heed_model *loaded = NULL;
    writer out = {0};
    heed_rows_options_init(&options);
    options.format = HEED_FORMAT_CSV;
    options.encoding = HEED_WINDOWS_1252;
    options.quoting = HEED_QUOTING_BACKSLASH;
    options.text_columns = "title,b\"\xC3\xB6"
                           "dy";
    options.label_map = "pos=1,neg=0";
    options.no_header = true;
    must(heed_model_set_rows_options(model, &options, &made_error));
    must(model_print(&out, model, &made_error));
    must(model_parse(&loaded, out.data, out.size, "m", &made_error));
    heed_rows_options_init(&back);
    must(heed_options_copy(&back, heed_model_describe(loaded)->rows, &made_error));
    assert_int_equal(back.format, HEED_FORMAT_CSV);
    assert_int_equal(back.encoding, HEED_WINDOWS_1252);
    assert_int_equal(back.quoting, HEED_QUOTING_BACKSLASH);
    assert_string_equal(back.text_columns, options.text_columns);
    assert_string_equal(back.label_map, options.label_map);
    assert_null(back.id_column);
    assert_true(back.no_header);
    heed_model_free(loaded);
    options.drop_labels = "\xFF";
    must_refuse(heed_model_set_rows_options(model, &options, &made_error), HEED_USAGE, "--drop-label", "no UTF-8");
    char *map = calloc(1, 70001);
    memset(map, 'x', 70000);
    options.drop_labels = NULL;
    options.label_map = map;
    must(heed_model_set_rows_options(model, &options, &made_error));
    must_refuse(model_print(&out, model, &made_error), HEED_USAGE, "expected at most 65536",
                "a map that no file holds");
    heed_rows_options_init(&options);
    must(heed_model_set_rows_options(model, &options, &made_error));
    writer_release(&out);
    free(map);
}

static bool is_of_format(const writer *file, const char *number)
{
    char text[40];
    snprintf(text, sizeof text, "{\\\"format\\\":%s,", number);
    return memmem(file->data, file->size, text, strlen(text)) != NULL;
}

/* 0.1.0 refuses a higher format than 1, so a file has one only if 0.1.0 would misunderstand it. */
static void only_what_is_newer_than_the_first_version_makes_format_2(void **state)
{
    (void)state;
    heed_rows_options options;
    heed_model *loaded = NULL;
    static const struct {
        const char *map;
        heed_text_rules rules;
        const char *format;
    } cases[] = {{NULL, HEED_TEXT_RULES_PYTHON, "1"},          {"pos=1,neg=0", HEED_TEXT_RULES_PYTHON, "1"},
                 {"a=*,*=b", HEED_TEXT_RULES_PYTHON, "1"},     {"pos=1,*", HEED_TEXT_RULES_PYTHON, "2"},
                 {"*", HEED_TEXT_RULES_PYTHON, "2"},           {NULL, HEED_TEXT_RULES_UNICODE, "2"},
                 {"pos=1,neg=0", HEED_TEXT_RULES_UNICODE, "2"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        writer out = {0}, again = {0};
        heed_rows_options_init(&options);
        options.label_map = cases[i].map;
        model->config.text.rules = cases[i].rules;
        must(heed_model_set_rows_options(model, &options, &made_error));
        must(model_print(&out, model, &made_error));
        assert_true(is_of_format(&out, cases[i].format));
        must(model_parse(&loaded, out.data, out.size, "m", &made_error));
        must(model_print(&again, loaded, &made_error));
        assert_int_equal(again.size, out.size);
        assert_memory_equal(again.data, out.data, out.size);
        heed_model_free(loaded);
        writer_release(&out);
        writer_release(&again);
    }
    model->config.text.rules = HEED_TEXT_RULES_PYTHON;
    heed_rows_options_init(&options);
    must(heed_model_set_rows_options(model, &options, &made_error));
}

/* A word of any length is saved, so it has to be loaded too. */
static void long_words_are_loaded(void **state)
{
    (void)state;
    heed_text_options text = made_text_options();
    heed_train_options train = made_train_options();
    writer rows = {0}, out = {0};
    heed_model *loaded = NULL;
    writer_print(&rows, "label\ttext\na\tx\nb\ty\na\tz\nb\tw\nb\t");
    assert_non_null(writer_reserve(&rows, 200000));
    memset(rows.data + rows.size, 'q', 200000);
    rows.size += 200000;
    writer_bytes(&rows, "\n", 2);
    train.validation = HEED_VALIDATION_NONE;
    heed_model *long_one = trained_on(rows.data, &text, &train, NULL);
    must(model_print(&out, long_one, &made_error));
    must(model_parse(&loaded, out.data, out.size, "m", &made_error));
    heed_model_free(long_one);
    heed_model_free(loaded);
    writer_release(&rows);
    writer_release(&out);
}

/* ---- files */

static void things_that_are_no_files_are_refused(void **state)
{
    (void)state;
    char empty[64], fifo[64];
    made_file(empty, ".safetensors", "", 0);
    made_file(fifo, ".fifo", "", 0);
    unlink(fifo);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    const struct {
        const char *path;
        heed_status status;
    } cases[] = {{fifo, HEED_BAD_DATA},  {"/tmp", HEED_BAD_DATA},          {"/dev/zero", HEED_BAD_DATA},
                 {empty, HEED_BAD_DATA}, {"/no/such/file", HEED_BAD_DATA}, {"", HEED_BAD_DATA}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_model *out = NULL;
        must_refuse(heed_model_load(&out, cases[i].path, &made_error), cases[i].status, cases[i].path, cases[i].path);
        assert_null(out);
    }
    unlink(empty);
    unlink(fifo);
}

static size_t files_in(const char *folder)
{
    size_t count = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        count += e->d_name[0] != '.';
    closedir(d);
    return count;
}

static void failed_saving_leaves_the_old_file(void **state)
{
    (void)state;
    char folder[] = "/tmp/heed-test-XXXXXX", path[64], found[4] = "";
    struct rlimit before, low;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/m.safetensors", folder);
    FILE *f = fopen(path, "w");
    fputs("old", f);
    fclose(f);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    low = before;
    low.rlim_cur = 1000; /* as if the disk were full */
    setrlimit(RLIMIT_FSIZE, &low);
    heed_status status = heed_model_save(model, path, &made_error);
    setrlimit(RLIMIT_FSIZE, &before);
    must_refuse(status, HEED_FAILED, path, "a full disk");
    assert_int_equal(files_in(folder), 1);
    f = fopen(path, "r");
    assert_int_equal(fread(found, 1, 3, f), 3);
    fclose(f);
    assert_string_equal(found, "old");
    must(heed_model_save(model, path, &made_error)); /* and with room it is replaced */
    assert_int_equal(files_in(folder), 1);
    heed_model *back = NULL;
    must(heed_model_load(&back, path, &made_error));
    heed_model_free(back);
    unlink(path);
    rmdir(folder);
    must_refuse(heed_model_save(model, path, &made_error), HEED_FAILED, path, "a folder that is gone");
    must_refuse(heed_model_save(model, "/tmp", &made_error), HEED_FAILED, "/tmp", "a folder");
    if (access("/dev/full", W_OK) == 0)
        must_refuse(heed_model_save(model, "/dev/full", &made_error), HEED_FAILED, "/dev/full", "a full device");
}

static void too_many_threads_are_refused(void **state)
{
    (void)state;
    heed_predictor *p = NULL;
    must_refuse(heed_predictor_new(&p, model, 100000, &made_error), HEED_USAGE, "threads", "threads");
    assert_null(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loaded_model_answers_with_the_same_bits),
        cmocka_unit_test(rows_options_are_kept),
        cmocka_unit_test(only_what_is_newer_than_the_first_version_makes_format_2),
        cmocka_unit_test(long_words_are_loaded),
        cmocka_unit_test(things_that_are_no_files_are_refused),
        cmocka_unit_test(failed_saving_leaves_the_old_file),
        cmocka_unit_test(too_many_threads_are_refused),
    };
    return cmocka_run_group_tests_name("model file", tests, set_up, tear_down);
}
