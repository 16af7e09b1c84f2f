/* Files of models with a tokenizer: what does not fit is refused, whatever the digest says. */
#include "unit/lying_file.h"

#include "model/model.h"

static int set_up(void **state)
{
    (void)state;
    heed_train_options train = made_train_options();
    heed_text_options text = made_text_options();
    text.tokens = HEED_TOKENS_WORDPIECE;
    text.tokenizer = "golden/tokenizers/uncased";
    train.architecture = "embed 4 | max";
    train.validation = HEED_VALIDATION_NONE;
    heed_model *m =
        trained_on("label\ttext\na\tthe dog jumped\nb\tan unaffable want\na\tdog of 1\n", &text, &train, NULL);
    must(model_print(&bytes, m, &made_error));
    heed_model_free(m);
    return 0;
}

static void missing_and_odd_tensors_are_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {{"heed.tokenizer", "heed.tokenizers", "tensor heed.tokenizer is missing"},
                                       {"heed.labels.bytes", "heed.tokenizer.", "tensor heed.labels.bytes is missing"}};
    check_names(cases, sizeof cases / sizeof *cases);
}

static void tensors_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_bits bits[] = {{"heed.tokenizer", 0, 0, "heed.tokenizer:"},
                                      {"heed.tokenizer", 5, 0x7B7B7B7B, "heed.tokenizer:"}};
    static const lying_shape shapes[] = {
        {"heed.tokenizer", {9, 0}, 1, TENSOR_F32, "tensor heed.tokenizer: its type or shape"}};
    check_bits(bits, sizeof bits / sizeof *bits);
    check_shapes(shapes, sizeof shapes / sizeof *shapes);
}

static void configurations_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {
        {"\"tokens\":\"wordpiece\"", "\"tokens\":\"words\"", "tensors, expected"},
        {"\"tokens\":\"wordpiece\"", "\"tokens\":\"wordpiece:FILE\"", "configuration: text.tokens is not"},
        {"\"tokens\":\"wordpiece\"", "\"tokens\":\"wordpiece:golden/tokenizers/cased\"",
         "configuration: text.tokens is not"},
        {"\"lemmas\":\"none\"", "\"lemmas\":\"noun\"", "configuration: --tokens wordpiece: found --lemmas"},
        {"\"punctuation\":\"keep\"", "\"punctuation\":\"all\"",
         "configuration: --tokens wordpiece: found --punctuation"},
        {"\"stop_words\":null", "\"stop_words\":\"english\"", "configuration: --tokens wordpiece: found --stop-words"},
        {"\"vocabulary\":\"counts\"", "\"vocabulary\":\"keras\"",
         "configuration: --tokens wordpiece: found --vocabulary keras"},
        {"\"format\":2", "\"format\":1", "format 1, but it has what only format 2 has"},
    };
    check_configurations(cases, sizeof cases / sizeof *cases);
}

static void rewritten_file_is_loaded(void **state)
{
    (void)state;
    heed_model *m = load_rewritten();
    assert_int_equal(tokenizer_size(m->cleaner->tokenizer->words), 915);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_files_are_refused),        cmocka_unit_test(missing_and_odd_tensors_are_refused),
        cmocka_unit_test(tensors_that_lie_are_refused), cmocka_unit_test(configurations_that_lie_are_refused),
        cmocka_unit_test(rewritten_file_is_loaded),
    };
    return cmocka_run_group_tests_name("tokenizer file", tests, set_up, tear_down);
}
