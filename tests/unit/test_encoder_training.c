/* Encoders that learn: gradients of all weights and three steps of AdamW are those of transformers and torch
 * (golden/README.md), at any number of threads; a network on one learns with it, and its model carries it. */
#include "unit/golden_encoders.h"
#include "unit/made_encoder.h"

#include <math.h>

#include "encoder/flat_weights.h"
#include "model/model.h"
#include "model/model_file.h"
#include "model/model_read.h"
#include "model/model_write.h"
#include "train/encoder_trainer.h"
#include "train/fine_tuning.h"

static const char *const folders[] = {"bert",       "bert-gelu-new",   "bert-tanh", "bert-relu",
                                      "distilbert", "distilbert-relu", "roberta",   "xlm-roberta"};
enum { FOLDERS = sizeof folders / sizeof *folders, MOST_TEXTS = 64, MOST_TOKENS = 500, STEPS = 3 };

/* ---- the golden file */

typedef struct golden_training {
    golden_encoder g;
    char *data;
    safetensors file;
} golden_training;

static golden_training training_open(const char *folder, unsigned threads)
{
    golden_training t = {.g = golden_encoder_open(folder, threads)};
    char path[200];
    size_t size;
    snprintf(path, sizeof path, "golden/encoders/%s/training.safetensors", folder);
    encoder_must(file_read(&t.data, &size, path, 1 << 20, &encoder_error));
    encoder_must(safetensors_parse(&t.file, t.data, size, &encoder_error));
    return t;
}

static void training_close(golden_training *t)
{
    golden_encoder_close(&t->g);
    safetensors_release(&t->file);
    free(t->data);
}

static const float *numbers_named(const golden_training *t, const char *what, const char *name)
{
    char full[TENSOR_NAME + 20];
    snprintf(full, sizeof full, "%s%s", what, name);
    const stored_tensor *found = safetensors_find(&t->file, full);
    if (found == NULL)
        fail_msg("the golden file has no %s", full);
    return (const float *)(const void *)found->data;
}

/* Biases of keys have gradients of 0 but for rounding. */
static bool is_keys_bias(const char *name)
{
    return strstr(name, "key.bias") != NULL || strstr(name, "k_lin.bias") != NULL;
}

/* found - base against expected - base: each number within a share of the largest of these, and with a base in the mean
 * within 1e-4 of it. Adam divides a gradient by its size: where it is small its rounding shows, and epsilon, which
 * torch adds after the correction of the moments and heed, as Keras, before it. */
static void check_numbers(const char *what, const char *name, const real *found, const float *expected,
                          const real *base, size_t count, double share)
{
    double largest = 0, apart = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs((double)expected[i] - (base == NULL ? 0 : (double)base[i])));
    if (is_keys_bias(name))
        largest = fmax(largest, 3);
    for (size_t i = 0; i < count; i++) {
        double difference = fabs((double)found[i] - (double)expected[i]);
        apart += difference / (double)count;
        if (!(difference <= share * largest))
            fail_msg("%s of %s, number %zu: found %.9g, expected %.9g, the largest is %g", what, name, i,
                     (double)found[i], (double)expected[i], largest);
    }
    if (base != NULL && apart > 1e-4 * largest)
        fail_msg("%s of %s: %g apart in the mean, the largest is %g", what, name, apart, largest);
}

/* ---- gradients */

static void add_words(real *gradient, const golden_encoder *g, const real *dwords)
{
    memset(gradient, 0, (size_t)g->e->config.vocabulary * g->width * sizeof *gradient);
    for (size_t t = 0; t < g->tokens; t++)
        for (size_t j = 0; j < g->width; j++)
            gradient[g->ids[t] * g->width + j] += dwords[t * g->width + j];
}

static void check_gradients(const char *folder, const char *kernels_name)
{
    golden_training t = training_open(folder, 2);
    encoder *copy;
    encoder_pass *p;
    const size_t numbers = t.g.tokens * t.g.width;
    encoder_must(encoder_copy(&copy, t.g.e, &encoder_error));
    real *gradient = calloc(copy->weights.flat_count, sizeof *gradient), *states = calloc(numbers, sizeof *states),
         *dwords = calloc(numbers, sizeof *dwords), *at = gradient;
    assert_true(gradient != NULL && states != NULL && dwords != NULL);
    const encoder_texts texts = golden_texts(&t.g);
    encoder_must(encoder_pass_new(&p, copy, t.g.workers, MOST_TOKENS, true, &encoder_error));
    encoder_must(encoder_pass_learn(p, gradient, &encoder_error));
    encoder_must(encoder_pass_run(p, &texts, states, &encoder_error));
    encoder_pass_backward(p, numbers_named(&t, "dstates", ""), dwords);
    add_words(gradient, &t.g, dwords);
    for (size_t i = 0; i < encoder_weights_count(&copy->config); i++) {
        table_tensor tensor;
        encoder_weights_at(&tensor, &copy->config, i);
        check_numbers(kernels_name, tensor.name, at, numbers_named(&t, "gradient.", tensor.name), NULL,
                      table_tensor_numbers(&tensor), 1e-5);
        at += table_tensor_numbers(&tensor);
    }
    free(gradient);
    free(states);
    free(dwords);
    encoder_pass_free(p);
    encoder_free(copy);
    training_close(&t);
}

static void gradients_are_those_of_torch(void **state)
{
    (void)state;
    for (int k = 0; k < TABLES; k++) {
        if (table(k) == NULL)
            continue;
        assert_int_equal(setenv("HEED_ISA", table_names[k], 1), 0);
        for (size_t f = 0; f < FOLDERS; f++)
            check_gradients(folders[f], table_names[k]);
    }
    unsetenv("HEED_ISA");
}

/* ---- steps */

/* A folder's encoder with a tokenizer that puts nothing around a text. */
static shared_encoder *bare_encoder(const char *weights)
{
    made_encoder folder;
    shared_encoder *e;
    made_encoder_open(&folder, weights, "static.json");
    must(shared_encoder_open(&e, folder.path, HEED_PRECISION_FLOAT32, &made_error));
    made_encoder_close(&folder);
    return e;
}

/* The weights after some of the golden steps; the caller frees them with the encoder. */
static shared_encoder *run_steps_with(const golden_training *t, const shared_encoder *e, int steps,
                                      const encoder_steps *how)
{
    const float *dstates = numbers_named(t, "dstates", "");
    encoder_trainer *trainer;
    shared_encoder *learned;
    batch_row rows[MOST_TEXTS];
    must(encoder_trainer_new(&trainer, e, t->g.tokens, t->g.workers, how, &made_error));
    for (int step = 0; step < steps; step++) {
        size_t at = 0;
        for (size_t i = 0; i < t->g.count; at += (size_t)t->g.lengths[i++])
            rows[i] = (batch_row){.ids = t->g.ids + at, .length = t->g.lengths[i]};
        must(encoder_trainer_forward(trainer, rows, (int)t->g.count, &made_error));
        at = 0;
        for (size_t i = 0; i < t->g.count; at += (size_t)t->g.lengths[i++])
            memcpy(rows[i].states.gradient, dstates + at * t->g.width, (size_t)t->g.lengths[i] * t->g.width * sizeof(real));
        double square = encoder_trainer_backward(trainer);
        assert_true(square > 1);
        encoder_trainer_update(trainer, 1e-3, square);
    }
    encoder_trainer_keep(trainer);
    must(encoder_trainer_take(&learned, trainer, &made_error));
    encoder_trainer_free(trainer);
    return learned;
}

static shared_encoder *run_steps(const golden_training *t, const shared_encoder *e, int steps, double layer_decay)
{
    const encoder_steps adamw = {.optimizer = {HEED_OPTIMIZER_ADAMW, 0.01, 0, 0}, .layer_decay = layer_decay};
    return run_steps_with(t, e, steps, &adamw);
}

static void check_steps(const char *folder)
{
    golden_training t = training_open(folder, 2);
    shared_encoder *e = bare_encoder(folder), *learned;
    assert_true(t.g.count <= MOST_TEXTS);
    learned = run_steps(&t, e, STEPS, 1);
    for (size_t i = 0; i < encoder_weights_count(&e->net->config); i++) {
        table_tensor tensor;
        encoder_weights_at(&tensor, &e->net->config, i);
        const real *before = encoder_weights_get(&e->net->weights, &tensor),
                   *after = encoder_weights_get(&learned->net->weights, &tensor);
        if (i == 0)
            assert_memory_equal(after, before, table_tensor_numbers(&tensor) * sizeof *after); /* words stay */
        else if (!is_keys_bias(tensor.name))
            check_numbers(folder, tensor.name, after, numbers_named(&t, "after.", tensor.name), before,
                          table_tensor_numbers(&tensor), 3e-2);
    }
    assert_string_not_equal(learned->digest, e->digest);
    shared_encoder_release(learned);
    shared_encoder_release(e);
    training_close(&t);
}

static void three_steps_of_adamw_are_those_of_torch(void **state)
{
    (void)state;
    for (size_t f = 0; f < FOLDERS; f++)
        check_steps(folders[f]);
}

static void less_memory_changes_no_bit_of_a_step(void **state)
{
    (void)state;
    encoder_steps how = {.optimizer = {HEED_OPTIMIZER_ADAMW, 0.01, 0, 0},
                         .layer_decay = 0.5,
                         .dropout = {.hidden = 0.25, .attention = 0.25, .seed = 1}};
    golden_training t = training_open("bert", 2);
    shared_encoder *e = bare_encoder("bert"), *all = run_steps_with(&t, e, STEPS, &how), *less;
    encoder_trainer *trainer;
    encoder_memory of_all, of_less;
    must(encoder_trainer_new(&trainer, e, t.g.tokens, t.g.workers, &how, &made_error));
    of_all = encoder_trainer_memory(trainer);
    encoder_trainer_free(trainer);
    how.memory = of_all.bytes - 1;
    must(encoder_trainer_new(&trainer, e, t.g.tokens, t.g.workers, &how, &made_error));
    of_less = encoder_trainer_memory(trainer);
    encoder_trainer_free(trainer);
    assert_true(!of_all.again && of_less.again && of_less.bytes < of_all.bytes);
    less = run_steps_with(&t, e, STEPS, &how);
    assert_string_equal(less->digest, all->digest);
    how.memory = of_all.bytes;
    must(encoder_trainer_new(&trainer, e, t.g.tokens, t.g.workers, &how, &made_error));
    assert_false(encoder_trainer_memory(trainer).again);
    encoder_trainer_free(trainer);
    shared_encoder_release(all);
    shared_encoder_release(less);
    shared_encoder_release(e);
    training_close(&t);
}

/* How far a tensor's numbers moved, in the mean. */
static double moved(const golden_training *t, const shared_encoder *learned, const table_tensor *tensor)
{
    const real *before = encoder_weights_get(&t->g.e->weights, tensor),
               *after = encoder_weights_get(&learned->net->weights, tensor);
    double sum = 0;
    for (size_t i = 0; i < table_tensor_numbers(tensor); i++)
        sum += fabs((double)after[i] - (double)before[i]);
    return sum / (double)table_tensor_numbers(tensor);
}

/* The first step of Adam is proportional to the rate: that of two blocks and of the embeddings. */
static void a_block_learns_at_a_share_of_the_rate_of_the_one_after_it(void **state)
{
    (void)state;
    static const double share = 0.5;
    golden_training t = training_open("bert", 2);
    shared_encoder *e = bare_encoder("bert"), *same = run_steps(&t, e, 1, 1), *less = run_steps(&t, e, 1, share);
    const encoder_config *c = &e->net->config;
    assert_int_equal(c->layers, 2);
    for (size_t i = 1; i < encoder_weights_count(c); i++) {
        table_tensor tensor;
        encoder_weights_at(&tensor, c, i);
        const double expected = tensor.block == NO_BLOCK ? share * share : tensor.block == 0 ? share : 1;
        if (!is_keys_bias(tensor.name) && fabs(moved(&t, less, &tensor) / moved(&t, same, &tensor) - expected) > 1e-3)
            fail_msg("%s moved by %g, expected %g of %g", tensor.name, moved(&t, less, &tensor), expected,
                     moved(&t, same, &tensor));
    }
    shared_encoder_release(same);
    shared_encoder_release(less);
    shared_encoder_release(e);
    training_close(&t);
}

static void threads_change_no_bit_of_a_step(void **state)
{
    (void)state;
    char expected[DIGEST_DIGITS];
    for (unsigned threads = 1; threads <= 4; threads++) {
        golden_training t = training_open("bert", threads);
        shared_encoder *e = bare_encoder("bert"), *learned = run_steps(&t, e, STEPS, 0.5);
        if (threads == 1)
            memcpy(expected, learned->digest, sizeof expected);
        assert_string_equal(learned->digest, expected);
        shared_encoder_release(learned);
        shared_encoder_release(e);
        training_close(&t);
    }
}

static void a_batch_that_is_too_large_is_refused(void **state)
{
    (void)state;
    const encoder_steps adamw = {.optimizer = {HEED_OPTIMIZER_ADAMW, 0.01, 0, 0}, .layer_decay = 1};
    uint32_t ids[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    batch_row row = {.ids = ids, .length = 8};
    shared_encoder *e = bare_encoder("bert");
    encoder_trainer *t;
    pool *workers;
    must(pool_new(&workers, 1, &made_error));
    must(encoder_trainer_new(&t, e, 7, workers, &adamw, &made_error));
    must_refuse(encoder_trainer_forward(t, &row, 1, &made_error), HEED_BAD_DATA, "8 tokens, expected at most 7",
                "a batch");
    row.length = 7;
    must(encoder_trainer_forward(t, &row, 1, &made_error));
    encoder_trainer_free(t);
    pool_free(workers);
    shared_encoder_release(e);
}

/* ---- the rule */

static void epochs_fall_with_the_rows(void **state)
{
    (void)state;
    static const struct {
        uint32_t rows;
        unsigned epochs;
    } expected[] = {{1, 15},   {200, 15},  {600, 12},  {1000, 10},  {2000, 8},
                    {4000, 6}, {20000, 4}, {60000, 3}, {100000, 3}, {4000000, 3}};
    heed_train_options o = made_train_options();
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(fine_tuning_of(&o, expected[i].rows).options.epochs, expected[i].epochs);
    assert_true(fine_tuning_of(&o, 200).encoder_rate == 1.5e-4);
    assert_true(fine_tuning_of(&o, 200).options.label_smoothing == 0 &&
                fabs(fine_tuning_of(&o, 447).options.label_smoothing - 0.05) < 1e-4 &&
                fine_tuning_of(&o, 4000).options.label_smoothing == 0.1);
    o.label_smoothing = 0.3;
    assert_true(fine_tuning_of(&o, 4000).options.label_smoothing == 0.3);
    o.encoder_rate = 3e-5;
    o.encoder_epochs = 7;
    o.learning_rate = 0.5;
    const fine_tuning f = fine_tuning_of(&o, 200);
    assert_true(f.encoder_rate == 3e-5 && f.options.epochs == 7 && fabs(f.options.learning_rate - 3e-4) < 1e-12 &&
                fabs(f.options.warmup - 0.7) < 1e-12);
}

/* 3 passes of 50 tokens through 2 blocks of 4 x 2 x 2 kernels, 2 x 2 x 3 of the inner layer, 2 x 5 x 2 of attention, in
 * 15 epochs. */
static void work_is_counted(void **state)
{
    (void)state;
    const heed_train_options o = made_train_options();
    const encoder_config c = {.width = 2, .feed = 3, .layers = 2};
    assert_true(fine_tuning_work(&o, &c, 10, 50) == 3.0 * 50 * 2 * (16 + 12 + 20) * 15);
    assert_true(fine_tuning_work(&o, &c, 0, 0) == 0);
}

/* ---- whole trainings */

static const char *const architectures[] = {
    "encoder trained | mean | dropout 0.2",
    "encoder trained | attention additive 8 | dense 4",
    "encoder trained | lstm 4 | max ; wide words 1-1 min-count 1 weight idf C 1",
};
enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };

static heed_status train_on(heed_model **out, const heed_text_options *text, const char *architecture, unsigned threads)
{
    heed_train_options train = made_train_options();
    heed_corpus *c;
    train.architecture = architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.encoder_epochs = 3;
    train.encoder_rate = 1e-3;
    train.threads = threads;
    char *rows = told_rows(60, 2);
    must(heed_corpus_new(&c, text, &made_error));
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    heed_status status = heed_train(out, c, &train, NULL, &made_error);
    heed_corpus_free(c);
    heed_free(rows);
    return status;
}

static void print_model(writer *out, const char *architecture, unsigned threads)
{
    made_encoder folder;
    heed_model *m;
    made_encoder_open(&folder, "bert", "vocab.txt");
    const heed_text_options text = encoder_text_options(&folder, 12);
    must(train_on(&m, &text, architecture, threads));
    made_encoder_close(&folder);
    must(model_print(out, m, &made_error));
    heed_model_free(m);
}

static void models_of_any_number_of_threads_are_the_same(void **state)
{
    (void)state;
    for (size_t a = 0; a < ARCHITECTURES; a++) {
        writer first = {0};
        print_model(&first, architectures[a], 1);
        for (unsigned threads = 2; threads <= 4; threads++) {
            writer other = {0};
            print_model(&other, architectures[a], threads);
            if (other.size != first.size || memcmp(other.data, first.data, first.size) != 0)
                fail_msg("%s: other bytes with %u threads", architectures[a], threads);
            writer_release(&other);
        }
        writer_release(&first);
    }
}

/* Its encoder is not the folder's any more, and what is read from its file answers as it does. */
static void a_model_carries_the_encoder_that_has_learned(void **state)
{
    (void)state;
    static const char *const told[] = {"awful and boring", "lovely", "", "we saw 7 lovely others"};
    heed_bytes texts[4];
    made_encoder folder;
    shared_encoder *e;
    for (size_t i = 0; i < 4; i++)
        texts[i] = bytes_of(told[i]);
    made_encoder_open(&folder, "bert", "vocab.txt");
    must(shared_encoder_open(&e, folder.path, HEED_PRECISION_FLOAT32, &made_error));
    for (size_t a = 0; a < ARCHITECTURES; a++) {
        const heed_text_options text = encoder_text_options(&folder, 12);
        float before[4][2], after[4][2];
        heed_model *m, *read;
        writer file = {0};
        must(train_on(&m, &text, architectures[a], 2));
        assert_string_not_equal(m->encoder->digest, e->digest);
        assert_string_equal(m->config.encoder.digest, m->encoder->digest);
        assert_non_null(strstr(m->config.network.architecture, "encoder bert 2x24 trained | "));
        must(model_print(&file, m, &made_error));
        must(model_parse(&read, file.data, file.size, "a model", &made_error));
        made_predictions(*before, m, texts, 4, 1);
        made_predictions(*after, read, texts, 4, 2);
        assert_memory_equal(after, before, sizeof after);
        heed_model_free(read);
        heed_model_free(m);
        writer_release(&file);
    }
    shared_encoder_release(e);
    made_encoder_close(&folder);
}

static void what_cannot_learn_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *weights, *architecture, *message;
        heed_precision save_as;
    } cases[] = {
        {"static", "encoder trained | mean", "the encoder static", HEED_PRECISION_FLOAT32},
        {"bert", "encoder trained | mean | linear", "linear is for one that stays as it is", HEED_PRECISION_FLOAT32},
        {"bert", "encoder trained | mean ; encoder | mean | linear",
         "found 2 parts on the encoder, of which 1 train it", HEED_PRECISION_FLOAT32},
        {"bert", "encoder trained | mean ; encoder trained | max", "found 2 parts on the encoder, of which 2 train it",
         HEED_PRECISION_FLOAT32},
        {"bert", "encoder trained | mean", "--save-as: found bfloat16", HEED_PRECISION_BFLOAT16},
        {"bert", "encoder distilbert 6x768 trained | mean", "and the encoder is bert 2x24", HEED_PRECISION_FLOAT32},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        made_encoder folder;
        heed_model *m;
        made_encoder_open(&folder, cases[i].weights,
                          strcmp(cases[i].weights, "static") == 0 ? "static.json" : "vocab.txt");
        heed_text_options text = encoder_text_options(&folder, 12);
        text.save_as = cases[i].save_as;
        must_refuse(train_on(&m, &text, cases[i].architecture, 1), HEED_USAGE, cases[i].message, cases[i].architecture);
        made_encoder_close(&folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_those_of_torch),
        cmocka_unit_test(three_steps_of_adamw_are_those_of_torch),
        cmocka_unit_test(a_block_learns_at_a_share_of_the_rate_of_the_one_after_it),
        cmocka_unit_test(less_memory_changes_no_bit_of_a_step),
        cmocka_unit_test(threads_change_no_bit_of_a_step),
        cmocka_unit_test(a_batch_that_is_too_large_is_refused),
        cmocka_unit_test(epochs_fall_with_the_rows),
        cmocka_unit_test(work_is_counted),
        cmocka_unit_test(models_of_any_number_of_threads_are_the_same),
        cmocka_unit_test(a_model_carries_the_encoder_that_has_learned),
        cmocka_unit_test(what_cannot_learn_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
