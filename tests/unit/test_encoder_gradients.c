/* Gradients of an encoder's states by the word embeddings and by all weights, against central differences: the sources
 * compiled for double (-DHEED_DOUBLE). */
#include "unit/golden_encoders.h"

#include <math.h>

#include "base/random.h"
#include "encoder/flat_weights.h"

enum { ENTRIES = 60, TOKENS = 85 };

static const double step = 1e-5, allowed = 1e-6;

static double number(uint32_t row, uint32_t element)
{
    return 2 * random_unit(random_word((random_key){21, RANDOM_SPLIT, 0, 0, row}, element)) - 1;
}

typedef struct bench {
    golden_encoder g;
    encoder_pass *p;
    encoder_texts texts;
    uint32_t ids[TOKENS];
    real *words, *states, *dstates, *dwords; /* [TOKENS][width] */
    encoder *moved;                          /* a copy whose weights may be moved */
    real *gradient;                          /* [flat_count] */
} bench;

static real *numbers(const bench *b, uint32_t seed)
{
    size_t count = TOKENS * b->g.width;
    real *x = calloc(count, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < count && seed > 0; i++)
        x[i] = (real)number(seed, (uint32_t)i);
    return x;
}

/* More tokens than a block of queries, a text of one, an empty one. */
static const int lengths[] = {3, 0, 70, 1, 11};

static void bench_init(bench *b, const char *folder, unsigned threads)
{
    *b = (bench){.g = golden_encoder_open(folder, threads)};
    b->words = numbers(b, 1);
    b->dstates = numbers(b, 2);
    b->states = numbers(b, 0);
    b->dwords = numbers(b, 0);
    for (uint32_t i = 0; i < TOKENS; i++)
        b->ids[i] = i % 30;
    b->texts = (encoder_texts){b->ids, lengths, sizeof lengths / sizeof *lengths, b->words};
    encoder_must(encoder_pass_new(&b->p, b->g.e, b->g.workers, TOKENS, true, &encoder_error));
}

static void bench_release(bench *b)
{
    encoder_pass_free(b->p);
    encoder_free(b->moved);
    free(b->gradient);
    free(b->words);
    free(b->dstates);
    free(b->states);
    free(b->dwords);
    golden_encoder_close(&b->g);
}

/* A function of the states whose gradient is dstates. */
static double value(bench *b)
{
    double sum = 0;
    encoder_must(encoder_pass_run(b->p, &b->texts, b->states, &encoder_error));
    for (size_t i = 0; i < TOKENS * b->g.width; i++)
        sum += (double)b->states[i] * (double)b->dstates[i];
    return sum;
}

static double difference(bench *b, size_t at)
{
    real before = b->words[at];
    b->words[at] = before + (real)step;
    double above = value(b);
    b->words[at] = before - (real)step;
    double below = value(b);
    b->words[at] = before;
    return (above - below) / (2 * step);
}

static void check_gradients(const char *folder)
{
    bench b;
    bench_init(&b, folder, 2);
    value(&b);
    encoder_pass_backward(b.p, b.dstates, b.dwords);
    double largest = 0;
    for (size_t i = 0; i < TOKENS * b.g.width; i++)
        largest = fmax(largest, fabs((double)b.dwords[i]));
    assert_true(largest > 0.1);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        size_t at = (size_t)(random_unit(random_word((random_key){5, RANDOM_SPLIT, 0, 0, 0}, i)) * (double)TOKENS *
                             (double)b.g.width);
        double expected = difference(&b, at), found = (double)b.dwords[at];
        if (!(fabs(found - expected) <= allowed * (largest + fabs(expected))))
            fail_msg("%s: gradient %zu is %.10g, by differences %.10g", folder, at, found, expected);
    }
    bench_release(&b);
}

static void gradients_are_differences(void **state)
{
    (void)state;
    static const char *const folders[] = {"bert",       "bert-gelu-new",   "bert-tanh", "bert-relu",
                                          "distilbert", "distilbert-relu", "static",    "static-int8"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        check_gradients(folders[i]);
}

/* ---- weights */

static const encoder_dropout nothing = {0}, some = {.hidden = 0.25, .attention = 0.125, .seed = 3, .step = 7};

/* The same through a copy that learns. */
static void learning_init_keeping(bench *b, const char *folder, unsigned threads, const encoder_dropout *dropped,
                                  encoder_keeping keeps)
{
    bench_init(b, folder, threads);
    encoder_pass_free(b->p);
    encoder_must(encoder_copy(&b->moved, b->g.e, &encoder_error));
    b->texts.words = NULL;
    b->gradient = calloc(b->moved->weights.flat_count, sizeof *b->gradient);
    assert_non_null(b->gradient);
    for (size_t i = 0; i < b->moved->weights.flat_count; i++)
        b->gradient[i] = NAN;
    encoder_must(encoder_pass_new(&b->p, b->moved, b->g.workers, TOKENS, keeps, &encoder_error));
    encoder_must(encoder_pass_learn(b->p, b->gradient, &encoder_error));
    encoder_pass_drop(b->p, dropped);
    value(b);
    encoder_pass_backward(b->p, b->dstates, b->dwords);
}

static void learning_init(bench *b, const char *folder, unsigned threads, const encoder_dropout *dropped)
{
    learning_init_keeping(b, folder, threads, dropped, KEEP_BLOCKS);
}

/* Words get the sum over their tokens. */
static void add_words(bench *b)
{
    const size_t width = b->g.width;
    memset(b->gradient, 0, encoder_flat_after_words(b->moved) * sizeof *b->gradient);
    for (size_t t = 0; t < TOKENS; t++)
        for (size_t j = 0; j < width; j++)
            b->gradient[b->ids[t] * width + j] += b->dwords[t * width + j];
}

static double difference_of_weight(bench *b, real *weight)
{
    real before = *weight;
    *weight = before + (real)step;
    double above = value(b);
    *weight = before - (real)step;
    double below = value(b);
    *weight = before;
    return (above - below) / (2 * step);
}

/* Some of the numbers of a tensor, the first and the last among them. */
static void check_tensor(bench *b, const char *folder, const table_tensor *t, size_t first)
{
    const size_t count = table_tensor_numbers(t);
    double largest = 0;
    for (size_t i = first; i < first + count; i++)
        largest = fmax(largest, fabs((double)b->gradient[i]));
    if (!(largest > 1e-3) && strstr(t->name, "key.bias") == NULL && strstr(t->name, "k_lin.bias") == NULL)
        fail_msg("%s: the gradient of %s is at most %g", folder, t->name, largest); /* that of keys' biases is 0 */
    for (size_t k = 0; k < 12; k++) {
        size_t at = first + (k < 11 ? k * count / 11 : count - 1);
        double expected = difference_of_weight(b, b->moved->weights.flat + at), found = (double)b->gradient[at];
        if (!(fabs(found - expected) <= allowed * (largest + fabs(expected) + 1)))
            fail_msg("%s: gradient %zu of %s is %.10g, by differences %.10g", folder, at - first, t->name, found,
                     expected);
    }
}

static void check_weights(const char *folder, const encoder_dropout *dropped)
{
    bench b;
    size_t first = 0;
    learning_init(&b, folder, 2, dropped);
    add_words(&b);
    for (size_t i = 0; i < encoder_weights_count(&b.moved->config); i++) {
        table_tensor t;
        encoder_weights_at(&t, &b.moved->config, i);
        check_tensor(&b, folder, &t, first);
        first += table_tensor_numbers(&t);
    }
    assert_int_equal(first, b.moved->weights.flat_count);
    bench_release(&b);
}

static void gradients_of_weights_are_differences(void **state)
{
    (void)state;
    static const char *const folders[] = {"bert",       "bert-gelu-new",   "bert-tanh", "bert-relu",
                                          "distilbert", "distilbert-relu", "roberta",   "xlm-roberta"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        check_weights(folders[i], &nothing);
}

static void gradients_with_dropout_are_differences(void **state)
{
    (void)state;
    static const char *const folders[] = {"bert", "distilbert"};
    static const encoder_dropout each[] = {
        {.hidden = 0.25, .seed = 1}, {.attention = 0.25, .step = 1}, {.hidden = 0.5, .attention = 0.1, .step = 2}};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        for (size_t k = 0; k < sizeof each / sizeof *each; k++)
            check_weights(folders[i], &each[k]);
}

/* Another seed, step, rate or place of dropping gives other states; the same ones give the same bits. */
static void dropout_is_what_encoder_dropout_says(void **state)
{
    (void)state;
    static const encoder_dropout each[] = {{0},
                                           {.hidden = 0.25, .seed = 1},
                                           {.hidden = 0.25, .seed = 2},
                                           {.hidden = 0.25, .seed = 1, .step = 1},
                                           {.hidden = 0.125, .seed = 1},
                                           {.attention = 0.25, .seed = 1}};
    enum { EACH = sizeof each / sizeof *each };
    bench b;
    real *found[EACH];
    learning_init(&b, "bert", 2, &nothing);
    const size_t size = TOKENS * b.g.width * sizeof(real);
    for (size_t i = 0; i < EACH; i++) {
        encoder_pass_drop(b.p, &each[i]);
        value(&b);
        found[i] = malloc(size);
        assert_non_null(found[i]);
        memcpy(found[i], b.states, size);
        value(&b);
        assert_memory_equal(found[i], b.states, size);
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(found[i], found[k], size);
    }
    for (size_t i = 0; i < EACH; i++)
        free(found[i]);
    bench_release(&b);
}

static void copies_have_the_same_states(void **state)
{
    (void)state;
    static const char *const folders[] = {"bert", "bert-bfloat16", "distilbert"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        bench of, copy;
        bench_init(&of, folders[i], 1);
        learning_init(&copy, folders[i], 1, &nothing);
        of.texts.words = NULL;
        value(&of);
        assert_memory_equal(copy.states, of.states, TOKENS * of.g.width * sizeof *of.states);
        char digest[DIGEST_DIGITS];
        memcpy(digest, copy.moved->weights.digest, sizeof digest);
        encoder_must(encoder_flat_digest(copy.moved, &encoder_error));
        assert_string_equal(copy.moved->weights.digest, digest);
        copy.moved->weights.flat[3] += 1;
        encoder_must(encoder_flat_digest(copy.moved, &encoder_error));
        assert_string_not_equal(copy.moved->weights.digest, digest);
        copy.moved->weights.flat[3] = NAN;
        assert_int_equal(encoder_flat_digest(copy.moved, &encoder_error), HEED_BAD_DATA);
        bench_release(&copy);
        bench_release(&of);
    }
}

static void threads_change_no_bit_of_a_weights_gradient(void **state)
{
    (void)state;
    bench one;
    learning_init(&one, "bert", 1, &some);
    const size_t words = encoder_flat_after_words(one.moved), rest = one.moved->weights.flat_count - words;
    for (unsigned threads = 2; threads <= 4; threads++) {
        bench b;
        learning_init(&b, "bert", threads, &some);
        assert_memory_equal(b.gradient + words, one.gradient + words, rest * sizeof *b.gradient);
        bench_release(&b);
    }
    one.texts.count = 0;
    value(&one);
    encoder_pass_backward(one.p, one.dstates, one.dwords);
    for (size_t i = words; i < words + rest; i++)
        assert_true(one.gradient[i] == 0);
    bench_release(&one);
}

static void what_a_pass_keeps_changes_no_bit_of_a_gradient(void **state)
{
    (void)state;
    static const char *const folders[] = {"bert", "bert-relu", "distilbert", "roberta"};
    static const encoder_dropout *const each[] = {&nothing, &some};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        for (size_t k = 0; k < sizeof each / sizeof *each; k++) {
            bench all, streams;
            size_t bytes_all, bytes_streams;
            learning_init(&all, folders[i], 2, each[k]);
            learning_init_keeping(&streams, folders[i], 3, each[k], KEEP_STREAMS);
            const size_t words = encoder_flat_after_words(all.moved), rest = all.moved->weights.flat_count - words;
            assert_memory_equal(streams.states, all.states, TOKENS * all.g.width * sizeof *all.states);
            assert_memory_equal(streams.dwords, all.dwords, TOKENS * all.g.width * sizeof *all.dwords);
            assert_memory_equal(streams.gradient + words, all.gradient + words, rest * sizeof *all.gradient);
            encoder_must(encoder_pass_bytes(&bytes_all, all.moved, all.g.workers, TOKENS, KEEP_BLOCKS, &encoder_error));
            encoder_must(
                encoder_pass_bytes(&bytes_streams, all.moved, all.g.workers, TOKENS, KEEP_STREAMS, &encoder_error));
            assert_true(all.moved->config.layers > 1 ? bytes_streams < bytes_all : bytes_streams == bytes_all);
            bench_release(&all);
            bench_release(&streams);
        }
}

static void threads_change_no_bit_of_a_gradient(void **state)
{
    (void)state;
    bench one;
    bench_init(&one, "bert", 1);
    value(&one);
    encoder_pass_backward(one.p, one.dstates, one.dwords);
    for (unsigned threads = 2; threads <= 4; threads++) {
        bench b;
        bench_init(&b, "bert", threads);
        value(&b);
        encoder_pass_backward(b.p, b.dstates, b.dwords);
        assert_memory_equal(b.dwords, one.dwords, TOKENS * one.g.width * sizeof *one.dwords);
        bench_release(&b);
    }
    bench_release(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_differences),
        cmocka_unit_test(threads_change_no_bit_of_a_gradient),
        cmocka_unit_test(gradients_of_weights_are_differences),
        cmocka_unit_test(gradients_with_dropout_are_differences),
        cmocka_unit_test(dropout_is_what_encoder_dropout_says),
        cmocka_unit_test(what_a_pass_keeps_changes_no_bit_of_a_gradient),
        cmocka_unit_test(copies_have_the_same_states),
        cmocka_unit_test(threads_change_no_bit_of_a_weights_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
