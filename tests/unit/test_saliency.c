/* Gradients of a logit with respect to embedded tokens against central differences: the layers compiled for double.
 * What a token's score is, its gradient times its embedding, is the slope of the logit as its embedding grows or
 * shrinks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "network/initial_weights.h"
#include "network/network.h"
#include "network/saliency.h"

enum { VOCABULARY = 9, WINDOW = 6, POINTS = 13, STATES_WIDTH = 4 };

/* Ids of a row are all different, so that a row of the embedding is one token's alone. */
static const struct {
    const char *architecture;
    uint32_t outputs;
    bool mask, pad_behind;
    int length;
} cases[] = {
    {"embed 4 | bilstm 3 | attention additive 3 | dense 4 | dropout 0.3", 1, true, false, 5},
    {"embed 4 | bilstm 3 | attention additive 3 | dense 4", 1, false, false, 4},
    {"embed 4 | dropout 0.3 | bigru 3 recurrent-dropout 0.4 | attention general", 3, false, true, 3},
    {"embed 4 | conv 5 3 2 | max | dense 4", 3, true, false, 6},
    {"embed 6 | transformer 2 5 | mean", 4, true, false, 5},
    {"embed 4 | gru 3 | last", 1, true, false, 1},
    {"embed 4 | attention dot + mean | dense 3", 2, true, false, 0},
};

/* Networks on the states of an encoder. */
static const struct {
    const char *architecture;
    uint32_t outputs;
    int length;
} on_states[] = {
    {"encoder | attention additive 3 | dense 4 | dropout 0.3", 1, 5},
    {"encoder bert 6x4 | dropout 0.3 | bigru 3 recurrent-dropout 0.4 | attention general", 3, 3},
    {"encoder | conv 5 3 2 | max + mean | dense 4", 3, 6},
    {"encoder | transformer 2 5 | mean", 4, 5},
    {"encoder | gru 3 | last", 1, 1},
    {"encoder | first | dense tanh 3", 2, 4},
    {"encoder | first + max | dense 4", 1, 0},
    {"encoder | attention dot + mean | dense 3", 2, 0},
};

typedef struct bench {
    network *net;
    pool *workers;
    saliency *s;
    real *weights;
    uint32_t ids[WINDOW];
    real states[(1 + WINDOW) * STATES_WIDTH];
    batch_row row;
} bench;

static void bench_make(bench *b, const network_spec *spec, int length, unsigned threads)
{
    heed_error error = {""};
    *b = (bench){0};
    if (network_new(&b->net, spec, &error) != HEED_OK || pool_new(&b->workers, threads, &error) != HEED_OK)
        fail_msg("%s", error.message);
    b->weights = calloc(b->net->weight_count, sizeof *b->weights);
    assert_int_equal(network_initialize(b->net, b->weights, 3, &error), HEED_OK);
    for (size_t j = 0; j < b->net->weight_count; j++)
        b->weights[j] += random_unit(random_word((random_key){7, RANDOM_SPLIT, 2, 0, 0}, (uint32_t)j)) * 1.6 - 0.8;
    for (int t = 0; t < length; t++)
        b->ids[t] = (uint32_t)(2 + t);
    for (uint32_t j = 0; j < (1 + WINDOW) * STATES_WIDTH; j++)
        b->states[j] = random_unit(random_word((random_key){7, RANDOM_SPLIT, 3, 0, 0}, j)) * 2 - 1;
    b->row = (batch_row){.ids = b->ids, .length = length, .states = row_states_of(b->states, STATES_WIDTH)};
    if (saliency_new(&b->s, b->net, b->weights, b->workers, &error) != HEED_OK)
        fail_msg("%s", error.message);
}

static void bench_init(bench *b, size_t i, unsigned threads)
{
    const network_spec spec = {.architecture = cases[i].architecture,
                               .vocabulary = VOCABULARY,
                               .window = WINDOW,
                               .outputs = cases[i].outputs,
                               .mask = cases[i].mask,
                               .pad_behind = cases[i].pad_behind,
                               .task = HEED_TASK_MULTICLASS};
    bench_make(b, &spec, cases[i].length, threads);
}

static void bench_on_states(bench *b, size_t i)
{
    const network_spec spec = {.architecture = on_states[i].architecture,
                               .vocabulary = VOCABULARY,
                               .window = WINDOW,
                               .outputs = on_states[i].outputs,
                               .mask = true,
                               .task = HEED_TASK_MULTICLASS,
                               .encoder_width = STATES_WIDTH};
    bench_make(b, &spec, on_states[i].length, 1);
}

static void bench_release(bench *b)
{
    saliency_free(b->s);
    pool_free(b->workers);
    network_free(b->net);
    free(b->weights);
}

/* The logit where one token's embedding is `grown` times that of the point. */
static double logit_at(bench *b, uint32_t output, double shrink, int token, double grown)
{
    double products[WINDOW], logit;
    int width = b->net->embedded.width;
    real kept[16], *x = token < 0 ? NULL : b->weights + b->ids[token] * (uint32_t)width;
    for (int i = 0; x != NULL && i < width; i++) {
        kept[i] = x[i];
        x[i] *= grown;
    }
    saliency_gradients(b->s, &b->row, output, &shrink, 1, products, &logit);
    for (int i = 0; x != NULL && i < width; i++)
        x[i] = kept[i];
    return logit;
}

static void products_equal_differences(void **state)
{
    (void)state;
    static const double shrinks[] = {1, 0.6, 0.1}, step = 1e-6;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint32_t k = 0; k < cases[i].outputs; k++) {
            bench b;
            double products[3 * WINDOW + 1], logits[3];
            bench_init(&b, i, 1);
            saliency_gradients(b.s, &b.row, k, shrinks, 3, products, logits);
            for (int j = 0; j < 3; j++) {
                assert_true(fabs(logits[j] - logit_at(&b, k, shrinks[j], -1, 1)) < 1e-12);
                for (int t = 0; t < b.row.length; t++) {
                    double above = logit_at(&b, k, shrinks[j], t, 1 + step);
                    double below = logit_at(&b, k, shrinks[j], t, 1 - step);
                    double slope = (above - below) / (2 * step) / shrinks[j];
                    double found = products[j * b.row.length + t];
                    if (!(fabs(found - slope) <= 1e-7 + 1e-6 * fabs(slope)))
                        fail_msg("'%s', logit %u, token %d at %g: found %.12g, difference %.12g", cases[i].architecture,
                                 k, t, shrinks[j], found, slope);
                }
            }
            bench_release(&b);
        }
}

static void attention_adds_up_to_one_with_that_of_padding(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bench b;
        double scores[WINDOW], sum;
        bench_init(&b, i, 1);
        if (b.net->attention >= 0 && cases[i].length > 0) {
            sum = saliency_attention(b.s, &b.row, scores);
            assert_true(cases[i].mask ? sum == 0 : sum > 0);
            for (int t = 0; t < b.row.length; t++)
                sum += scores[t];
            assert_true(fabs(sum - 1) < 1e-12);
        }
        bench_release(&b);
    }
}

/* Every number of every state, that of the first token too, and of the gradient as a whole that it is not 0. */
static void check_states(bench *b, const char *architecture, uint32_t output)
{
    static const double step = 1e-6;
    real found[(1 + WINDOW) * STATES_WIDTH] = {0}, largest = 0;
    batch_row to = b->row;
    to.states.dfirst = found;
    to.states.gradient = found + STATES_WIDTH;
    saliency_of_states(b->s, &to, output);
    for (int i = 0; i < (1 + b->row.length) * STATES_WIDTH; i++) {
        real kept = b->states[i];
        b->states[i] = kept + step;
        double above = saliency_of_states(b->s, &b->row, output);
        b->states[i] = kept - step;
        double below = saliency_of_states(b->s, &b->row, output);
        b->states[i] = kept;
        double slope = (above - below) / (2 * step);
        if (!(fabs(found[i] - slope) <= 1e-7 + 1e-6 * fabs(slope)))
            fail_msg("'%s', logit %u, number %d of the states: found %.12g, difference %.12g", architecture, output, i,
                     found[i], slope);
        largest = fmax(largest, fabs(found[i]));
    }
    assert_true(b->row.length == 0 || largest > 1e-3);
}

static void gradients_of_states_equal_differences(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof on_states / sizeof *on_states; i++) {
        bench b;
        bench_on_states(&b, i);
        for (uint32_t k = 0; k < on_states[i].outputs; k++)
            check_states(&b, on_states[i].architecture, k);
        bench_release(&b);
    }
}

static void attention_reads_states(void **state)
{
    (void)state;
    bench b;
    double scores[WINDOW], other[WINDOW], sum = 0;
    bench_on_states(&b, 0);
    assert_true(saliency_attention(b.s, &b.row, scores) == 0);
    for (int t = 0; t < b.row.length; t++)
        sum += scores[t];
    assert_true(fabs(sum - 1) < 1e-12);
    b.states[STATES_WIDTH] += 1; /* of its first token */
    saliency_attention(b.s, &b.row, other);
    assert_true(fabs(other[0] - scores[0]) > 1e-4);
    bench_release(&b);
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    bench one, three;
    double shrink[2 * POINTS], products[2][2 * POINTS * WINDOW], logits[2][2 * POINTS];
    for (int i = 0; i < 2 * POINTS; i++)
        shrink[i] = i / (2.0 * POINTS);
    bench_init(&one, 0, 1);
    bench_init(&three, 0, 3);
    saliency_gradients(one.s, &one.row, 0, shrink, 2 * POINTS, products[0], logits[0]);
    saliency_gradients(three.s, &three.row, 0, shrink, 2 * POINTS, products[1], logits[1]);
    assert_memory_equal(logits[0], logits[1], sizeof logits[0]);
    assert_memory_equal(products[0], products[1], 2 * POINTS * (size_t)one.row.length * sizeof(double));
    bench_release(&one);
    bench_release(&three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_equal_differences),
        cmocka_unit_test(attention_adds_up_to_one_with_that_of_padding),
        cmocka_unit_test(gradients_of_states_equal_differences),
        cmocka_unit_test(attention_reads_states),
        cmocka_unit_test(threads_change_no_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
