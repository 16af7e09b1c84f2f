/* Texts through a pretrained encoder when memory runs out at each allocation in turn (--wrap of the linker,
 * CMakeLists.txt): folders, corpora, features, models' files, texts as ids, explanations; and how much a long text
 * takes. */
#include "unit/failing_memory.h"
#include "unit/made_encoder.h"

#include "data/encoded_rows.h"
#include "explain/text_gradients.h"
#include "model/encode.h"
#include "model/encoder_classifier.h"
#include "model/model_file.h"
#include "train/training_data.h"

static made_encoder folder;
static const heed_bytes a_text = {"a lovely <b>film</b> with 33 others", 35};
static const char rows[] = "label\ttext\na\tlovely film\nb\tawful\na\tnot bad and we saw it\nb\tthe long film 7\n";

typedef struct parts {
    heed_text_options text;
    shared_encoder *encoder;
    heed_model *model;
    writer file; /* the model's */
    pool *workers;
} parts;

static heed_status open_encoder(void *user)
{
    (void)user;
    shared_encoder *e;
    heed_status status = shared_encoder_open(&e, folder.path, HEED_PRECISION_FLOAT32, &made_error);
    assert_true((status == HEED_OK) == (e != NULL));
    shared_encoder_release(e);
    return status;
}

static heed_status make_corpus(void *user)
{
    parts *p = user;
    heed_corpus *c;
    heed_status status = heed_corpus_new(&c, &p->text, &made_error);
    assert_true((status == HEED_OK) == (c != NULL));
    heed_corpus_free(c);
    return status;
}

/* Rows are added, encoded, and encoded again by another rule. */
static heed_status encode_rows(void *user)
{
    parts *p = user;
    static const uint32_t all[] = {0, 1, 2, 3};
    heed_corpus *c = NULL;
    const real *values = NULL;
    heed_status status = heed_corpus_new(&c, &p->text, &made_error);
    if (status == HEED_OK)
        status = add_rows(c, rows, HEED_PART_ANY, NULL);
    for (uint32_t room = 5; room < 7 && status == HEED_OK; room++) {
        const feature_key key = {{FEATURES_MEAN, room}, 2 * room, HEED_CUT_MIDDLE};
        status = encoded_rows_find(&values, &(feature_query){c, &key, all, 4}, p->workers, NULL, &made_error);
        assert_true((status == HEED_OK) == (values != NULL));
    }
    heed_corpus_free(c);
    return status;
}

static heed_status make_features(void *user)
{
    parts *p = user;
    static const uint32_t ids[] = {5, 6, 7};
    real values[64];
    text_encoding *f;
    heed_status status = text_encoding_new(&f, p->encoder, (feature_rule){FEATURES_MAX, 2}, p->workers, &made_error);
    assert_true((status == HEED_OK) == (f != NULL));
    if (status == HEED_OK)
        status = text_encoding_run(f, &(text_ids){ids, 3}, 1, values, NULL, &made_error);
    text_encoding_free(f);
    return status;
}

static heed_status read_model(void *user)
{
    parts *p = user;
    heed_model *m;
    heed_status status = model_parse(&m, p->file.data, p->file.size, "m", &made_error);
    assert_true((status == HEED_OK) == (m != NULL));
    heed_model_free(m);
    return status;
}

static heed_status write_model(void *user)
{
    parts *p = user;
    writer out = {0};
    heed_status status = model_print(&out, p->model, &made_error);
    writer_release(&out);
    return status;
}

static heed_status encode_text(void *user)
{
    parts *p = user;
    text_encoder e;
    text_trace trace = {0};
    heed_status status = text_encoder_init(&e, &made_error);
    if (status == HEED_OK) {
        status = text_encode(&e, p->model, a_text, &trace, &made_error);
        assert_true((status == HEED_OK) == (e.count > 0));
        text_encoder_release(&e);
    }
    text_trace_release(&trace);
    return status;
}

static heed_status predict(void *user)
{
    parts *p = user;
    float probabilities[2];
    heed_predictor *predictor;
    heed_status status = heed_predictor_new(&predictor, p->model, 1, &made_error);
    assert_true((status == HEED_OK) == (predictor != NULL));
    if (status == HEED_OK)
        status = heed_predictor_run(probabilities, predictor, &a_text, 1, &made_error);
    heed_predictor_free(predictor);
    return status;
}

static heed_status explain(void *user)
{
    parts *p = user;
    heed_explain_options options;
    heed_explainer *x;
    heed_explanation *e = NULL;
    heed_explain_options_init(&options);
    options.threads = 1;
    options.method = HEED_METHOD_INTEGRATED;
    heed_status status = heed_explainer_new(&x, p->model, &options, &made_error);
    assert_true((status == HEED_OK) == (x != NULL));
    if (status == HEED_OK) {
        status = heed_explainer_run(&e, x, a_text, &made_error);
        assert_true((status == HEED_OK) == (e != NULL));
    }
    heed_explanation_free(e);
    heed_explainer_free(x);
    return status;
}

static heed_status train(void *user)
{
    parts *p = user;
    heed_model *m = NULL;
    heed_corpus *c = NULL;
    heed_train_options options = made_train_options();
    options.architecture = "encoder | mean | linear 1";
    options.validation = HEED_VALIDATION_NONE;
    options.threads = 1;
    long kept = left;
    left = LONG_MAX;
    must(heed_corpus_new(&c, &p->text, &made_error));
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    left = kept;
    heed_status status = heed_train(&m, c, &options, NULL, &made_error);
    assert_true((status == HEED_OK) == (m != NULL));
    heed_model_free(m);
    heed_corpus_free(c);
    return status;
}

static void all_is_released_when_memory_runs_out(void **state)
{
    (void)state;
    static const struct {
        memory_call *make;
        const char *what;
    } makers[] = {{open_encoder, "a folder"},  {make_corpus, "a corpus"}, {encode_rows, "rows"},
                  {make_features, "features"}, {read_model, "a model"},   {write_model, "a file"},
                  {encode_text, "a text"},     {predict, "a prediction"}, {explain, "an explanation"},
                  {train, "a training"}};
    static const char *const kinds[][2] = {{"bert", "vocab.txt"}, {"static", "static.json"}};
    for (size_t k = 0; k < 2; k++) {
        parts p = {0};
        made_encoder_open(&folder, kinds[k][0], kinds[k][1]);
        p.text = encoder_text_options(&folder, 6);
        p.text.stretches = 2;
        must(shared_encoder_open(&p.encoder, folder.path, HEED_PRECISION_FLOAT32, &made_error));
        must(pool_new(&p.workers, 1, &made_error));
        p.model =
            made_encoder_model(&p.text, k == 0 ? "encoder | mean | linear 1" : "encoder | max | linear 1 ; linear 10");
        must(model_print(&p.file, p.model, &made_error));
        for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
            fail_without_memory(makers[i].make, &p, &made_error, makers[i].what);
        writer_release(&p.file);
        heed_model_free(p.model);
        pool_free(p.workers);
        shared_encoder_release(p.encoder);
        made_encoder_close(&folder);
    }
}

/* ---- how much */

/* Bytes that a training asks for if the last row's text has so many words. */
static size_t bytes_of_training(const heed_text_options *text, const char *architecture, size_t words)
{
    writer tsv = {0};
    heed_model *m;
    heed_train_options options = made_train_options();
    options.architecture = architecture;
    options.validation = HEED_VALIDATION_NONE;
    options.epochs = options.threads = 1;
    char *whole;
    writer_print(&tsv, "%sa\t", rows);
    for (size_t i = 0; i < words; i++)
        writer_print(&tsv, "the ");
    writer_print(&tsv, "\n");
    must(writer_take(&tsv, &whole, NULL, &made_error));
    heed_corpus *c = made_corpus(text);
    must(add_rows(c, whole, HEED_PART_ANY, NULL));
    size_t before = asked;
    must(heed_train(&m, c, &options, NULL, &made_error));
    size_t bytes = asked - before;
    heed_model_free(m);
    heed_corpus_free(c);
    free(whole);
    return bytes;
}

/* Its ids, not as many for each of the 128 rows that are encoded together. */
static void a_long_text_takes_memory_for_itself(void **state)
{
    (void)state;
    static const char *const architectures[] = {"encoder | mean | linear 1", "encoder | attention additive 2"};
    enum { WORDS = 100000 };
    made_encoder_open(&folder, "bert", "vocab.txt");
    const heed_text_options text = encoder_text_options(&folder, 6);
    for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++) {
        size_t one = bytes_of_training(&text, architectures[i], 1),
               many = bytes_of_training(&text, architectures[i], WORDS);
        if (many - one > 8 * WORDS * sizeof(uint32_t))
            fail_msg("%s: %zu bytes for a text of %d words, %zu for one word", architectures[i], many, WORDS, one);
    }
    made_encoder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_released_when_memory_runs_out),
        cmocka_unit_test(a_long_text_takes_memory_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
