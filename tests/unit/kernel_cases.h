/* For the tests of the kernels: the tables to compare, operands, and results with guards around them. */
#ifndef UNIT_KERNEL_CASES_H
#define UNIT_KERNEL_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "unit/kernel_tables.h"

enum { GUARD = 16 };

/* count floats in [-scale, scale), always the same ones for a seed; in a block of just that size, so that a sanitizer
 * sees what is read outside of it. */
static inline float *numbers(size_t count, uint64_t seed, double scale)
{
    random_key key = {.seed = seed, .purpose = RANDOM_INIT};
    float *x = malloc(count * sizeof *x + (count == 0));
    assert_non_null(x);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)((2 * random_unit(random_word(key, (uint32_t)i)) - 1) * scale);
    return x;
}

static inline float *copy_of(const float *x, size_t count)
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

static inline float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline void assert_near(const char *what, const char *name, size_t at, double found, double expected,
                               double allowed)
{
    if (!(fabs(found - expected) <= allowed))
        fail_msg("%s of %s at %zu: found %.9g, expected %.9g within %.3g", what, name, at, found, expected, allowed);
}

static inline void assert_bits(const char *what, const char *name, const float *found, const float *expected,
                               size_t count)
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
static inline guarded guarded_new(size_t rows, size_t columns, size_t row, const float *x)
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

static inline void guarded_check_and_free(guarded *g, const char *what, const char *name)
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

#endif
