#include "rows/row_shape.h"

#include <string.h>
#include <xxhash.h>

void row_shape_clear(row_shape *s)
{
    s->rows = 0;
    for (size_t i = 0; i < SHAPE_COLUMNS; i++) {
        s->column[i].count = 0;
        s->column[i].mixed = false;
    }
}

static bool is_digits(heed_bytes b)
{
    for (size_t i = 0; i < b.size; i++)
        if (b.data[i] < '0' || b.data[i] > '9')
            return false;
    return b.size > 0;
}

static uint64_t digest(heed_bytes b)
{
    return b.size == 0 ? 0 : XXH3_64bits(b.data, b.size);
}

static bool has_value(const column_shape *c, uint64_t value)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->value[i] == value)
            return true;
    return false;
}

static void learn_value(column_shape *c, heed_bytes field)
{
    c->mixed = c->mixed || !is_digits(field);
    if (c->count > SHAPE_VALUES)
        return;
    uint64_t value = digest(field);
    if (has_value(c, value))
        return;
    if (c->count < SHAPE_VALUES)
        c->value[c->count] = value;
    c->count++;
}

void row_shape_learn(row_shape *s, const heed_bytes *field, size_t count)
{
    if (s->rows >= SHAPE_ROWS)
        return;
    s->rows++;
    for (size_t i = 0; i < count && i < SHAPE_COLUMNS; i++)
        learn_value(&s->column[i], field[i]);
}

/* A column whose values come again and again, as labels do. */
static bool repeats(const row_shape *s, const column_shape *c)
{
    return s->rows >= SHAPE_FEW && c->count > 0 && c->count <= SHAPE_VALUES && c->count * 2 <= s->rows;
}

static bool has_numbers(const row_shape *s, const column_shape *c)
{
    return s->rows >= SHAPE_FEW && c->count > 0 && !c->mixed;
}

bool row_shape_tells(const row_shape *s)
{
    for (size_t i = 0; i < SHAPE_COLUMNS; i++)
        if (repeats(s, &s->column[i]) || has_numbers(s, &s->column[i]))
            return true;
    return false;
}

int row_shape_fit(const row_shape *s, const heed_bytes *field, size_t count)
{
    int proofs = 0;
    for (size_t i = 0; i < count && i < SHAPE_COLUMNS; i++) {
        const column_shape *c = &s->column[i];
        bool numbers = has_numbers(s, c);
        if (numbers && !is_digits(field[i]))
            return -1;
        proofs += repeats(s, c) ? has_value(c, digest(field[i])) : numbers;
    }
    return proofs;
}

bool row_shape_is_shared(const row_shape *a, const row_shape *b)
{
    for (size_t i = 0; i < SHAPE_COLUMNS; i++) {
        const column_shape *of_a = &a->column[i], *of_b = &b->column[i];
        if (of_a->count > SHAPE_VALUES || of_b->count > SHAPE_VALUES)
            continue;
        size_t shared = 0;
        for (size_t k = 0; k < of_b->count; k++)
            shared += has_value(of_a, of_b->value[k]);
        size_t rows = a->rows + b->rows, values = of_a->count + of_b->count - shared;
        if (shared > 0 && rows >= SHAPE_FEW && values * 2 <= rows)
            return true;
    }
    return false;
}
