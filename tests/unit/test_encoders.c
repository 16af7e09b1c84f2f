/* The parts of convolutions and transformers against their definitions, written out in double precision: convolution
 * over a padded row, layer normalization, self-attention; then what they are called, how they are stored, how they
 * begin, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "network/batch.h"
#include "network/initial_weights.h"
#include "network/layer_norm.h"
#include "network/network.h"
#include "network/pass.h"
#include "network/self_attention.h"

static const char *const tables[] = {"plain", "generic", "avx2", "avx512", "avx512-bf16"};
enum { TABLES = sizeof tables / sizeof *tables };

/* Numbers in [-1, 1), the same ones for the same purpose. */
static real *numbers(uint32_t purpose, size_t count)
{
    real *x = memory_aligned(count, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < count; i++)
        x[i] = (real)(2 * random_unit(random_word((random_key){17, RANDOM_SPLIT, purpose, 0, 0}, (uint32_t)i)) - 1);
    return x;
}

static void check_close(const char *what, size_t count, const real *found, const double *expected, double allowed)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)found[i] - expected[i]) <= allowed))
            fail_msg("%s[%zu]: found %.9g, expected %.9g", what, i, (double)found[i], expected[i]);
}

/* ---- self-attention */

typedef struct attention_case {
    int tokens, heads, key;
} attention_case;

/* context and the gradient of projected, from the definition. x, dx [T][3E]; dcontext, context [T][E] */
static void attend_by_definition(attention_case c, const real *x, const real *dcontext, double *context, double *dx)
{
    int width = c.heads * c.key, row = 3 * width;
    double scale = 1 / sqrt(c.key), a[128], da[128];
    for (int h = 0; h < c.heads; h++)
        for (int q = 0; q < c.tokens; q++) {
            int at = h * c.key;
            double sum = 0, mean = 0;
            for (int t = 0; t < c.tokens; t++) {
                double score = 0;
                for (int i = at; i < at + c.key; i++)
                    score += (double)x[q * row + i] * (double)x[t * row + width + i];
                sum += a[t] = exp(score * scale);
            }
            for (int t = 0; t < c.tokens; t++) {
                a[t] /= sum;
                da[t] = 0;
                for (int i = at; i < at + c.key; i++) {
                    context[q * width + i] += a[t] * (double)x[t * row + 2 * width + i];
                    da[t] += (double)dcontext[q * width + i] * (double)x[t * row + 2 * width + i];
                    dx[t * row + 2 * width + i] += a[t] * (double)dcontext[q * width + i];
                }
                mean += a[t] * da[t];
            }
            for (int t = 0; t < c.tokens; t++)
                for (int i = at; i < at + c.key; i++) {
                    double d = a[t] * (da[t] - mean) * scale;
                    dx[q * row + i] += d * (double)x[t * row + width + i];
                    dx[t * row + width + i] += d * (double)x[q * row + i];
                }
        }
}

static void check_attention(attention_case c, const kernels *k)
{
    size_t tokens = (size_t)c.tokens, all = tokens * (size_t)(c.heads * c.key), block = (size_t)QUERY_BLOCK * tokens;
    real *projected = numbers(1, 3 * all), *dcontext = numbers(2, all);
    real *context = memory_aligned(all, sizeof *context), *dprojected = memory_aligned(3 * all, sizeof *dprojected);
    real *scratch = memory_aligned(2 * all + 2 * block, sizeof *scratch);
    double *expected = memory_array(4 * all, sizeof *expected);
    assert_true(context && dprojected && scratch && expected);
    softmax_sums *sums = memory_array(tokens * (size_t)c.heads + 1, sizeof *sums);
    assert_non_null(sums);
    int width = c.heads * c.key;
    self_attention a = {.kernels = k, .heads = c.heads, .projected = matrix_of(projected, c.tokens, 3 * width),
                        .turned_keys = matrix_of(scratch, width, c.tokens),
                        .turned_values = matrix_of(scratch + all, width, c.tokens),
                        .weights = matrix_of(scratch + 2 * all, QUERY_BLOCK, c.tokens),
                        .dweights = matrix_of(scratch + 2 * all + block, QUERY_BLOCK, c.tokens), .sums = sums};
    for (size_t i = 0; i < 3 * all; i++)
        dprojected[i] = (real)NAN; /* written before it is read */
    self_attention_forward(&a, matrix_of(context, c.tokens, width));
    self_attention_backward(&a, matrix_of(dcontext, c.tokens, width), matrix_of(dprojected, c.tokens, 3 * width));
    attend_by_definition(c, projected, dcontext, expected, expected + all);
    check_close("context", all, context, expected, 2e-6);
    check_close("gradient of queries, keys, values", 3 * all, dprojected, expected + all, 2e-5);
    free(sums);
    free(projected);
    free(dcontext);
    free(context);
    free(dprojected);
    free(scratch);
    free(expected);
}

static void self_attention_is_its_definition(void **state)
{
    (void)state;
    static const attention_case cases[] = {{0, 2, 3}, {1, 1, 1}, {2, 3, 5}, {23, 2, 4}, {24, 1, 8},
                                           {25, 2, 17}, {49, 3, 33}, {101, 2, 16}};
    for (size_t i = 0; i < TABLES; i++)
        for (size_t j = 0; j < sizeof cases / sizeof *cases && kernels_named(tables[i]) != NULL; j++)
            check_attention(cases[j], kernels_named(tables[i]));
}

/* ---- layer normalization */

static void check_norm(int width, double offset, const kernels *k)
{
    enum { NORMS = 3 };
    size_t w = (size_t)width, all = NORMS * w;
    real *x = numbers(3, all), *gamma = numbers(4, w), *beta = numbers(5, w), *d = numbers(6, all);
    real *normal = memory_aligned(2 * all, sizeof *normal), *y = normal + all, inverse[NORMS];
    real *dgamma = memory_aligned(2 * w, sizeof *dgamma), *dbeta = dgamma + w;
    double *expected = memory_array(2 * all + 2 * w, sizeof *expected), *dx = expected + all;
    double *dg = dx + all, *db = dg + w;
    assert_true(normal && dgamma && expected);
    for (size_t i = 0; i < all; i++)
        x[i] += (real)offset;
    for (size_t r = 0; r < NORMS; r++) {
        double mean = 0, variance = 0, of_d = 0, along = 0;
        for (size_t i = 0; i < w; i++)
            mean += (double)x[r * w + i] / width;
        for (size_t i = 0; i < w; i++)
            variance += pow((double)x[r * w + i] - mean, 2) / width;
        for (int turn = 0; turn < 2; turn++)
            for (size_t i = 0; i < w; i++) {
                double n = ((double)x[r * w + i] - mean) / sqrt(variance + 1e-6), dy = (double)d[r * w + i];
                if (turn == 0) {
                    expected[r * w + i] = n * (double)gamma[i] + (double)beta[i];
                    dg[i] += dy * n;
                    db[i] += dy;
                    of_d += dy * (double)gamma[i] / width;
                    along += dy * (double)gamma[i] * n / width;
                } else {
                    dx[r * w + i] = (dy * (double)gamma[i] - of_d - n * along) / sqrt(variance + 1e-6);
                }
            }
    }
    layer_norm n = {k, gamma, beta, matrix_of(normal, NORMS, width), inverse};
    layer_norm_forward(&n, matrix_of(x, NORMS, width), matrix_of(y, NORMS, width));
    layer_norm_backward(&n, dgamma, dbeta, matrix_of(d, NORMS, width));
    check_close("norm", all, y, expected, 1e-5);
    check_close("gradient through a norm", all, d, dx, width == 1 ? 1e-2 : 1e-4); /* one feature: its variance is 0 */
    check_close("gradient of gamma", w, dgamma, dg, 2e-5);
    check_close("gradient of beta", w, dbeta, db, 1e-5);
    layer_norm_forward(&n, matrix_of(x, NORMS, width), matrix_of(x, NORMS, width));
    assert_memory_equal(x, y, all * sizeof *x);
    free(x);
    free(gamma);
    free(beta);
    free(d);
    free(normal);
    free(dgamma);
    free(expected);
}

static void layer_norm_is_its_definition(void **state)
{
    (void)state;
    static const int widths[] = {1, 2, 15, 16, 17, 100, 300};
    for (size_t i = 0; i < TABLES; i++)
        for (size_t j = 0; j < sizeof widths / sizeof *widths && kernels_named(tables[i]) != NULL; j++) {
            check_norm(widths[j], 0, kernels_named(tables[i]));
            check_norm(widths[j], 3, kernels_named(tables[i]));
        }
}

/* ---- networks */

enum { VOCABULARY = 30, WINDOW = 9, ROWS = 7 };

static network *network_of(const char *architecture)
{
    network_spec spec = {architecture, VOCABULARY, WINDOW, 1, true, false, HEED_TASK_BINARY};
    heed_error error = {0};
    network *net;
    if (network_new(&net, &spec, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return net;
}

static const parameter *parameter_named(const network *net, const char *name)
{
    for (int i = 0; i < net->parameter_count; i++)
        if (strcmp(net->parameters[i].name, name) == 0)
            return &net->parameters[i];
    return NULL;
}

/* What a width's filters make of place t of a text, by the words of Keras: "same" padding, the odd pad behind. */
static double convolve(const real *embedded, const real *kernel, real bias, const uint32_t *ids, int length, int t,
                       int width, int in, int units, int unit)
{
    double sum = (double)bias;
    for (int k = 0; k < width; k++) {
        int from = t + k - (width - 1) / 2;
        for (int i = 0; i < in && from >= 0 && from < length; i++)
            sum += (double)embedded[(int)ids[from] * in + i] * (double)kernel[(k * in + i) * units + unit];
    }
    return sum > 0 ? sum : 0;
}

static void check_filters(const network *net, const pass *p, const batch *b, const batch_row *rows, int filter,
                          const char *prefix)
{
    enum { IN = 5, UNITS = 3 };
    const layer *conv = &net->layers[1];
    char name[64];
    int width = (int)conv->spec.numbers[1 + filter];
    const chunk *c = p->chunk;
    const real *embedded = p->weights, *y = pass_value(p, conv->out).data + filter * UNITS;
    snprintf(name, sizeof name, "conv1d_0.%skernel", prefix);
    const real *kernel = p->weights + parameter_named(net, name)->offset;
    snprintf(name, sizeof name, "conv1d_0.%sbias", prefix);
    const real *bias = p->weights + parameter_named(net, name)->offset;
    for (int r = 0; r < c->rows; r++)
        for (int t = 0; t < c->length[r]; t++)
            for (int u = 0; u < UNITS; u++) {
                const batch_row *row = &rows[b->order[r]];
                double expected = convolve(embedded, kernel, bias[u], row->ids, row->length, t, width, IN, UNITS, u);
                double found = (double)y[(c->offset[t] + r) * conv->out.width + u];
                if (!(fabs(found - expected) < 1e-5))
                    fail_msg("width %d, text of %d, place %d: found %g, expected %g", width, row->length, t, found,
                             expected);
            }
}

static void convolution_is_its_definition(void **state)
{
    (void)state;
    network *net = network_of("embed 5 | conv 3 1 2 3 4 20 | attention additive 2");
    static const char *const prefixes[] = {"width_1.", "width_2.", "width_3.", "width_4.", "width_20."};
    static const int lengths[ROWS] = {4, 0, 9, 1, 2, 9, 3};
    uint32_t ids[ROWS][WINDOW];
    batch_row rows[ROWS];
    for (uint32_t r = 0; r < ROWS; r++) {
        for (uint32_t t = 0; t < WINDOW; t++)
            ids[r][t] = (r * 13 + t * 7) % VOCABULARY;
        rows[r] = (batch_row){.ids = ids[r], .length = lengths[r], .number = r, .label = 0};
    }
    batch *b = NULL;
    pass *p = NULL;
    real *w = numbers(7, net->weight_count);
    assert_int_equal(batch_new(&b, net, ROWS, NULL), HEED_OK);
    assert_int_equal(pass_new(&p, net, ROWS_PER_CHUNK, WINDOW, false, NULL), HEED_OK);
    batch_pack(b, rows, ROWS);
    p->weights = w;
    p->chunk = b->chunks;
    network_forward(p);
    for (int i = 0; i < 5; i++)
        check_filters(net, p, b, rows, i, prefixes[i]);
    free(w);
    pass_free(p);
    batch_free(b);
    network_free(net);
}

/* ---- names, shapes, beginnings, messages */

static void parameters_are_stored_as_keras_does(void **state)
{
    (void)state;
    static const struct {
        const char *architecture, *name;
        int rank, shape[3]; /* rank 0: there is none */
    } cases[] = {
        {"embed 8 | conv 6 3 | max", "conv1d_0.kernel", 3, {3, 8, 6}},
        {"embed 8 | conv 6 3 | max", "conv1d_0.bias", 1, {6, 0, 0}},
        {"embed 8 | lstm 4 | conv 6 3 5 | max", "conv1d_1.width_5.kernel", 3, {5, 4, 6}},
        {"embed 8 | conv 6 3 | max", "position.embeddings", 0, {0}},
        {"embed 8 | transformer 2 10 | mean", "position.embeddings", 2, {WINDOW, 8, 0}},
        {"embed 8 | lstm 4 | transformer 2 10 | mean", "position.embeddings", 2, {WINDOW, 4, 0}},
        {"embed 8 | transformer 2 10 | mean", "transformer_0_attention.query.kernel", 3, {8, 2, 4}},
        {"embed 8 | transformer 2 10 | mean", "transformer_0_attention.key.bias", 2, {2, 4, 0}},
        {"embed 8 | transformer 2 10 | mean", "transformer_0_attention.attention_output.kernel", 3, {2, 4, 8}},
        {"embed 8 | lstm 4 | transformer-pre 2 10 | mean", "transformer_1_feedforward_0.kernel", 2, {4, 10, 0}},
        {"embed 8 | transformer 2 10 | transformer 1 3 | mean", "transformer_1_norm_1.gamma", 1, {8, 0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        network *net = network_of(cases[i].architecture);
        const parameter *p = parameter_named(net, cases[i].name);
        assert_string_equal(net->spec.architecture, cases[i].architecture);
        assert_int_equal(p != NULL, cases[i].rank > 0);
        size_t product = 1;
        for (int j = 0; j < cases[i].rank; j++) {
            assert_int_equal(p->rank, cases[i].rank);
            assert_int_equal(p->shape[j], cases[i].shape[j]);
            product *= (size_t)p->shape[j];
        }
        assert_true(p == NULL || product == parameter_count(p));
        network_free(net);
    }
}

/* Uniform within the limit, and nearly reaching it. */
static void check_limit(const network *net, const real *weights, const char *name, double limit)
{
    const parameter *p = parameter_named(net, name);
    double largest = 0;
    for (size_t i = 0; i < parameter_count(p); i++)
        largest = fmax(largest, fabs((double)weights[p->offset + i]));
    if (largest > limit * 1.000001 || largest < limit * 0.97)
        fail_msg("%s: the largest is %g, the limit %g", name, largest, limit);
}

static void weights_begin_within_glorots_limits(void **state)
{
    (void)state;
    network *net = network_of("embed 24 | conv 20 3 4 | transformer 5 30 | mean");
    real *w = memory_aligned(net->weight_count, sizeof *w);
    assert_non_null(w);
    assert_int_equal(network_initialize(net, w, 1, NULL), HEED_OK);
    check_limit(net, w, "conv1d_0.width_3.kernel", sqrt(6.0 / (3 * 24 + 3 * 20)));
    check_limit(net, w, "conv1d_0.width_4.kernel", sqrt(6.0 / (4 * 24 + 4 * 20)));
    check_limit(net, w, "transformer_1_attention.query.kernel", sqrt(6.0 / (40 + 40)));
    check_limit(net, w, "transformer_1_feedforward_1.kernel", sqrt(6.0 / (30 + 40)));
    check_limit(net, w, "position.embeddings", 0.05);
    for (size_t i = 0; i < 40; i++)
        assert_true(w[parameter_named(net, "transformer_1_norm_0.gamma")->offset + i] == 1);
    free(w);
    network_free(net);
}

static void what_cannot_be_built_is_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *architecture, *message;
    } cases[] = {
        {"embed 8 | transformer 3 10 | mean",
         "architecture: 'transformer' has 3 heads, which do not divide its 8 features"},
        {"embed 8 | transformer 9 10 | mean", "architecture: 'transformer' has 9 heads"},
        {"embed 8 | transformer-pre 3 10 | mean", "architecture: 'transformer-pre' has 3 heads"},
        {"embed 8 | transformer 2 | mean",
         "architecture, column 11: 'transformer' needs a number: transformer HEADS FEEDFORWARD"},
        {"embed 8 | transformer 2 10 1 | mean", "architecture, column 28: found '1' too much"},
        {"embed 8 | transformer 0 10 | mean", "architecture, column 23: found 0, expected a whole number"},
        {"embed 8 | transformers 2 10 | mean",
         "architecture, column 11: no layer is called 'transformers'; did you mean 'transformer'?"},
        {"embed 8 | conv 8 | max", "architecture, column 11: 'conv' needs a number: conv UNITS WIDTH [WIDTH ...]"},
        {"embed 8 | conv 8 3 4 3 | max", "architecture: 'conv' has the width 3 twice"},
        {"embed 8 | conv 8 1 2 3 4 5 6 7 8 | max", "architecture, column 32: found '8' too much"},
        {"embed 8 | conv 8 2.5 | max", "architecture, column 18: found 2.5, expected a whole number"},
        {"embed 8 | transformer 2 10 | last", "architecture: "}, /* it has no final state */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        network_spec spec = {cases[i].architecture, VOCABULARY, WINDOW, 1, true, false, HEED_TASK_BINARY};
        heed_error error = {0};
        network *net;
        assert_int_equal(network_new(&net, &spec, &error), HEED_USAGE);
        assert_null(net);
        if (strncmp(error.message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("'%s':\n  found    %s\n  expected %s", cases[i].architecture, error.message, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(self_attention_is_its_definition),
        cmocka_unit_test(layer_norm_is_its_definition),
        cmocka_unit_test(convolution_is_its_definition),
        cmocka_unit_test(parameters_are_stored_as_keras_does),
        cmocka_unit_test(weights_begin_within_glorots_limits),
        cmocka_unit_test(what_cannot_be_built_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
