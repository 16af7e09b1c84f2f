/* Files of linear models: what does not fit is refused, whatever the digest says. The container's own rules and damage
 * are test_model_file's. */
#include "unit/lying_file.h"

#include <math.h>

#include "model/linear_classifier.h"

static int set_up(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 3);
    heed_train_options train = made_train_options();
    heed_model *m = NULL;
    heed_corpus *c = made_corpus(NULL);
    train.architecture = "linear";
    must(add_rows(c, tsv, HEED_PART_ANY, NULL));
    must(heed_train(&m, c, &train, NULL, &made_error));
    must(model_print(&bytes, m, &made_error));
    heed_model_free(m);
    heed_corpus_free(c);
    free(tsv);
    return 0;
}

static void tensors_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_bits cases[] = {
        {"linear.bigrams", 0, UINT32_MAX, "bigram 0: found words 4294967295 and"},
        {"linear.bigrams", 1, UINT32_MAX, "bigram 0: found words"},
        {"linear.bigrams", 4, 0, "bigram 2: found words 0 and"}, /* they do not rise */
        {"linear.bigrams", 3, 57, "bigram 1: found words"},
        {"linear.idf", 0, 0, "feature 0: its idf is not a finite number above 0"},
        {"linear.idf", 1, 0xBF800000, "feature 1: its idf"},
        {"linear.idf", 2, 0x7FC00000, "feature 2: its idf"},
        {"linear.idf", 3, 0x7F800000, "feature 3: its idf"},
        {"linear.kernel", 5, 0x7FC00000, "tensor linear.kernel: element 5 is not a finite number"},
        {"linear.bias", 2, 0xFF800000, "tensor linear.bias: element 2 is not a finite number"},
    };
    check_bits(cases, sizeof cases / sizeof *cases);
}

/* A bigram twice: everything else fits. */
static void repeated_bigrams_are_refused(void **state)
{
    (void)state;
    safetensors file;
    must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
    stored_tensor *t = tensor_of(&file, "linear.bigrams");
    char *copy = malloc(t->size);
    memcpy(copy, t->data, t->size);
    memcpy(copy + 8, copy, 8);
    t->data = copy;
    check_changed(&file, "bigram 1: found words", "a bigram twice");
    free(copy);
    safetensors_release(&file);
}

static void shapes_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_shape cases[] = {
        {"linear.bigrams", {1, 2}, 2, TENSOR_U32, "its type or shape is not what the configuration says"},
        {"linear.bigrams", {2, 1}, 2, TENSOR_U32, "tensor linear.bigrams: its type or shape"},
        {"linear.bigrams", {4, 0}, 1, TENSOR_U32, "tensor linear.bigrams: its type or shape"},
        {"linear.bigrams", {4, 2}, 2, TENSOR_F32, "tensor linear.bigrams: its type or shape"},
        {"linear.idf", {3, 0}, 1, TENSOR_F32, "tensor linear.idf: its type or shape"},
        {"linear.idf", {3, 1}, 2, TENSOR_F32, "tensor linear.idf: its type or shape"},
        {"linear.kernel", {3, 3}, 2, TENSOR_F32, "tensor linear.kernel: its type or shape"},
        {"linear.kernel", {1, 1}, 2, TENSOR_F32, "tensor linear.kernel: its type or shape"},
        {"linear.bias", {2, 0}, 1, TENSOR_F32, "tensor linear.bias: its type or shape"},
    };
    check_shapes(cases, sizeof cases / sizeof *cases);
}

static void missing_and_odd_tensors_are_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {{"linear.kernel", "linear.kernels", "tensor linear.kernel is missing"},
                                       {"linear.bias", "linear.biases", "tensor linear.bias is missing"},
                                       {"linear.idf", "linear.df", "tensor linear.idf is missing"},
                                       {"linear.bigrams", "linear.trigrams", "tensor linear.idf: its type or shape"}};
    check_names(cases, sizeof cases / sizeof *cases);
}

static void configurations_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {
        {"\"linear 10\"", "\"linear 0\"", "expected a number from 0.0001"},
        {"\"linear 10\"", "\"linear 10 | max\"",
         "a window of 0 tokens for 'linear 10 | max', expected 0, and only for linear and wide"},
        {"\"linear 10\"", "\"embed 4 | max\"",
         "a window of 0 tokens for 'embed 4 | max', expected 0, and only for linear and wide"},
        {"\"outputs\":3", "\"outputs\":2", "2 outputs for 3 labels"},
        {"\"window\":0", "\"window\":7", "text.max_length is 0, network.window 7"},
        {"\"epochs_run\":1", "\"epochs_run\":0", "tensors, expected"},
        {"\"vocabulary\":\"counts\"", "\"vocabulary\":\"counted\"", "text.vocabulary is not"},
    };
    check_configurations(cases, sizeof cases / sizeof *cases);
}

static void rewritten_file_is_loaded(void **state)
{
    (void)state;
    heed_model *m = load_rewritten();
    assert_true(model_linear(m)->fit.strength == 10);
    heed_model_free(m);
}

/* Every text has words of its own or one word alone: there is no bigram, and no tensor of them. */
static void model_without_bigrams_is_loaded(void **state)
{
    (void)state;
    heed_train_options train = made_train_options();
    heed_text_options text = made_text_options();
    heed_model *m = NULL, *loaded = NULL;
    writer out = {0};
    heed_corpus *c = made_corpus(&text);
    train.architecture = "linear";
    train.validation = HEED_VALIDATION_NONE;
    must(add_rows(c, "label\ttext\na\tx\nb\ty\na\tz\nb\tw\n", HEED_PART_ANY, NULL));
    must(heed_train(&m, c, &train, NULL, &made_error));
    assert_int_equal(model_linear(m)->features.bigrams, 0);
    must(model_print(&out, m, &made_error));
    must(model_parse(&loaded, out.data, out.size, "m", &made_error));
    assert_int_equal(heed_model_describe(loaded)->parameters, 5);
    heed_model_free(m);
    heed_model_free(loaded);
    heed_corpus_free(c);
    writer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(tensors_that_lie_are_refused),
        cmocka_unit_test(repeated_bigrams_are_refused),
        cmocka_unit_test(shapes_that_lie_are_refused),
        cmocka_unit_test(missing_and_odd_tensors_are_refused),
        cmocka_unit_test(configurations_that_lie_are_refused),
        cmocka_unit_test(rewritten_file_is_loaded),
        cmocka_unit_test(model_without_bigrams_is_loaded),
    };
    return cmocka_run_group_tests_name("linear file", tests, set_up, tear_down);
}
