/* The kernels of GRU cells, of every instruction set that this processor has: the plain one against the formulas in
 * double, the others against the plain one at odd sizes; the bits of an element do not depend on the sizes around it,
 * and nothing is written outside of a result. */
#include "unit/cell_cases.h"

typedef struct gru_case {
    int rows, known, units;
    float *input, *hidden, *dropped, *recurrent, *bias, *dh, *dout, *dstate;
} gru_case;

static gru_case gru_case_new(int rows, int known, int units)
{
    size_t width = (size_t)units, count = (size_t)rows * width;
    return (gru_case){rows,
                      known,
                      units,
                      numbers(3 * count, 15, 3),
                      numbers(count, 17, 1),
                      numbers(count, 22, 2),
                      numbers(3 * width * width, 16, 0.5),
                      numbers(3 * width, 19, 1),
                      numbers(count, 18, 1),
                      numbers(count, 20, 1),
                      numbers(count, 21, 1)};
}

static void gru_case_release(gru_case *g)
{
    float *all[] = {g->input, g->hidden, g->dropped, g->recurrent, g->bias, g->dh, g->dout, g->dstate};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

/* Everything that a step writes; h stands at a distance of units + 5. */
typedef struct gru_result {
    guarded gates, inner, h, next, dgates, dinner, dh;
} gru_result;

static gru_result gru_run(const kernels *k, const gru_case *g)
{
    size_t rows = (size_t)g->rows, units = (size_t)g->units;
    int behind = rows_after(g->rows);
    gru_result r = {guarded_new(rows, 3 * units, 3 * units, g->input),
                    guarded_new(rows, units, units, NULL),
                    guarded_new(rows, units, units + 5, NULL),
                    guarded_new((size_t)behind, units, units, NULL),
                    {0},
                    {0},
                    guarded_new(rows, units, units, g->dh)};
    k->gru_forward(&(cell_operands){.rows = g->rows,
                                    .known = g->known,
                                    .units = g->units,
                                    .input = r.gates.data,
                                    .previous_hidden = g->hidden,
                                    .dropped = g->dropped,
                                    .previous_hidden_row = g->units,
                                    .recurrent = g->recurrent,
                                    .bias = g->bias,
                                    .gates = r.gates.data,
                                    .inner = r.inner.data,
                                    .h = r.h.data,
                                    .h_row = (ptrdiff_t)r.h.row,
                                    .next = r.next.data,
                                    .rows_next = behind});
    r.dgates = guarded_new(rows, 3 * units, 3 * units, r.gates.data);
    r.dinner = guarded_new(rows, units, units, r.inner.data);
    k->gru_backward(&(cell_gradients){.rows = g->rows,
                                      .known = g->known,
                                      .after = behind,
                                      .units = g->units,
                                      .gates = r.dgates.data,
                                      .inner = r.dinner.data,
                                      .previous_hidden = g->hidden,
                                      .dout = g->dout,
                                      .dstate = g->dstate,
                                      .row = g->units,
                                      .dh = r.dh.data});
    return r;
}

static void check_gru(const kernels *k, int rows, int known, int units)
{
    gru_case g = gru_case_new(rows, known, units);
    gru_result found = gru_run(k, &g), expected = gru_run(&kernels_plain, &g);
    const cell_part parts[] = {{"activations", &found.gates, &expected.gates},
                               {"inner", &found.inner, &expected.inner},
                               {"h", &found.h, &expected.h},
                               {"h for the next step", &found.next, &expected.next},
                               {"dgates", &found.dgates, &expected.dgates},
                               {"dinner", &found.dinner, &expected.dinner},
                               {"dh", &found.dh, &expected.dh}};
    compare_parts(k, parts, sizeof parts / sizeof *parts);
    gru_case_release(&g);
}

static void gru_equals_plain_at_every_size(void **state)
{
    (void)state;
    for (int i = 1; i < TABLES; i++)
        for (int units = 1; units <= 67 && table(i) != NULL; units += units < 34 ? 1 : 3)
            for (int known = 0; known <= 3; known++)
                check_gru(table(i), 3, known, units);
    for (int i = 1; i < TABLES; i++)
        for (int rows = 0; rows <= 14 && table(i) != NULL; rows++)
            for (int known = 0; known <= rows; known += 3)
                check_gru(table(i), rows, known, 19);
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

/* The recurrent part of gate `gate` of a unit, in double. */
static double gru_inner(const gru_case *g, size_t row, size_t unit, size_t gate)
{
    size_t units = (size_t)g->units, at = gate * units + unit;
    double sum = (double)g->bias[at];
    for (size_t k = 0; k < units && (int)row < g->known; k++)
        sum += (double)g->dropped[row * units + k] * (double)g->recurrent[3 * k * units + at];
    return sum;
}

/* The plain step against the formula in double, and its gradients against differences of it. */
static void plain_gru_is_the_formula(void **state)
{
    (void)state;
    enum { ROWS = 4, KNOWN = 2, UNITS = 5 };
    gru_case g = gru_case_new(ROWS, KNOWN, UNITS);
    gru_result r = gru_run(&kernels_plain, &g);
    for (size_t at = 0; at < ROWS * UNITS; at++) {
        size_t row = at / UNITS, u = at % UNITS;
        double operands[7] = {[6] = row < KNOWN ? (double)g.hidden[at] : 0};
        double dh = (double)g.dout[at] + (double)((int)row < rows_after(ROWS) ? g.dh[at] : g.dstate[at]);
        for (size_t i = 0; i < 3; i++) {
            operands[i] = (double)g.input[(3 * row + i) * UNITS + u];
            operands[3 + i] = gru_inner(&g, row, u, i);
        }
        assert_near("h", "plain", at, (double)r.h.data[row * r.h.row + u],
                    gru_formula(operands, operands + 3, operands[6]), 1e-6);
        for (size_t i = 0; i < 3; i++)
            assert_near("dgates", "plain", at, (double)r.dgates.data[(3 * row + i) * UNITS + u],
                        gru_difference(operands, (int)i, dh), 1e-6);
        assert_near("dinner", "plain", at, (double)r.dinner.data[at], gru_difference(operands, 5, dh), 1e-6);
        assert_near("dh", "plain", at, (double)r.dh.data[at], gru_difference(operands, 6, dh), 1e-6);
    }
    guarded *all[] = {&r.gates, &r.inner, &r.h, &r.next, &r.dgates, &r.dinner, &r.dh};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        guarded_check_and_free(all[i], "gru", "plain");
    gru_case_release(&g);
}

/* Nothing but floats, so that two of them compare as one array. */
typedef struct gru_step {
    float gates[3 * STEP_COUNT], inner[STEP_COUNT], h[STEP_COUNT];
    float dgates[3 * STEP_COUNT], dinner[STEP_COUNT], dh[STEP_COUNT];
} gru_step;

/* Rows [first, first + rows) of the step, by themselves. */
static void run_gru_rows(const kernels *k, const gru_case *g, gru_step *s, int first, int rows)
{
    ptrdiff_t at = (ptrdiff_t)first * STEP_UNITS;
    size_t size = (size_t)rows * STEP_UNITS * sizeof(float);
    int known = rows_among(first, rows, STEP_KNOWN);
    k->gru_forward(&(cell_operands){.rows = rows,
                                    .known = known,
                                    .units = STEP_UNITS,
                                    .input = g->input + 3 * at,
                                    .previous_hidden = g->hidden + at,
                                    .dropped = g->dropped + at,
                                    .previous_hidden_row = STEP_UNITS,
                                    .recurrent = g->recurrent,
                                    .bias = g->bias,
                                    .gates = s->gates + 3 * at,
                                    .inner = s->inner + at,
                                    .h = s->h + at,
                                    .h_row = STEP_UNITS});
    memcpy(s->dgates + 3 * at, s->gates + 3 * at, 3 * size);
    memcpy(s->dinner + at, s->inner + at, size);
    memcpy(s->dh + at, g->dh + at, size);
    k->gru_backward(&(cell_gradients){.rows = rows,
                                      .known = known,
                                      .after = rows_among(first, rows, STEP_AFTER),
                                      .units = STEP_UNITS,
                                      .gates = s->dgates + 3 * at,
                                      .inner = s->dinner + at,
                                      .previous_hidden = g->hidden + at,
                                      .dout = g->dout + at,
                                      .dstate = g->dstate + at,
                                      .row = STEP_UNITS,
                                      .dh = s->dh + at});
}

static void gru_bits_do_not_depend_on_sizes(void **state)
{
    (void)state;
    static gru_step whole, parts;
    enum { COUNT = sizeof whole / sizeof(float) };
    gru_case g = gru_case_new(STEP_ROWS, STEP_KNOWN, STEP_UNITS);
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        if (k == NULL)
            continue;
        run_gru_rows(k, &g, &whole, 0, STEP_ROWS);
        for (int row = 0; row < STEP_ROWS; row++)
            run_gru_rows(k, &g, &parts, row, 1);
        assert_bits("gru by rows", k->name, (float *)(void *)&parts, (float *)(void *)&whole, COUNT);
    }
    gru_case_release(&g);
}

/* Rows of the input may lie anywhere; where gates are not kept, nothing but them is missing; h of the step before may
 * lie among others. */
static void gru_without_gates_has_the_same_bits(void **state)
{
    (void)state;
    enum { FAR = STEP_UNITS + 7 };
    static const int row[STEP_ROWS] = {4, 9, 0, 4, 7, 1, 3, 2, 8, 4};
    static gru_step kept;
    static float h[STEP_COUNT], far[STEP_ROWS * FAR], dropped[STEP_ROWS * FAR];
    gru_case g = gru_case_new(STEP_ROWS, STEP_KNOWN, STEP_UNITS), moved = g;
    moved.input = copy_of(g.input, 3 * STEP_COUNT);
    for (int r = 0; r < STEP_ROWS; r++) {
        memcpy(far + r * FAR, g.hidden + r * STEP_UNITS, STEP_UNITS * sizeof *far);
        memcpy(dropped + r * FAR, g.dropped + r * STEP_UNITS, STEP_UNITS * sizeof *far);
        memcpy(moved.input + 3 * r * STEP_UNITS, g.input + 3 * row[r] * STEP_UNITS, 3 * STEP_UNITS * sizeof *far);
    }
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        if (k == NULL)
            continue;
        run_gru_rows(k, &moved, &kept, 0, STEP_ROWS);
        k->gru_forward(&(cell_operands){.rows = STEP_ROWS,
                                        .known = STEP_KNOWN,
                                        .units = STEP_UNITS,
                                        .input = g.input,
                                        .input_row = row,
                                        .rows_ahead = 3,
                                        .row_ahead = row,
                                        .previous_hidden = far,
                                        .dropped = dropped,
                                        .previous_hidden_row = FAR,
                                        .recurrent = g.recurrent,
                                        .bias = g.bias,
                                        .h = h,
                                        .h_row = STEP_UNITS});
        assert_bits("h without gates", k->name, h, kept.h, STEP_COUNT);
    }
    free(moved.input);
    gru_case_release(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_gru_is_the_formula),
        cmocka_unit_test(gru_equals_plain_at_every_size),
        cmocka_unit_test(gru_bits_do_not_depend_on_sizes),
        cmocka_unit_test(gru_without_gates_has_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
