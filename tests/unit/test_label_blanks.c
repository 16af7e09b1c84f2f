/* Blanks around labels: what is one, and models whose labels have some. */
#include "unit/made_rows.h"

#include "base/blanks.h"

static void blanks_around_a_text_go(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {{"a", "a"},
                 {"", ""},
                 {" \t\n\v\f\r\x1C\x1F", ""},
                 {" a b\xC2\xA0", "a b"},
                 {"\xE3\x80\x80\xE2\x80\x83x\xC2\x85\xE1\x9A\x80", "x"},
                 {"\xE2\x80\x8Bx\xEF\xBB\xBF", "\xE2\x80\x8Bx\xEF\xBB\xBF"}, /* invisible, but no blanks */
                 {"\xA0x\xA0", "\xA0x\xA0"},                                 /* not UTF-8 */
                 {"\x80\x80\x80\x80", "\x80\x80\x80\x80"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(bytes_same(blanks_trim(bytes_of(cases[i].text)), bytes_of(cases[i].expected)));
    assert_int_equal(blanks_trim((heed_bytes){NULL, 0}).size, 0);
}

/* As 0.1.0 trained it: the file does not say that blanks are kept. */
static void a_model_with_blanks_in_labels_reads_rows_as_it_read_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *rows;
        bool keeps;
    } cases[] = {{"label\ttext\npos\ta\npos \tb\nneg\tc\npos\td\npos \te\nneg\tf\n", true},
                 {"label\ttext\npos\ta\nneg\tb\npos\tc\nneg\td\n", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = made_corpus(NULL);
        heed_rows_options rows = made_rows_options(NULL);
        rows.keep_blanks = true;
        must(add_rows(c, cases[i].rows, HEED_PART_ANY, &rows));
        heed_train_options train = made_train_options();
        train.architecture = "linear";
        train.validation = HEED_VALIDATION_NONE;
        heed_model *made = NULL, *model = NULL;
        char path[64];
        made_file(path, ".safetensors", "", 0);
        must(heed_train(&made, c, &train, NULL, &made_error));
        must(heed_model_save(made, path, &made_error));
        must(heed_model_load(&model, path, &made_error));
        assert_int_equal(heed_model_describe(model)->rows->keep_blanks, cases[i].keeps);
        unlink(path);
        heed_model_free(made);
        heed_model_free(model);
        heed_corpus_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_around_a_text_go),
        cmocka_unit_test(a_model_with_blanks_in_labels_reads_rows_as_it_read_its_own),
    };
    return cmocka_run_group_tests_name("label blanks", tests, NULL, NULL);
}
