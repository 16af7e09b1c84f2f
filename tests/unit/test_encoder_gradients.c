/* Gradients of an encoder's states by the word embeddings, against central differences: the sources compiled for double
 * (-DHEED_DOUBLE). */
#include "unit/golden_encoders.h"

#include <math.h>

#include "base/random.h"

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
