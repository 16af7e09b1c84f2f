/* Weights in bfloat16: numbers are the nearest ones; sums have the same bits with every instruction set and any sizes
 * around them; whole predictions stay near those of floats, and do not depend on threads, neighbours or padding. */
#include "unit/kernel_cases.h"
#include "unit/made_rows.h"

#include "base/memory.h"
#include "math/bfloat16.h"
#include "network/initial_weights.h"
#include "network/network.h"
#include "network/scorer.h"
#include "network/projection_table.h"

/* ---- numbers */

/* The nearest bfloat16 by frexp: 8 significant bits, ties to even. */
static float nearest(float x)
{
    int exponent;
    double part = frexp((double)x, &exponent);
    return (float)ldexp(rint(ldexp(part, 8)), exponent - 8);
}

static void numbers_are_the_nearest_ones(void **state)
{
    (void)state;
    const float some[] = {0, -0.0F, 1, -1, 1.00390625F, 1.01171875F, 1.0039063F, 3.0e38F, 1e-30F, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_int_equal(bits_of(bfloat16_value(bfloat16_of(some[i]))), bits_of(nearest(some[i])));
    float *many = numbers(10000, 31, 4);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(bits_of(bfloat16_value(bfloat16_of(many[i]))), bits_of(nearest(many[i])));
    free(many);
    for (uint32_t bits = 0x7f800001; bits <= 0x7fffffff && bits >= 0x7f800001; bits += 0x10001)
        assert_true(isnan(bfloat16_value(bfloat16_of(float_of(bits))))); /* rounded up it would be a number */
}

static void matrices_are_pairs_of_rows(void **state)
{
    (void)state;
    enum { COLUMNS = 3 };
    float *w = numbers(5 * COLUMNS, 32, 2);
    for (int depth = 1; depth <= 5; depth++) {
        uint32_t *bf16 = malloc(bf16_count(depth, COLUMNS) * sizeof *bf16);
        assert_non_null(bf16);
        bf16_pack(depth, COLUMNS, w, bf16);
        for (int k = 0; k < depth + depth % 2; k++)
            for (int j = 0; j < COLUMNS; j++) {
                uint16_t found = (uint16_t)(bf16[k / 2 * COLUMNS + j] >> 16 * (k % 2));
                assert_int_equal(found, k < depth ? bfloat16_of(w[k * COLUMNS + j]) : 0);
            }
        free(bf16);
    }
    free(w);
}

/* ---- the product */

enum { MAX_ROWS = 13, MAX_COLUMNS = 133, MAX_DEPTH = 521 };

typedef struct affine_case {
    int rows, columns, depth;
    float *x, *w, *bias, *expected;
    uint32_t *bf16;
} affine_case;

static void affine_case_init(affine_case *a, int rows, int columns, int depth)
{
    *a = (affine_case){rows,
                       columns,
                       depth,
                       .x = numbers((size_t)(rows * depth), 33, 1),
                       .w = numbers((size_t)(depth * columns), 34, 1),
                       .bias = numbers((size_t)columns, 35, 1),
                       .expected = numbers((size_t)(rows * columns), 36, 1),
                       .bf16 = malloc(bf16_count(depth, columns) * sizeof(uint32_t))};
    assert_non_null(a->bf16);
    bf16_pack(depth, columns, a->w, a->bf16);
    affine_bf16(&kernels_plain, matrix_of(a->expected, rows, columns), matrix_of(a->x, rows, depth), a->bf16, a->bias);
}

static void affine_case_release(affine_case *a)
{
    free(a->x);
    free(a->w);
    free(a->bias);
    free(a->expected);
    free(a->bf16);
}

/* The first rows of a case: an element's bits are those of the plain kernel, whatever the sizes. */
static void check_affine(const kernels *k, const affine_case *a, int rows)
{
    size_t columns = (size_t)a->columns;
    guarded y = guarded_new((size_t)rows, columns, columns + 3, NULL);
    float *x = copy_of(a->x, (size_t)(rows * a->depth));
    affine_bf16(k, matrix_spaced(y.data, rows, a->columns, (ptrdiff_t)y.row), matrix_of(x, rows, a->depth), a->bf16,
                a->bias);
    for (int i = 0; i < rows; i++)
        assert_bits("affine_bf16", k->name, y.data + (size_t)i * y.row, a->expected + i * a->columns, columns);
    free(x);
    guarded_check_and_free(&y, "affine_bf16", k->name);
}

static void products_have_the_same_bits_everywhere(void **state)
{
    (void)state;
    static const int depths[] = {1, 2, 7, 31, 32, 33, 64, 255, 257, MAX_DEPTH};
    for (size_t d = 0; d < sizeof depths / sizeof *depths; d++)
        for (int columns = 1; columns <= MAX_COLUMNS; columns += columns < 20 ? 3 : 11) {
            affine_case a;
            affine_case_init(&a, MAX_ROWS, columns, depths[d]);
            for (int i = 1; i < TABLES; i++)
                for (int rows = 1; rows <= MAX_ROWS && table(i) != NULL; rows += columns < 70 ? 1 : 4)
                    check_affine(table(i), &a, rows);
            affine_case_release(&a);
        }
}

/* The plain product against the formula in double, with both operands rounded. */
static void plain_product_is_the_formula(void **state)
{
    (void)state;
    enum { ROWS = 3, COLUMNS = 5, DEPTH = 17 };
    affine_case a;
    affine_case_init(&a, ROWS, COLUMNS, DEPTH);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++) {
            double sum = (double)a.bias[j];
            for (int k = 0; k < DEPTH; k++)
                sum += (double)nearest(a.x[i * DEPTH + k]) * (double)nearest(a.w[k * COLUMNS + j]);
            assert_near("affine_bf16", "plain", (size_t)(i * COLUMNS + j), (double)a.expected[i * COLUMNS + j], sum,
                        2e-6);
        }
    affine_case_release(&a);
}

/* ---- cells */

typedef struct cell_case {
    int gates, rows, known, units;
    float *input, *hidden, *recurrent, *bias, *c;
    uint32_t *bf16;
} cell_case;

static cell_case cell_case_new(int gates, int rows, int known, int units)
{
    size_t count = (size_t)rows * (size_t)units, columns = (size_t)gates * (size_t)units;
    cell_case x = {gates,
                   rows,
                   known,
                   units,
                   .input = numbers(count * (size_t)gates, 41, 3),
                   .hidden = numbers(count, 42, 1),
                   .recurrent = numbers(columns * (size_t)units, 43, 0.5),
                   .bias = numbers(columns, 44, 1),
                   .c = numbers(count, 45, 2),
                   .bf16 = malloc(bf16_count(units, (int)columns) * sizeof(uint32_t))};
    assert_non_null(x.bf16);
    bf16_pack(units, (int)columns, x.recurrent, x.bf16);
    return x;
}

static void cell_case_release(cell_case *x)
{
    free(x->input);
    free(x->hidden);
    free(x->recurrent);
    free(x->bias);
    free(x->c);
    free(x->bf16);
}

/* h [rows][units] of rows from `first` on. dropped: h of the step before, as the product reads it; bf16 NULL: floats.
 */
static float *run_cells(const kernels *k, const cell_case *x, int first, int rows, const float *dropped,
                        const uint32_t *bf16)
{
    size_t units = (size_t)x->units, at = (size_t)first * units;
    int known = x->known - first < 0 ? 0 : x->known - first < rows ? x->known - first : rows;
    float *c = copy_of(x->c + at, (size_t)rows * units);
    guarded h = guarded_new((size_t)rows, units, units, NULL);
    cell_operands o = {.rows = rows,
                       .known = known,
                       .units = x->units,
                       .input = x->input + at * (size_t)x->gates,
                       .previous_hidden = x->hidden + at,
                       .dropped = dropped + at,
                       .previous_hidden_row = x->units,
                       .recurrent = x->recurrent,
                       .recurrent_bf16 = bf16,
                       .bias = x->bias,
                       .previous_cell = c,
                       .c = c,
                       .h = h.data,
                       .h_row = x->units};
    (x->gates == 4 ? k->lstm_forward : k->gru_forward)(&o);
    float *found = copy_of(h.data, (size_t)rows * units);
    guarded_check_and_free(&h, "h of bf16 weights", k->name);
    free(c);
    return found;
}

static void compare_cells(const char *what, const kernels *k, float *found, float *expected, int count)
{
    for (int i = 0; i < count; i++)
        assert_near(what, k->name, (size_t)i, (double)found[i], (double)expected[i], 4e-6);
    free(found);
    free(expected);
}

/* Against the plain kernel; and against floats, from numbers that are rounded before. */
static void check_cells(const kernels *k, int gates, int rows, int known, int units)
{
    cell_case x = cell_case_new(gates, rows, known, units);
    float *dropped = copy_of(x.hidden, (size_t)(rows * units));
    compare_cells("h and plain", k, run_cells(k, &x, 0, rows, dropped, x.bf16),
                  run_cells(&kernels_plain, &x, 0, rows, dropped, x.bf16), rows * units);
    float *found = run_cells(k, &x, 0, rows, dropped, x.bf16);
    for (int i = 0; i < rows * units; i++)
        dropped[i] = nearest(dropped[i]);
    for (int i = 0; i < gates * units * units; i++)
        x.recurrent[i] = nearest(x.recurrent[i]);
    compare_cells("h and floats", k, found, run_cells(k, &x, 0, rows, dropped, NULL), rows * units);
    free(dropped);
    cell_case_release(&x);
}

static void cells_at_every_size(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++)
        for (int gates = 3; gates <= 4 && table(i) != NULL; gates++) {
            for (int units = 1; units <= 67; units += units < 34 ? 1 : 3)
                check_cells(table(i), gates, 3, 2, units);
            for (int rows = 1; rows <= 14; rows++)
                for (int known = 0; known <= rows; known += 3)
                    check_cells(table(i), gates, rows, known, 19);
            check_cells(table(i), gates, 2, 2, 259); /* more than a block of the depth */
        }
}

static void cells_do_not_depend_on_neighbours(void **state)
{
    (void)state;
    enum { ROWS = 11, KNOWN = 8, UNITS = 37 };
    for (int i = 0; i < TABLES; i++)
        for (int gates = 3; gates <= 4 && table(i) != NULL; gates++) {
            cell_case x = cell_case_new(gates, ROWS, KNOWN, UNITS);
            float *whole = run_cells(table(i), &x, 0, ROWS, x.hidden, x.bf16);
            for (int row = 0; row < ROWS; row++) {
                float *one = run_cells(table(i), &x, row, 1, x.hidden, x.bf16);
                assert_bits("h of a row", table(i)->name, one, whole + row * UNITS, UNITS);
                free(one);
            }
            free(whole);
            cell_case_release(&x);
        }
}

/* ---- networks */

enum { VOCABULARY = 97, WINDOW = 12, ROWS = 61 };

static const char *const architectures[] = {"embed 5 | lstm 3 | attention additive 2",
                                            "embed 4 | bilstm 19 | bilstm 7 | max",
                                            "embed 4 | gru 6 | lstm 5 | last",
                                            "embed 3 | bigru 17 | gru 33 | attention dot | dense 3",
                                            "embed 5 | conv 4 2 | bigru 5 | mean | dense 2",
                                            "embed 6 | dropout 0.1 | lstm 16 | max"};
enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };

typedef struct made_network {
    network *net;
    real *weights;
    uint32_t *bf16;
} made_network;

/* Initial weights, moved a little, so that no bias is 0. */
static made_network made_network_new(const char *architecture, bool mask, const kernels *k)
{
    made_network m = {0};
    network_spec spec = {architecture, VOCABULARY, WINDOW, 1, mask, false, HEED_TASK_BINARY, 0};
    must(network_new(&m.net, &spec, &made_error));
    m.net->kernels = k;
    assert_true(m.net->bf16_count > 0);
    float *moved = numbers(m.net->weight_count, 51, 0.3);
    m.weights = memory_aligned(m.net->weight_count, sizeof *m.weights);
    m.bf16 = memory_aligned(m.net->bf16_count, sizeof *m.bf16);
    assert_true(m.weights != NULL && m.bf16 != NULL);
    must(network_initialize(m.net, m.weights, 3, &made_error));
    for (size_t i = 0; i < m.net->weight_count; i++)
        m.weights[i] += moved[i];
    network_to_bf16(m.net, m.weights, m.bf16);
    free(moved);
    return m;
}

static void made_network_release(made_network *m)
{
    free(m->weights);
    free(m->bf16);
    network_free(m->net);
}

typedef struct texts {
    uint32_t ids[ROWS][WINDOW];
    batch_row rows[ROWS];
} texts;

static void make_texts(texts *x)
{
    for (uint32_t r = 0; r < ROWS; r++) {
        int length = (int)(r * 5 % (WINDOW + 1));
        for (uint32_t t = 0; t < (uint32_t)length; t++)
            x->ids[r][t] = 1 + random_word((random_key){5, RANDOM_SPLIT, 0, 0, r}, t) % (VOCABULARY - 1);
        x->rows[r] = (batch_row){.ids = x->ids[r], .length = length, .number = r};
    }
}

/* Probabilities of count rows; with: with bf16 weights. */
static void score(real *out, const made_network *m, bool with, const projection_table *t, unsigned threads,
                  const batch_row *rows, int count)
{
    pool *workers = NULL;
    scorer *s = NULL;
    must(pool_new(&workers, threads, &made_error));
    must(scorer_new_with_table(&s, m->net, t, workers, count, &made_error));
    scorer_set_bf16(s, with ? m->bf16 : NULL);
    scorer_run(s, m->weights, rows, count, out, NULL);
    scorer_free(s);
    pool_free(workers);
}

static void answers_are_near_and_do_not_depend_on_threads_or_neighbours(void **state)
{
    (void)state;
    static texts x;
    make_texts(&x);
    for (size_t i = 0; i < 2 * ARCHITECTURES * TABLES; i++) {
        const kernels *k = table((int)(i % TABLES));
        if (k == NULL)
            continue;
        made_network m = made_network_new(architectures[i / TABLES / 2], i / TABLES % 2 == 0, k);
        real exact[ROWS], plain[ROWS], all[ROWS], other[ROWS];
        score(exact, &m, false, NULL, 1, x.rows, ROWS);
        score(all, &m, true, NULL, 1, x.rows, ROWS);
        score(other, &m, true, NULL, 3, x.rows, ROWS);
        assert_bits("a prediction on 3 threads", k->name, other, all, ROWS);
        m.net->kernels = &kernels_plain;
        score(plain, &m, true, NULL, 1, x.rows, ROWS);
        m.net->kernels = k;
        for (int r = 0; r < ROWS; r++) {
            score(other, &m, true, NULL, 1, x.rows + r, 1);
            assert_bits("a row alone", k->name, other, all + r, 1);
            assert_near("a prediction and floats", k->name, (size_t)r, (double)all[r], (double)exact[r], 0.01);
            assert_near("a prediction and plain", k->name, (size_t)r, (double)all[r], (double)plain[r], 2e-3);
        }
        assert_memory_not_equal(exact, all, sizeof all);
        made_network_release(&m);
    }
}

/* The table of tokens' products is floats of the same bits, with these weights as without. */
static void the_table_of_products_changes_no_bit(void **state)
{
    (void)state;
    static texts x;
    make_texts(&x);
    for (size_t i = 0; i < 4; i++) { /* those with a table */
        made_network m = made_network_new(architectures[i], true, kernels_choose());
        real without[ROWS], with[ROWS];
        pool *workers = NULL;
        projection_table *t = NULL;
        must(pool_new(&workers, 2, &made_error));
        must(projection_table_new(&t, m.net, HEED_PRECISION_FLOAT32, m.weights, workers, &made_error));
        score(without, &m, true, NULL, 1, x.rows, ROWS);
        score(with, &m, true, t, 2, x.rows, ROWS);
        assert_bits("a prediction with a table", m.net->kernels->name, with, without, ROWS);
        projection_table_free(t);
        pool_free(workers);
        made_network_release(&m);
    }
}

/* ---- the public way */

enum { TEXTS = 4 };
static const char *const told[TEXTS] = {"w1 x2 up", "w3 x4 no", "never seen", ""};

static void predictors_take_them_and_give_them_back(void **state)
{
    (void)state;
    heed_bytes texts[TEXTS];
    heed_model *m = made_model("embed 4 | bilstm 3 | bilstm 5 | attention additive 2");
    heed_predictor *p = NULL;
    float first[2 * TEXTS], bf16[2 * TEXTS], alone[2], back[2 * TEXTS];
    for (int i = 0; i < TEXTS; i++)
        texts[i] = (heed_bytes){told[i], strlen(told[i])};
    must(heed_predictor_new(&p, m, 2, &made_error));
    must(heed_predictor_run(first, p, texts, TEXTS, &made_error));
    for (heed_precision s = HEED_PRECISION_FLOAT32; s <= HEED_PRECISION_INT8; s++) {
        must(heed_predictor_set_projections(p, s, &made_error));
        must(heed_predictor_set_weights(p, HEED_PRECISION_BFLOAT16, &made_error));
        must(heed_predictor_set_weights(p, HEED_PRECISION_BFLOAT16, &made_error)); /* once more */
        must(heed_predictor_run(bf16, p, texts, TEXTS, &made_error));
        for (int i = 0; i < TEXTS; i++) {
            must(heed_predictor_run(alone, p, texts + i, 1, &made_error));
            assert_memory_equal(alone, bf16 + 2 * i, sizeof alone);
        }
        for (int i = 0; i < 2 * TEXTS; i++)
            assert_near("a prediction", "bfloat16", (size_t)i, (double)bf16[i], (double)first[i], 0.01);
        assert_memory_not_equal(bf16, first, sizeof first);
    }
    must(heed_predictor_set_projections(p, HEED_PRECISION_FLOAT32, &made_error));
    must(heed_predictor_set_weights(p, HEED_PRECISION_FLOAT32, &made_error));
    must(heed_predictor_run(back, p, texts, TEXTS, &made_error));
    assert_memory_equal(first, back, sizeof first);
    heed_predictor_free(p);
    heed_model_free(m);
}

static void models_without_recurrent_layers_refuse(void **state)
{
    (void)state;
    const char *const others[] = {"linear", "embed 4 | mean", "embed 4 | conv 3 2 | max"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        heed_model *m = made_model(others[i]);
        heed_predictor *p = NULL;
        must(heed_predictor_new(&p, m, 1, &made_error));
        must(heed_predictor_set_weights(p, HEED_PRECISION_FLOAT32, &made_error));
        must_refuse(heed_predictor_set_weights(p, HEED_PRECISION_BFLOAT16, &made_error), HEED_USAGE,
                    "weights: ", others[i]);
        heed_predictor_free(p);
        heed_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_nearest_ones),
        cmocka_unit_test(matrices_are_pairs_of_rows),
        cmocka_unit_test(plain_product_is_the_formula),
        cmocka_unit_test(products_have_the_same_bits_everywhere),
        cmocka_unit_test(cells_at_every_size),
        cmocka_unit_test(cells_do_not_depend_on_neighbours),
        cmocka_unit_test(answers_are_near_and_do_not_depend_on_threads_or_neighbours),
        cmocka_unit_test(the_table_of_products_changes_no_bit),
        cmocka_unit_test(predictors_take_them_and_give_them_back),
        cmocka_unit_test(models_without_recurrent_layers_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
