/* For tests: the tables of kernels, of which a processor can run some. */
#ifndef UNIT_KERNEL_TABLES_H
#define UNIT_KERNEL_TABLES_H

#include "math/kernels.h"

static const char *const table_names[] = {"plain", "generic", "avx2", "avx512", "avx512-bf16"};
enum { TABLES = sizeof table_names / sizeof *table_names };

/* The tables that this processor can run, NULL for the others. */
static inline const kernels *table(int i)
{
    return kernels_named(table_names[i]);
}

#endif
