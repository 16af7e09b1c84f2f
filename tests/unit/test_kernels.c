/* Kernels for vectors and rows, and those of the optimizers, of every instruction set that this processor has: compared
 * with the plain ones, and those with sums in double; nothing is written outside of a result. And the choice of a
 * table. */
#include "unit/kernel_cases.h"

/* ---- elementwise kernels and sums */

/* Three rows, one of them twice: the second exchange with it sees the first one's. */
static void check_exchange(const kernels *k, size_t n, const float *x, const float *start)
{
    const float g[4] = {0.25f, -0.5f, 0.125f, 1};
    guarded rows = guarded_new(3, n, n + 3, NULL), sum = guarded_new(1, n, n + 1, start);
    float *expected = copy_of(start, n), *expected_rows = malloc(3 * n * sizeof *expected_rows + 1);
    assert_non_null(expected_rows);
    float *row[4], *expected_row[4];
    for (size_t i = 0; i < 4; i++) {
        row[i] = rows.data + i % 3 * rows.row;
        expected_row[i] = expected_rows + i % 3 * n;
        for (size_t j = 0; j < n; j++)
            row[i][j] = expected_row[i][j] = start[(j + i % 3) % n];
    }
    k->exchange(4, n, g, x, row, sum.data);
    kernels_plain.exchange(4, n, g, x, expected_row, expected);
    for (size_t i = 0; i < n; i++) {
        assert_near("exchange: dx", k->name, i, (double)sum.data[i], (double)expected[i], 1e-6);
        for (size_t j = 0; j < 3; j++)
            assert_near("exchange: a row", k->name, i, (double)row[j][i], (double)expected_row[j][i], 1e-6);
    }
    guarded_check_and_free(&rows, "exchange", k->name);
    guarded_check_and_free(&sum, "exchange", k->name);
    free(expected);
    free(expected_rows);
}

static void check_elementwise(const kernels *k, size_t n)
{
    float *x = numbers(n, 4, 2), *start = numbers(n, 5, 2), *expected = copy_of(start, n);
    guarded y = guarded_new(1, n, n + 1, start);
    k->add(n, x, y.data);
    kernels_plain.add(n, x, expected);
    k->axpy(n, 0.37f, x, y.data);
    kernels_plain.axpy(n, 0.37f, x, expected);
    for (size_t i = 0; i < n; i++)
        assert_near("add and axpy", k->name, i, (double)y.data[i], (double)expected[i], 1e-6);
    guarded_check_and_free(&y, "add and axpy", k->name);

    y = guarded_new(1, n, n + 1, NULL);
    k->tanh(n, x, y.data);
    for (size_t i = 0; i < n; i++)
        assert_near("tanh", k->name, i, (double)y.data[i], tanh((double)x[i]), 3e-7);
    memcpy(expected, x, n * sizeof *x);
    k->tanh(n, expected, expected);
    assert_bits("tanh in place", k->name, expected, y.data, n);
    guarded_check_and_free(&y, "tanh", k->name);

    check_exchange(k, n, x, start);

    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)start[i];
    assert_near("dot", k->name, n, (double)k->dot(n, x, start), sum, 1e-6 * (double)(n + 1));
    free(x);
    free(start);
    free(expected);
}

static void elementwise_kernels_equal_plain_at_every_size(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (size_t n = 0; n <= 70 && table(i) != NULL; n++)
            check_elementwise(table(i), n);
}

static void check_sum_rows(const kernels *k, size_t rows, size_t columns)
{
    size_t row = columns + 3;
    float *x = numbers(rows * row, 6, 1), *start = numbers(columns, 7, 1);
    guarded y = guarded_new(1, columns, columns + 1, start);
    sum_rows(k, matrix_spaced(x, (int)rows, (int)columns, (ptrdiff_t)row), y.data);
    for (size_t j = 0; j < columns; j++) {
        double sum = (double)start[j];
        for (size_t i = 0; i < rows; i++)
            sum += (double)x[i * row + j];
        assert_near("sum_rows", k->name, j, (double)y.data[j], sum, 1e-6 * (double)(rows + 1));
    }
    guarded_check_and_free(&y, "sum_rows", k->name);
    free(x);
    free(start);
}

static void sum_rows_equals_sums_in_double(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (size_t columns = 1; columns <= 167 && table(i) != NULL; columns += 2)
            for (size_t rows = 0; rows <= 9; rows += 3)
                check_sum_rows(table(i), rows, columns);
}

/* The list names the last row too, and one twice; the block ends behind the rows. */
static void check_sum_listed(const kernels *k, size_t n, size_t count)
{
    static const size_t list[] = {3, 7, 0, 3, 9, 1, 2, 5, 8, 4};
    enum { ROWS = 10 };
    float *x = numbers(ROWS * n, 8, 1), *expected = numbers(n, 9, 1);
    guarded y = guarded_new(1, n, n + 1, NULL);
    k->sum_listed(n, x, list, count, ROWS, y.data);
    kernels_plain.sum_listed(n, x, list, count, ROWS, expected);
    for (size_t j = 0; j < n; j++) {
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += (double)x[list[i] * n + j];
        assert_near("plain sum_listed", k->name, j, (double)expected[j], sum, 1e-6 * (double)(count + 1));
    }
    assert_bits("sum_listed", k->name, y.data, expected, n);
    guarded_check_and_free(&y, "sum_listed", k->name);
    free(x);
    free(expected);
}

static void sum_listed_has_the_plain_bits(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 7, 16, 31, 64, 67, 128, 141};
    for (int i = 0; i < TABLES; i++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes && table(i) != NULL; s++)
            for (size_t count = 0; count <= 10; count++)
                check_sum_listed(table(i), sizes[s], count);
}

static void squares_are_summed_in_double(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (size_t n = 0; n <= 70 && table(i) != NULL; n++) {
            float *x = numbers(n, 10, 3), large[] = {1e19f, 1e19f, 1e19f, 1e19f}, larger[] = {1, 2e19f};
            double sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += (double)x[j] * (double)x[j];
            assert_near("squares", table(i)->name, n, table(i)->sum_squares(n, x), sum, 1e-6 * sum);
            assert_near("large squares", table(i)->name, n, table(i)->sum_squares(4, large), 4e38, 1e33);
            assert_true(table(i)->sum_squares(2, larger) > 1e300);
            free(x);
        }
}

/* ---- Adam */

static void check_adam(const kernels *k, size_t n)
{
    float *w0 = numbers(n, 12, 1), *m0 = numbers(n, 13, 0), *g = numbers(n, 14, 0.1);
    guarded w = guarded_new(1, n, n + 1, w0), m = guarded_new(1, n, n + 1, m0), v = guarded_new(1, n, n + 1, m0);
    double *expected = calloc(3 * n + 1, sizeof *expected), *ew = expected, *em = ew + n, *ev = em + n;
    assert_non_null(expected);
    for (size_t i = 0; i < n; i++)
        ew[i] = (double)w0[i];
    for (int step = 1; step <= 6; step++) {
        double rate = 0.001 * sqrt(1 - pow(0.999, step)) / (1 - pow(0.9, step));
        bool absent = step == 4; /* a token that the batch does not hold */
        k->adam(n, (float)rate, absent ? NULL : g, w.data, m.data, v.data);
        for (size_t i = 0; i < n; i++) {
            double gi = absent ? 0 : (double)g[i];
            em[i] = 0.9 * em[i] + 0.1 * gi;
            ev[i] = 0.999 * ev[i] + 0.001 * gi * gi;
            ew[i] -= rate * em[i] / (sqrt(ev[i]) + 1e-7);
        }
    }
    for (size_t i = 0; i < n; i++) {
        assert_near("Adam's m", k->name, i, (double)m.data[i], em[i], 1e-6 * fabs(em[i]));
        assert_near("Adam's v", k->name, i, (double)v.data[i], ev[i], 2e-6 * fabs(ev[i]));
        assert_near("Adam's w", k->name, i, (double)w.data[i], ew[i], 5e-7);
    }
    guarded_check_and_free(&w, "Adam's w", k->name);
    guarded_check_and_free(&m, "Adam's m", k->name);
    guarded_check_and_free(&v, "Adam's v", k->name);
    free(w0);
    free(m0);
    free(g);
    free(expected);
}

static void adam_is_the_formula(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (size_t n = 0; n <= 50 && table(i) != NULL; n++)
            check_adam(table(i), n);
}

/* ---- gradient descent with momentum, and scaling */

static void check_sgd(const kernels *k, size_t n)
{
    float *w0 = numbers(n, 15, 1), *v0 = numbers(n, 16, 0.1), *g = numbers(n, 17, 0.3);
    guarded w = guarded_new(1, n, n + 1, w0), v = guarded_new(1, n, n + 1, v0);
    double *expected = calloc(2 * n + 1, sizeof *expected), *ew = expected, *ev = ew + n;
    assert_non_null(expected);
    for (size_t i = 0; i < n; i++) {
        ew[i] = (double)w0[i];
        ev[i] = (double)v0[i];
    }
    for (int step = 1; step <= 5; step++) {
        bool absent = step == 3;
        k->sgd(n, 0.1f * (float)step, 0.75f, absent ? NULL : g, w.data, v.data);
        for (size_t i = 0; i < n; i++) {
            ev[i] = 0.75 * ev[i] - (absent ? 0 : 0.1 * step * (double)g[i]);
            ew[i] += ev[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        assert_near("SGD's v", k->name, i, (double)v.data[i], ev[i], 2e-7);
        assert_near("SGD's w", k->name, i, (double)w.data[i], ew[i], 1e-6);
    }
    guarded_check_and_free(&w, "SGD's w", k->name);
    guarded_check_and_free(&v, "SGD's v", k->name);
    free(w0);
    free(v0);
    free(g);
    free(expected);
}

static void check_scale(const kernels *k, size_t n)
{
    float *x = numbers(n, 18, 3);
    guarded y = guarded_new(1, n, n + 1, x);
    k->scale(n, -0.3f, y.data);
    for (size_t i = 0; i < n; i++)
        assert_true(bits_of(y.data[i]) == bits_of(-0.3f * x[i])); /* rounded once, so exact */
    guarded_check_and_free(&y, "scale", k->name);
    free(x);
}

static void sgd_and_scale_are_their_formulas(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (size_t n = 0; n <= 50 && table(i) != NULL; n++) {
            check_sgd(table(i), n);
            check_scale(table(i), n);
        }
}

/* ---- choosing */

static void the_environment_asks_for_a_table(void **state)
{
    (void)state;
    assert_null(kernels_named("sse9"));
    assert_null(kernels_named(""));
    assert_ptr_equal(kernels_named("plain"), &kernels_plain);
    unsetenv("HEED_ISA");
    const kernels *best = kernels_choose();
    for (int i = 0; i < TABLES; i++) {
        setenv("HEED_ISA", table_names[i], 1);
        assert_ptr_equal(kernels_choose(), table(i) == NULL ? best : table(i));
        if (table(i) != NULL)
            assert_string_equal(table(i)->name, table_names[i]);
    }
    setenv("HEED_ISA", "sse9", 1);
    assert_ptr_equal(kernels_choose(), best);
    unsetenv("HEED_ISA");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elementwise_kernels_equal_plain_at_every_size),
        cmocka_unit_test(sum_rows_equals_sums_in_double),
        cmocka_unit_test(sum_listed_has_the_plain_bits),
        cmocka_unit_test(squares_are_summed_in_double),
        cmocka_unit_test(adam_is_the_formula),
        cmocka_unit_test(sgd_and_scale_are_their_formulas),
        cmocka_unit_test(the_environment_asks_for_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
