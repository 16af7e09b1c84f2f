/* Kernels of encoders in bfloat16: their products have the same bits with every instruction set; states are near those
 * of floats and do not depend on threads, groups and company; predictors take them and give them back. */
#include "unit/golden_encoders.h"
#include "unit/kernel_cases.h"
#include "unit/made_encoder.h"

#include "math/bfloat16.h"
#include "model/model.h"

/* ---- the product */

enum { MAX_ROWS = 13, MAX_COLUMNS = 149, MAX_DEPTH = 1031 };

typedef struct product_case {
    int rows, columns, depth;
    float *w, *x, *expected; /* [rows][depth], [depth][columns], [rows][columns] */
    pair_matrix w_pairs, x_pairs;
} product_case;

/* The pairs of neighbours in a row. */
static pair_matrix row_pairs(const float *w, int rows, int depth)
{
    pair_matrix p = {NULL, rows, (depth + 1) / 2, (depth + 1) / 2};
    p.data = malloc((size_t)rows * (size_t)p.columns * sizeof *p.data);
    assert_non_null(p.data);
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < depth; k += 2)
            p.data[i * p.row + k / 2] =
                bfloat16_of(w[i * depth + k]) | (k + 1 < depth ? (uint32_t)bfloat16_of(w[i * depth + k + 1]) << 16 : 0);
    return p;
}

static pair_matrix column_pairs(const kernels *k, const float *x, int depth, int columns)
{
    pair_matrix p = {NULL, (depth + 1) / 2, columns, columns + 3};
    p.data = calloc((size_t)p.rows * (size_t)p.row, sizeof *p.data);
    assert_non_null(p.data);
    k->to_pairs(&(matrix){(float *)(uintptr_t)x, depth, columns, columns, 1}, &p);
    return p;
}

static product_case product_case_new(int rows, int columns, int depth)
{
    product_case c = {rows,
                      columns,
                      depth,
                      .w = numbers((size_t)(rows * depth), 61, 1),
                      .x = numbers((size_t)(depth * columns), 62, 1),
                      .expected = numbers((size_t)(rows * columns), 63, 1)};
    c.w_pairs = row_pairs(c.w, rows, depth);
    c.x_pairs = column_pairs(&kernels_plain, c.x, depth, columns);
    kernels_plain.matmul_bf16(&(matrix){c.expected, rows, columns, columns, 1}, &c.w_pairs, &c.x_pairs);
    return c;
}

static void product_case_free(product_case *c)
{
    free(c->w);
    free(c->x);
    free(c->expected);
    free(c->w_pairs.data);
    free(c->x_pairs.data);
}

/* The first rows of a case. */
static void check_product(const kernels *k, const product_case *c, int rows)
{
    size_t columns = (size_t)c->columns;
    guarded y = guarded_new((size_t)rows, columns, columns + 5, NULL);
    pair_matrix x = column_pairs(k, c->x, c->depth, c->columns), w = c->w_pairs;
    w.rows = rows;
    if (memcmp(x.data, c->x_pairs.data, (size_t)x.rows * (size_t)x.row * sizeof *x.data) != 0)
        fail_msg("to_pairs of %s: other bits, depth %d, %d columns", k->name, c->depth, c->columns);
    k->matmul_bf16(&(matrix){y.data, rows, c->columns, (ptrdiff_t)y.row, 1}, &w, &x);
    for (int i = 0; i < rows; i++)
        assert_bits("matmul_bf16", k->name, y.data + (size_t)i * y.row, c->expected + i * c->columns, columns);
    free(x.data);
    guarded_check_and_free(&y, "matmul_bf16", k->name);
}

static void products_have_the_same_bits_everywhere(void **state)
{
    (void)state;
    static const int depths[] = {1, 2, 7, 32, 33, 255, 256, 511, 513, MAX_DEPTH};
    for (size_t d = 0; d < sizeof depths / sizeof *depths; d++)
        for (int columns = 1; columns <= MAX_COLUMNS; columns += columns < 20 ? 3 : 16) {
            product_case c = product_case_new(MAX_ROWS, columns, depths[d]);
            for (int i = 1; i < TABLES; i++)
                for (int rows = 1; rows <= MAX_ROWS && table(i) != NULL; rows += columns < 70 ? 1 : 4)
                    check_product(table(i), &c, rows);
            product_case_free(&c);
        }
}

/* The plain product against the formula in double, with both operands rounded. */
static void plain_product_is_the_formula(void **state)
{
    (void)state;
    enum { ROWS = 3, COLUMNS = 5, DEPTH = 17 };
    product_case c = product_case_new(ROWS, COLUMNS, DEPTH);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++) {
            double sum = 0;
            for (int k = 0; k < DEPTH; k++)
                sum += (double)bfloat16_value(bfloat16_of(c.w[i * DEPTH + k])) *
                       (double)bfloat16_value(bfloat16_of(c.x[k * COLUMNS + j]));
            assert_near("matmul_bf16", "plain", (size_t)(i * COLUMNS + j), (double)c.expected[i * COLUMNS + j], sum,
                        2e-6);
        }
    product_case_free(&c);
}

/* ---- kernels */

static void check_kernel(const char *name, const linear_weights *w, int out, int in)
{
    pair_matrix expected = row_pairs(w->kernel, out, in);
    if (memcmp(w->pairs, expected.data, (size_t)out * (size_t)expected.row * sizeof *expected.data) != 0)
        fail_msg("%s: pairs of another kernel", name);
    free(expected.data);
}

static void every_kernel_is_rounded(void **state)
{
    (void)state;
    for (int f = 0; f < WITH_ATTENTION; f++) {
        golden_encoder g = golden_encoder_open(golden_folders[f], 1);
        encoder_halves *h;
        int width = g.e->config.width, feed = g.e->config.feed;
        encoder_must(encoder_halves_new(&h, g.e, &encoder_error));
        for (int i = 0; i < g.e->config.layers; i++) {
            const encoder_block_weights *b = &h->blocks[i], *of = &g.e->weights.blocks[i];
            check_kernel("query", &b->query, width, width);
            check_kernel("key", &b->key, width, width);
            check_kernel("value", &b->value, width, width);
            check_kernel("output", &b->output, width, width);
            check_kernel("feed_in", &b->feed_in, feed, width);
            check_kernel("feed_out", &b->feed_out, width, feed);
            assert_ptr_equal(b->feed_gamma, of->feed_gamma);
            assert_ptr_equal(b->output.bias, of->output.bias);
            assert_null(of->query.pairs);
        }
        encoder_halves_free(h);
        golden_encoder_close(&g);
    }
}

/* ---- states */

enum { WINDOW = 80, MANY = 500 };

/* The states of a folder's texts by kernels in bfloat16, from a pass of its own. */
static real *rounded_states(const golden_encoder *g, encoder_texts texts, int tokens)
{
    encoder_halves *h;
    encoder_pass *p;
    real *states = calloc(g->tokens * g->width, sizeof *states);
    assert_non_null(states);
    encoder_must(encoder_halves_new(&h, g->e, &encoder_error));
    encoder_must(encoder_pass_new(&p, g->e, g->workers, tokens, false, &encoder_error));
    encoder_pass_round(p, h);
    encoder_must(encoder_pass_run(p, &texts, states, &encoder_error));
    encoder_pass_free(p);
    encoder_halves_free(h);
    return states;
}

/* 8 significant bits: the mean difference is far below a tenth of the numbers', whose squares' mean is about 1. */
static void check_near(const char *folder, const char *kernels_name)
{
    golden_encoder g = golden_encoder_open(folder, 2);
    real *states = rounded_states(&g, golden_texts(&g), MANY);
    double squares = 0, differences = 0;
    for (size_t i = 0; i < g.tokens * g.width; i++) {
        double expected = (double)g.states[i], apart = (double)states[i] - expected;
        squares += expected * expected;
        differences += apart * apart;
    }
    if (!(differences > 0) || sqrt(differences / squares) > 0.02)
        fail_msg("%s with %s: relative difference %g", folder, kernels_name, sqrt(differences / squares));
    free(states);
    golden_encoder_close(&g);
}

static void states_are_near_those_of_floats(void **state)
{
    (void)state;
    check_with_all_kernels(check_near, WITH_ATTENTION);
}

static void threads_groups_and_company_change_no_bit(void **state)
{
    (void)state;
    golden_encoder one = golden_encoder_open("bert", 1);
    real *expected = rounded_states(&one, golden_texts(&one), WINDOW);
    for (unsigned threads = 1; threads <= 4; threads++) {
        golden_encoder g = golden_encoder_open("bert", threads);
        real *together = rounded_states(&g, golden_texts(&g), MANY);
        assert_memory_equal(together, expected, g.tokens * g.width * sizeof *expected);
        free(together);
        golden_encoder_close(&g);
    }
    for (size_t i = 0, first = 0; i < one.count; first += (size_t)one.lengths[i++]) {
        encoder_texts alone = {.ids = one.ids + first, .lengths = one.lengths + i, .count = 1};
        real *states = rounded_states(&one, alone, WINDOW);
        assert_memory_equal(states, expected + first * one.width, (size_t)one.lengths[i] * one.width * sizeof *states);
        free(states);
    }
    free(expected);
    golden_encoder_close(&one);
}

/* ---- predictors */

enum { TEXTS = 9 };

static void check_predictor(const heed_model *m, const char *what)
{
    static const char *const told[TEXTS] = {
        "the film was awful",   "",  "lovely", "the film", "a b c d e f g h i j k l", "awful awful awful", "of the",
        "it was lovely to see", "no"};
    heed_bytes texts[TEXTS];
    heed_predictor *p;
    float floats[2 * TEXTS], rounded[2 * TEXTS], again[2 * TEXTS], alone[2];
    for (size_t i = 0; i < TEXTS; i++)
        texts[i] = bytes_of(told[i]);
    must(heed_predictor_new(&p, m, 2, &made_error));
    must(heed_predictor_run(floats, p, texts, TEXTS, &made_error));
    must(heed_predictor_set_weights(p, HEED_PRECISION_BFLOAT16, &made_error));
    assert_int_equal(heed_predictor_weights(p), HEED_PRECISION_BFLOAT16);
    must(heed_predictor_run(rounded, p, texts, TEXTS, &made_error));
    for (size_t i = 0; i < TEXTS; i++) {
        must(heed_predictor_run(alone, p, &texts[i], 1, &made_error));
        assert_memory_equal(alone, rounded + 2 * i, sizeof alone);
    }
    if (memcmp(floats, rounded, sizeof floats) == 0)
        fail_msg("%s: nothing was rounded", what);
    for (size_t i = 0; i < 2 * TEXTS; i++)
        assert_near("a prediction", what, i, (double)rounded[i], (double)floats[i], 0.03);
    must(heed_predictor_set_weights(p, HEED_PRECISION_FLOAT32, &made_error));
    must(heed_predictor_run(again, p, texts, TEXTS, &made_error));
    assert_memory_equal(again, floats, sizeof floats);
    heed_predictor_free(p);
}

/* Features, states, both of them in one pass or in two, and beside words. */
static const char *const architectures[] = {
    "encoder | mean | linear 1",
    "encoder | max | linear 1 ; wide words 1-1 min-count 1 weight idf C 10",
    "encoder | attention additive 8 | dense 4",
    "encoder | lstm 4 | mean",
    "encoder | mean | linear 1 ; encoder | attention additive 8",
};
enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };

static heed_model *model_on(const char *weights, const char *words, const char *architecture)
{
    made_encoder folder;
    made_encoder_open(&folder, weights, words);
    heed_text_options text = encoder_text_options(&folder, 12);
    heed_model *m = made_encoder_model(&text, architecture);
    made_encoder_close(&folder);
    return m;
}

static void predictors_take_them_and_give_them_back(void **state)
{
    (void)state;
    for (size_t a = 0; a < ARCHITECTURES; a++) {
        heed_model *m = model_on("bert", "vocab.txt", architectures[a]);
        check_predictor(m, architectures[a]);
        heed_model_free(m);
    }
}

static void two_predictors_share_them(void **state)
{
    (void)state;
    heed_model *m = model_on("bert", "vocab.txt", architectures[0]);
    heed_predictor *p[2];
    for (size_t i = 0; i < 2; i++) {
        must(heed_predictor_new(&p[i], m, 1, &made_error));
        must(heed_predictor_set_weights(p[i], HEED_PRECISION_BFLOAT16, &made_error));
    }
    const encoder_halves *first, *second;
    must(shared_encoder_halves(&first, m->encoder, &made_error));
    must(shared_encoder_halves(&second, m->encoder, &made_error));
    assert_non_null(first);
    assert_ptr_equal(first, second);
    for (size_t i = 0; i < 2; i++)
        heed_predictor_free(p[i]);
    heed_model_free(m);
}

static void encoders_without_kernels_refuse(void **state)
{
    (void)state;
    heed_model *m = model_on("static", "static.json", architectures[0]);
    heed_predictor *p;
    must(heed_predictor_new(&p, m, 1, &made_error));
    must(heed_predictor_set_weights(p, HEED_PRECISION_AUTO, &made_error));
    assert_int_equal(heed_predictor_weights(p), HEED_PRECISION_FLOAT32);
    must_refuse(heed_predictor_set_weights(p, HEED_PRECISION_BFLOAT16, &made_error), HEED_USAGE,
                "or an encoder with attention; use float32", "static");
    heed_predictor_free(p);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_product_is_the_formula),
        cmocka_unit_test(products_have_the_same_bits_everywhere),
        cmocka_unit_test(every_kernel_is_rounded),
        cmocka_unit_test(states_are_near_those_of_floats),
        cmocka_unit_test(threads_groups_and_company_change_no_bit),
        cmocka_unit_test(predictors_take_them_and_give_them_back),
        cmocka_unit_test(two_predictors_share_them),
        cmocka_unit_test(encoders_without_kernels_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
