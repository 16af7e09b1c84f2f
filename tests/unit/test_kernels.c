/* The kernels of every instruction set that this processor has, compared with the plain ones, and those with long
 * double arithmetic; and what they promise: the bits of an element do not depend on the sizes around it, nothing is
 * written outside of a result, NaN stays NaN. */
#include "unit/kernel_cases.h"

/* ---- matrix product */

enum { MOST_ROWS = 14, MOST_COLUMNS = 140 };

/* Operands of one depth at the largest size, the plain result, and the sum of magnitudes that bounds its rounding. */
typedef struct product_case {
    int depth;
    bool transposed, add;
    float *a, *b, *c; /* a [rows][depth] or [depth][rows]; c: what stands in the result before */
    ptrdiff_t a_row, a_step;
    float expected[MOST_ROWS * MOST_COLUMNS], magnitude[MOST_ROWS * MOST_COLUMNS];
} product_case;

static double product_allowed(const product_case *p, size_t at)
{
    return (p->depth + 2) * 0x1p-23 * (double)p->magnitude[at];
}

/* c = a b, or += where the case adds, of as many rows and columns as c has. */
static void run_product(const kernels *k, const product_case *p, matrix c, const float *a, const float *b)
{
    matrix left = p->transposed ? transposed(matrix_spaced(a, p->depth, c.rows, MOST_ROWS))
                                : matrix_of(a, c.rows, p->depth);
    if (p->add)
        matmul_add(k, c, left, matrix_of(b, p->depth, c.columns));
    else
        matmul(k, c, left, matrix_of(b, p->depth, c.columns));
}

static void product_case_init(product_case *p, int depth, bool transposed, bool add)
{
    size_t a_count = (size_t)depth * MOST_ROWS, b_count = (size_t)depth * MOST_COLUMNS;
    *p = (product_case){.depth = depth, .transposed = transposed, .add = add, .a = numbers(a_count, 1, 1),
                        .b = numbers(b_count, 2, 1), .c = numbers(MOST_ROWS * MOST_COLUMNS, 3, 1),
                        .a_row = transposed ? 1 : depth, .a_step = transposed ? MOST_ROWS : 1};
    float *a = copy_of(p->a, a_count), *b = copy_of(p->b, b_count);
    for (size_t i = 0; i < a_count; i++)
        a[i] = fabsf(a[i]);
    for (size_t i = 0; i < b_count; i++)
        b[i] = fabsf(b[i]);
    for (int i = 0; i < MOST_ROWS * MOST_COLUMNS; i++) {
        p->expected[i] = add ? p->c[i] : NAN;
        p->magnitude[i] = add ? fabsf(p->c[i]) : NAN;
    }
    run_product(&kernels_plain, p, matrix_of(p->expected, MOST_ROWS, MOST_COLUMNS), p->a, p->b);
    run_product(&kernels_plain, p, matrix_of(p->magnitude, MOST_ROWS, MOST_COLUMNS), a, b);
    free(a);
    free(b);
}

static void product_case_release(product_case *p)
{
    free(p->a);
    free(p->b);
    free(p->c);
}

/* The first rows and columns of the case, in blocks of just that size. */
static void check_product(const kernels *k, const product_case *p, int rows, int columns, const float *b)
{
    guarded c = guarded_new((size_t)rows, (size_t)columns, (size_t)columns + 5, NULL);
    for (int i = 0; i < rows && p->add; i++)
        memcpy(c.data + (size_t)i * c.row, p->c + (ptrdiff_t)i * MOST_COLUMNS, (size_t)columns * sizeof *c.data);
    run_product(k, p, matrix_spaced(c.data, rows, columns, (ptrdiff_t)c.row), p->a, b);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            size_t at = (size_t)i * MOST_COLUMNS + (size_t)j;
            assert_near("product", k->name, at, (double)c.data[(size_t)i * c.row + (size_t)j], (double)p->expected[at],
                        product_allowed(p, at));
        }
    guarded_check_and_free(&c, "product", k->name);
}

static void check_product_sizes(const kernels *k, const product_case *p)
{
    for (int columns = 1; columns <= MOST_COLUMNS; columns += columns < 36 ? 1 : 3) {
        float *b = malloc((size_t)p->depth * (size_t)columns * sizeof *b + 1);
        assert_non_null(b);
        for (int i = 0; i < p->depth; i++)
            memcpy(b + (ptrdiff_t)i * columns, p->b + (ptrdiff_t)i * MOST_COLUMNS, (size_t)columns * sizeof *b);
        for (int rows = 1; rows <= MOST_ROWS; rows++)
            check_product(k, p, rows, columns, b);
        free(b);
    }
}

/* The definition itself, against sums in double. */
static void check_product_definition(const product_case *p)
{
    for (int i = 0; i < MOST_ROWS; i++)
        for (int j = 0; j < MOST_COLUMNS; j++) {
            size_t at = (size_t)i * MOST_COLUMNS + (size_t)j;
            double sum = p->add ? (double)p->c[at] : 0;
            for (int k = 0; k < p->depth; k++)
                sum += (double)p->a[i * p->a_row + k * p->a_step] * (double)p->b[k * MOST_COLUMNS + j];
            assert_near("product", "plain", at, (double)p->expected[at], sum, product_allowed(p, at));
        }
}

static void product_equals_plain_at_every_size(void **state)
{
    (void)state;
    static const int depths[] = {0, 1, 7, 255, 256, 257, 513};
    for (size_t d = 0; d < sizeof depths / sizeof *depths; d++)
        for (int variant = 0; variant < 4; variant++) {
            product_case p;
            product_case_init(&p, depths[d], variant & 1, variant & 2);
            check_product_definition(&p);
            for (int i = 1; i < TABLES; i++)
                if (table(i) != NULL)
                    check_product_sizes(table(i), &p);
            product_case_release(&p);
        }
}

static void product_bits_do_not_depend_on_sizes(void **state)
{
    (void)state;
    enum { ROWS = 37, COLUMNS = 133, DEPTH = 300, COUNT = ROWS * COLUMNS };
    float *a = numbers(ROWS * DEPTH, 1, 1), *b = numbers(DEPTH * COLUMNS, 2, 1);
    static float whole[COUNT], parts[COUNT];
    matrix x = matrix_of(a, ROWS, DEPTH), y = matrix_of(b, DEPTH, COLUMNS), z = matrix_of(parts, ROWS, COLUMNS);
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        if (k == NULL)
            continue;
        matmul(k, matrix_of(whole, ROWS, COLUMNS), x, y);
        for (int r = 0; r < ROWS; r++)
            matmul(k, matrix_rows(z, r, 1), matrix_rows(x, r, 1), y);
        assert_bits("product by rows", k->name, parts, whole, COUNT);
        for (int j = 0; j < COLUMNS; j++)
            matmul(k, matrix_columns(z, j, 1), x, matrix_columns(y, j, 1));
        assert_bits("product by columns", k->name, parts, whole, COUNT);
        matmul(k, z, matrix_columns(x, 0, 101), matrix_rows(y, 0, 101));
        matmul_add(k, z, matrix_columns(x, 101, DEPTH - 101), matrix_rows(y, 101, DEPTH - 101));
        assert_bits("product by depth", k->name, parts, whole, COUNT);
    }
    free(a);
    free(b);
}

/* A bias and a product: the same chain as the product added to a matrix of biases, at any size, and wide ones too. */
static void affine_is_a_product_added_to_the_bias(void **state)
{
    (void)state;
    static const int sizes[][3] = {{1, 1, 1}, {5, 7, 0}, {13, 67, 9}, {37, 300, 300}, {24, 259, 17}};
    for (size_t i = 0; i < TABLES * sizeof sizes / sizeof *sizes; i++) {
        const kernels *k = table((int)(i % TABLES));
        if (k == NULL)
            continue;
        int rows = sizes[i / TABLES][0], columns = sizes[i / TABLES][1], depth = sizes[i / TABLES][2];
        size_t count = (size_t)rows * (size_t)columns;
        float *x = numbers((size_t)rows * (size_t)depth, 1, 1), *w = numbers((size_t)depth * (size_t)columns, 2, 1);
        float *bias = numbers((size_t)columns, 3, 1), *expected = numbers(count, 4, 1);
        guarded y = guarded_new((size_t)rows, (size_t)columns, (size_t)columns + 3, NULL);
        for (int r = 0; r < rows; r++)
            memcpy(expected + (ptrdiff_t)r * columns, bias, (size_t)columns * sizeof *bias);
        for (int r = 0; r < rows; r++) /* one at a time, so that nothing is packed */
            matmul_add(k, matrix_rows(matrix_of(expected, rows, columns), r, 1),
                       matrix_rows(matrix_of(x, rows, depth), r, 1), matrix_of(w, depth, columns));
        affine(k, matrix_spaced(y.data, rows, columns, (ptrdiff_t)y.row), matrix_of(x, rows, depth),
               matrix_of(w, depth, columns), bias);
        for (int r = 0; r < rows; r++)
            assert_bits("affine", k->name, y.data + (size_t)r * y.row, expected + (ptrdiff_t)r * columns,
                        (size_t)columns);
        guarded_check_and_free(&y, "affine", k->name);
        free(x);
        free(w);
        free(bias);
        free(expected);
    }
}

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
    k->sum_rows(matrix_spaced(x, (int)rows, (int)columns, (ptrdiff_t)row), y.data);
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
            assert_near("squares", table(i)->name, n, table(i)->squares(n, x), sum, 1e-6 * sum);
            assert_near("large squares", table(i)->name, n, table(i)->squares(4, large), 4e38, 1e33);
            assert_true(table(i)->squares(2, larger) > 1e300);
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

/* ---- elementary functions */

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
    static float gates[4 * BATCH], c[BATCH], squashed[BATCH], h[BATCH];
    for (int gate = 0; gate < 4; gate++)
        memcpy(gates + gate * n, x, (size_t)n * sizeof *x);
    k->lstm_forward(&(cell_operands){.rows = 1, .units = n, .input = gates, .gates = gates, .c = c,
                                     .inner = squashed, .h = h, .h_row = n});
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
        cmocka_unit_test(product_equals_plain_at_every_size),
        cmocka_unit_test(product_bits_do_not_depend_on_sizes),
        cmocka_unit_test(affine_is_a_product_added_to_the_bias),
        cmocka_unit_test(elementwise_kernels_equal_plain_at_every_size),
        cmocka_unit_test(sum_rows_equals_sums_in_double),
        cmocka_unit_test(sum_listed_has_the_plain_bits),
        cmocka_unit_test(squares_are_summed_in_double),
        cmocka_unit_test(adam_is_the_formula),
        cmocka_unit_test(sgd_and_scale_are_their_formulas),
        cmocka_unit_test(exp_tanh_and_sigmoid_are_within_4_ulp),
        cmocka_unit_test(functions_saturate),
        cmocka_unit_test(nan_stays_nan),
        cmocka_unit_test(the_environment_asks_for_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
