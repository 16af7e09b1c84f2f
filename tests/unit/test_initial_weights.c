/* Initial weights are those of Keras's initializers, and a function of the seed. */
#include "unit/network_cases.h"

#include <math.h>

static network *network_with(const char *architecture, uint32_t vocabulary, uint32_t window)
{
    return network_of((network_spec){
        .architecture = architecture, .vocabulary = vocabulary, .window = window, .outputs = 1, .mask = true});
}

/* Uniform in [-limit, limit]: nothing outside, nearly all of it used, mean 0, variance limit^2 / 3. */
static void check_uniform(const network *net, const real *weights, const char *name, double limit)
{
    const parameter *p = parameter_named(net, name);
    size_t count = parameter_count(p);
    double sum = 0, squares = 0, largest = 0;
    for (size_t i = 0; i < count; i++) {
        double w = (double)weights[p->offset + i];
        sum += w;
        squares += w * w;
        largest = fmax(largest, fabs(w));
    }
    double n = (double)count, mean = sum / n / limit, variance = squares / n / (limit * limit);
    if (largest > limit * 1.000001 || largest < limit * 0.98 || fabs(mean) > 4 / sqrt(3 * n) ||
        fabs(variance - 1.0 / 3) > 4 * sqrt(4.0 / 45 / n))
        fail_msg("%s: largest %g of %g, mean %g and variance %g of its square", name, largest, limit, mean, variance);
}

static void check_orthonormal_rows(const network *net, const real *weights, const char *name)
{
    const parameter *p = parameter_named(net, name);
    const real *w = weights + p->offset;
    for (int i = 0; i < p->rows; i++)
        for (int j = 0; j <= i; j++) {
            double along = 0;
            for (int k = 0; k < p->columns; k++)
                along += (double)w[i * p->columns + k] * (double)w[j * p->columns + k];
            if (!(fabs(along - (i == j)) < 1e-6))
                fail_msg("%s: row %d times row %d is %g", name, i, j, along);
        }
}

static void initial_weights_are_those_of_keras(void **state)
{
    (void)state;
    network *net = network_with("embed 128 | bilstm 32 | bilstm 32 | attention additive 10 | dense 20", 6000, 130);
    real *w = memory_aligned(net->weight_count, sizeof *w);
    assert_non_null(w);
    for (size_t i = 0; i < net->weight_count; i++)
        w[i] = NAN; /* all of it has to be written */
    assert_int_equal(network_initialize(net, w, 1, NULL), HEED_OK);
    check_uniform(net, w, "embedding.embeddings", 0.05);
    check_uniform(net, w, "bi_lstm_0.forward.kernel", sqrt(6.0 / (128 + 4 * 32)));
    check_uniform(net, w, "bi_lstm_1.backward.kernel", sqrt(6.0 / (64 + 4 * 32)));
    check_uniform(net, w, "attention.features_kernel", sqrt(6.0 / (64 + 10)));
    check_uniform(net, w, "dense.kernel", sqrt(6.0 / (64 + 20)));
    check_orthonormal_rows(net, w, "bi_lstm_0.forward.recurrent_kernel");
    check_orthonormal_rows(net, w, "bi_lstm_1.backward.recurrent_kernel");
    const parameter *bias = parameter_named(net, "bi_lstm_0.forward.bias");
    for (int i = 0; i < bias->columns; i++)
        assert_true(w[bias->offset + (size_t)i] == (real)(i / 32 == 1)); /* gates i, f, g, o */
    static const char *const zeros[] = {"attention.features_bias", "attention.query_bias", "attention.score_bias",
                                        "dense.bias", "output.bias"};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        const parameter *p = parameter_named(net, zeros[i]);
        for (size_t j = 0; j < parameter_count(p); j++)
            assert_true(w[p->offset + j] == 0);
    }
    free(w);
    network_free(net);
}

static void initial_weights_follow_the_seed(void **state)
{
    (void)state;
    network *net = network_with("embed 20 | bilstm 8 | bilstm 8 | attention additive 8 | dense 8", 50, 10);
    real *w[3];
    static const uint64_t seeds[] = {1, 1, (uint64_t)1 << 32 | 1}; /* all 64 bits count */
    for (int i = 0; i < 3; i++) {
        w[i] = memory_aligned(net->weight_count, sizeof *w[i]);
        assert_non_null(w[i]);
        assert_int_equal(network_initialize(net, w[i], seeds[i], NULL), HEED_OK);
    }
    assert_memory_equal(w[0], w[1], net->weight_count * sizeof *w[0]);
    assert_memory_not_equal(w[0], w[2], net->weight_count * sizeof *w[0]);
    const parameter *a = parameter_named(net, "bi_lstm_1.forward.kernel");
    const parameter *b = parameter_named(net, "bi_lstm_1.backward.kernel");
    assert_int_equal(parameter_count(a), parameter_count(b));
    assert_memory_not_equal(w[0] + a->offset, w[0] + b->offset, parameter_count(a) * sizeof *w[0]);
    for (int i = 0; i < 3; i++)
        free(w[i]);
    network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initial_weights_are_those_of_keras),
        cmocka_unit_test(initial_weights_follow_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
