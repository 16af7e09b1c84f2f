/* Encoders inside a larger file of tensors: what is written of one reads back as the same, whatever else the file
 * holds; one line for each that does not fit. */
#include "unit/golden_encoders.h"

#include <float.h>
#include <math.h>

#include "math/bfloat16.h"

enum { MANY = 500, MOST = 100 };
#define PREFIX "model.encoder."

static const char *const folders[] = {
    "bert",         "bert-gelu-new", "bert-tanh",      "bert-relu",  "bert-classifier",
    "bert-float16", "bert-bfloat16", "bert-two-files", "distilbert", "distilbert-relu",
    "bert-gamma",   "static",        "static-int8"};
enum { FOLDERS = sizeof folders / sizeof *folders };

/* ---- a file of an encoder and others */

typedef struct written {
    stored_tensor tensors[MOST];
    void *converted[MOST];
    size_t count, converted_count;
    char *config, *data;
    size_t size;
} written;

static stored_tensor *add(written *w, const char *prefix, const char *name, tensor_type type, uint64_t rows,
                          uint64_t columns, const void *data)
{
    assert_true(w->count < MOST);
    stored_tensor *t = &w->tensors[w->count++];
    *t = (stored_tensor){.type = type, .rank = columns == 0 ? 1 : 2, .shape = {rows, columns}, .data = data};
    t->size = rows * (columns == 0 ? 1 : columns) * tensor_width(type);
    assert_true(snprintf(t->name, sizeof t->name, "%s%s", prefix, name) < TENSOR_NAME);
    return t;
}

/* How numbers are stored: as the encoder gives them, or all of them as one type. */
typedef enum storage { AS_GIVEN, AS_FLOAT32, AS_BFLOAT16 } storage;

static void convert(written *w, stored_tensor *t, storage s)
{
    size_t count = t->size / tensor_width(t->type);
    char *made = NULL;
    if (s == AS_BFLOAT16 && t->type == TENSOR_F32) {
        assert_non_null(made = malloc(count * sizeof(uint16_t)));
        for (size_t i = 0; i < count; i++)
            ((uint16_t *)(void *)made)[i] = bfloat16_of(((const float *)(const void *)t->data)[i]);
        t->type = TENSOR_BF16;
    } else if (s == AS_FLOAT32 && t->type == TENSOR_BF16) {
        assert_non_null(made = malloc(count * sizeof(float)));
        for (size_t i = 0; i < count; i++)
            ((float *)(void *)made)[i] = bfloat16_value(((const uint16_t *)(const void *)t->data)[i]);
        t->type = TENSOR_F32;
    } else
        return;
    w->converted[w->converted_count++] = made;
    t->data = made;
    t->size = count * tensor_width(t->type);
}

/* The encoder's tensors behind one of `lead` bytes, among some that are named like an encoder's but for the prefix. */
static written list_of(const encoder *e, uint64_t lead, storage s)
{
    static const float others[24 * 24];
    written w = {0};
    add(&w, "", "words", TENSOR_U8, lead, 0, others);
    add(&w, "", "embeddings.word_embeddings.weight", TENSOR_F32, 3, 5, others);
    add(&w, "", "embeddings", TENSOR_I32, 4, 0, others);
    for (size_t i = 0; i < encoder_tensor_count(e); i++) {
        encoder_tensor t;
        encoder_tensor_at(e, i, &t);
        assert_true(t.rank == 1 || t.rank == 2);
        convert(&w, add(&w, PREFIX, t.name, t.type, t.shape[0], t.rank == 1 ? 0 : t.shape[1], t.data), s);
    }
    add(&w, "", "mapping", TENSOR_F32, 2, 0, others);
    add(&w, "", "encoder.layer.2.attention.self.query.weight", TENSOR_F32, 24, 24, others);
    encoder_must(encoder_config_text(&w.config, e, &encoder_error));
    return w;
}

static stored_tensor *tensor_named(written *w, const char *name)
{
    for (size_t i = 0; i < w->count; i++)
        if (strcmp(w->tensors[i].name, name) == 0)
            return &w->tensors[i];
    fail_msg("no tensor %s", name);
    return NULL;
}

static void fill_tensor(written *w, const char *name, float value)
{
    static float values[60 * 40];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        values[i] = value;
    stored_tensor *t = tensor_named(w, name);
    assert_true(t->size <= sizeof values);
    t->data = (const char *)values;
}

static void write_list(written *w)
{
    writer out = {0};
    safetensors_write(&out, &(safetensors){.tensors = w->tensors, .count = w->count});
    encoder_must(writer_take(&out, &w->data, &w->size, &encoder_error));
}

/* The list of the file's tensors does not outlive it. */
static heed_status read_written(encoder **out, const written *w, const char *prefix)
{
    safetensors file;
    encoder_must(safetensors_parse_any(&file, w->data, w->size, &encoder_error));
    heed_status status = encoder_from_tensors(out, "a.heed", bytes_of(w->config), &file, prefix, &encoder_error);
    safetensors_release(&file);
    return status;
}

static void release_written(written *w)
{
    for (size_t i = 0; i < w->converted_count; i++)
        free(w->converted[i]);
    free(w->config);
    free(w->data);
}

/* ---- the same again */

static void assert_same_encoder(const char *folder, golden_encoder *g, encoder *again)
{
    char *text;
    encoder *before = g->e;
    real *expected = golden_states(g, golden_texts(g), MANY, false);
    g->e = again;
    real *found = golden_states(g, golden_texts(g), MANY, false);
    g->e = before;
    if (strcmp(before->weights.digest, again->weights.digest) != 0)
        fail_msg("%s: digest %s, expected %s", folder, again->weights.digest, before->weights.digest);
    if (memcmp(found, expected, g->tokens * g->width * sizeof *found) != 0)
        fail_msg("%s: other states", folder);
    assert_memory_equal(&before->config, &again->config, sizeof before->config);
    encoder_must(encoder_config_text(&text, before, &encoder_error));
    char *text_again;
    encoder_must(encoder_config_text(&text_again, again, &encoder_error));
    assert_string_equal(text_again, text);
    free(text_again);
    free(text);
    free(found);
    free(expected);
}

static bool lies_in(const written *w, const void *data)
{
    return (const char *)data > w->data && (const char *)data < w->data + w->size;
}

/* Tensors are used where they lie if their bytes lie at multiples of their elements' size. */
static void check_again(const char *folder, uint64_t lead, storage s)
{
    golden_encoder g = golden_encoder_open(folder, 2);
    written w = list_of(g.e, lead, s);
    encoder *again;
    write_list(&w);
    encoder_must(read_written(&again, &w, PREFIX));
    assert_same_encoder(folder, &g, again);
    size_t mapping = again->weights.rows == NULL ? 0 : (size_t)again->config.vocabulary * sizeof(uint32_t);
    const encoder_weights *weights = &again->weights;
    if (s == AS_FLOAT32)
        assert_null(weights->words16);
    if (weights->words == NULL)
        assert_true(lies_in(&w, weights->words16) == (lead % sizeof(uint16_t) == 0));
    else
        assert_true(lies_in(&w, weights->words) == (lead % sizeof(float) == 0));
    if (lead % sizeof(float) == 0)
        assert_int_equal(weights->copied_bytes, mapping);
    else
        assert_true(weights->copied_bytes > mapping || (weights->words == NULL && lead % sizeof(uint16_t) == 0));
    encoder_free(again);
    release_written(&w);
    golden_encoder_close(&g);
}

static void encoders_read_back_as_they_were(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS; f++)
        for (uint64_t lead = 61; lead <= 64; lead++) {
            check_again(folders[f], lead, AS_GIVEN);
            check_again(folders[f], lead, AS_FLOAT32);
        }
}

static void tensors_are_counted_and_named_as_in_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *first, *last;
        size_t count;
        tensor_type last_type;
    } cases[] = {
        {"bert", "embeddings.word_embeddings.weight", "encoder.layer.1.output.LayerNorm.bias", 37, TENSOR_F32},
        {"bert-classifier", "embeddings.word_embeddings.weight", "encoder.layer.0.output.LayerNorm.bias", 21,
         TENSOR_F32},
        {"bert-gamma", "embeddings.word_embeddings.weight", "encoder.layer.0.output.LayerNorm.bias", 21, TENSOR_F32},
        {"distilbert", "embeddings.word_embeddings.weight", "transformer.layer.1.output_layer_norm.bias", 36,
         TENSOR_F32},
        {"static", "embeddings", "embeddings", 1, TENSOR_F32},
        {"static-int8", "embeddings", "weights", 3, TENSOR_F32}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        golden_encoder g = golden_encoder_open(cases[i].folder, 1);
        encoder_tensor t;
        assert_int_equal(encoder_tensor_count(g.e), cases[i].count);
        encoder_tensor_at(g.e, 0, &t);
        assert_string_equal(t.name, cases[i].first);
        encoder_tensor_at(g.e, cases[i].count - 1, &t);
        assert_string_equal(t.name, cases[i].last);
        assert_int_equal(t.type, cases[i].last_type);
        golden_encoder_close(&g);
    }
}

/* ---- bfloat16 */

static void assert_words_are_rounded(const encoder *e, const encoder *rounded)
{
    size_t width = (size_t)e->config.width;
    real *word = calloc(2 * width, sizeof *word), *found = word + width;
    assert_non_null(word);
    for (uint32_t id = 0; id < (uint32_t)e->config.vocabulary; id++) {
        encoder_word(e, id, word);
        encoder_word(rounded, id, found);
        for (size_t i = 0; i < width; i++)
            assert_true(found[i] == bfloat16_value(bfloat16_of(word[i])));
    }
    free(word);
}

/* Rounded in memory, it is what a file of rounded numbers reads as, whose words stay there. */
static void check_rounded(const char *folder, uint64_t lead)
{
    golden_encoder g = golden_encoder_open(folder, 2);
    written w = list_of(g.e, lead, AS_BFLOAT16);
    encoder *rounded, *again, *twice;
    write_list(&w);
    encoder_must(read_written(&again, &w, PREFIX));
    encoder_must(encoder_rounded(&rounded, g.e, &encoder_error));
    assert_words_are_rounded(g.e, rounded);
    bool was_rounded = strcmp(folder, "bert-bfloat16") == 0;
    assert_true((strcmp(rounded->weights.digest, g.e->weights.digest) == 0) == was_rounded);
    encoder_free(g.e);
    g.e = rounded;
    assert_same_encoder(folder, &g, again);
    assert_null(again->weights.words);
    assert_true(lies_in(&w, again->weights.words16) == (lead % sizeof(uint16_t) == 0));
    encoder_must(encoder_rounded(&twice, rounded, &encoder_error));
    assert_same_encoder(folder, &g, twice);
    encoder_free(twice);
    encoder_free(again);
    release_written(&w);
    golden_encoder_close(&g);
}

static void rounded_encoders_are_those_of_rounded_files(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS; f++)
        for (uint64_t lead = 63; lead <= 64; lead++)
            check_rounded(folders[f], lead);
}

static void words_of_a_bfloat16_folder_stay_in_it(void **state)
{
    (void)state;
    golden_encoder g = golden_encoder_open("bert-bfloat16", 1);
    encoder_tensor t;
    size_t others = 0;
    for (size_t i = 1; i < encoder_tensor_count(g.e); i++) {
        encoder_tensor_at(g.e, i, &t);
        others += (size_t)(t.shape[0] * (t.rank == 1 ? 1 : t.shape[1])) * sizeof(float);
    }
    assert_null(g.e->weights.words);
    assert_int_equal(g.e->weights.copied_bytes, others);
    golden_encoder_close(&g);
}

static void numbers_that_round_to_infinity_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {PREFIX "embeddings.word_embeddings.weight",
                                        PREFIX "encoder.layer.1.output.dense.bias"};
    for (size_t i = 0; i < 2; i++) {
        golden_encoder g = golden_encoder_open("bert", 1);
        written w = list_of(g.e, 64, AS_GIVEN);
        encoder *e, *rounded;
        char expected[200];
        fill_tensor(&w, names[i], FLT_MAX);
        write_list(&w);
        encoder_must(read_written(&e, &w, PREFIX));
        assert_int_equal(encoder_rounded(&rounded, e, &encoder_error), HEED_BAD_DATA);
        assert_null(rounded);
        snprintf(expected, sizeof expected, "rounded to bfloat16: tensor %s has a number that is not finite",
                 names[i] + strlen(PREFIX));
        assert_string_equal(encoder_error.message, expected);
        encoder_free(e);
        release_written(&w);
        golden_encoder_close(&g);
    }
}

/* ---- the config */

static char *text_of(const char *config)
{
    encoder e = {0};
    char *text;
    encoder_must(encoder_config_parse(&e.config, bytes_of(config), &encoder_error));
    encoder_must(encoder_config_text(&text, &e, &encoder_error));
    return text;
}

static void configs_have_one_text(void **state)
{
    (void)state;
    static const struct {
        const char *config, *text;
    } cases[] = {
        {"{\"model_type\": \"bert\", \"hidden_size\": 24, \"num_hidden_layers\": 2, \"num_attention_heads\": 3,"
         " \"intermediate_size\": 40, \"max_position_embeddings\": 80, \"vocab_size\": 60, \"type_vocab_size\": 2,"
         " \"hidden_act\": \"gelu_pytorch_tanh\", \"layer_norm_eps\": 0.00001, \"use_cache\": true}",
         "{\"model_type\": \"bert\", \"hidden_size\": 24, \"num_hidden_layers\": 2, \"num_attention_heads\": 3,"
         " \"intermediate_size\": 40, \"max_position_embeddings\": 80, \"vocab_size\": 60, \"type_vocab_size\": 2,"
         " \"hidden_act\": \"gelu_new\", \"layer_norm_eps\": 1e-05}"},
        {"{\"_name_or_path\": \"/x\", \"layer_norm_eps\": 1e-5, \"vocab_size\": 60, \"hidden_act\": \"gelu_fast\",\n"
         "  \"type_vocab_size\": 2, \"max_position_embeddings\": 80, \"intermediate_size\": 40,\n"
         "  \"num_attention_heads\": 3, \"num_hidden_layers\": 2, \"hidden_size\": 24, \"model_type\": \"bert\"}",
         "{\"model_type\": \"bert\", \"hidden_size\": 24, \"num_hidden_layers\": 2, \"num_attention_heads\": 3,"
         " \"intermediate_size\": 40, \"max_position_embeddings\": 80, \"vocab_size\": 60, \"type_vocab_size\": 2,"
         " \"hidden_act\": \"gelu_new\", \"layer_norm_eps\": 1e-05}"},
        {"{\"model_type\": \"distilbert\", \"dim\": 20, \"n_layers\": 1, \"n_heads\": 4, \"hidden_dim\": 36,"
         " \"max_position_embeddings\": 80, \"vocab_size\": 60, \"activation\": \"relu\", \"type_vocab_size\": 9}",
         "{\"model_type\": \"distilbert\", \"dim\": 20, \"n_layers\": 1, \"n_heads\": 4, \"hidden_dim\": 36,"
         " \"max_position_embeddings\": 80, \"vocab_size\": 60, \"activation\": \"relu\", \"layer_norm_eps\": 1e-12}"},
        {"{\"normalize\": true, \"hidden_dim\": 16}",
         "{\"model_type\": \"model2vec\", \"hidden_dim\": 16, \"normalize\": true}"},
        {"{\"hidden_dim\": 16, \"model_type\": \"model2vec\", \"seed\": 1}",
         "{\"model_type\": \"model2vec\", \"hidden_dim\": 16, \"normalize\": false}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = text_of(cases[i].config), *again = text_of(text);
        assert_string_equal(text, cases[i].text);
        assert_string_equal(again, text);
        free(again);
        free(text);
    }
}

static void every_epsilon_keeps_its_bits(void **state)
{
    (void)state;
    static const double tried[] = {1, 1e-12, 0.1, 1.0 / 3, 4.9e-324, 1.2345678901234567e-7, 0.99999999999999989};
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        encoder_config config = {.family = ENCODER_BERT, .width = 2, .vocabulary = 3, .layers = 1, .heads = 1};
        config.feed = config.window = config.positions = config.token_types = 1;
        config.epsilon = tried[i];
        encoder_config again;
        writer text = {0};
        encoder_config_write(&text, &config);
        encoder_must(encoder_config_parse(&again, (heed_bytes){text.data, text.size}, &encoder_error));
        assert_true(again.epsilon == tried[i]);
        writer_release(&text);
    }
}

/* ---- broken */

static void rename_tensor(written *w, const char *name)
{
    strcpy(tensor_named(w, name)->name, "elsewhere");
}

static void turn_tensor(written *w, const char *name)
{
    stored_tensor *t = tensor_named(w, name);
    uint64_t rows = t->shape[0];
    t->shape[0] = t->shape[1];
    t->shape[1] = rows;
}

static void shorten_tensor(written *w, const char *name)
{
    stored_tensor *t = tensor_named(w, name);
    t->shape[0]--;
    t->size -= tensor_width(t->type);
}

static void fill_with_nan(written *w, const char *name)
{
    fill_tensor(w, name, NAN);
}

static void make_integers(written *w, const char *name)
{
    tensor_named(w, name)->type = TENSOR_U32;
}

static void add_block(written *w, const char *name)
{
    static const float zeros[24 * 24];
    add(w, "", name, TENSOR_F32, 24, 24, zeros);
}

#define BLOCK(number, name) PREFIX "encoder.layer." number "." name
static const struct {
    const char *folder;
    void (*spoil)(written *w, const char *name);
    const char *name, *message;
} broken[] = {
    {"bert", rename_tensor, PREFIX "embeddings.word_embeddings.weight",
     "a.heed: no tensor " PREFIX "embeddings.word_embeddings.weight, which the config asks for"},
    {"bert", rename_tensor, BLOCK("1", "output.LayerNorm.bias"),
     "a.heed: no tensor " BLOCK("1", "output.LayerNorm.bias") ", which the config asks for"},
    {"bert", turn_tensor, BLOCK("0", "intermediate.dense.weight"),
     "a.heed: tensor " BLOCK("0", "intermediate.dense.weight") " has the shape [24, 40], expected [40, 24] by the "
                                                               "config"},
    {"bert", fill_with_nan, BLOCK("1", "attention.self.key.bias"),
     "a.heed: tensor " BLOCK("1", "attention.self.key.bias") " has a number that is not finite"},
    {"bert", fill_with_nan, PREFIX "embeddings.word_embeddings.weight",
     "a.heed: tensor " PREFIX "embeddings.word_embeddings.weight has a number that is not finite"},
    {"bert", make_integers, BLOCK("0", "output.dense.bias"),
     "a.heed: tensor " BLOCK("0", "output.dense.bias") " is of type U32, expected F32, F16 or BF16"},
    {"bert", add_block, BLOCK("2", "attention.self.query.weight"),
     "a.heed: found tensor " BLOCK("2", "attention.self.query.weight") ", expected no block after the 2 of the config"},
    {"static-int8", rename_tensor, PREFIX "embeddings",
     "a.heed: no tensor " PREFIX "embeddings, which the config asks for"},
    {"static-int8", rename_tensor, PREFIX "mapping",
     "a.heed: tensor " PREFIX "weights has the shape [50], expected [30] by the config"},
    {"static-int8", shorten_tensor, PREFIX "weights",
     "a.heed: tensor " PREFIX "weights has the shape [49], expected [50] by the config"},
    {"static-int8", fill_with_nan, PREFIX "mapping",
     "a.heed: tensor " PREFIX "mapping: number 0 is not a row of the 30 embeddings"},
    {"static-int8", fill_with_nan, PREFIX "weights",
     "a.heed: tensor " PREFIX "weights has a number that is not finite"},
};

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        golden_encoder g = golden_encoder_open(broken[i].folder, 1);
        written w = list_of(g.e, 64, AS_GIVEN);
        encoder *e;
        broken[i].spoil(&w, broken[i].name);
        write_list(&w);
        assert_int_equal(read_written(&e, &w, PREFIX), HEED_BAD_DATA);
        assert_null(e);
        assert_string_equal(encoder_error.message, broken[i].message);
        release_written(&w);
        golden_encoder_close(&g);
    }
}

static void only_names_with_the_prefix_count(void **state)
{
    (void)state;
    golden_encoder g = golden_encoder_open("bert", 1);
    written w = list_of(g.e, 64, AS_GIVEN);
    encoder *e;
    write_list(&w);
    assert_int_equal(read_written(&e, &w, "other."), HEED_BAD_DATA);
    assert_string_equal(encoder_error.message,
                        "a.heed: no tensor other.embeddings.word_embeddings.weight, which the config asks for");
    assert_int_equal(read_written(&e, &w, ""), HEED_BAD_DATA); /* the ones beside them */
    assert_string_equal(encoder_error.message, "a.heed: found tensor encoder.layer.2.attention.self.query.weight, "
                                               "expected no block after the 2 of the config");
    w.config[0] = '[';
    assert_int_equal(read_written(&e, &w, PREFIX), HEED_BAD_DATA);
    assert_non_null(strstr(encoder_error.message, "a.heed/config.json: line 1: broken JSON"));
    assert_null(e);
    release_written(&w);
    golden_encoder_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoders_read_back_as_they_were),
        cmocka_unit_test(tensors_are_counted_and_named_as_in_the_file),
        cmocka_unit_test(rounded_encoders_are_those_of_rounded_files),
        cmocka_unit_test(words_of_a_bfloat16_folder_stay_in_it),
        cmocka_unit_test(numbers_that_round_to_infinity_are_refused),
        cmocka_unit_test(configs_have_one_text),
        cmocka_unit_test(every_epsilon_keeps_its_bits),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(only_names_with_the_prefix_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
