/* Kernels that go down the columns of a matrix: equal to their formulas in double at every size and within their bounds
 * in memory; a column's bits do not depend on the columns beside it. */
#include "unit/kernel_cases.h"

enum { ROWS = 37, MOST = 70 };

static float *column_numbers(int columns, uint64_t seed, double spread)
{
    float *all = numbers((size_t)ROWS * MOST, seed, spread), *x = malloc((size_t)ROWS * (size_t)columns * sizeof *x);
    assert_non_null(x);
    for (int i = 0; i < ROWS; i++)
        memcpy(x + i * columns, all + i * MOST, (size_t)columns * sizeof *x);
    free(all);
    return x;
}

/* A guarded matrix [ROWS][columns] of these numbers. */
static guarded made(int columns, const float *x)
{
    return guarded_new(ROWS, (size_t)columns, (size_t)columns + 5, x);
}

static matrix view_of(const guarded *g, int columns)
{
    return matrix_spaced(g->data, ROWS, columns, (ptrdiff_t)g->row);
}

/* The result for all columns, and the same for fewer of them, have the same bits in those. */
static void assert_columns(const char *what, const char *name, matrix found, matrix all)
{
    for (int i = 0; i < ROWS; i++)
        assert_bits(what, name, matrix_row(found, i), matrix_row(all, i), (size_t)found.columns);
}

/* ---- softmax */

static void check_softmax(const kernels *k, int columns, matrix all)
{
    float *x = column_numbers(columns, 3, 9), max[MOST], inverse[MOST];
    guarded y = made(columns, x), again = made(columns, x);
    matrix v = view_of(&y, columns), w = view_of(&again, columns);
    k->softmax_down(&v, 0.5f, max, inverse);
    k->softmax_down_again(&w, 0.5f, max, inverse);
    for (int j = 0; j < columns; j++) {
        double most = -1e9, sum = 0;
        for (int i = 0; i < ROWS; i++)
            most = fmax(most, (double)x[i * columns + j]);
        for (int i = 0; i < ROWS; i++)
            sum += exp(0.5 * ((double)x[i * columns + j] - most));
        for (int i = 0; i < ROWS; i++)
            assert_near("softmax_down", k->name, (size_t)j, (double)matrix_row(v, i)[j],
                        exp(0.5 * ((double)x[i * columns + j] - most)) / sum, 1e-6);
        assert_true((double)max[j] == most);
    }
    assert_columns("softmax_down_again", k->name, w, v);
    assert_columns("softmax_down", k->name, v, all);
    guarded_check_and_free(&y, "softmax_down", k->name);
    guarded_check_and_free(&again, "softmax_down_again", k->name);
    free(x);
}

static void softmax_is_its_formula_at_every_width(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        if (table(i) == NULL)
            continue;
        float *x = column_numbers(MOST, 3, 9), max[MOST], inverse[MOST];
        matrix all = matrix_of(x, ROWS, MOST);
        table(i)->softmax_down(&all, 0.5f, max, inverse);
        for (int columns = 1; columns <= MOST; columns++)
            check_softmax(table(i), columns, all);
        free(x);
    }
}

static void check_softmax_backward(const kernels *k, int columns)
{
    float *weights = column_numbers(columns, 4, 1), *before = column_numbers(columns, 5, 1);
    guarded d = made(columns, before);
    matrix v = view_of(&d, columns), w = matrix_of(weights, ROWS, columns);
    k->softmax_down_backward(0.25f, &w, &v);
    for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++)
            sum += (double)matrix_row(w, i)[j] * (double)before[i * columns + j];
        for (int i = 0; i < ROWS; i++)
            assert_near("softmax_down_backward", k->name, (size_t)j, (double)matrix_row(v, i)[j],
                        0.25 * (double)matrix_row(w, i)[j] * ((double)before[i * columns + j] - sum), 2e-6);
    }
    guarded_check_and_free(&d, "softmax_down_backward", k->name);
    free(weights);
    free(before);
}

/* ---- norms */

typedef struct moments {
    double mean, inverse;
} moments;

static moments moments_of(const float *x, int columns, int j, double epsilon)
{
    double mean = 0, variance = 0;
    for (int i = 0; i < ROWS; i++)
        mean += (double)x[i * columns + j] / ROWS;
    for (int i = 0; i < ROWS; i++)
        variance += pow((double)x[i * columns + j] - mean, 2) / ROWS;
    return (moments){mean, 1 / sqrt(variance + epsilon)};
}

static void check_normalize(const kernels *k, int columns)
{
    float *x = column_numbers(columns, 6, 2), *gamma = numbers(ROWS, 7, 1), *beta = numbers(ROWS, 8, 1), inverse[MOST];
    norm_down norm = {gamma, beta, 0.125f};
    guarded y = made(columns, x), alone = made(columns, x), n = made(columns, x);
    matrix v = view_of(&y, columns), w = view_of(&alone, columns), normal = view_of(&n, columns);
    k->normalize_down(&norm, &v, &normal, inverse);
    k->normalize_down(&norm, &w, NULL, NULL);
    for (int j = 0; j < columns; j++) {
        moments m = moments_of(x, columns, j, 0.125);
        assert_near("inverse", k->name, (size_t)j, (double)inverse[j], m.inverse, 1e-6);
        for (int i = 0; i < ROWS; i++) {
            double expected = ((double)x[i * columns + j] - m.mean) * m.inverse;
            assert_near("normal", k->name, (size_t)j, (double)matrix_row(normal, i)[j], expected, 2e-6);
            assert_near("normalize_down", k->name, (size_t)j, (double)matrix_row(v, i)[j],
                        (double)gamma[i] * expected + (double)beta[i], 4e-6);
        }
    }
    assert_columns("normalize_down that keeps nothing", k->name, w, v);
    for (int i = 0; i < ROWS; i++)
        memset(matrix_row(w, i), 0, (size_t)columns * sizeof(real));
    k->normalize_down_again(&norm, &normal, &w);
    assert_columns("normalize_down_again", k->name, w, v);
    guarded_check_and_free(&y, "normalize_down", k->name);
    guarded_check_and_free(&alone, "normalize_down", k->name);
    guarded_check_and_free(&n, "normalize_down", k->name);
    free(x);
    free(gamma);
    free(beta);
}

static void check_normalize_backward(const kernels *k, int columns)
{
    float *normal = column_numbers(columns, 9, 1), *before = column_numbers(columns, 10, 1),
          *gamma = numbers(ROWS, 7, 1);
    float *inverse = numbers((size_t)columns, 11, 1);
    norm_down norm = {gamma, gamma, 0};
    guarded d = made(columns, before);
    matrix v = view_of(&d, columns), n = matrix_of(normal, ROWS, columns);
    k->normalize_down_backward(&norm, &n, inverse, &v);
    for (int j = 0; j < columns; j++) {
        double mean = 0, mean_n = 0;
        for (int i = 0; i < ROWS; i++) {
            double dn = (double)gamma[i] * (double)before[i * columns + j];
            mean += dn / ROWS;
            mean_n += dn * (double)normal[i * columns + j] / ROWS;
        }
        for (int i = 0; i < ROWS; i++) {
            double dn = (double)gamma[i] * (double)before[i * columns + j];
            assert_near("normalize_down_backward", k->name, (size_t)j, (double)matrix_row(v, i)[j],
                        (double)inverse[j] * (dn - mean - (double)normal[i * columns + j] * mean_n), 2e-6);
        }
    }
    guarded_check_and_free(&d, "normalize_down_backward", k->name);
    free(normal);
    free(before);
    free(gamma);
    free(inverse);
}

/* ---- sums */

static void check_add_to_rows(const kernels *k, int columns)
{
    float *x = column_numbers(columns, 12, 1), *before = column_numbers(columns, 13, 1), *bias = numbers(ROWS, 14, 1);
    guarded both = made(columns, before), one = made(columns, before);
    matrix v = view_of(&both, columns), w = view_of(&one, columns), added = matrix_of(x, ROWS, columns);
    k->add_to_rows(&v, bias, &added);
    k->add_to_rows(&w, bias, NULL);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < columns; j++) {
            double sum = (double)before[i * columns + j] + (double)bias[i];
            assert_near("add_to_rows", k->name, (size_t)j, (double)matrix_row(w, i)[j], sum, 3e-7);
            assert_near("add_to_rows", k->name, (size_t)j, (double)matrix_row(v, i)[j],
                        sum + (double)x[i * columns + j], 4e-7);
        }
    guarded_check_and_free(&both, "add_to_rows", k->name);
    guarded_check_and_free(&one, "add_to_rows", k->name);
    free(x);
    free(before);
    free(bias);
}

/* ---- dropout */

/* The factor of a number, by Random123. */
static float factor_of(const drop_site *s, uint32_t row, uint32_t column)
{
    uint32_t words[4];
    random_words(words, s->seed, (const uint32_t[4]){s->part, s->step, column, 2 + row / 8});
    uint32_t half = row % 2 == 0 ? words[row % 8 / 2] & 0xFFFF : words[row % 8 / 2] >> 16;
    return half < s->dropped ? 0 : s->kept;
}

static void check_drop(const kernels *k, int columns)
{
    static const drop_site site = {0x123456789abcdef0, 0x08010203, 77, 16384, (real)(4.0 / 3)};
    enum { FIRST = 48 };
    float *x = column_numbers(columns, 15, 1);
    guarded y = made(columns, x);
    matrix v = view_of(&y, columns);
    k->drop(&site, FIRST, &v);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < columns; j++)
            assert_true(matrix_row(v, i)[j] == x[i * columns + j] * factor_of(&site, (uint32_t)i, FIRST + (uint32_t)j));
    guarded_check_and_free(&y, "drop", k->name);
    free(x);
}

/* As many as the rate says, in every row and column: within 5 standard deviations. */
static void dropout_drops_its_share_everywhere(void **state)
{
    (void)state;
    enum { SIDE = 400 };
    const drop_site site = {5, 6, 7, 6554, 1};
    float *x = malloc(SIDE * SIDE * sizeof *x);
    int of_row[SIDE] = {0}, of_column[SIDE] = {0};
    assert_non_null(x);
    for (int i = 0; i < SIDE * SIDE; i++)
        x[i] = 1;
    matrix v = matrix_of(x, SIDE, SIDE);
    kernels_choose()->drop(&site, 0, &v);
    for (int i = 0; i < SIDE * SIDE; i++) {
        of_row[i / SIDE] += x[i] == 0;
        of_column[i % SIDE] += x[i] == 0;
    }
    for (int i = 0; i < SIDE; i++)
        assert_true(of_row[i] > 10 && of_row[i] < 70 && of_column[i] > 10 && of_column[i] < 70);
    free(x);
}

static void the_others_are_their_formulas_at_every_width(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (int columns = 1; columns <= MOST && table(i) != NULL; columns++) {
            check_softmax_backward(table(i), columns);
            check_normalize(table(i), columns);
            check_normalize_backward(table(i), columns);
            check_add_to_rows(table(i), columns);
            check_drop(table(i), columns);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(softmax_is_its_formula_at_every_width),
        cmocka_unit_test(dropout_drops_its_share_everywhere),
        cmocka_unit_test(the_others_are_their_formulas_at_every_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
