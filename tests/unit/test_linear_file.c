/* Files of linear models: what does not fit is refused, whatever the digest says. The container's own rules and damage
 * are test_model_file's. */
#include "unit/made_rows.h"
#include "unit/sealed_model.h"

#include <math.h>

#include "model/linear_classifier.h"
#include "model/model_file.h"
#include "model/safetensors.h"

static writer bytes; /* a file of a model of 3 labels */

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

static int tear_down(void **state)
{
    (void)state;
    writer_release(&bytes);
    return 0;
}

static stored_tensor *tensor_of(safetensors *file, const char *name)
{
    stored_tensor *t = (stored_tensor *)(uintptr_t)safetensors_find(file, name);
    assert_non_null(t);
    return t;
}

static void check_refused(const char *data, size_t size, const char *piece, const char *what)
{
    heed_model *out = NULL;
    must_refuse(model_parse(&out, data, size, "the/file", &made_error), HEED_BAD_DATA, piece, what);
    assert_null(out);
}

/* Writes the changed file, sealed, and sees it refused. */
static void check_changed(const safetensors *file, const char *piece, const char *what)
{
    writer out = {0};
    safetensors_write(&out, file);
    must(writer_check(&out, &made_error));
    assert_true(seal_model(out.data, out.size));
    check_refused(out.data, out.size, piece, what);
    writer_release(&out);
}

static void cut_files_are_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < bytes.size; size += size < 256 ? 1 : 41) {
        char *cut = malloc(size + 1); /* of its own, so that a sanitizer sees what is read behind it */
        memcpy(cut, bytes.data, size);
        check_refused(cut, size, "", "a cut file");
        free(cut);
    }
}

static void tensors_that_lie_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *tensor;
        size_t place; /* of four bytes */
        uint32_t bits;
        const char *piece;
    } cases[] = {
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
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        safetensors file;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        stored_tensor *t = tensor_of(&file, cases[i].tensor);
        char *copy = malloc(t->size);
        memcpy(copy, t->data, t->size);
        assert_in_range(4 * cases[i].place, 0, t->size - 4);
        memcpy(copy + 4 * cases[i].place, &cases[i].bits, 4);
        t->data = copy;
        check_changed(&file, cases[i].piece, cases[i].piece);
        free(copy);
        safetensors_release(&file);
    }
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
    static const struct {
        const char *tensor;
        uint64_t shape[2];
        int rank;
        tensor_type type;
        const char *piece;
    } cases[] = {
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
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        safetensors file;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        stored_tensor *t = tensor_of(&file, cases[i].tensor);
        t->type = cases[i].type;
        t->rank = cases[i].rank;
        memcpy(t->shape, cases[i].shape, sizeof cases[i].shape);
        t->size = (size_t)(t->shape[0] * (t->rank == 2 ? t->shape[1] : 1)) * 4;
        check_changed(&file, cases[i].piece, cases[i].piece);
        safetensors_release(&file);
    }
}

static void missing_and_odd_tensors_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *piece;
    } cases[] = {{"linear.kernel", "linear.kernels", "tensor linear.kernel is missing"},
                 {"linear.bias", "linear.biases", "tensor linear.bias is missing"},
                 {"linear.idf", "linear.df", "tensor linear.idf is missing"},
                 {"linear.bigrams", "linear.trigrams", "tensor linear.idf: its type or shape"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        safetensors file;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        snprintf(tensor_of(&file, cases[i].from)->name, TENSOR_NAME, "%s", cases[i].to);
        check_changed(&file, cases[i].piece, cases[i].to);
        safetensors_release(&file);
    }
}

/* Replaces one piece of the configuration by another. */
static void configurations_that_lie_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *piece;
    } cases[] = {
        {"\"linear 10\"", "\"linear 0\"", "expected a number from 0.0001"},
        {"\"linear 10\"", "\"linear 10 | max\"",
         "a window of 0 tokens for 'linear 10 | max', expected 0, and only for linear"},
        {"\"linear 10\"", "\"embed 4 | max\"",
         "a window of 0 tokens for 'embed 4 | max', expected 0, and only for linear"},
        {"\"outputs\":3", "\"outputs\":2", "2 outputs for 3 labels"},
        {"\"window\":0", "\"window\":7", "text.max_length is 0, network.window 7"},
        {"\"epochs_run\":1", "\"epochs_run\":0", "tensors, expected"},
        {"\"vocabulary\":\"counts\"", "\"vocabulary\":\"counted\"", "text.vocabulary is not"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        safetensors file;
        char *changed = NULL;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        stored_text *config = &file.metadata[strcmp(file.metadata[0].key, "heed.config") == 0 ? 0 : 1];
        char *before = config->value, *at = strstr(before, cases[i].from);
        assert_non_null(at);
        assert_true(
            asprintf(&changed, "%.*s%s%s", (int)(at - before), before, cases[i].to, at + strlen(cases[i].from)) > 0);
        config->value = changed;
        check_changed(&file, cases[i].piece, cases[i].to);
        config->value = before;
        free(changed);
        safetensors_release(&file);
    }
}

/* The harness itself changes nothing. */
static void rewritten_file_is_loaded(void **state)
{
    (void)state;
    safetensors file;
    writer out = {0};
    heed_model *m = NULL;
    must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
    safetensors_write(&out, &file);
    must(writer_check(&out, &made_error));
    assert_true(seal_model(out.data, out.size));
    must(model_parse(&m, out.data, out.size, "m", &made_error));
    assert_true(model_linear(m)->fit.strength == 10);
    heed_model_free(m);
    writer_release(&out);
    safetensors_release(&file);
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
