/* The kernels of recurrent cells, of every instruction set that this processor has: the plain ones against the formulas
 * in double, the others against the plain ones at odd sizes; the bits of an element do not depend on the sizes around
 * it, and nothing is written outside of a result. */
#include "unit/kernel_cases.h"

/* ---- LSTM */

typedef struct lstm_case {
    int rows, known, units;
    float *gates, *before, *dh, *dc;
    float *hidden, *recurrent; /* h of the step before, U */
} lstm_case;

static lstm_case lstm_case_new(int rows, int known, int units)
{
    size_t count = (size_t)rows * (size_t)units;
    return (lstm_case){rows, known, units, numbers(4 * count, 8, 3), numbers(count, 9, 2), numbers(count, 10, 1),
                       numbers(count, 11, 1), numbers(count, 12, 1),
                       numbers(4 * (size_t)units * (size_t)units, 13, 0.5)};
}

static void lstm_case_release(lstm_case *l)
{
    free(l->gates);
    free(l->before);
    free(l->dh);
    free(l->dc);
    free(l->hidden);
    free(l->recurrent);
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
    k->lstm_forward(&(lstm_operands){.rows = l->rows, .known = l->known, .units = l->units, .input = r.gates.data,
                                     .before = l->hidden, .recurrent = l->recurrent, .c_before = l->before,
                                     .gates = r.gates.data, .c = r.c.data, .squashed = r.squashed.data,
                                     .h = r.h.data, .h_row = (ptrdiff_t)r.h.row});
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
    for (int i = 1; i < TABLES; i++)
        for (int rows = 4; rows <= 14 && table(i) != NULL; rows++)
            for (int known = 0; known <= rows; known += 3)
                check_lstm(table(i), rows, known, 19);
}

/* The input may lie in another order than the rows, and elsewhere than the activations. */
static void lstm_finds_its_input(void **state)
{
    (void)state;
    enum { ROWS = 10, KNOWN = 7, UNITS = 21, COUNT = ROWS * UNITS };
    static const int row[ROWS] = {4, 9, 0, 4, 7, 1, 3, 2, 8, 4}, ahead[2] = {3, 5};
    static float input[4 * COUNT], gates[4 * COUNT], c[COUNT], squashed[COUNT], h[COUNT];
    lstm_case l = lstm_case_new(ROWS, KNOWN, UNITS);
    for (int i = 0; i < TABLES; i++) {
        if (table(i) == NULL)
            continue;
        for (int r = 0; r < ROWS; r++)
            memcpy(input + 4 * r * UNITS, l.gates + 4 * row[r] * UNITS, 4 * UNITS * sizeof *input);
        lstm_operands o = {.rows = ROWS, .known = KNOWN, .units = UNITS, .input = l.gates, .input_row = row,
                           .rows_ahead = 2, .row_ahead = ahead, .before = l.hidden, .recurrent = l.recurrent,
                           .c_before = l.before, .gates = gates, .c = c, .squashed = squashed, .h = h, .h_row = UNITS};
        table(i)->lstm_forward(&o);
        static float expected_h[COUNT];
        o.input = o.gates = input;
        o.input_row = o.row_ahead = NULL;
        o.rows_ahead = 0;
        o.h = expected_h;
        table(i)->lstm_forward(&o);
        assert_bits("lstm with rows from a table", table(i)->name, gates, input, 4 * COUNT);
        assert_bits("lstm with rows from a table", table(i)->name, h, expected_h, COUNT);
    }
    lstm_case_release(&l);
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
            double z[4];
            for (int gate = 0; gate < 4; gate++) {
                z[gate] = (double)l.gates[row * 4 * UNITS + gate * UNITS + u];
                for (int k = 0; k < UNITS && row < KNOWN; k++)
                    z[gate] += (double)l.hidden[row * UNITS + k] *
                               (double)l.recurrent[k * 4 * UNITS + gate * UNITS + u];
            }
            size_t at = (size_t)(row * UNITS + u);
            double i = 1 / (1 + exp(-z[0])), f = 1 / (1 + exp(-z[1])), g = tanh(z[2]), o = 1 / (1 + exp(-z[3]));
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
    k->lstm_forward(&(lstm_operands){.rows = rows, .known = known, .units = STEP_UNITS, .input = s->gates + 4 * at,
                                     .before = l->hidden + at, .recurrent = l->recurrent, .c_before = l->before + at,
                                     .gates = s->gates + 4 * at, .c = s->c + at, .squashed = s->squashed + at,
                                     .h = s->h + at, .h_row = STEP_UNITS});
    memcpy(s->dgates + 4 * at, s->gates + 4 * at, (size_t)rows * 4 * STEP_UNITS * sizeof(float));
    k->lstm_backward(rows, known, STEP_UNITS, s->dgates + 4 * at, l->before + at, s->squashed + at, l->dh + at,
                     s->dc + at);
}

/* One unit of one row, by itself: its recurrent sum by the matrix product, which is the same chain of operations. */
static void run_unit(const kernels *k, const lstm_case *l, lstm_step *s, int row, int unit)
{
    ptrdiff_t at = (ptrdiff_t)row * STEP_UNITS + unit;
    int known = row < STEP_KNOWN;
    float gates[4], dgates[4], zero = 0;
    static const float no_weights[4];
    for (int i = 0; i < 4; i++) {
        gates[i] = l->gates[4 * row * STEP_UNITS + i * STEP_UNITS + unit];
        if (known)
            k->product(1, 1, STEP_UNITS, l->hidden + (ptrdiff_t)row * STEP_UNITS, 1, 1,
                       l->recurrent + i * STEP_UNITS + unit, 4 * STEP_UNITS, gates + i, 1, true);
    }
    s->dc[at] = l->dc[at];
    k->lstm_forward(&(lstm_operands){.rows = 1, .known = known, .units = 1, .input = gates, .before = &zero,
                                     .recurrent = no_weights, .c_before = l->before + at, .gates = gates,
                                     .c = s->c + at, .squashed = s->squashed + at, .h = s->h + at, .h_row = 1});
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

/* ---- GRU */

typedef struct gru_case {
    int rows, units;
    float *gates, *inner, *before, *dh;
} gru_case;

static gru_case gru_case_new(int rows, int units)
{
    size_t count = (size_t)rows * (size_t)units;
    return (gru_case){rows, units, numbers(3 * count, 15, 3), numbers(3 * count, 16, 3), numbers(count, 17, 1),
                      numbers(count, 18, 1)};
}

static void gru_case_release(gru_case *g)
{
    free(g->gates);
    free(g->inner);
    free(g->before);
    free(g->dh);
}

/* Everything that a step writes; h stands at a distance of units + 5. */
typedef struct gru_result {
    guarded gates, h, dgates, dinner, dh;
} gru_result;

static gru_result gru_run(const kernels *k, const gru_case *g)
{
    size_t rows = (size_t)g->rows, units = (size_t)g->units;
    gru_result r = {guarded_new(rows, 3 * units, 3 * units, g->gates), guarded_new(rows, units, units + 5, NULL), {0},
                    guarded_new(rows, 3 * units, 3 * units, g->inner), guarded_new(rows, units, units, g->dh)};
    k->gru_forward(g->rows, g->units, r.gates.data, g->inner, g->before, r.h.data, (ptrdiff_t)r.h.row);
    r.dgates = guarded_new(rows, 3 * units, 3 * units, r.gates.data);
    k->gru_backward(g->rows, g->units, r.dgates.data, r.dinner.data, g->before, r.dh.data);
    return r;
}

static void check_gru(const kernels *k, int rows, int units)
{
    gru_case g = gru_case_new(rows, units);
    gru_result found = gru_run(k, &g), expected = gru_run(&kernels_plain, &g);
    static const struct {
        const char *what;
        size_t offset;
    } parts[] = {{"activations", offsetof(gru_result, gates)}, {"h", offsetof(gru_result, h)},
                 {"dgates", offsetof(gru_result, dgates)},     {"dinner", offsetof(gru_result, dinner)},
                 {"dh", offsetof(gru_result, dh)}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        guarded *f = (guarded *)(void *)((char *)&found + parts[i].offset);
        guarded *e = (guarded *)(void *)((char *)&expected + parts[i].offset);
        compare_guarded(parts[i].what, k, f, e);
        guarded_check_and_free(f, parts[i].what, k->name);
        guarded_check_and_free(e, parts[i].what, "plain");
    }
    gru_case_release(&g);
}

static void gru_equals_plain_at_every_size(void **state)
{
    (void)state;
    for (int i = 1; i < TABLES; i++)
        for (int units = 1; units <= 67 && table(i) != NULL; units += units < 34 ? 1 : 3)
            for (int rows = 0; rows <= 3; rows++)
                check_gru(table(i), rows, units);
}

/* h of one unit from its gates' preactivations (input and recurrent part) and the h before, in double. */
static double gru_formula(const double x[3], const double inner[3], double before)
{
    double z = 1 / (1 + exp(-(x[0] + inner[0]))), r = 1 / (1 + exp(-(x[1] + inner[1])));
    return z * before + (1 - z) * tanh(x[2] + r * inner[2]);
}

/* Central difference of dh times the formula, by one of its seven operands. */
static double gru_difference(const double operands[7], int by, double dh)
{
    const double step = 1e-6;
    double above[7], below[7];
    memcpy(above, operands, sizeof above);
    memcpy(below, operands, sizeof below);
    above[by] += step;
    below[by] -= step;
    return dh * (gru_formula(above, above + 3, above[6]) - gru_formula(below, below + 3, below[6])) / (2 * step);
}

/* The plain step against the formula in double, and its gradients against differences of it. */
static void plain_gru_is_the_formula(void **state)
{
    (void)state;
    enum { ROWS = 3, UNITS = 5 };
    gru_case g = gru_case_new(ROWS, UNITS);
    gru_result r = gru_run(&kernels_plain, &g);
    for (size_t at = 0; at < ROWS * UNITS; at++) {
        size_t row = at / UNITS, u = at % UNITS;
        double operands[7] = {[6] = (double)g.before[at]}, dh = (double)g.dh[at];
        for (size_t i = 0; i < 3; i++) {
            operands[i] = (double)g.gates[(3 * row + i) * UNITS + u];
            operands[3 + i] = (double)g.inner[(3 * row + i) * UNITS + u];
        }
        assert_near("h", "plain", at, (double)r.h.data[row * r.h.row + u],
                    gru_formula(operands, operands + 3, operands[6]), 1e-6);
        for (size_t i = 0; i < 3; i++) {
            assert_near("dgates", "plain", at, (double)r.dgates.data[(3 * row + i) * UNITS + u],
                        gru_difference(operands, (int)i, dh), 1e-6);
            assert_near("dinner", "plain", at, (double)r.dinner.data[(3 * row + i) * UNITS + u],
                        gru_difference(operands, 3 + (int)i, dh), 1e-6);
        }
        assert_near("dh", "plain", at, (double)r.dh.data[at], gru_difference(operands, 6, dh), 1e-6);
    }
    guarded *all[] = {&r.gates, &r.h, &r.dgates, &r.dinner, &r.dh};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        guarded_check_and_free(all[i], "gru", "plain");
    gru_case_release(&g);
}

/* Nothing but floats, so that two of them compare as one array. */
typedef struct gru_step {
    float gates[3 * STEP_COUNT], h[STEP_COUNT], dgates[3 * STEP_COUNT], dinner[3 * STEP_COUNT], dh[STEP_COUNT];
} gru_step;

/* Units [first, first + units) of one row, or of all rows where they are all the units, by themselves. */
static void run_gru_part(const kernels *k, const gru_case *g, gru_step *s, int row, int rows, int first, int units)
{
    float gates[3 * STEP_COUNT], dgates[3 * STEP_COUNT], inner[3 * STEP_COUNT];
    ptrdiff_t at = (ptrdiff_t)row * STEP_UNITS + first, at3 = (ptrdiff_t)row * 3 * STEP_UNITS + first;
    for (int i = 0; i < 3 * rows; i++) { /* rows > 1 take all the units, so that their gates follow each other */
        memcpy(gates + i * units, g->gates + at3 + i * STEP_UNITS, (size_t)units * sizeof *gates);
        memcpy(inner + i * units, g->inner + at3 + i * STEP_UNITS, (size_t)units * sizeof *inner);
    }
    memcpy(s->dh + at, g->dh + at, (size_t)rows * (size_t)units * sizeof *s->dh);
    k->gru_forward(rows, units, gates, inner, g->before + at, s->h + at, STEP_UNITS);
    memcpy(dgates, gates, sizeof gates);
    k->gru_backward(rows, units, dgates, inner, g->before + at, s->dh + at);
    for (int i = 0; i < 3 * rows; i++) {
        memcpy(s->gates + at3 + i * STEP_UNITS, gates + i * units, (size_t)units * sizeof *gates);
        memcpy(s->dgates + at3 + i * STEP_UNITS, dgates + i * units, (size_t)units * sizeof *gates);
        memcpy(s->dinner + at3 + i * STEP_UNITS, inner + i * units, (size_t)units * sizeof *gates);
    }
}

static void gru_bits_do_not_depend_on_sizes(void **state)
{
    (void)state;
    static gru_step whole, parts;
    enum { COUNT = sizeof whole / sizeof(float) };
    gru_case g = gru_case_new(STEP_ROWS, STEP_UNITS);
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        if (k == NULL)
            continue;
        run_gru_part(k, &g, &whole, 0, STEP_ROWS, 0, STEP_UNITS);
        for (int row = 0; row < STEP_ROWS; row++)
            run_gru_part(k, &g, &parts, row, 1, 0, STEP_UNITS);
        assert_bits("gru by rows", k->name, (float *)(void *)&parts, (float *)(void *)&whole, COUNT);
        for (int at = 0; at < STEP_COUNT; at++)
            run_gru_part(k, &g, &parts, at / STEP_UNITS, 1, at % STEP_UNITS, 1);
        assert_bits("gru by units", k->name, (float *)(void *)&parts, (float *)(void *)&whole, COUNT);
    }
    gru_case_release(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lstm_is_the_formula),
        cmocka_unit_test(lstm_equals_plain_at_every_size),
        cmocka_unit_test(lstm_bits_do_not_depend_on_sizes),
        cmocka_unit_test(lstm_finds_its_input),
        cmocka_unit_test(plain_gru_is_the_formula),
        cmocka_unit_test(gru_equals_plain_at_every_size),
        cmocka_unit_test(gru_bits_do_not_depend_on_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
