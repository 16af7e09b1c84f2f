/* The matrix product of every instruction set that this processor has, compared with the plain one, and that with sums
 * in double; the bits of an element do not depend on the sizes around it, nothing is written outside of a result. */
#include "unit/kernel_cases.h"

enum { MAX_ROWS = 14, MAX_COLUMNS = 140 };

/* Operands of one depth at the largest size, the plain result, and the sum of magnitudes that bounds its rounding. */
typedef struct product_case {
    int depth;
    bool transposed, add;
    float *a, *b, *c; /* a [rows][depth] or [depth][rows]; c: what stands in the result before */
    ptrdiff_t a_row, a_step;
    float expected[MAX_ROWS * MAX_COLUMNS], magnitude[MAX_ROWS * MAX_COLUMNS];
} product_case;

static double product_allowed(const product_case *p, size_t at)
{
    return (p->depth + 2) * 0x1p-23 * (double)p->magnitude[at];
}

/* c = a b, or += where the case adds, of as many rows and columns as c has. */
static void run_product(const kernels *k, const product_case *p, matrix c, const float *a, const float *b)
{
    matrix left =
        p->transposed ? transposed(matrix_spaced(a, p->depth, c.rows, MAX_ROWS)) : matrix_of(a, c.rows, p->depth);
    if (p->add)
        matmul_add(k, c, left, matrix_of(b, p->depth, c.columns));
    else
        matmul(k, c, left, matrix_of(b, p->depth, c.columns));
}

static void product_case_init(product_case *p, int depth, bool transposed, bool add)
{
    size_t a_count = (size_t)depth * MAX_ROWS, b_count = (size_t)depth * MAX_COLUMNS;
    *p = (product_case){.depth = depth,
                        .transposed = transposed,
                        .add = add,
                        .a = numbers(a_count, 1, 1),
                        .b = numbers(b_count, 2, 1),
                        .c = numbers(MAX_ROWS * MAX_COLUMNS, 3, 1),
                        .a_row = transposed ? 1 : depth,
                        .a_step = transposed ? MAX_ROWS : 1};
    float *a = copy_of(p->a, a_count), *b = copy_of(p->b, b_count);
    for (size_t i = 0; i < a_count; i++)
        a[i] = fabsf(a[i]);
    for (size_t i = 0; i < b_count; i++)
        b[i] = fabsf(b[i]);
    for (int i = 0; i < MAX_ROWS * MAX_COLUMNS; i++) {
        p->expected[i] = add ? p->c[i] : NAN;
        p->magnitude[i] = add ? fabsf(p->c[i]) : NAN;
    }
    run_product(&kernels_plain, p, matrix_of(p->expected, MAX_ROWS, MAX_COLUMNS), p->a, p->b);
    run_product(&kernels_plain, p, matrix_of(p->magnitude, MAX_ROWS, MAX_COLUMNS), a, b);
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
        memcpy(c.data + (size_t)i * c.row, p->c + (ptrdiff_t)i * MAX_COLUMNS, (size_t)columns * sizeof *c.data);
    run_product(k, p, matrix_spaced(c.data, rows, columns, (ptrdiff_t)c.row), p->a, b);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            size_t at = (size_t)i * MAX_COLUMNS + (size_t)j;
            assert_near("product", k->name, at, (double)c.data[(size_t)i * c.row + (size_t)j], (double)p->expected[at],
                        product_allowed(p, at));
        }
    guarded_check_and_free(&c, "product", k->name);
}

static void check_product_sizes(const kernels *k, const product_case *p)
{
    for (int columns = 1; columns <= MAX_COLUMNS; columns += columns < 36 ? 1 : 3) {
        float *b = malloc((size_t)p->depth * (size_t)columns * sizeof *b + 1);
        assert_non_null(b);
        for (int i = 0; i < p->depth; i++)
            memcpy(b + (ptrdiff_t)i * columns, p->b + (ptrdiff_t)i * MAX_COLUMNS, (size_t)columns * sizeof *b);
        for (int rows = 1; rows <= MAX_ROWS; rows++)
            check_product(k, p, rows, columns, b);
        free(b);
    }
}

/* The definition itself, against sums in double. */
static void check_product_definition(const product_case *p)
{
    for (int i = 0; i < MAX_ROWS; i++)
        for (int j = 0; j < MAX_COLUMNS; j++) {
            size_t at = (size_t)i * MAX_COLUMNS + (size_t)j;
            double sum = p->add ? (double)p->c[at] : 0;
            for (int k = 0; k < p->depth; k++)
                sum += (double)p->a[i * p->a_row + k * p->a_step] * (double)p->b[k * MAX_COLUMNS + j];
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_equals_plain_at_every_size),
        cmocka_unit_test(product_bits_do_not_depend_on_sizes),
        cmocka_unit_test(affine_is_a_product_added_to_the_bias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
