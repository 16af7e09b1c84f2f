/* Kernels of the softmax and those without sums: equal to their formulas in double at every size, within their bounds
 * in memory, the same bits in every table where nothing is summed, and no NaN lost. */
#include "unit/kernel_cases.h"

enum { MOST = 70 };

/* ---- softmax */

static void check_softmax(const kernels *k, size_t n, float scale, double spread)
{
    float *x = numbers(n, 31, spread);
    guarded y = guarded_new(1, n, n + 1, x);
    long double max = (long double)x[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        max = (long double)x[i] > max ? (long double)x[i] : max;
    for (size_t i = 0; i < n; i++)
        sum += expl((long double)scale * ((long double)x[i] - max));
    softmax_sums of;
    k->softmax(n, scale, y.data, &of);
    for (size_t i = 0; i < n; i++) {
        double expected = (double)(expl((long double)scale * ((long double)x[i] - max)) / sum);
        assert_near("softmax", k->name, i, (double)y.data[i], expected, 1e-37 + (1e-6 + 2e-7 * spread) * expected);
    }
    k->softmax_again(n, scale, of, x);
    assert_bits("softmax_again", k->name, x, y.data, n);
    guarded_check_and_free(&y, "softmax", k->name);
    free(x);
}

static void softmax_is_its_formula_at_every_size(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (size_t n = 1; n <= MOST && table(i) != NULL; n++) {
            check_softmax(table(i), n, 1, 3);
            check_softmax(table(i), n, 0.25f, 40);
        }
}

/* Scores that are all far below 0, far above it, or far apart. */
static void softmax_of_large_scores_is_finite(void **state)
{
    (void)state;
    enum { N = 19 };
    static const float low[] = {-1e30f, 1e30f, -1e4f}, step[] = {0, 0, 1e3f};
    for (int i = 0; i < TABLES; i++)
        for (int c = 0; c < 3 && table(i) != NULL; c++) {
            float x[N];
            double sum = 0;
            for (int j = 0; j < N; j++)
                x[j] = low[c] + step[c] * (float)j;
            table(i)->softmax(N, 1, x, &(softmax_sums){0});
            for (int j = 0; j < N; j++)
                sum += (double)x[j];
            assert_near("softmax: sum", table(i)->name, (size_t)c, sum, 1, 1e-6);
            assert_near("softmax: last", table(i)->name, (size_t)c, (double)x[N - 1], c == 2 ? 1 : 1.0 / N, 1e-6);
        }
}

static void softmax_keeps_nan(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (size_t n = 1; n <= 40 && table(i) != NULL; n += 3)
            for (size_t at = 0; at < n; at++) {
                float *x = numbers(n, 33, 1);
                x[at] = NAN;
                table(i)->softmax(n, 1, x, &(softmax_sums){0});
                assert_true(isnan(x[at]) && isnan(x[0]) && isnan(x[n - 1]));
                free(x);
            }
}

/* ---- kernels without sums */

typedef struct operands {
    float *a, *b, *c; /* [n] */
} operands;

/* What a kernel writes, from copies of the operands: y, and for those that write two z. */
typedef void loop_kernel(const kernels *k, size_t n, const operands *o, float *y, float *z);
/* The same for one element, in double. */
typedef void loop_formula(double a, double b, double c, double *y, double *z);

static void run_relu(const kernels *k, size_t n, const operands *o, float *y, float *z)
{
    memcpy(y, o->a, n * sizeof *y);
    memcpy(z, o->b, n * sizeof *z);
    k->relu(n, y);
    k->relu_backward(n, o->a, z);
}

static void relu_formula(double a, double b, double c, double *y, double *z)
{
    (void)c;
    *y = a > 0 ? a : 0;
    *z = a > 0 ? b : 0;
}

static void run_multiply(const kernels *k, size_t n, const operands *o, float *y, float *z)
{
    memcpy(z, o->c, n * sizeof *z);
    k->multiply(n, o->a, o->b, y);
    k->multiply_add(n, o->a, o->b, z);
}

static void multiply_formula(double a, double b, double c, double *y, double *z)
{
    *y = a * b;
    *z = c + a * b;
}

static void run_max(const kernels *k, size_t n, const operands *o, float *y, float *z)
{
    memcpy(y, o->a, n * sizeof *y);
    memcpy(z, o->c, n * sizeof *z);
    k->max(n, o->b, y);
    k->softmax_backward(n, 0.5f, 0.125f, o->b, z);
}

static void max_formula(double a, double b, double c, double *y, double *z)
{
    *y = a > b ? a : b;
    *z = 0.5 * b * (c - 0.125);
}

/* Where a stands above b it is the maximum of the two. */
static void run_largest_backward(const kernels *k, size_t n, const operands *o, float *y, float *z)
{
    float *most = copy_of(o->b, n);
    memcpy(y, o->c, n * sizeof *y);
    memcpy(z, o->b, n * sizeof *z);
    k->max(n, o->a, most);
    k->max_backward(n, o->a, most, y, z);
    free(most);
}

static void largest_backward_formula(double a, double b, double c, double *y, double *z)
{
    *y = a >= b ? c + b : c;
    *z = a >= b ? 0 : b;
}

static void run_exp(const kernels *k, size_t n, const operands *o, float *y, float *z)
{
    k->exp(n, o->a, y);
    memcpy(z, o->b, n * sizeof *z);
    k->exp(n, z, z); /* in place */
}

static void exp_formula(double a, double b, double c, double *y, double *z)
{
    (void)c;
    *y = exp(a);
    *z = exp(b);
}

static void run_gelu(const kernels *k, size_t n, const operands *o, float *y, float *z)
{
    memcpy(z, o->b, n * sizeof *z);
    k->gelu(n, o->a, y);
    k->gelu_backward(n, o->a, z);
}

static void gelu_formula(double a, double b, double c, double *y, double *z)
{
    (void)c;
    double below = erfc(-a / sqrt(2)) / 2;
    *y = a * below;
    *z = b * (below + a * exp(-a * a / 2) / sqrt(8 * atan(1)));
}

static void run_gelu_tanh(const kernels *k, size_t n, const operands *o, float *y, float *z)
{
    memcpy(z, o->b, n * sizeof *z);
    k->gelu_tanh(n, o->a, y);
    k->gelu_tanh_backward(n, o->a, z);
}

static void gelu_tanh_formula(double a, double b, double c, double *y, double *z)
{
    (void)c;
    double factor = sqrt(0.5 / atan(1)), inner = tanh(factor * (a + 0.044715 * a * a * a));
    *y = a / 2 * (1 + inner);
    *z = b * ((1 + inner) / 2 + a / 2 * (1 - inner * inner) * factor * (1 + 3 * 0.044715 * a * a));
}

static const struct {
    const char *name;
    loop_kernel *run;
    loop_formula *formula;
    bool same_bits; /* in all tables */
} loops[] = {{"relu", run_relu, relu_formula, true},
             {"multiply", run_multiply, multiply_formula, true},
             {"max and softmax_backward", run_max, max_formula, true},
             {"max_backward", run_largest_backward, largest_backward_formula, true},
             {"exp", run_exp, exp_formula, false},
             {"gelu", run_gelu, gelu_formula, false},
             {"gelu_tanh", run_gelu_tanh, gelu_tanh_formula, false}};

static void check_loop(size_t number, const kernels *k, size_t n)
{
    const char *name = loops[number].name;
    operands o = {numbers(n, 41, 2), numbers(n, 42, 2), numbers(n, 43, 2)};
    guarded y = guarded_new(1, n, n + 1, o.c), z = guarded_new(1, n, n + 1, o.c);
    float *plain_y = copy_of(o.c, n), *plain_z = copy_of(o.c, n);
    loops[number].run(k, n, &o, y.data, z.data);
    loops[number].run(&kernels_plain, n, &o, plain_y, plain_z);
    for (size_t i = 0; i < n; i++) {
        double ey, ez;
        loops[number].formula((double)o.a[i], (double)o.b[i], (double)o.c[i], &ey, &ez);
        assert_near(name, k->name, i, (double)y.data[i], ey, 5e-7 * (1 + fabs(ey)));
        assert_near(name, k->name, i, (double)z.data[i], ez, 5e-7 * (1 + fabs(ez)));
    }
    if (loops[number].same_bits) {
        assert_bits(name, k->name, y.data, plain_y, n);
        assert_bits(name, k->name, z.data, plain_z, n);
    }
    guarded_check_and_free(&y, name, k->name);
    guarded_check_and_free(&z, name, k->name);
    free(o.a);
    free(o.b);
    free(o.c);
    free(plain_y);
    free(plain_z);
}

static void loops_are_their_formulas_at_every_size(void **state)
{
    (void)state;
    for (size_t number = 0; number < sizeof loops / sizeof *loops; number++)
        for (int i = 0; i < TABLES; i++)
            for (size_t n = 0; n <= MOST && table(i) != NULL; n++)
                check_loop(number, table(i), n);
}

/* Far from 0, where 1 + erf has lost its digits, and in place. */
static void gelu_holds_far_from_0(void **state)
{
    (void)state;
    enum { N = 481 };
    for (int i = 0; i < TABLES; i++) {
        float x[N], y[N], one[N];
        for (int j = 0; j < N; j++) {
            x[j] = y[j] = (float)(j - N / 2) / 16;
            one[j] = 1;
        }
        if (table(i) == NULL)
            continue;
        table(i)->gelu(N, y, y);
        table(i)->gelu_backward(N, x, one);
        for (int j = 0; j < N; j++) {
            double a = (double)x[j], below = erfc(-a / sqrt(2)) / 2;
            assert_near("gelu", table(i)->name, (size_t)j, (double)y[j], a * below, 5e-7 * (1 + fabs(a)));
            assert_near("gelu_backward", table(i)->name, (size_t)j, (double)one[j],
                        below + a * exp(-a * a / 2) / sqrt(8 * atan(1)), 5e-7);
        }
    }
}

static void largest_relu_and_gelu_keep_nan(void **state)
{
    (void)state;
    enum { N = 37 };
    for (int i = 0; i < TABLES; i++)
        for (int at = 0; at < N && table(i) != NULL; at++) {
            float x[N] = {0}, y[N] = {0}, one[N] = {0}, u[N], w[N];
            x[at] = y[at] = NAN;
            table(i)->gelu(N, x, u);
            table(i)->gelu_tanh(N, x, w);
            for (int j = 0; j < N; j++)
                assert_true((isnan(u[j]) != 0) == (j == at) && (isnan(w[j]) != 0) == (j == at));
            table(i)->relu(N, x);
            table(i)->max(N, one, y); /* y's own */
            table(i)->max(N, x, one); /* and x's */
            for (int j = 0; j < N; j++)
                assert_true((isnan(x[j]) != 0) == (j == at) && (isnan(y[j]) != 0) == (j == at) &&
                            (isnan(one[j]) != 0) == (j == at));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(softmax_is_its_formula_at_every_size),
        cmocka_unit_test(softmax_of_large_scores_is_finite),
        cmocka_unit_test(softmax_keeps_nan),
        cmocka_unit_test(loops_are_their_formulas_at_every_size),
        cmocka_unit_test(gelu_holds_far_from_0),
        cmocka_unit_test(largest_relu_and_gelu_keep_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
