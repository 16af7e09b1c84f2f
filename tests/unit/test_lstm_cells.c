/* The kernels of LSTM cells, of every instruction set that this processor has: the plain one against the formulas in
 * double, the others against the plain one at odd sizes; the bits of an element do not depend on the sizes around it,
 * and nothing is written outside of a result. */
#include "unit/cell_cases.h"

typedef struct lstm_case {
    int rows, known, units;
    float *gates, *before, *dh, *dc;
    float *hidden, *recurrent; /* h of the step before, U */
} lstm_case;

static lstm_case lstm_case_new(int rows, int known, int units)
{
    size_t count = (size_t)rows * (size_t)units;
    return (lstm_case){rows,
                       known,
                       units,
                       numbers(4 * count, 8, 3),
                       numbers(count, 9, 2),
                       numbers(count, 10, 1),
                       numbers(count, 11, 1),
                       numbers(count, 12, 1),
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
    guarded gates, c, tanh_cell, h, next, dgates, dc;
} lstm_result;

/* What reaches h of a row from outside of the recurrence, [rows] at a distance of 2 units. */
static float *outside_new(size_t rows, size_t units, uint64_t seed)
{
    return numbers(2 * rows * units, seed, 1);
}

static lstm_result lstm_run(const kernels *k, const lstm_case *l)
{
    size_t rows = (size_t)l->rows, units = (size_t)l->units;
    lstm_result r = {guarded_new(rows, 4 * units, 4 * units, l->gates),
                     guarded_new(rows, units, units, NULL),
                     guarded_new(rows, units, units, NULL),
                     guarded_new(rows, units, units + 5, NULL),
                     guarded_new((size_t)rows_after(l->rows), units, units, NULL),
                     {0},
                     guarded_new(rows, units, units, l->dc)};
    k->lstm_forward(&(cell_operands){.rows = l->rows,
                                     .known = l->known,
                                     .units = l->units,
                                     .input = r.gates.data,
                                     .dropped = l->hidden,
                                     .previous_hidden_row = l->units,
                                     .recurrent = l->recurrent,
                                     .previous_cell = l->before,
                                     .gates = r.gates.data,
                                     .c = r.c.data,
                                     .inner = r.tanh_cell.data,
                                     .h = r.h.data,
                                     .h_row = (ptrdiff_t)r.h.row,
                                     .next = r.next.data,
                                     .rows_next = rows_after(l->rows)});
    r.dgates = guarded_new(rows, 4 * units, 4 * units, r.gates.data);
    float *outside = outside_new(rows, units, 14), *state = outside_new(rows, units, 21);
    k->lstm_backward(&(cell_gradients){.rows = l->rows,
                                       .known = l->known,
                                       .after = rows_after(l->rows),
                                       .units = l->units,
                                       .gates = r.dgates.data,
                                       .inner = r.tanh_cell.data,
                                       .previous_cell = l->before,
                                       .dout = outside,
                                       .dstate = state,
                                       .row = 2 * l->units,
                                       .dh = l->dh,
                                       .dc = r.dc.data});
    free(outside);
    free(state);
    return r;
}

static void check_lstm(const kernels *k, int rows, int known, int units)
{
    lstm_case l = lstm_case_new(rows, known, units);
    lstm_result found = lstm_run(k, &l), expected = lstm_run(&kernels_plain, &l);
    const cell_part parts[] = {{"activations", &found.gates, &expected.gates},
                               {"c", &found.c, &expected.c},
                               {"tanh(c)", &found.tanh_cell, &expected.tanh_cell},
                               {"h", &found.h, &expected.h},
                               {"h for the next step", &found.next, &expected.next},
                               {"dgates", &found.dgates, &expected.dgates},
                               {"dc", &found.dc, &expected.dc}};
    compare_parts(k, parts, sizeof parts / sizeof *parts);
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
    static float input[4 * COUNT], gates[4 * COUNT], c[COUNT], tanh_cell[COUNT], h[COUNT];
    lstm_case l = lstm_case_new(ROWS, KNOWN, UNITS);
    for (int i = 0; i < TABLES; i++) {
        if (table(i) == NULL)
            continue;
        for (int r = 0; r < ROWS; r++)
            memcpy(input + 4 * r * UNITS, l.gates + 4 * row[r] * UNITS, 4 * UNITS * sizeof *input);
        cell_operands o = {.rows = ROWS,
                           .known = KNOWN,
                           .units = UNITS,
                           .input = l.gates,
                           .input_row = row,
                           .rows_ahead = 2,
                           .row_ahead = ahead,
                           .dropped = l.hidden,
                           .previous_hidden_row = UNITS,
                           .recurrent = l.recurrent,
                           .previous_cell = l.before,
                           .gates = gates,
                           .c = c,
                           .inner = tanh_cell,
                           .h = h,
                           .h_row = UNITS};
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
                    z[gate] +=
                        (double)l.hidden[row * UNITS + k] * (double)l.recurrent[k * 4 * UNITS + gate * UNITS + u];
            }
            size_t at = (size_t)(row * UNITS + u);
            double i = 1 / (1 + exp(-z[0])), f = 1 / (1 + exp(-z[1])), g = tanh(z[2]), o = 1 / (1 + exp(-z[3]));
            double before = row < KNOWN ? (double)l.before[at] : 0, c = f * before + i * g;
            assert_near("c", "plain", at, (double)r.c.data[at], c, 1e-6);
            assert_near("tanh(c)", "plain", at, (double)r.tanh_cell.data[at], tanh(c), 1e-6);
            assert_near("h", "plain", at, (double)r.h.data[(size_t)row * r.h.row + (size_t)u], o * tanh(c), 1e-6);
        }
    guarded *all[] = {&r.gates, &r.c, &r.tanh_cell, &r.h, &r.next, &r.dgates, &r.dc};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        guarded_check_and_free(all[i], "lstm", "plain");
    lstm_case_release(&l);
}

/* Nothing but floats, so that two of them compare as one array. */
typedef struct lstm_step {
    float gates[4 * STEP_COUNT], c[STEP_COUNT], tanh_cell[STEP_COUNT], h[STEP_COUNT];
    float dgates[4 * STEP_COUNT], dc[STEP_COUNT];
} lstm_step;

/* Rows [first, first + rows) of the step, by themselves. */
static void run_rows(const kernels *k, const lstm_case *l, lstm_step *s, int first, int rows)
{
    ptrdiff_t at = (ptrdiff_t)first * STEP_UNITS;
    int known = rows_among(first, rows, STEP_KNOWN);
    memcpy(s->gates + 4 * at, l->gates + 4 * at, (size_t)rows * 4 * STEP_UNITS * sizeof(float));
    memcpy(s->dc + at, l->dc + at, (size_t)rows * STEP_UNITS * sizeof(float));
    k->lstm_forward(&(cell_operands){.rows = rows,
                                     .known = known,
                                     .units = STEP_UNITS,
                                     .input = s->gates + 4 * at,
                                     .dropped = l->hidden + at,
                                     .previous_hidden_row = STEP_UNITS,
                                     .recurrent = l->recurrent,
                                     .previous_cell = l->before + at,
                                     .gates = s->gates + 4 * at,
                                     .c = s->c + at,
                                     .inner = s->tanh_cell + at,
                                     .h = s->h + at,
                                     .h_row = STEP_UNITS});
    memcpy(s->dgates + 4 * at, s->gates + 4 * at, (size_t)rows * 4 * STEP_UNITS * sizeof(float));
    k->lstm_backward(&(cell_gradients){.rows = rows,
                                       .known = known,
                                       .after = rows_among(first, rows, STEP_AFTER),
                                       .units = STEP_UNITS,
                                       .gates = s->dgates + 4 * at,
                                       .inner = s->tanh_cell + at,
                                       .previous_cell = l->before + at,
                                       .dout = l->hidden + at,
                                       .dstate = l->gates + at,
                                       .row = STEP_UNITS,
                                       .dh = l->dh + at,
                                       .dc = s->dc + at});
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
            matmul_add(k, matrix_of(gates + i, 1, 1), matrix_of(l->hidden + (ptrdiff_t)row * STEP_UNITS, 1, STEP_UNITS),
                       matrix_spaced(l->recurrent + i * STEP_UNITS + unit, STEP_UNITS, 1, 4 * STEP_UNITS));
    }
    s->dc[at] = l->dc[at];
    k->lstm_forward(&(cell_operands){.rows = 1,
                                     .known = known,
                                     .units = 1,
                                     .input = gates,
                                     .dropped = &zero,
                                     .recurrent = no_weights,
                                     .previous_cell = l->before + at,
                                     .gates = gates,
                                     .c = s->c + at,
                                     .inner = s->tanh_cell + at,
                                     .h = s->h + at,
                                     .h_row = 1});
    memcpy(dgates, gates, sizeof gates);
    k->lstm_backward(&(cell_gradients){.rows = 1,
                                       .known = known,
                                       .after = row < STEP_AFTER,
                                       .units = 1,
                                       .gates = dgates,
                                       .inner = s->tanh_cell + at,
                                       .previous_cell = l->before + at,
                                       .dout = l->hidden + at,
                                       .dstate = l->gates + at,
                                       .row = 1,
                                       .dh = l->dh + at,
                                       .dc = s->dc + at});
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

/* Where gates are not kept, nothing but them is missing; c may stay where it was, h of the step before may lie among
 * others. */
static void lstm_without_gates_has_the_same_bits(void **state)
{
    (void)state;
    enum { FAR = STEP_UNITS + 7 };
    static lstm_step kept;
    static float c[STEP_COUNT], h[STEP_COUNT], far[STEP_ROWS * FAR];
    lstm_case l = lstm_case_new(STEP_ROWS, STEP_KNOWN, STEP_UNITS);
    for (int r = 0; r < STEP_ROWS; r++)
        memcpy(far + r * FAR, l.hidden + r * STEP_UNITS, STEP_UNITS * sizeof *far);
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        if (k == NULL)
            continue;
        run_rows(k, &l, &kept, 0, STEP_ROWS);
        memcpy(c, l.before, sizeof c);
        k->lstm_forward(&(cell_operands){.rows = STEP_ROWS,
                                         .known = STEP_KNOWN,
                                         .units = STEP_UNITS,
                                         .input = l.gates,
                                         .dropped = far,
                                         .previous_hidden_row = FAR,
                                         .recurrent = l.recurrent,
                                         .previous_cell = c,
                                         .c = c,
                                         .h = h,
                                         .h_row = STEP_UNITS});
        assert_bits("h without gates", k->name, h, kept.h, STEP_COUNT);
        assert_bits("c without gates", k->name, c, kept.c, STEP_COUNT);
    }
    lstm_case_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lstm_is_the_formula),
        cmocka_unit_test(lstm_equals_plain_at_every_size),
        cmocka_unit_test(lstm_bits_do_not_depend_on_sizes),
        cmocka_unit_test(lstm_finds_its_input),
        cmocka_unit_test(lstm_without_gates_has_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
