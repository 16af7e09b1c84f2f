/* The kernels of every instruction set that this processor has, compared with the plain ones, and those with long
 * double arithmetic; and what they promise: the bits of an element do not depend on the sizes around it, nothing is
 * written outside of a result, NaN stays NaN. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "math/kernels.h"

static const char *const table_names[] = {"plain", "avx2", "avx512"};
enum { TABLES = 3, GUARD = 16 };

/* The tables that this processor can run, NULL for the others. */
static const kernels *table(int i)
{
    return kernels_named(table_names[i]);
}

/* count floats in [-scale, scale), always the same ones for a seed; in a block of just that size, so that a sanitizer
 * sees what is read outside of it. */
static float *numbers(size_t count, uint64_t seed, double scale)
{
    random_key key = {.seed = seed, .purpose = RANDOM_INIT};
    float *x = malloc(count * sizeof *x + (count == 0));
    assert_non_null(x);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)((2 * random_unit(random_word(key, (uint32_t)i)) - 1) * scale);
    return x;
}

static float *copy_of(const float *x, size_t count)
{
    float *copy = malloc(count * sizeof *copy + (count == 0));
    assert_non_null(copy);
    memcpy(copy, x, count * sizeof *copy);
    return copy;
}

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void assert_near(const char *what, const char *name, size_t at, double found, double expected, double allowed)
{
    if (!(fabs(found - expected) <= allowed))
        fail_msg("%s of %s at %zu: found %.9g, expected %.9g within %.3g", what, name, at, found, expected, allowed);
}

static void assert_bits(const char *what, const char *name, const float *found, const float *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bits_of(found[i]) != bits_of(expected[i]))
            fail_msg("%s of %s at %zu: %.9g in one size, %.9g in another", what, name, i, (double)found[i],
                     (double)expected[i]);
}

/* ---- a result inside a block whose every other number is a NaN that must stay as it is */

static const uint32_t guard_bits = 0x7fc0beef;

typedef struct guarded {
    float *block, *data;
    size_t rows, columns, row, count; /* count: of the whole block */
} guarded;

/* rows x columns at a distance of `row`, filled from x [rows][columns] or, where it is NULL, with NaN as well. */
static guarded guarded_new(size_t rows, size_t columns, size_t row, const float *x)
{
    guarded g = {NULL, NULL, rows, columns, row, rows * row + 2 * GUARD};
    g.block = malloc(g.count * sizeof *g.block);
    assert_non_null(g.block);
    for (size_t i = 0; i < g.count; i++)
        g.block[i] = float_of(guard_bits);
    g.data = g.block + GUARD;
    for (size_t i = 0; i < rows && x != NULL; i++)
        memcpy(g.data + i * row, x + i * columns, columns * sizeof *x);
    return g;
}

static void guarded_check_and_free(guarded *g, const char *what, const char *name)
{
    for (size_t i = 0; i < g->count; i++) {
        size_t at = i - GUARD;
        bool inside = i >= GUARD && at < g->rows * g->row && at % g->row < g->columns;
        if (!inside && bits_of(g->block[i]) != guard_bits)
            fail_msg("%s of %s wrote outside of its result (%zu x %zu), at %td", what, name, g->rows, g->columns,
                     (ptrdiff_t)i - GUARD);
    }
    free(g->block);
}

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
    kernels_plain.product(MOST_ROWS, MOST_COLUMNS, depth, p->a, p->a_row, p->a_step, p->b, MOST_COLUMNS, p->expected,
                          MOST_COLUMNS, add);
    kernels_plain.product(MOST_ROWS, MOST_COLUMNS, depth, a, p->a_row, p->a_step, b, MOST_COLUMNS, p->magnitude,
                          MOST_COLUMNS, add);
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
    k->product(rows, columns, p->depth, p->a, p->a_row, p->a_step, b, columns, c.data, (ptrdiff_t)c.row, p->add);
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
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        if (k == NULL)
            continue;
        k->product(ROWS, COLUMNS, DEPTH, a, DEPTH, 1, b, COLUMNS, whole, COLUMNS, false);
        for (int r = 0; r < ROWS; r++)
            k->product(1, COLUMNS, DEPTH, a + r * DEPTH, DEPTH, 1, b, COLUMNS, parts + r * COLUMNS, COLUMNS, false);
        assert_bits("product by rows", k->name, parts, whole, COUNT);
        for (int j = 0; j < COLUMNS; j++)
            k->product(ROWS, 1, DEPTH, a, DEPTH, 1, b + j, COLUMNS, parts + j, COLUMNS, false);
        assert_bits("product by columns", k->name, parts, whole, COUNT);
        k->product(ROWS, COLUMNS, 101, a, DEPTH, 1, b, COLUMNS, parts, COLUMNS, false);
        k->product(ROWS, COLUMNS, DEPTH - 101, a + 101, DEPTH, 1, b + 101 * COLUMNS, COLUMNS, parts, COLUMNS, true);
        assert_bits("product by depth", k->name, parts, whole, COUNT);
    }
    free(a);
    free(b);
}

/* ---- elementwise kernels and sums */

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
    k->sum_rows((int)rows, (int)columns, x, (ptrdiff_t)row, y.data);
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
        for (size_t columns = 1; columns <= 67 && table(i) != NULL; columns += 2)
            for (size_t rows = 0; rows <= 9; rows += 3)
                check_sum_rows(table(i), rows, columns);
}

/* ---- LSTM */

typedef struct lstm_case {
    int rows, known, units;
    float *gates, *before, *dh, *dc;
} lstm_case;

static lstm_case lstm_case_new(int rows, int known, int units)
{
    size_t count = (size_t)rows * (size_t)units;
    return (lstm_case){rows, known, units, numbers(4 * count, 8, 3), numbers(count, 9, 2), numbers(count, 10, 1),
                       numbers(count, 11, 1)};
}

static void lstm_case_release(lstm_case *l)
{
    free(l->gates);
    free(l->before);
    free(l->dh);
    free(l->dc);
}

/* Everything that a step writes; h stands at a distance of units + 5. */
typedef struct lstm_result {
    guarded gates, c, squashed, h, dgates, dc;
} lstm_result;

static lstm_result lstm_run(const kernels *k, const lstm_case *l)
{
    size_t rows = (size_t)l->rows, units = (size_t)l->units;
    lstm_result r = {guarded_new(rows, 4 * units, 4 * units, l->gates), guarded_new(rows, units, units, NULL),
                     guarded_new(rows, units, units, NULL), guarded_new(rows, units, units + 5, NULL), {0},
                     guarded_new(rows, units, units, l->dc)};
    k->lstm_forward(l->rows, l->known, l->units, r.gates.data, l->before, r.c.data, r.squashed.data, r.h.data,
                    (ptrdiff_t)r.h.row);
    r.dgates = guarded_new(rows, 4 * units, 4 * units, r.gates.data);
    k->lstm_backward(l->rows, l->known, l->units, r.dgates.data, l->before, r.squashed.data, l->dh, r.dc.data);
    return r;
}

static void compare_guarded(const char *what, const kernels *k, const guarded *found, const guarded *expected)
{
    for (size_t i = 0; i < found->rows; i++)
        for (size_t j = 0; j < found->columns; j++)
            assert_near(what, k->name, i * found->columns + j, (double)found->data[i * found->row + j],
                        (double)expected->data[i * expected->row + j], 2e-6);
}

static void check_lstm(const kernels *k, int rows, int known, int units)
{
    lstm_case l = lstm_case_new(rows, known, units);
    lstm_result found = lstm_run(k, &l), expected = lstm_run(&kernels_plain, &l);
    static const struct {
        const char *what;
        size_t offset;
    } parts[] = {{"activations", offsetof(lstm_result, gates)}, {"c", offsetof(lstm_result, c)},
                 {"tanh(c)", offsetof(lstm_result, squashed)},  {"h", offsetof(lstm_result, h)},
                 {"dgates", offsetof(lstm_result, dgates)},     {"dc", offsetof(lstm_result, dc)}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        guarded *f = (guarded *)(void *)((char *)&found + parts[i].offset);
        guarded *e = (guarded *)(void *)((char *)&expected + parts[i].offset);
        compare_guarded(parts[i].what, k, f, e);
        guarded_check_and_free(f, parts[i].what, k->name);
        guarded_check_and_free(e, parts[i].what, "plain");
    }
    lstm_case_release(&l);
}

static void lstm_equals_plain_at_every_size(void **state)
{
    (void)state;
    for (int i = 1; i < TABLES; i++)
        for (int units = 1; units <= 67 && table(i) != NULL; units += units < 34 ? 1 : 3)
            for (int known = 0; known <= 3; known++)
                check_lstm(table(i), 3, known, units);
}

/* The plain step against the formulas in double. */
static void plain_lstm_is_the_formula(void **state)
{
    (void)state;
    enum { ROWS = 3, KNOWN = 2, UNITS = 5 };
    lstm_case l = lstm_case_new(ROWS, KNOWN, UNITS);
    lstm_result r = lstm_run(&kernels_plain, &l);
    for (int row = 0; row < ROWS; row++)
        for (int u = 0; u < UNITS; u++) {
            const float *z = l.gates + row * 4 * UNITS + u;
            size_t at = (size_t)(row * UNITS + u);
            double i = 1 / (1 + exp(-(double)z[0])), f = 1 / (1 + exp(-(double)z[UNITS]));
            double g = tanh((double)z[2 * UNITS]), o = 1 / (1 + exp(-(double)z[3 * UNITS]));
            double before = row < KNOWN ? (double)l.before[at] : 0, c = f * before + i * g;
            assert_near("c", "plain", at, (double)r.c.data[at], c, 1e-6);
            assert_near("tanh(c)", "plain", at, (double)r.squashed.data[at], tanh(c), 1e-6);
            assert_near("h", "plain", at, (double)r.h.data[(size_t)row * r.h.row + (size_t)u], o * tanh(c), 1e-6);
        }
    guarded *all[] = {&r.gates, &r.c, &r.squashed, &r.h, &r.dgates, &r.dc};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        guarded_check_and_free(all[i], "lstm", "plain");
    lstm_case_release(&l);
}

enum { STEP_ROWS = 10, STEP_KNOWN = 7, STEP_UNITS = 37, STEP_COUNT = STEP_ROWS * STEP_UNITS };

/* Nothing but floats, so that two of them compare as one array. */
typedef struct lstm_step {
    float gates[4 * STEP_COUNT], c[STEP_COUNT], squashed[STEP_COUNT], h[STEP_COUNT];
    float dgates[4 * STEP_COUNT], dc[STEP_COUNT];
} lstm_step;

/* Rows [first, first + rows) of the step, by themselves. */
static void run_rows(const kernels *k, const lstm_case *l, lstm_step *s, int first, int rows)
{
    ptrdiff_t at = (ptrdiff_t)first * STEP_UNITS;
    int known = STEP_KNOWN - first < 0 ? 0 : STEP_KNOWN - first < rows ? STEP_KNOWN - first : rows;
    memcpy(s->gates + 4 * at, l->gates + 4 * at, (size_t)rows * 4 * STEP_UNITS * sizeof(float));
    memcpy(s->dc + at, l->dc + at, (size_t)rows * STEP_UNITS * sizeof(float));
    k->lstm_forward(rows, known, STEP_UNITS, s->gates + 4 * at, l->before + at, s->c + at, s->squashed + at, s->h + at,
                    STEP_UNITS);
    memcpy(s->dgates + 4 * at, s->gates + 4 * at, (size_t)rows * 4 * STEP_UNITS * sizeof(float));
    k->lstm_backward(rows, known, STEP_UNITS, s->dgates + 4 * at, l->before + at, s->squashed + at, l->dh + at,
                     s->dc + at);
}

/* One unit of one row, by itself. */
static void run_unit(const kernels *k, const lstm_case *l, lstm_step *s, int row, int unit)
{
    ptrdiff_t at = (ptrdiff_t)row * STEP_UNITS + unit;
    int known = row < STEP_KNOWN;
    float gates[4], dgates[4];
    for (int i = 0; i < 4; i++)
        gates[i] = l->gates[4 * row * STEP_UNITS + i * STEP_UNITS + unit];
    s->dc[at] = l->dc[at];
    k->lstm_forward(1, known, 1, gates, l->before + at, s->c + at, s->squashed + at, s->h + at, 1);
    memcpy(dgates, gates, sizeof gates);
    k->lstm_backward(1, known, 1, dgates, l->before + at, s->squashed + at, l->dh + at, s->dc + at);
    for (int i = 0; i < 4; i++) {
        s->gates[4 * row * STEP_UNITS + i * STEP_UNITS + unit] = gates[i];
        s->dgates[4 * row * STEP_UNITS + i * STEP_UNITS + unit] = dgates[i];
    }
}

static void assert_steps(const char *what, const kernels *k, const lstm_step *found, const lstm_step *expected)
{
    assert_bits(what, k->name, (const float *)(const void *)found, (const float *)(const void *)expected,
                sizeof *found / sizeof(float));
}

static void lstm_bits_do_not_depend_on_sizes(void **state)
{
    (void)state;
    static lstm_step whole, parts;
    lstm_case l = lstm_case_new(STEP_ROWS, STEP_KNOWN, STEP_UNITS);
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        if (k == NULL)
            continue;
        run_rows(k, &l, &whole, 0, STEP_ROWS);
        for (int row = 0; row < STEP_ROWS; row++)
            run_rows(k, &l, &parts, row, 1);
        assert_steps("lstm by rows", k, &parts, &whole);
        for (int at = 0; at < STEP_COUNT; at++)
            run_unit(k, &l, &parts, at / STEP_UNITS, at % STEP_UNITS);
        assert_steps("lstm by units", k, &parts, &whole);
    }
    lstm_case_release(&l);
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
    static float gates[4 * BATCH], before[BATCH], c[BATCH], squashed[BATCH], h[BATCH];
    for (int gate = 0; gate < 4; gate++)
        memcpy(gates + gate * n, x, (size_t)n * sizeof *x);
    k->lstm_forward(1, 1, n, gates, before, c, squashed, h, n);
    memcpy(y, gates, (size_t)n * sizeof *y);
    assert_bits("sigmoid of gate f", k->name, gates + n, y, (size_t)n);
    assert_bits("sigmoid of gate o", k->name, gates + 3 * n, y, (size_t)n);
}

static void check_functions(const kernels *k, int n, const float *x, const long double *tanhs,
                            const long double *sigmoids)
{
    static float y[BATCH];
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
    static long double tanhs[BATCH], sigmoids[BATCH];
    uint32_t bits = bits_of(first), end = bits_of(last);
    while (bits <= end) {
        int n = 0;
        for (; n < BATCH && bits <= end; bits += step)
            for (int sign = 0; sign < 2; sign++, n++) {
                x[n] = sign ? -float_of(bits) : float_of(bits);
                tanhs[n] = tanhl((long double)x[n]);
                sigmoids[n] = 1 / (1 + expl(-(long double)x[n]));
            }
        for (int i = 0; i < TABLES; i++)
            if (table(i) != NULL)
                check_functions(table(i), n, x, tanhs, sigmoids);
    }
}

static void tanh_and_sigmoid_are_within_4_ulp(void **state)
{
    (void)state;
    check_range(0, 10, 1 << 11);
    check_range(10, 87, 1 << 9);
    check_range(0.3125f, 0.328125f, 1); /* about ln 2 / 2, where the reduction changes n */
    check_range(0.625f, 0.640625f, 3);
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
        cmocka_unit_test(elementwise_kernels_equal_plain_at_every_size),
        cmocka_unit_test(sum_rows_equals_sums_in_double),
        cmocka_unit_test(plain_lstm_is_the_formula),
        cmocka_unit_test(lstm_equals_plain_at_every_size),
        cmocka_unit_test(lstm_bits_do_not_depend_on_sizes),
        cmocka_unit_test(adam_is_the_formula),
        cmocka_unit_test(tanh_and_sigmoid_are_within_4_ulp),
        cmocka_unit_test(functions_saturate),
        cmocka_unit_test(nan_stays_nan),
        cmocka_unit_test(the_environment_asks_for_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
