/* Folders of encoders: what they are, and one line for each that is cut, altered, missing or of another family. */
#include "unit/golden_encoders.h"
#include "unit/made_folder.h"

#include <unistd.h>

/* ---- good ones */

static void families_and_sizes_are_described(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *text;
        bool copied; /* its weights are not float32 */
    } cases[] = {{"bert", "bert 2x24", false},
                 {"bert-classifier", "bert 1x24", false},
                 {"distilbert", "distilbert 2x20", false},
                 {"bert-float16", "bert 1x24", true},
                 {"bert-bfloat16", "bert 1x24", true},
                 {"bert-two-files", "bert 2x24", false},
                 {"static", "static 16", false},
                 {"static-int8", "static 16", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        golden_encoder g = golden_encoder_open(cases[i].folder, 1);
        char text[32];
        encoder_describe(g.e, text, sizeof text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(g.e->weights.copied_bytes > 0, cases[i].copied);
        assert_int_equal(strlen(g.e->weights.digest), 32);
        golden_encoder_close(&g);
    }
}

static void normalizing_and_vocabulary_of_static_encoders_are_read(void **state)
{
    (void)state;
    golden_encoder plain = golden_encoder_open("static", 1), mapped = golden_encoder_open("static-int8", 1);
    assert_true(plain.e->config.normalizes && !mapped.e->config.normalizes);
    assert_int_equal(plain.e->config.vocabulary, 30);
    assert_int_equal(mapped.e->config.vocabulary, 50);
    assert_int_equal(plain.e->config.window, 0);
    golden_encoder_close(&plain);
    golden_encoder_close(&mapped);
}

/* ---- bytes of a golden folder, to be altered */

typedef struct parts {
    char *config, *tensors;
    size_t config_size, tensors_size;
} parts;

static parts read_parts(const char *folder)
{
    parts p;
    char path[100];
    snprintf(path, sizeof path, "golden/encoders/%s/config.json", folder);
    encoder_must(file_read(&p.config, &p.config_size, path, 1 << 20, &encoder_error));
    snprintf(path, sizeof path, "golden/encoders/%s/model.safetensors", folder);
    encoder_must(file_read(&p.tensors, &p.tensors_size, path, 1 << 20, &encoder_error));
    return p;
}

static void free_parts(parts *p)
{
    free(p->config);
    free(p->tensors);
}

static heed_status parse(encoder **out, const parts *p)
{
    return encoder_from_bytes(out, "seed", (heed_bytes){p->config, p->config_size},
                              (heed_bytes){p->tensors, p->tensors_size}, &encoder_error);
}

/* The first `from` becomes `to`. */
static void replace(char **text, size_t *size, const char *from, const char *to)
{
    char *at = memmem(*text, *size, from, strlen(from));
    if (at == NULL)
        fail_msg("nothing like %s", from);
    size_t before = (size_t)(at - *text), after = *size - before - strlen(from);
    char *made = malloc(*size + strlen(to) + 1);
    assert_non_null(made);
    memcpy(made, *text, before);
    memcpy(made + before, to, strlen(to));
    memcpy(made + before + strlen(to), at + strlen(from), after);
    free(*text);
    *text = made;
    *size = before + strlen(to) + after;
    made[*size] = '\0';
}

static void assert_refused(const parts *p, const char *what, const char *message)
{
    encoder *e;
    if (parse(&e, p) != HEED_BAD_DATA)
        fail_msg("taken, or failed otherwise: %s", what);
    assert_null(e);
    if (strstr(encoder_error.message, message) == NULL || strchr(encoder_error.message, '\n') != NULL)
        fail_msg("%s: found '%s', expected '%s'", what, encoder_error.message, message);
}

/* ---- altered */

static const struct {
    const char *folder, *from, *to, *message;
} bad_configs[] = {
    {"bert", "\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"",
     "seed/config.json: model_type: found gpt2, expected bert, distilbert, roberta, xlm-roberta or model2vec"},
    {"bert", "\"model_type\": \"bert\"", "\"type\": \"bert\"", "model_type: found nothing, expected bert"},
    {"bert", "\"model_type\": \"bert\"", "\"model_type\": 7", "model_type: found a number, expected bert"},
    {"bert", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"silu\"", "hidden_act: found silu, expected gelu, gelu_new"},
    {"distilbert", "\"activation\": \"gelu\"", "\"activation\": null", "activation: found null, expected gelu"},
    {"bert", "\"hidden_size\": 24", "\"hidden_size\": -24", "hidden_size: found -24, expected 1 to 65536"},
    {"bert", "\"hidden_size\": 24", "\"hidden_size\": 24.5", "hidden_size: found a number, expected a whole number"},
    {"bert", "\"hidden_size\": 24,", "", "hidden_size: found nothing, expected a whole number from 1 to 65536"},
    {"bert", "\"hidden_size\": 24", "\"hidden_size\": 25", "3 heads, expected a divisor of the 25 features"},
    {"bert", "\"hidden_size\": 24", "\"hidden_size\": 27",
     "seed: tensor embeddings.word_embeddings.weight has the shape [60, 24], expected [60, 27] by the config"},
    {"bert", "\"num_attention_heads\": 3", "\"num_attention_heads\": 0", "num_attention_heads: found 0, expected 1 to"},
    {"bert", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1",
     "found tensor encoder.layer.1.attention.self.query.weight, expected no block after the 1 of the config"},
    {"bert", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3",
     "seed: no tensor encoder.layer.2.attention.self.query.weight, which the config asks for"},
    {"bert", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 99999999999999", "expected 1 to 1024"},
    {"bert", "\"max_position_embeddings\": 80", "\"max_position_embeddings\": 512", "expected [512, 24] by the config"},
    {"bert", "\"intermediate_size\": 40", "\"intermediate_size\": 24",
     "encoder.layer.0.intermediate.dense.weight has the shape [40, 24], expected [24, 24]"},
    {"bert", "\"type_vocab_size\": 2", "\"type_vocab_size\": 1", "token_type_embeddings.weight has the shape [2, 24]"},
    {"bert", "\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": 0", "layer_norm_eps: found another one, expected"},
    {"bert", "\"use_cache\": true", "\"position_embedding_type\": \"relative_key\"",
     "position_embedding_type: found relative_key, expected absolute"},
    {"bert", "\"is_decoder\": false", "\"is_decoder\": true", "is_decoder: found true, expected false"},
    {"bert", "\"use_cache\": true", "\"quantization_config\": {}",
     "quantization_config: found a list or an object, expected null"},
    {"bert", "{", "", "config.json: line 2: broken JSON"},
    {"bert", "\"use_cache\": true", "\"is_decoder\": false", "config.json: line"}, /* twice the same key */
    {"distilbert", "\"dim\": 20", "\"dim\": \"20\"", "dim: found 20, expected a whole number"},
    {"distilbert", "\"model_type\": \"distilbert\"", "\"model_type\": \"bert\"", "hidden_size: found nothing"},
    {"static", "\"normalize\": true", "\"normalize\": 1", "normalize: found a number, expected true or false"},
    {"static", "\"hidden_dim\": 16", "\"hidden_dim\": 17",
     "tensor embeddings has the shape [30, 16], expected [30, 17] by the config"},
    {"static", "\"hidden_dim\": 16", "\"hidden_dim\": 0", "hidden_dim: expected a whole number from 1"},
};

static void configs_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_configs / sizeof *bad_configs; i++) {
        parts p = read_parts(bad_configs[i].folder);
        replace(&p.config, &p.config_size, bad_configs[i].from, bad_configs[i].to);
        assert_refused(&p, bad_configs[i].to, bad_configs[i].message);
        free_parts(&p);
    }
}

static void weights_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *from, *to, *message;
    } cases[] = {
        {"bert", "embeddings.word_embeddings.weight", "embeddings.word_embeddings.height",
         "seed: no tensor embeddings.word_embeddings.weight, which the config asks for"},
        {"bert-classifier", "bert.encoder.layer.0.output.dense.bias", "bert.encoder.layer.9.output.dense.bias",
         "no tensor bert.encoder.layer.0.output.dense.bias"},
        {"bert", "\"dtype\":\"F32\"", "\"dtype\":\"I32\"", "of type I32, expected F32, F16 or BF16"},
        {"bert", "\"dtype\":\"F32\"", "\"dtype\":\"F8_\"", "dtype F8_, expected one of"},
        {"bert", "\"shape\":[60,24]", "\"shape\":[24,60]", "has the shape [24, 60], expected [60, 24] by the config"},
        {"bert", "\"shape\":[60,24]", "\"shape\":[60,25]", "data_offsets"},
        {"static-int8", "\"dtype\":\"I8\",\"shape\":[30,16]", "\"dtype\":\"I8\",\"shape\":[15,32]",
         "tensor mapping: number"},
        {"static-int8", "\"dtype\":\"I8\"", "\"dtype\":\"U8\"", "tensor embeddings is of type U8, expected F32"},
        {"static-int8", "\"dtype\":\"I64\"", "\"dtype\":\"F64\"", "tensor mapping: number 0 is not a row of the 30"},
        {"static-int8", "\"dtype\":\"F64\"", "\"dtype\":\"I64\"", "tensor weights is of type I64, expected"},
        {"static", "embeddings", "embedding_s", "1 bytes after the last tensor"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parts p = read_parts(cases[i].folder);
        replace(&p.tensors, &p.tensors_size, cases[i].from, cases[i].to);
        assert_refused(&p, cases[i].to, cases[i].message);
        free_parts(&p);
    }
}

static void numbers_that_are_not_finite_are_refused(void **state)
{
    (void)state;
    static const char infinite[] = {0, 0, (char)0x80, 0x7f};
    parts p = read_parts("bert");
    size_t header;
    memcpy(&header, p.tensors, sizeof header);
    memcpy(p.tensors + sizeof header + header, infinite, sizeof infinite); /* embeddings.LayerNorm.bias */
    assert_refused(&p, "an infinite weight", "seed: tensor embeddings.LayerNorm.bias has a number that is not finite");
    free_parts(&p);
}

/* ---- cut, and flipped */

static void cut_files_are_refused(void **state)
{
    (void)state;
    static const char *const folders[] = {"bert", "static-int8"};
    for (size_t f = 0; f < 2; f++) {
        parts p = read_parts(folders[f]), whole = p;
        for (p.tensors_size = 0; p.tensors_size < whole.tensors_size; p.tensors_size++)
            if (p.tensors_size < 300 || p.tensors_size % 97 == 0 || p.tensors_size > whole.tensors_size - 9)
                assert_refused(&p, "a cut file of tensors", "seed: ");
        p.tensors_size = whole.tensors_size;
        for (p.config_size = 0; p.config_size + 2 < whole.config_size; p.config_size++)
            assert_refused(&p, "a cut config", "seed/config.json: ");
        free_parts(&whole);
    }
}

/* A flipped bit of the header may rename a tensor that nobody reads; nothing else is taken, and nothing crashes. */
static void flipped_headers_never_crash(void **state)
{
    (void)state;
    enum { HEADER = 2200 };
    parts p = read_parts("bert");
    for (size_t at = 0; at < HEADER; at++)
        for (int bit = 0; bit < 8; bit += 3) {
            encoder *e;
            p.tensors[at] ^= (char)(1 << bit);
            heed_status status = parse(&e, &p);
            assert_true(status == HEED_OK ? e != NULL : e == NULL && strncmp(encoder_error.message, "seed: ", 6) == 0);
            encoder_free(e);
            p.tensors[at] ^= (char)(1 << bit);
        }
    free_parts(&p);
}

/* ---- folders */

static void write_part(const char *name, const char *data, size_t size)
{
    write_bytes(path_of(name), data, size);
}

static void must_be_bad(heed_status status, const char *message)
{
    assert_int_equal(status, HEED_BAD_DATA);
    if (strstr(encoder_error.message, message) == NULL)
        fail_msg("found '%s', expected '%s'", encoder_error.message, message);
}

static void check_folder(const char *message)
{
    encoder *e;
    must_be_bad(encoder_open(&e, folder, &encoder_error), message);
    assert_null(e);
    assert_true(strncmp(encoder_error.message, folder, strlen(folder)) == 0);
}

static void what_is_no_folder_is_refused(void **state)
{
    (void)state;
    encoder *e;
    char file[256];
    write_part("some", "{}", 2);
    snprintf(file, sizeof file, "%s", path_of("some"));
    must_be_bad(encoder_open(&e, file, &encoder_error), ": found a file, expected the folder of an encoder");
    must_be_bad(encoder_open(&e, path_of("none"), &encoder_error), ": found no such folder, expected one with an");
    must_be_bad(encoder_open(&e, path_of("some/none"), &encoder_error), ": found no such folder, expected one with an");
    must_be_bad(encoder_open(&e, "all-MiniLM-L6-v2", &encoder_error), "on this machine; heed downloads nothing");
    assert_int_equal(unlink(file), 0);
}

static void pointers_to_weights_are_refused(void **state)
{
    (void)state;
    static const char pointer[] = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 90868376\n";
    parts p = read_parts("bert");
    write_part("config.json", p.config, p.config_size);
    write_part("model.safetensors", pointer, sizeof pointer - 1);
    check_folder("/model.safetensors: found a pointer of git-lfs, expected weights of an encoder; get the file itself: "
                 "git lfs pull");
    assert_int_equal(unlink(path_of("model.safetensors")), 0);
    assert_int_equal(unlink(path_of("config.json")), 0);
    free_parts(&p);
}

static void folders_without_a_file_are_refused(void **state)
{
    (void)state;
    parts p = read_parts("bert");
    check_folder("/config.json: cannot be opened: No such file");
    write_part("config.json", p.config, p.config_size);
    check_folder(": neither model.safetensors nor model.safetensors.index.json is there");
    write_part("pytorch_model.bin", "PK", 2);
    check_folder(": found pytorch_model.bin, expected model.safetensors");
    write_part("model.safetensors", "", 0);
    check_folder("/model.safetensors: 0 bytes, expected 1 to");
    assert_int_equal(unlink(path_of("model.safetensors")), 0);
    free_parts(&p);
}

static void indexes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *index, *message;
    } cases[] = {
        {"[", "index.json: line 1: broken JSON"},
        {"{}", "no \"weight_map\", expected"},
        {"{\"weight_map\": 3}", "no \"weight_map\", expected"},
        {"{\"weight_map\": {\"a\": \"../config.json\"}}", "tensor a: expected the name of a file in the same folder"},
        {"{\"weight_map\": {\"a\": \"/etc/passwd\"}}", "tensor a: expected the name of a file in the same folder"},
        {"{\"weight_map\": {\"a\": 1}}", "tensor a: expected the name of a file in the same folder"},
        {"{\"weight_map\": {\"a\": \"gone.safetensors\"}}", "gone.safetensors: cannot be opened"},
        {"{\"weight_map\": {\"a\": \"config.json\"}}", "config.json: a header of"},
        {"{\"weight_map\": {\"a\": \"part\"}}", "1 tensors, expected the 39 that its files hold"},
        {"{\"weight_map\": {}}", "names no file of tensors"},
    };
    parts p = read_parts("bert");
    write_part("config.json", p.config, p.config_size);
    write_part("part", p.tensors, p.tensors_size);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_text(path_of("model.safetensors.index.json"), cases[i].index);
        check_folder(cases[i].message);
    }
    free_parts(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_and_sizes_are_described),
        cmocka_unit_test(normalizing_and_vocabulary_of_static_encoders_are_read),
        cmocka_unit_test(configs_that_do_not_fit_are_refused),
        cmocka_unit_test(weights_that_do_not_fit_are_refused),
        cmocka_unit_test(numbers_that_are_not_finite_are_refused),
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(flipped_headers_never_crash),
        cmocka_unit_test(what_is_no_folder_is_refused),
        cmocka_unit_test(pointers_to_weights_are_refused),
        cmocka_unit_test(folders_without_a_file_are_refused),
        cmocka_unit_test(indexes_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
