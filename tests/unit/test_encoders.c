/* The parts of convolutions and transformers against their definitions, written out in double precision: convolution
 * over a padded row, layer normalization, self-attention; and how their weights begin. */
#include "unit/kernel_cases.h"
#include "unit/network_cases.h"

#include <stdio.h>

#include "network/batch.h"
#include "network/layer_norm.h"
#include "network/pass.h"
#include "network/self_attention.h"

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
    real *projected = numbers(3 * all, 1, 1), *dcontext = numbers(all, 2, 1);
    real *context = memory_aligned(all, sizeof *context), *dprojected = memory_aligned(3 * all, sizeof *dprojected);
    real *scratch = memory_aligned(2 * all + 2 * block, sizeof *scratch);
    double *expected = memory_array(4 * all, sizeof *expected);
    assert_true(context && dprojected && scratch && expected);
    softmax_sums *sums = memory_array(tokens * (size_t)c.heads + 1, sizeof *sums);
    assert_non_null(sums);
    int width = c.heads * c.key;
    static const pass unwatched;
    self_attention a = {.kernels = k,
                        .pass = &unwatched,
                        .heads = c.heads,
                        .projected = matrix_of(projected, c.tokens, 3 * width),
                        .transposed_keys = matrix_of(scratch, width, c.tokens),
                        .transposed_values = matrix_of(scratch + all, width, c.tokens),
                        .weights = matrix_of(scratch + 2 * all, QUERY_BLOCK, c.tokens),
                        .dweights = matrix_of(scratch + 2 * all + block, QUERY_BLOCK, c.tokens),
                        .sums = sums};
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
    static const attention_case cases[] = {{0, 2, 3},  {1, 1, 1},   {2, 3, 5},   {23, 2, 4},
                                           {24, 1, 8}, {25, 2, 17}, {49, 3, 33}, {101, 2, 16}};
    for (int i = 0; i < TABLES; i++)
        for (size_t j = 0; j < sizeof cases / sizeof *cases && table(i) != NULL; j++)
            check_attention(cases[j], table(i));
}

/* ---- layer normalization */

static void check_norm(int width, double offset, const kernels *k)
{
    enum { NORMS = 3 };
    size_t w = (size_t)width, all = NORMS * w;
    real *x = numbers(all, 3, 1), *gamma = numbers(w, 4, 1), *beta = numbers(w, 5, 1), *d = numbers(all, 6, 1);
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
    for (int i = 0; i < TABLES; i++)
        for (size_t j = 0; j < sizeof widths / sizeof *widths && table(i) != NULL; j++) {
            check_norm(widths[j], 0, table(i));
            check_norm(widths[j], 3, table(i));
        }
}

/* ---- networks */

enum { VOCABULARY = 30, WINDOW = 9, ROWS = 7 };

static network *network_with(const char *architecture)
{
    return network_of((network_spec){
        .architecture = architecture, .vocabulary = VOCABULARY, .window = WINDOW, .outputs = 1, .mask = true});
}

enum { IN = 5, UNITS = 3 };

/* The filters of a width: [width][IN][UNITS], [UNITS]. */
typedef struct filters {
    int width;
    const real *kernel, *bias;
} filters;

/* What a filter makes of place t of a text, by the words of Keras: "same" padding, the odd pad at the end. */
static double convolve(const filters *f, const real *embedded, const batch_row *text, int t, int unit)
{
    double sum = (double)f->bias[unit];
    for (int k = 0; k < f->width; k++) {
        int from = t + k - (f->width - 1) / 2;
        for (int i = 0; i < IN && from >= 0 && from < text->length; i++)
            sum += (double)embedded[(int)text->ids[from] * IN + i] * (double)f->kernel[(k * IN + i) * UNITS + unit];
    }
    return sum > 0 ? sum : 0;
}

static filters filters_named(const pass *p, int width)
{
    char name[64];
    filters f = {.width = width};
    snprintf(name, sizeof name, "conv1d_0.width_%d.kernel", width);
    f.kernel = p->weights + parameter_named(p->net, name)->offset;
    snprintf(name, sizeof name, "conv1d_0.width_%d.bias", width);
    f.bias = p->weights + parameter_named(p->net, name)->offset;
    return f;
}

/* The filters of the width that the architecture lists as number `number`. */
static void check_filters(const pass *p, const batch *b, const batch_row *rows, int number)
{
    const layer *conv = &p->net->layers[1];
    const chunk *c = p->chunk;
    filters f = filters_named(p, (int)conv->spec.numbers[1 + number]);
    matrix y = matrix_columns(pass_value(p, conv->out), number * UNITS, UNITS);
    for (int r = 0; r < c->rows; r++)
        for (int t = 0; t < c->length[r]; t++)
            for (int u = 0; u < UNITS; u++) {
                const batch_row *text = &rows[b->order[r]];
                double expected = convolve(&f, p->weights, text, t, u);
                double found = (double)matrix_row(y, c->offset[t] + r)[u];
                if (!(fabs(found - expected) < 1e-5))
                    fail_msg("width %d, text of %d, place %d: found %g, expected %g", f.width, text->length, t, found,
                             expected);
            }
}

static void convolution_is_its_definition(void **state)
{
    (void)state;
    network *net = network_with("embed 5 | conv 3 1 2 3 4 20 | attention additive 2");
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
    real *w = numbers(net->weight_count, 7, 1);
    assert_int_equal(batch_new(&b, net, ROWS, NULL), HEED_OK);
    assert_int_equal(pass_new(&p, net, ROWS_PER_CHUNK, WINDOW, false, NULL), HEED_OK);
    batch_pack(b, rows, ROWS);
    p->weights = w;
    p->chunk = b->chunks;
    network_forward(p);
    for (int i = 0; i < 5; i++)
        check_filters(p, b, rows, i);
    free(w);
    pass_free(p);
    batch_free(b);
    network_free(net);
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
    network *net = network_with("embed 24 | conv 20 3 4 | transformer 5 30 | mean");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(self_attention_is_its_definition),
        cmocka_unit_test(layer_norm_is_its_definition),
        cmocka_unit_test(convolution_is_its_definition),
        cmocka_unit_test(weights_begin_within_glorots_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
