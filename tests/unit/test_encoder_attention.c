/* The attention that each token gets in an encoder's last block: that of transformers, and of the formulas written out;
 * the same bits at any number of threads and in any pass. */
#include "unit/golden_encoders.h"

#include <math.h>

enum { MANY = 500, LONGEST = 80, MOST_WIDTH = 32 };

/* free() releases it. backward: gradients are computed in between. */
static real *attention_of(const golden_encoder *g, encoder_texts texts, bool keeps, bool backward)
{
    encoder_pass *p;
    real *states = calloc(2 * g->tokens * g->width, sizeof *states), *attention = calloc(g->tokens, sizeof *attention);
    assert_true(states && attention);
    encoder_must(encoder_pass_new(&p, g->e, g->workers, MANY, keeps, &encoder_error));
    encoder_must(encoder_pass_run(p, &texts, states, &encoder_error));
    if (backward)
        encoder_pass_backward(p, states, states + g->tokens * g->width);
    encoder_pass_attention(p, attention);
    encoder_pass_free(p);
    free(states);
    return attention;
}

static void assert_texts_sum_to_one(const golden_encoder *g, const real *attention)
{
    for (size_t i = 0; i < g->count; i++) {
        double sum = 0;
        for (int t = 0; t < g->lengths[i]; t++)
            sum += (double)*attention++;
        assert_true(fabs(sum - 1) < 1e-6);
    }
}

static void check_golden(const char *folder, const char *kernels_name)
{
    golden_encoder g = golden_encoder_open(folder, 2);
    const float *expected = golden_tensor(&g, "attention");
    real *attention = attention_of(&g, golden_texts(&g), false, false);
    assert_true(encoder_has_attention(g.e));
    for (size_t i = 0; i < g.tokens; i++)
        if (!(fabsf(attention[i] - expected[i]) <= 1e-5f * expected[i]))
            fail_msg("%s with %s: token %zu gets %.8g, expected %.8g", folder, kernels_name, i, (double)attention[i],
                     (double)expected[i]);
    assert_texts_sum_to_one(&g, attention);
    free(attention);
    golden_encoder_close(&g);
}

static void attention_is_that_of_transformers(void **state)
{
    (void)state;
    check_with_all_kernels(check_golden, WITH_ATTENTION);
}

/* ---- the formulas, for encoders of one block */

/* norm(word + type 0 + position) of a token. */
static void embed(const encoder *e, uint32_t id, int position, double *out)
{
    const encoder_weights *w = &e->weights;
    int width = e->config.width;
    real word[MOST_WIDTH];
    double mean = 0, variance = 0;
    encoder_word(e, id, word);
    for (int i = 0; i < width; i++) {
        double type = w->types == NULL ? 0 : (double)w->types[i];
        out[i] = (double)word[i] + type + (double)w->positions[position * width + i];
        mean += out[i] / width;
    }
    for (int i = 0; i < width; i++)
        variance += (out[i] - mean) * (out[i] - mean) / width;
    for (int i = 0; i < width; i++)
        out[i] = (out[i] - mean) / sqrt(variance + e->config.epsilon) * (double)w->gamma[i] + (double)w->beta[i];
}

static void project(const encoder *e, const linear_weights *w, const double *x, double *y)
{
    int width = e->config.width;
    for (int i = 0; i < width; i++) {
        y[i] = (double)w->bias[i];
        for (int j = 0; j < width; j++)
            y[i] += (double)w->kernel[i * width + j] * x[j];
    }
}

/* What each of the keys gets from a head's query, added to received. */
static void attend(int tokens, int size, const double *query, double (*keys)[MOST_WIDTH], int at, double *received)
{
    double weight[LONGEST], sum = 0;
    for (int t = 0; t < tokens; t++) {
        double score = 0;
        for (int i = 0; i < size; i++)
            score += query[at + i] * keys[t][at + i];
        sum += weight[t] = exp(score / sqrt(size));
    }
    for (int t = 0; t < tokens; t++)
        received[t] += weight[t] / sum;
}

static void attention_by_formula(const encoder *e, const uint32_t *ids, int tokens, double *received)
{
    const encoder_block_weights *w = &e->weights.blocks[0];
    static double queries[LONGEST][MOST_WIDTH], keys[LONGEST][MOST_WIDTH];
    int heads = e->config.heads, size = e->config.width / heads;
    for (int t = 0; t < tokens; t++) {
        double x[MOST_WIDTH];
        embed(e, ids[t], t, x);
        project(e, &w->query, x, queries[t]);
        project(e, &w->key, x, keys[t]);
        received[t] = 0;
    }
    for (int head = 0; head < heads; head++)
        for (int q = 0; q < tokens; q++)
            attend(tokens, size, queries[q], keys, head * size, received);
    for (int t = 0; t < tokens; t++)
        received[t] /= heads * tokens;
}

static void attention_is_its_formula(void **state)
{
    (void)state;
    static const char *const single[] = {"bert-relu", "bert-bfloat16", "distilbert-relu"};
    for (size_t f = 0; f < sizeof single / sizeof *single; f++) {
        golden_encoder g = golden_encoder_open(single[f], 2);
        assert_true(g.e->config.layers == 1 && g.e->config.width <= MOST_WIDTH);
        real *attention = attention_of(&g, golden_texts(&g), true, false);
        for (size_t i = 0, first = 0; i < g.count; first += (size_t)g.lengths[i++]) {
            double expected[LONGEST];
            attention_by_formula(g.e, g.ids + first, g.lengths[i], expected);
            for (int t = 0; t < g.lengths[i]; t++)
                assert_true(fabs((double)attention[first + (size_t)t] - expected[t]) <= 1e-5 * expected[t]);
        }
        free(attention);
        golden_encoder_close(&g);
    }
}

/* ---- bits */

static void assert_same_attention(const golden_encoder *g, real *found, const real *expected)
{
    assert_memory_equal(found, expected, g->tokens * sizeof *found);
    free(found);
}

static void threads_and_passes_change_no_bit(void **state)
{
    (void)state;
    golden_encoder one = golden_encoder_open("bert", 1);
    real *expected = attention_of(&one, golden_texts(&one), false, false);
    for (unsigned threads = 1; threads <= 4; threads++) {
        golden_encoder g = golden_encoder_open("bert", threads);
        assert_same_attention(&g, attention_of(&g, golden_texts(&g), false, false), expected);
        assert_same_attention(&g, attention_of(&g, golden_texts(&g), true, false), expected);
        assert_same_attention(&g, attention_of(&g, golden_texts(&g), true, true), expected);
        golden_encoder_close(&g);
    }
    free(expected);
    golden_encoder_close(&one);
}

static void company_changes_no_bit(void **state)
{
    (void)state;
    golden_encoder g = golden_encoder_open("bert", 2);
    real *expected = attention_of(&g, golden_texts(&g), false, false);
    for (size_t i = 0, first = 0; i < g.count; first += (size_t)g.lengths[i++]) {
        const int lengths[] = {0, g.lengths[i], 0};
        encoder_texts alone = {.ids = g.ids + first, .lengths = lengths, .count = 3};
        real *attention = attention_of(&g, alone, false, false);
        assert_memory_equal(attention, expected + first, (size_t)g.lengths[i] * sizeof *attention);
        for (size_t t = (size_t)g.lengths[i]; t < g.tokens; t++)
            assert_true(attention[t] == 0); /* not written */
        free(attention);
    }
    free(expected);
    golden_encoder_close(&g);
}

static void no_texts_have_no_attention(void **state)
{
    (void)state;
    golden_encoder g = golden_encoder_open("distilbert", 2);
    const int empty[] = {0, 0};
    real *attention = attention_of(&g, (encoder_texts){g.ids, empty, 2, NULL}, false, false);
    for (size_t t = 0; t < g.tokens; t++)
        assert_true(attention[t] == 0);
    free(attention);
    golden_encoder_close(&g);
}

static void static_encoders_have_none(void **state)
{
    (void)state;
    static const char *const without[] = {"static", "static-int8"};
    for (size_t i = 0; i < 2; i++) {
        golden_encoder g = golden_encoder_open(without[i], 1);
        assert_false(encoder_has_attention(g.e));
        golden_encoder_close(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attention_is_that_of_transformers), cmocka_unit_test(attention_is_its_formula),
        cmocka_unit_test(threads_and_passes_change_no_bit),  cmocka_unit_test(company_changes_no_bit),
        cmocka_unit_test(no_texts_have_no_attention),        cmocka_unit_test(static_encoders_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
