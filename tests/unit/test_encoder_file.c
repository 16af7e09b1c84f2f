/* Files of models with an encoder: a model that is read answers as before, and what does not fit is refused, whatever
 * the digest says. The container's own rules are test_model_file's, those of an encoder's tensors
 * test_encoder_tensors'. */
#include "unit/lying_file.h"
#include "unit/made_encoder.h"

#include "model/model.h"

static char *varied_rows; /* of many lengths, in words and in sub-words */

static void make_rows(void)
{
    writer w = {0};
    writer_text(&w, "label\ttext\n");
    for (unsigned i = 0; i < 48; i++) {
        writer_print(&w, "%s\tthe film %u was %s", i % 2 ? "good" : "bad", i, i % 2 ? "lovely" : "dreadful");
        for (unsigned k = 0; k < i % 7; k++)
            writer_print(&w, " and we saw %u boring others", i * 7919 + k);
        writer_text(&w, "\n");
    }
    must(writer_take(&w, &varied_rows, NULL, &made_error));
}

static heed_model *train_rows(const heed_text_options *text, const char *architecture)
{
    heed_train_options train = made_train_options();
    train.architecture = architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.epochs = 1;
    return trained_on(varied_rows, text, &train, NULL);
}

static int set_up(void **state)
{
    (void)state;
    made_encoder folder;
    make_rows();
    made_encoder_open(&folder, "bert", "vocab.txt");
    heed_text_options text = encoder_text_options(&folder, 16);
    heed_model *m = train_rows(&text, "encoder | mean | linear 1");
    made_encoder_close(&folder);
    must(model_print(&bytes, m, &made_error));
    heed_model_free(m);
    return 0;
}

static int release_all(void **state)
{
    heed_free(varied_rows);
    return tear_down(state);
}

/* ---- what is read */

static void check_answers(const heed_model *m, const char *what)
{
    enum { TEXTS = 5 };
    static const char long_text[] =
        "a lovely film and we saw 1234 dreadful others with it and the number was 98765 and "
        "not long! was it awful, boring and bad? we saw 5 others and 77 good ones";
    const heed_bytes texts[TEXTS] = {bytes_of(long_text), bytes_of("lovely"), bytes_of(""),
                                     bytes_of("!?\xF0\x9F\x98\x80"),
                                     bytes_of("<b>caf\xC3\xA9</b> \xE6\x98\xA0\xE7\x94\xBB not good")};
    float before[TEXTS][2], after[TEXTS][2];
    writer file = {0}, again = {0};
    heed_model *read = NULL;
    must(model_print(&file, m, &made_error));
    must(model_parse(&read, file.data, file.size, what, &made_error));
    must(model_print(&again, read, &made_error));
    if (again.size != file.size || memcmp(again.data, file.data, file.size) != 0)
        fail_msg("%s: what was read is written otherwise", what);
    made_predictions(*before, m, texts, TEXTS, 1);
    made_predictions(*after, read, texts, TEXTS, 2);
    if (memcmp(before, after, sizeof before) != 0)
        fail_msg("%s: what was read answers otherwise", what);
    heed_model_free(read);
    writer_release(&file);
    writer_release(&again);
}

static void a_model_that_is_read_answers_as_before(void **state)
{
    (void)state;
    static const char *const architectures[] = {
        "encoder | mean | linear 1",
        "encoder | first | linear 3 ; wide words 1-1 min-count 1 weight idf C 10",
        "linear 10 ; encoder | max | linear 1",
        "encoder | mean | linear 1 ; encoder | max | linear 1",
        "encoder | mean | linear 1 ; embed 4 | lstm 3 | max",
        "embed 4 | max ; wide words 1-1 min-count 1 weight idf C 10 ; encoder | mean | linear 1",
    };
    static const struct {
        uint32_t longest, stretches;
        heed_cut cut;
    } windows[] = {{16, 0, HEED_CUT_MIDDLE},
                   {0, 0, HEED_CUT_MIDDLE},
                   {6, 3, HEED_CUT_PRE},
                   {1, 1, HEED_CUT_POST},
                   {300, 2, HEED_CUT_MIDDLE}};
    static const char *const kinds[][2] = {{"bert", "vocab.txt"}, {"static", "static.json"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        made_encoder folder;
        made_encoder_open(&folder, kinds[i][0], kinds[i][1]);
        for (size_t k = 0; k < sizeof windows / sizeof *windows; k++)
            for (size_t a = 0; a < sizeof architectures / sizeof *architectures; a++) {
                heed_text_options text = encoder_text_options(&folder, windows[k].longest);
                char what[120];
                text.stretches = windows[k].stretches;
                text.cut = windows[k].cut;
                text.save_as = (k + a) % 2 == 0 ? HEED_PRECISION_FLOAT32 : HEED_PRECISION_BFLOAT16;
                snprintf(what, sizeof what, "%s %u, %s", kinds[i][0], windows[k].longest, architectures[a]);
                heed_model *m = train_rows(&text, architectures[a]);
                check_answers(m, what);
                heed_model_free(m);
            }
        made_encoder_close(&folder);
    }
}

static void rewritten_file_is_loaded(void **state)
{
    (void)state;
    heed_model *m = load_rewritten();
    assert_non_null(m->encoder);
    heed_model_free(m);
}

/* It holds the encoder, whose weights lie in the bytes of the model's file. */
static void a_corpus_outlives_the_model_whose_encoder_it_has(void **state)
{
    (void)state;
    static const heed_bytes a_text = {"we saw 7 lovely others", 22};
    char path[64];
    heed_model *m, *again = NULL;
    heed_corpus *c;
    heed_train_options train = made_train_options();
    float before[2], after[2];
    made_file(path, ".safetensors", bytes.data, bytes.size);
    must(heed_model_load(&m, path, &made_error));
    unlink(path);
    made_predictions(before, m, &a_text, 1, 1);
    must(heed_corpus_new_like(&c, m, 0, 1, &made_error));
    heed_model_free(m);
    must(add_rows(c, varied_rows, HEED_PART_ANY, NULL));
    train.architecture = "encoder | mean | linear 1";
    train.validation = HEED_VALIDATION_NONE;
    must(heed_train(&again, c, &train, NULL, &made_error));
    heed_corpus_free(c);
    made_predictions(after, again, &a_text, 1, 1);
    assert_memory_equal(after, before, sizeof after);
    heed_model_free(again);
}

/* ---- what is refused */

static void tensors_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_bits cases[] = {
        {"features.kernel", 3, 0x7FC00000, "tensor features.kernel: element 3 is not a finite number"},
        {"features.bias", 0, 0x7F800000, "tensor features.bias: element 0 is not a finite number"},
        {"encoder.embeddings.word_embeddings.weight", 9, 0x7FC00000, "a number that is not finite"},
        {"encoder.embeddings.word_embeddings.weight", 9, 0x3F000000, "configuration: encoder is bert 2x24"},
        {"heed.encoder.config", 0, 0x20202020, "broken JSON"},
        {"heed.encoder.tokenizer", 0, 0x20202020, "broken JSON"},
    };
    check_bits(cases, sizeof cases / sizeof *cases);
}

static void shapes_that_lie_are_refused(void **state)
{
    (void)state;
    static const lying_shape cases[] = {
        {"features.kernel", {23, 1}, 2, TENSOR_F32, "tensor features.kernel: its type or shape"},
        {"features.kernel", {24, 0}, 1, TENSOR_F32, "tensor features.kernel: its type or shape"},
        {"features.bias", {1, 0}, 1, TENSOR_U32, "tensor features.bias: its type or shape"},
        {"encoder.embeddings.word_embeddings.weight", {59, 24}, 2, TENSOR_F32, "word_embeddings"},
        {"encoder.encoder.layer.1.output.dense.bias", {23, 0}, 1, TENSOR_F32, "layer.1.output.dense.bias"},
        {"heed.encoder.config", {9, 0}, 1, TENSOR_F32, "tensor heed.encoder.config: its type or shape"},
        {"heed.encoder.tokenizer", {9, 0}, 1, TENSOR_F32, "tensor heed.encoder.tokenizer: its type or shape"},
    };
    check_shapes(cases, sizeof cases / sizeof *cases);
}

static void missing_tensors_are_refused(void **state)
{
    (void)state;
    static const lying_text cases[] = {
        {"features.kernel", "features.weight", "tensor features.kernel is missing"},
        {"features.bias", "features.kernel", ""},
        {"heed.encoder.config", "heed.encoder.conf", "tensor heed.encoder.config is missing"},
        {"heed.encoder.tokenizer", "heed.encoder.words", "tensor heed.encoder.tokenizer is missing"},
        {"encoder.encoder.layer.0.output.dense.bias", "encoder.encoder.layer.9.output.dense.bias",
         "layer.0.output.dense.bias"},
        {"encoder.embeddings.word_embeddings.weight", "word_embeddings.weight", "word_embeddings"},
    };
    check_names(cases, sizeof cases / sizeof *cases);
}

static void configurations_that_lie_are_refused(void **state)
{
    (void)state;
    static const char whole[] = "\"encoder bert 2x24 | mean | linear 1\"";
    const lying_text cases[] = {
        {"\"encoder\":{", "\"encode\":{", "unknown sections"},
        {"\"name\":\"bert 2x24\"", "\"name\":\"bert 3x24\"", "encoder is bert 3x24"},
        {"\"name\":\"bert 2x24\"", "\"name\":null", "encoder is there without a digest"},
        {"\"digest\":\"", "\"digest\":\"0", "configuration: encoder is bert 2x24 0"},
        {"\"encoder\":{", "\"encoder\":{\"more\":1,", "encoder has unknown fields"},
        {whole, "\"encoder distilbert 2x24 | mean | linear 1\"", "'encoder distilbert 2x24'"},
        {whole, "\"encoder bert 2x24 | mean | linear\"", "needs an encoder, its name and C"},
        {whole, "\"encoder | mean | linear 1\"", "needs an encoder, its name and C"},
        {whole, "\"encoder bert 2x24 | sum | linear 1\"", "expected mean, first or max"},
        {whole, "\"linear 1\"", "heed.vocabulary"},
        {whole, "\"encoder bert 2x24 | mean | linear 1 ; encoder bert 2x24 | max | linear 1\"",
         "tensor sum.weights is missing"},
        {"\"window\":16", "\"window\":0", "text.max_length is 16, network.window 0"},
        {"\"format\":2", "\"format\":1", "format 1, but it has what only format 2 has"},
    };
    check_configurations(cases, sizeof cases / sizeof *cases);
}

/* Replaces the bytes of a tensor that is a text. */
static void check_text(const char *tensor, const char *from, const char *to, const char *piece)
{
    safetensors file;
    writer text = {0};
    must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
    stored_tensor *t = tensor_of(&file, tensor);
    const char *at = memmem(t->data, t->size, from, strlen(from));
    assert_non_null(at);
    writer_bytes(&text, t->data, (size_t)(at - t->data));
    writer_text(&text, to);
    writer_bytes(&text, at + strlen(from), t->size - (size_t)(at - t->data) - strlen(from));
    must(writer_check(&text, &made_error));
    t->data = text.data;
    t->size = text.size;
    t->shape[0] = text.size;
    check_changed(&file, piece, to);
    safetensors_release(&file);
    writer_release(&text);
}

static void texts_that_lie_are_refused(void **state)
{
    (void)state;
    check_text("heed.encoder.tokenizer", "\"a\": 59", "\"a\": 59, \"one too many\": 60",
               "expected at most the 60 of the weights");
    check_text("heed.encoder.tokenizer", "\"WordPiece\"", "\"WordLevel\"", "WordLevel");
    check_text("heed.encoder.tokenizer", "\"love\"", "\"lone\"", "configuration: encoder is bert 2x24");
    check_text("heed.encoder.config", "\"bert\"", "\"gpt2\"", "gpt2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_that_is_read_answers_as_before),
        cmocka_unit_test(a_corpus_outlives_the_model_whose_encoder_it_has),
        cmocka_unit_test(rewritten_file_is_loaded),
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(tensors_that_lie_are_refused),
        cmocka_unit_test(shapes_that_lie_are_refused),
        cmocka_unit_test(missing_tensors_are_refused),
        cmocka_unit_test(configurations_that_lie_are_refused),
        cmocka_unit_test(texts_that_lie_are_refused),
    };
    return cmocka_run_group_tests_name("encoder file", tests, set_up, release_all);
}
