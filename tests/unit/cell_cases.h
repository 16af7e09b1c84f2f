/* For the tests of recurrent cells' kernels. */
#ifndef UNIT_CELL_CASES_H
#define UNIT_CELL_CASES_H

#include "unit/kernel_cases.h"

/* A step that is compared whole and in parts. */
enum { STEP_ROWS = 10, STEP_KNOWN = 7, STEP_AFTER = 6, STEP_UNITS = 37, STEP_COUNT = STEP_ROWS * STEP_UNITS };

/* How many of rows [first, first + rows) are among the first `most` of the step. */
static inline int rows_among(int first, int rows, int most)
{
    return most - first < 0 ? 0 : most - first < rows ? most - first : rows;
}

/* How many rows have a step after this one. */
static inline int rows_after(int rows)
{
    return rows - rows / 3;
}

/* A result, and what the plain kernel has for it. */
typedef struct cell_part {
    const char *what;
    guarded *found, *expected;
} cell_part;

static inline void compare_parts(const kernels *k, const cell_part *parts, size_t count)
{
    for (size_t p = 0; p < count; p++) {
        const guarded *found = parts[p].found, *expected = parts[p].expected;
        for (size_t i = 0; i < found->rows; i++)
            for (size_t j = 0; j < found->columns; j++)
                assert_near(parts[p].what, k->name, i * found->columns + j, (double)found->data[i * found->row + j],
                            (double)expected->data[i * expected->row + j], 2e-6);
        guarded_check_and_free(parts[p].found, parts[p].what, k->name);
        guarded_check_and_free(parts[p].expected, parts[p].what, "plain");
    }
}

#endif
