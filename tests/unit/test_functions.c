/* exp, tanh and the sigmoid of every instruction set that this processor has: compared with long double arithmetic, at
 * their ends, and NaN stays NaN. */
#include "unit/kernel_cases.h"

enum { BATCH = 4096 };

/* The error in units of the last place of the true value. */
static double ulps(float found, long double truth)
{
    int exponent = truth == 0 ? -126 : ilogbl(truth);
    long double unit = ldexpl(1, (exponent < -126 ? -126 : exponent) - 23);
    return (double)fabsl(((long double)found - truth) / unit);
}

/* sigmoid (x [n]) as the gates of an LSTM compute it */
static void sigmoid_of(const kernels *k, int n, const float *x, float *y)
{
    static float gates[4 * BATCH], c[BATCH], tanh_cell[BATCH], h[BATCH];
    for (int gate = 0; gate < 4; gate++)
        memcpy(gates + gate * n, x, (size_t)n * sizeof *x);
    k->lstm_forward(&(cell_operands){
        .rows = 1, .units = n, .input = gates, .gates = gates, .c = c, .inner = tanh_cell, .h = h, .h_row = n});
    memcpy(y, gates, (size_t)n * sizeof *y);
    assert_bits("sigmoid of gate f", k->name, gates + n, y, (size_t)n);
    assert_bits("sigmoid of gate o", k->name, gates + 3 * n, y, (size_t)n);
}

static void check_functions(const kernels *k, int n, const float *x, const long double *exps, const long double *tanhs,
                            const long double *sigmoids)
{
    static float y[BATCH];
    k->exp((size_t)n, x, y);
    for (int i = 0; i < n; i++)
        if (!(ulps(y[i], exps[i]) <= 4))
            fail_msg("exp(%a) of %s: found %a, expected %La", (double)x[i], k->name, (double)y[i], exps[i]);
    k->tanh((size_t)n, x, y);
    for (int i = 0; i < n; i++)
        if (!(ulps(y[i], tanhs[i]) <= 4))
            fail_msg("tanh(%a) of %s: found %a, expected %La", (double)x[i], k->name, (double)y[i], tanhs[i]);
    sigmoid_of(k, n, x, y);
    for (int i = 0; i < n; i++)
        if (!(ulps(y[i], sigmoids[i]) <= 4))
            fail_msg("sigmoid(%a) of %s: found %a, expected %La", (double)x[i], k->name, (double)y[i], sigmoids[i]);
}

/* Every step-th float from `first` to `last`, by bit patterns, of both signs. */
static void check_range(float first, float last, uint32_t step)
{
    static float x[BATCH];
    static long double exps[BATCH], tanhs[BATCH], sigmoids[BATCH];
    uint32_t bits = bits_of(first), end = bits_of(last);
    while (bits <= end) {
        int n = 0;
        for (; n < BATCH && bits <= end; bits += step)
            for (int sign = 0; sign < 2; sign++, n++) {
                x[n] = sign ? -float_of(bits) : float_of(bits);
                exps[n] = expl((long double)x[n]);
                tanhs[n] = tanhl((long double)x[n]);
                sigmoids[n] = exps[n] / (1 + exps[n]);
            }
        for (int i = 0; i < TABLES; i++)
            if (table(i) != NULL)
                check_functions(table(i), n, x, exps, tanhs, sigmoids);
    }
}

/* Every float about ln 2 / 4 and of a binade's lower half with ln 2 / 2 in it, where the reduction changes n; of the
 * others one of 1,025 below and of 251 above, as far as 87. */
static void exp_tanh_and_sigmoid_are_within_4_ulp(void **state)
{
    (void)state;
    check_range(0, 0.25f, 1 << 10 | 1);
    check_range(0.171875f, 0.1796875f, 1);
    check_range(0.25f, 0.359375f, 1);
    check_range(0.359375f, 87, 251);
}

/* Beyond -87 the sigmoid may stay at its smallest value; nothing leaves [0, 1] and [-1, 1]. */
static void functions_saturate(void **state)
{
    (void)state;
    static const float x[] = {87.5f, 89, 100, 104, 1e4f, 3e38f, INFINITY};
    enum { N = sizeof x / sizeof *x };
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        float y[N], negative[N];
        if (k == NULL)
            continue;
        k->tanh(N, x, y);
        for (int j = 0; j < N; j++)
            assert_true(y[j] == 1.0f);
        sigmoid_of(k, N, x, y);
        for (int j = 0; j < N; j++) {
            assert_true(y[j] == 1.0f);
            negative[j] = -x[j];
        }
        k->exp(N, x, y);
        for (int j = 0; j < N; j++)
            assert_true(y[j] > 9e37f && y[j] < INFINITY);
        k->exp(N, negative, y);
        for (int j = 0; j < N; j++)
            assert_true(y[j] > 0 && y[j] < 2e-38f);
        sigmoid_of(k, N, negative, y);
        for (int j = 0; j < N; j++)
            assert_true(y[j] >= 0 && y[j] <= 2e-38f);
        k->tanh(N, negative, y);
        for (int j = 0; j < N; j++)
            assert_true(y[j] == -1.0f);
    }
}

/* A broken network must not look finite. */
static void nan_stays_nan(void **state)
{
    (void)state;
    enum { N = 21 };
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        for (int at = 0; at < N && k != NULL; at++) {
            float x[N] = {0}, y[N];
            x[at] = at % 2 ? NAN : -NAN;
            k->tanh(N, x, y);
            for (int j = 0; j < N; j++)
                assert_int_equal(isnan(y[j]) != 0, j == at);
            sigmoid_of(k, N, x, y);
            for (int j = 0; j < N; j++)
                assert_int_equal(isnan(y[j]) != 0, j == at);
            k->exp(N, x, y);
            for (int j = 0; j < N; j++)
                assert_int_equal(isnan(y[j]) != 0, j == at);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_tanh_and_sigmoid_are_within_4_ulp),
        cmocka_unit_test(functions_saturate),
        cmocka_unit_test(nan_stays_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
