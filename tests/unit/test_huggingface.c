/* Models as folders of transformers. With the weights that transformers gave a classifier of each family
 * (golden/classifiers), a model has its logits and is written as its files: tensor by tensor, key by key. */
#include "unit/made_encoder.h"

#include <jansson.h>
#include <math.h>

#include "base/file.h"
#include "base/safetensors.h"
#include "model/classifier.h"
#include "model/huggingface.h"
#include "model/network_classifier.h"

static const char *const families[] = {"bert", "distilbert", "roberta", "xlm-roberta"};
enum { FAMILIES = sizeof families / sizeof *families, LABELS = 3, MOST_IDS = 20 };

static const char three_labels[] = "label\ttext\nbad\tawful film\nfine\twe saw it\ngood\tlove it\nbad\tlong dread\n"
                                   "good\tbrilliant\nfine\tnot bad\n";

typedef struct tensor_file {
    char *data;
    safetensors file;
} tensor_file;

static tensor_file tensors_in(const char *folder)
{
    tensor_file t = {0};
    char path[200];
    size_t size;
    snprintf(path, sizeof path, "%s/model.safetensors", folder);
    must(file_read(&t.data, &size, path, 1 << 20, &made_error));
    must(safetensors_parse_any(&t.file, t.data, size, &made_error));
    return t;
}

static void tensors_release(tensor_file *t)
{
    safetensors_release(&t->file);
    free(t->data);
}

static json_t *json_in(const char *folder, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    json_t *root = json_load_file(path, 0, NULL);
    if (root == NULL)
        fail_msg("%s: no JSON", path);
    return root;
}

/* A folder for files, and its end. */
static const char *new_folder(void)
{
    static char folder[40];
    strcpy(folder, "/tmp/heed-export-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[100];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0); /* nothing else is in it */
}

/* ---- a model with the weights of a golden classifier */

/* A layer x W + b from tensors [out][in] and [out]. */
static void copy_layer(const trained_network *n, const layer *l, const safetensors *file, const char *name)
{
    char whole[100];
    snprintf(whole, sizeof whole, "%s.weight", name);
    const float *kernel = (const float *)(const void *)safetensors_find(file, whole)->data;
    snprintf(whole, sizeof whole, "%s.bias", name);
    const float *bias = (const float *)(const void *)safetensors_find(file, whole)->data;
    real *w = n->weights + layer_parameter(n->net, l, 0)->offset,
         *b = n->weights + layer_parameter(n->net, l, 1)->offset;
    for (size_t o = 0; o < (size_t)l->units; o++) {
        b[o] = bias[o];
        for (size_t i = 0; i < (size_t)l->in.width; i++)
            w[i * (size_t)l->units + o] = kernel[o * (size_t)l->in.width + i];
    }
}

static heed_model *model_on(const made_encoder *e, const char *rows, const char *architecture, heed_cut cut)
{
    heed_text_options text = encoder_text_options(e, 30);
    heed_train_options train = made_train_options();
    text.cut = cut;
    train.architecture = architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.epochs = 1;
    return trained_on(rows, &text, &train, NULL);
}

static void architecture_of(char out[80], const char *family, const char *encoder)
{
    const bool distilled = strcmp(family, "distilbert") == 0;
    snprintf(out, 80, "%s | first | %s", encoder, distilled ? "dense 20 | dropout 0.2" : "dropout 0.1 | dense tanh 24");
}

static heed_model *golden_model(const char *family, made_encoder *e, char folder[60])
{
    char weights[60], architecture[80];
    snprintf(weights, sizeof weights, "../classifiers/%s", family);
    snprintf(folder, 60, "golden/classifiers/%s", family);
    made_encoder_open(e, weights, "vocab.txt");
    architecture_of(architecture, family, "encoder");
    heed_model *m = model_on(e, three_labels, architecture, HEED_CUT_POST);
    const trained_network *n = model_network(m);
    const sequence_head *head = sequence_head_of(m->encoder->net->config.family);
    tensor_file golden = tensors_in(folder);
    for (int i = 0; i < n->net->layer_count; i++)
        if (strcmp(n->net->layers[i].class->type, "Dense") == 0)
            copy_layer(n, &n->net->layers[i], &golden.file, i == n->net->layer_count - 1 ? head->output : head->dense);
    tensors_release(&golden);
    return m;
}

/* ---- what it computes and is written as */

static void check_logits(const heed_model *m, const char *folder)
{
    json_t *golden = json_in(folder, "logits.json"), *text;
    size_t number;
    classifier *classes = NULL;
    pool *workers = NULL;
    must(pool_new(&workers, 2, &made_error));
    must(classifier_new(&classes, m, workers, &made_error));
    json_array_foreach(json_object_get(golden, "texts"), number, text)
    {
        uint32_t ids[MOST_IDS];
        const size_t own = json_array_size(text) - 2; /* between the tokens around it */
        for (size_t i = 0; i < own; i++)
            ids[i] = (uint32_t)json_integer_value(json_array_get(text, i + 1)) | SUBWORD_BIT;
        const batch_row row = {.ids = ids, .length = (int)own};
        for (size_t label = 0; label < LABELS; label++) {
            double found,
                expected =
                    json_real_value(json_array_get(json_array_get(json_object_get(golden, "logits"), number), label));
            must(classifier_logits(classes, &row, 1, label, &found, &made_error));
            if (!(fabs(found - expected) <= 1e-5 * fmax(1, fabs(expected))))
                fail_msg("%s, text %zu, label %zu: found %.9g, expected %.9g", folder, number, label, found, expected);
        }
    }
    classifier_free(classes);
    pool_free(workers);
    json_decref(golden);
}

static void check_tensors(const char *folder, const char *expected)
{
    tensor_file found = tensors_in(folder), golden = tensors_in(expected);
    assert_int_equal(found.file.count, golden.file.count);
    assert_string_equal(safetensors_metadata(&found.file, "format"), "pt");
    for (size_t i = 0; i < golden.file.count; i++) {
        const stored_tensor *g = &golden.file.tensors[i], *f = safetensors_find(&found.file, g->name);
        if (f == NULL || f->type != g->type || f->rank != g->rank || f->shape[0] != g->shape[0] ||
            f->shape[1] != g->shape[1] || memcmp(f->data, g->data, g->size) != 0)
            fail_msg("%s: tensor %s is not that of transformers", expected, g->name);
    }
    tensors_release(&found);
    tensors_release(&golden);
}

/* transformers writes more keys, those that a classifier in use does not read. */
static void check_config(const char *folder, const char *expected)
{
    json_t *found = json_in(folder, "config.json"), *golden = json_in(expected, "config.json"), *value;
    const char *key;
    assert_true(json_object_size(found) >= 14);
    json_object_foreach(found, key, value) if (!json_equal(value, json_object_get(golden, key)) &&
                                               !(strcmp(key, "layer_norm_eps") == 0 &&
                                                 json_object_get(golden, key) == NULL)) /* DistilBERT's is fixed */
        fail_msg("%s, config.json: %s is not that of transformers", expected, key);
    json_decref(found);
    json_decref(golden);
}

static void check_tokenizer(const char *folder, const heed_model *m)
{
    char path[100], *found = NULL, *expected = NULL;
    tokenizer *words = NULL;
    snprintf(path, sizeof path, "%s/tokenizer.json", folder);
    must(tokenizer_load(&words, path, &made_error));
    must(tokenizer_json(&found, words, &made_error));
    must(tokenizer_json(&expected, m->encoder->words, &made_error));
    assert_string_equal(found, expected);
    free(found);
    free(expected);
    tokenizer_free(words);
}

static void models_are_written_as_transformers_writes_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        made_encoder e;
        char golden[60];
        heed_model *m = golden_model(families[i], &e, golden);
        const char *folder = new_folder();
        check_logits(m, golden);
        for (int again = 0; again < 2; again++) { /* files that are there are replaced */
            must(heed_model_export_huggingface(m, folder, &made_error));
            check_tensors(folder, golden);
            check_config(folder, golden);
            check_tokenizer(folder, m);
        }
        remove_folder(folder);
        heed_model_free(m);
        made_encoder_close(&e);
    }
}

static void an_encoder_that_learned_is_written_with_its_weights(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        made_encoder e;
        char weights[60], architecture[80];
        snprintf(weights, sizeof weights, "../classifiers/%s", families[i]);
        made_encoder_open(&e, weights, "vocab.txt");
        architecture_of(architecture, families[i], "encoder trained");
        heed_model *m = model_on(&e, three_labels, architecture, HEED_CUT_POST);
        const char *folder = new_folder();
        encoder *read = NULL;
        must(heed_model_export_huggingface(m, folder, &made_error));
        must(encoder_open(&read, folder, &made_error));
        assert_string_equal(read->weights.digest, m->encoder->net->weights.digest);
        encoder_free(read);
        remove_folder(folder);
        heed_model_free(m);
        made_encoder_close(&e);
    }
}

/* ---- labels */

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* Of two labels transformers has a logit each, and heed only that of the positive one. */
static void two_labels_have_the_logits_0_and_z(void **state)
{
    (void)state;
    made_encoder e;
    made_encoder_open(&e, "../classifiers/bert", "vocab.txt");
    char *rows = told_rows(12, 2);
    heed_model *m = model_on(&e, rows, "encoder | first | dense tanh 24", HEED_CUT_PRE);
    const trained_network *n = model_network(m);
    const layer *output = &n->net->layers[n->net->layer_count - 1];
    const char *folder = new_folder();
    must(heed_model_export_huggingface(m, folder, &made_error));
    tensor_file t = tensors_in(folder);
    const float *kernel = (const float *)(const void *)safetensors_find(&t.file, "classifier.weight")->data;
    const float *bias = (const float *)(const void *)safetensors_find(&t.file, "classifier.bias")->data;
    const size_t positive = m->config.labels.positive;
    assert_int_equal(safetensors_find(&t.file, "classifier.weight")->shape[0], 2);
    assert_true(bias[1 - positive] == 0 && bias[positive] == n->weights[layer_parameter(n->net, output, 1)->offset]);
    for (size_t i = 0; i < 24; i++) {
        assert_true(kernel[(1 - positive) * 24 + i] == 0);
        assert_true(kernel[positive * 24 + i] == n->weights[layer_parameter(n->net, output, 0)->offset + i]);
    }
    tensors_release(&t);
    json_t *config = json_in(folder, "config.json"), *words = json_in(folder, "tokenizer_config.json");
    assert_string_equal(text_of(json_object_get(config, "id2label"), "1"), "good");
    assert_string_equal(text_of(config, "problem_type"), "single_label_classification");
    assert_string_equal(text_of(words, "truncation_side"), "left");
    assert_string_equal(text_of(words, "pad_token"), "[PAD]");
    assert_int_equal(json_integer_value(json_object_get(words, "model_max_length")), 30); /* 28 between two others */
    json_decref(config);
    json_decref(words);
    remove_folder(folder);
    heed_free(rows);
    heed_model_free(m);
    made_encoder_close(&e);
}

static void several_labels_are_said(void **state)
{
    (void)state;
    made_encoder e;
    made_encoder_open(&e, "../classifiers/roberta", "vocab.txt");
    heed_text_options text = encoder_text_options(&e, 30);
    heed_train_options train = made_train_options();
    heed_rows_options how = made_rows_options(",");
    heed_model *m = NULL;
    heed_corpus *c = made_corpus(&text);
    must(add_rows(c, "label\ttext\na \"b\",\xc3\xa9\tfilm\n\xc3\xa9\twe saw it\n\tlove it\na \"b\"\tlong\n",
                  HEED_PART_ANY, &how));
    train.architecture = "encoder | first | dense tanh 24";
    train.validation = HEED_VALIDATION_NONE;
    must(heed_train(&m, c, &train, NULL, &made_error));
    const char *folder = new_folder();
    must(heed_model_export_huggingface(m, folder, &made_error));
    json_t *config = json_in(folder, "config.json");
    assert_string_equal(text_of(config, "problem_type"), "multi_label_classification");
    assert_string_equal(text_of(json_object_get(config, "id2label"), "0"), "a \"b\"");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(config, "label2id"), "\xc3\xa9")), 1);
    json_decref(config);
    remove_folder(folder);
    heed_corpus_free(c);
    heed_model_free(m);
    made_encoder_close(&e);
}

/* ---- what cannot be written */

static const struct {
    const char *weights, *architecture, *message;
} refused[] = {
    {"bert", "encoder | mean | dropout 0.1",
     "which BertForSequenceClassification does not compute; train with --architecture 'encoder trained | first | dense "
     "tanh 24'"},
    {"bert", "encoder | first | dense 24", "found 'encoder bert 2x24 | first | dense 24', which Bert"},
    {"bert", "encoder | first | dense tanh 20", "which Bert"},
    {"bert", "encoder | first | dense tanh 24 | dense tanh 24", "which Bert"},
    {"bert", "encoder | first + mean | dense tanh 24", "which Bert"},
    {"bert", "encoder | first", "which Bert"},
    {"bert", "encoder | first | linear 1", "which Bert"},
    {"bert", "encoder | first | dense tanh 24 ; wide C 1", "which Bert"},
    {"distilbert", "encoder | first | dense tanh 20", "'encoder trained | first | dense 20'"},
    {"xlm-roberta", "encoder | max", "which XLMRobertaForSequenceClassification does not"},
    {"static", "encoder | mean", "which has no class in transformers"},
};

static void other_models_are_refused(void **state)
{
    (void)state;
    char *rows = told_rows(12, 2);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        made_encoder e;
        const char *folder = new_folder();
        made_encoder_open(&e, refused[i].weights,
                          strcmp(refused[i].weights, "static") == 0 ? "static.json" : "vocab.txt");
        heed_model *m = model_on(&e, rows, refused[i].architecture, HEED_CUT_POST);
        must_refuse(heed_model_export_huggingface(m, folder, &made_error), HEED_USAGE, refused[i].message,
                    refused[i].architecture);
        assert_int_equal(rmdir(folder), 0); /* nothing was written */
        heed_model_free(m);
        made_encoder_close(&e);
    }
    heed_free(rows);
}

static void a_model_on_words_and_a_folder_that_cannot_be_are_refused(void **state)
{
    (void)state;
    made_encoder e;
    char *rows = told_rows(12, 2), path[64];
    heed_model *words = made_model("embed 3 | mean");
    must_refuse(heed_model_export_huggingface(words, "/tmp", &made_error), HEED_USAGE,
                "found 'embed 3 | mean', which has no class in transformers", "words");
    heed_model_free(words);
    made_encoder_open(&e, "bert", "vocab.txt");
    heed_model *m = model_on(&e, rows, "encoder | first | dense tanh 24", HEED_CUT_POST);
    made_file(path, "", "a file", 6);
    must_refuse(heed_model_export_huggingface(m, path, &made_error), HEED_FAILED, path, "a file in its place");
    unlink(path);
    heed_model_free(m);
    heed_free(rows);
    made_encoder_close(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_are_written_as_transformers_writes_them),
        cmocka_unit_test(an_encoder_that_learned_is_written_with_its_weights),
        cmocka_unit_test(two_labels_have_the_logits_0_and_z),
        cmocka_unit_test(several_labels_are_said),
        cmocka_unit_test(other_models_are_refused),
        cmocka_unit_test(a_model_on_words_and_a_folder_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
