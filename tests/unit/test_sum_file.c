/* Files of sums: what does not fit is refused, whatever the digest says. The container's own rules and damage are
 * test_model_file's, those of a wide part test_wide_file's. */
#include "unit/lying_file.h"

#include "model/sum_classifier.h"

static const char rows[] = "label\ttext\nx\ta b c\ny\ta b\nz\ta\nx\ta c c\ny\tb b a\nz\ta a\n";

static void print_trained(writer *out, const char *architecture)
{
    heed_train_options train = made_train_options();
    train.architecture = architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.epochs = 1;
    heed_model *m = trained_on(rows, NULL, &train, NULL);
    must(model_print(out, m, &made_error));
    heed_model_free(m);
}

/* Two parts, which have the words a, b, c. */
static int set_up(void **state)
{
    (void)state;
    print_trained(&bytes, "wide words 1-1 min-count 1 weight idf C 10 ; embed 2 | mean");
    return 0;
}

static void tensors_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_bits cases[] = {
        {"sum.weights", 0, 0x7FC00000, "tensor sum.weights: element 0 is not a finite number"},
        {"sum.weights", 1, 0x7F800000, "is not a finite number"},
        {"sum.2.words", 0, 3, "tensor sum.2.words: element 0 is 3, expected less than 3"},
        {"sum.2.words", 2, UINT32_MAX, "tensor sum.2.words: element 2 is 4294967295, expected less than 3"},
        {"sum.2.words", 1, 0, "found word 0 again as word 1, expected every word once"},
        {"sum.1.wide.kernel", 1, 0x7FC00000, "tensor sum.1.wide.kernel: element 1 is not a finite number"},
        {"sum.1.wide.scale", 1, 0xBF800000, "tensor sum.1.wide.scale: element 1 is an idf"},
    };
    check_bits(cases, sizeof cases / sizeof *cases);
}

static void shapes_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_shape cases[] = {
        {"sum.weights", {1, 0}, 1, TENSOR_F32, "tensor sum.weights: its type or shape"},
        {"sum.weights", {2, 0}, 1, TENSOR_U32, "tensor sum.weights: its type or shape"},
        {"sum.2.words", {2, 0}, 1, TENSOR_U32, "tensor sum.2.embedding.embeddings: its type or shape"},
        {"sum.2.words", {3, 0}, 1, TENSOR_F32, "tensor sum.2.words: its type or shape"},
        {"sum.2.heed.history", {1, 17}, 2, TENSOR_F32, "tensor sum.2.heed.history: its type or shape"},
        {"sum.2.heed.history", {18, 0}, 1, TENSOR_F32, "tensor sum.2.heed.history: expected a matrix"},
        {"sum.1.wide.bias", {2, 0}, 1, TENSOR_F32, "tensor sum.1.wide.bias: its type or shape"},
    };
    check_shapes(cases, sizeof cases / sizeof *cases);
}

static void missing_tensors_are_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {
        {"sum.weights", "sum.weight", "tensor sum.weights is missing"},
        {"sum.2.words", "sum.3.words", "tensor sum.2.words is missing"},
        {"sum.1.wide.kernel", "sum.2.wide.kernel", "tensor sum.1.wide.kernel is missing"},
    };
    check_names(cases, sizeof cases / sizeof *cases);
}

static void configurations_that_lie_are_refused(void **state)
{
    (void)state;
    static const char both[] = "\"wide words 1-1 min-count 1 weight idf C 10 ; embed 2 | mean\"";
    const lying_text cases[] = {
        {"\"window\":8", "\"window\":0", "text.max_length is 8, network.window 0"},
        {both, "\"wide words 1-1 min-count 1 weight idf C 10 ; linear 1\"", "a window of 8 tokens for"},
        {both, "\"wide words 1-1 min-count 1 weight idf C 10\"", "a window of 8 tokens for"},
        {both, "\"wide ; embed 2 | mean\"", "expected all items of wide"},
        {both, "\"wide words 1-1 min-count 1 weight idf C 10 ;\"", "empty part"},
        {both, "\"embed 2 | mean ; wide words 1-1 min-count 1 weight idf C 10\"", "tensor sum.1.words is missing"},
        {both, "\"wide words 1-1 min-count 1 weight idf C 10 ; embed 3 | mean\"", "its type or shape"},
        {both, "\"wide words 1-1 min-count 1 weight idf C 10 ; embed 2 | mean ; linear 1\"",
         "tensor sum.weights: its type or shape"},
        {"\"format\":2", "\"format\":1", "format 1, but it has what only format 2 has"},
    };
    check_configurations(cases, sizeof cases / sizeof *cases);
}

/* Where no part needs a window there is none, so that a network cannot be put there. */
static void a_network_without_a_window_is_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {
        {"; linear 10\"", "; embed 2 | mean\"", "a window of 0 tokens for"},
        {"\"window\":0", "\"window\":8", "text.max_length is 0, network.window 8"},
    };
    const writer both = bytes;
    bytes = (writer){0};
    print_trained(&bytes, "wide words 1-1 min-count 1 weight idf C 10 ; linear 10");
    check_configurations(cases, sizeof cases / sizeof *cases);
    writer_release(&bytes);
    bytes = both;
}

static void rewritten_file_is_loaded(void **state)
{
    (void)state;
    heed_model *m = load_rewritten();
    assert_int_equal(model_parts(m)->count, 2);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(tensors_that_lie_are_refused),
        cmocka_unit_test(shapes_that_lie_are_refused),
        cmocka_unit_test(missing_tensors_are_refused),
        cmocka_unit_test(configurations_that_lie_are_refused),
        cmocka_unit_test(a_network_without_a_window_is_refused),
        cmocka_unit_test(rewritten_file_is_loaded),
    };
    return cmocka_run_group_tests_name("sum file", tests, set_up, tear_down);
}
