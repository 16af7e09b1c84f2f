/* Files of wide models: what does not fit is refused, whatever the digest says. The container's own rules and damage
 * are test_model_file's. */
#include "unit/lying_file.h"

#include "model/wide_classifier.h"

/* A model of 3 labels: words a, b, c; pairs "a b", "b c"; "a b c"; some letters. */
static int set_up(void **state)
{
    (void)state;
    heed_train_options train = made_train_options();
    heed_model *m = NULL;
    heed_corpus *c = made_corpus(NULL);
    train.architecture = "wide words 1-3 letters 2-3 min-count 2 weight idf C 10";
    train.validation = HEED_VALIDATION_NONE;
    must(add_rows(c, "label\ttext\nx\ta b c\ny\ta b c\nz\ta\nx\ta\n", HEED_PART_ANY, NULL));
    must(heed_train(&m, c, &train, NULL, &made_error));
    must(model_print(&bytes, m, &made_error));
    assert_int_equal(model_wide(m)->features.words.nodes, 6);
    assert_int_equal(model_wide(m)->features.words.inner, 5);
    heed_model_free(m);
    heed_corpus_free(c);
    return 0;
}

static void tensors_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_bits cases[] = {
        /* begin: 3 4 5 5 6 6; last: b c c */
        {"wide.words.begin", 0, 2, "n-gram 0: found its children from 2 on, expected from 3 to 3"},
        {"wide.words.begin", 1, 7, "n-gram 1: found its children from 7 on, expected from 3 to 6"},
        {"wide.words.begin", 1, UINT32_MAX, "n-gram 1: found its children from 4294967295 on"},
        {"wide.words.begin", 2, 3, "n-gram 2: found its children from 3 on, expected from 4 to 6"},
        {"wide.words.begin", 3, 6, "n-grams: found 5 with children, expected those of up to 2 words"},
        {"wide.words.begin", 5, 5, "n-gram 5: found its children from 5 on, expected from 6 to 6"},
        {"wide.words.last", 0, 3, "n-gram 3: found the last word 3, expected sorted words below 3"},
        {"wide.words.last", 1, UINT32_MAX, "n-gram 4: found the last word 4294967295"},
        {"wide.scale", 0, 0xBF800000, "tensor wide.scale: element 0 is an idf, expected a number from 0"},
        {"wide.scale", 1, 0xBF800000, "tensor wide.scale: element 1 is an idf"},
        {"wide.scale", 2, 0x7FC00000, "tensor wide.scale: element 2 is not a finite number"},
        {"wide.scale", 3, 0x7F800000, "tensor wide.scale: element 3 is not a finite number"},
        {"wide.kernel", 5, 0x7FC00000, "tensor wide.kernel: element 5 is not a finite number"},
        {"wide.bias", 2, 0xFF800000, "tensor wide.bias: element 2 is not a finite number"},
        {"wide.letters.offsets", 1, 0, "tensor wide.letters.offsets: text 0 is broken"},
        {"wide.letters.offsets", 1, 1000000, "tensor wide.letters.offsets: text 0 is broken"},
    };
    check_bits(cases, sizeof cases / sizeof *cases);
}

/* Children of one n-gram that are not sorted, or twice there: both pairs begin with "a". */
static void n_grams_that_do_not_rise_are_refused(void **state)
{
    (void)state;
    static const uint32_t begin[] = {3, 5, 5, 5, 6, 6}, last[][3] = {{2, 1, 2}, {1, 1, 2}};
    for (size_t i = 0; i < 2; i++) {
        safetensors file;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        tensor_of(&file, "wide.words.begin")->data = (const char *)begin;
        tensor_of(&file, "wide.words.last")->data = (const char *)last[i];
        check_changed(&file, "n-gram 4: found the last word 1, expected sorted words below 3", "not sorted");
        safetensors_release(&file);
    }
}

static void repeated_letters_are_refused(void **state)
{
    (void)state;
    safetensors file;
    must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
    stored_tensor *t = tensor_of(&file, "wide.letters.bytes");
    char *copy = malloc(t->size);
    memcpy(copy, t->data, t->size);
    assert_memory_equal(copy, " a a a ", 7); /* " a", " a ", "a " */
    copy[5] = ' ';
    copy[6] = 'a';
    t->data = copy;
    check_changed(&file, "n-grams of letters: found 0 again as 2, expected each once", "letters twice");
    copy[6] = (char)0xFF;
    check_changed(&file, "tensor wide.letters.offsets: text 2 is broken", "no UTF-8");
    free(copy);
    safetensors_release(&file);
}

static void shapes_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_shape cases[] = {
        {"wide.words.begin", {5, 0}, 1, TENSOR_U32, "n-grams: found 4 with children, expected those of up to 2 words"},
        {"wide.words.begin", {1, 0}, 1, TENSOR_U32, "n-grams: found children up to 3, expected up to 6"},
        {"wide.words.begin", {3, 2}, 2, TENSOR_U32, "tensor wide.words.begin: its type or shape"},
        {"wide.words.begin", {6, 0}, 1, TENSOR_F32, "tensor wide.words.begin: its type or shape"},
        {"wide.words.last", {2, 0}, 1, TENSOR_U32, "n-gram 4: found its children from 6 on, expected from 5 to 5"},
        {"wide.words.last", {3, 0}, 1, TENSOR_F32, "tensor wide.words.last: its type or shape"},
        {"wide.scale", {3, 0}, 1, TENSOR_F32, "tensor wide.scale: its type or shape"},
        {"wide.kernel", {3, 3}, 2, TENSOR_F32, "tensor wide.kernel: its type or shape"},
        {"wide.bias", {2, 0}, 1, TENSOR_F32, "tensor wide.bias: its type or shape"},
    };
    check_shapes(cases, sizeof cases / sizeof *cases);
}

static void missing_and_odd_tensors_are_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {
        {"wide.kernel", "wide.kernels", "tensor wide.kernel is missing"},
        {"wide.bias", "wide.biases", "tensor wide.bias is missing"},
        {"wide.scale", "wide.scales", "tensor wide.scale is missing"},
        {"wide.words.begin", "wide.words.start", "tensor wide.words.begin is missing"},
        {"wide.words.last", "wide.words.end", "n-gram 1: found its children from 4 on, expected from 3 to 3"},
        {"wide.letters.bytes", "wide.letters.text", "tensor wide.letters.bytes is missing"},
        {"wide.letters.offsets", "wide.letters.off", "tensor wide.scale: its type or shape"}};
    check_names(cases, sizeof cases / sizeof *cases);
}

static void configurations_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"", "\"wide\"", "expected all items of wide"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"",
         "\"wide words 1-3 letters 2-3 min-count 2 weight idf\"", "expected all items of wide"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"",
         "\"wide words 1-3 letters 2-3 min-count 2 weight ratio C 10\"", "weight ratio, which is only for two labels"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"",
         "\"wide words 1-9 letters 2-3 min-count 2 weight idf C 10\"", "expected a range within 1-5"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"",
         "\"wide words 1-2 letters 2-3 min-count 2 weight idf C 10\"",
         "n-grams: found 5 with children, expected those of up to 1 words"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"",
         "\"wide words 1-4 letters 2-3 min-count 2 weight idf C 10\"",
         "n-grams: found 5 with children, expected those of up to 3 words"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"",
         "\"wide words 2-3 letters 2-3 min-count 2 weight idf C 10\"", "tensor wide.scale: its type or shape"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"", "\"wide words 1-3 min-count 2 weight idf C 10\"",
         "tensor wide.scale: its type or shape"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"",
         "\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10 | max\"", "a window of 0 tokens for"},
        {"\"wide words 1-3 letters 2-3 min-count 2 weight idf C 10\"", "\"linear 10\"", "tensor linear."},
        {"\"format\":2", "\"format\":1", "format 1, but it has what only format 2 has"},
        {"\"outputs\":3", "\"outputs\":2", "2 outputs for 3 labels"},
        {"\"window\":0", "\"window\":7", "text.max_length is 0, network.window 7"},
    };
    check_configurations(cases, sizeof cases / sizeof *cases);
}

static void rewritten_file_is_loaded(void **state)
{
    (void)state;
    heed_model *m = load_rewritten();
    assert_true(model_wide(m)->fit.strength == 10);
    heed_model_free(m);
}

/* Without pairs, without letters that enough rows have, and with long n-grams alone. */
static void models_without_some_tensors_are_loaded(void **state)
{
    (void)state;
    static const struct {
        const char *architecture;
        size_t features;
    } cases[] = {{"wide words 1-2 min-count 2 weight idf C 1", 1},
                 {"wide words 1-1 min-count 1 weight idf C 1", 4},
                 {"wide words 1-1 letters 8-8 min-count 2 weight idf C 1", 2},
                 {"wide words 1-3 letters 5-8 min-count 3 weight idf C 1", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_train_options train = made_train_options();
        heed_model *m = NULL, *loaded = NULL;
        writer out = {0};
        heed_corpus *c = made_corpus(NULL);
        train.architecture = cases[i].architecture;
        train.validation = HEED_VALIDATION_NONE;
        must(add_rows(c, "label\ttext\na\tx\nb\ty\na\tz x\nb\tx w\n", HEED_PART_ANY, NULL));
        must(heed_train(&m, c, &train, NULL, &made_error));
        must(model_print(&out, m, &made_error));
        must(model_parse(&loaded, out.data, out.size, "m", &made_error));
        assert_int_equal(model_wide(loaded)->fit.features, cases[i].features);
        heed_model_free(m);
        heed_model_free(loaded);
        heed_corpus_free(c);
        writer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(tensors_that_lie_are_refused),
        cmocka_unit_test(n_grams_that_do_not_rise_are_refused),
        cmocka_unit_test(repeated_letters_are_refused),
        cmocka_unit_test(shapes_that_lie_are_refused),
        cmocka_unit_test(missing_and_odd_tensors_are_refused),
        cmocka_unit_test(configurations_that_lie_are_refused),
        cmocka_unit_test(rewritten_file_is_loaded),
        cmocka_unit_test(models_without_some_tensors_are_loaded),
    };
    return cmocka_run_group_tests_name("wide file", tests, set_up, tear_down);
}
