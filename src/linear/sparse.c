#include "linear/sparse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

heed_status sparse_rows_init(sparse_rows *out, uint32_t count, size_t values, const char *what, heed_error *error)
{
    *out = (sparse_rows){.count = count,
                         .values = memory_scratch(values, sizeof *out->values),
                         .first = memory_array(count, sizeof *out->first),
                         .size = memory_array(count, sizeof *out->size)};
    if (out->values != NULL && out->first != NULL && out->size != NULL)
        return HEED_OK;
    sparse_rows_release(out);
    return fail_memory(error, what);
}

heed_status sparse_rows_take(sparse_rows *out, const sparse_rows *rows, sparse_part part, heed_error *error)
{
    size_t total = 0;
    for (uint32_t i = 0; i < part.count; i++)
        total += rows->size[part.rows[i]];
    heed_status status = sparse_rows_init(out, part.count, total, "the rows' features", error);
    for (uint32_t i = 0; i < part.count && status == HEED_OK; i++) {
        uint32_t row = part.rows[i], size = rows->size[row];
        out->first[i] = i == 0 ? 0 : out->first[i - 1] + out->size[i - 1];
        out->size[i] = size;
        if (size > 0)
            memcpy(out->values + out->first[i], rows->values + rows->first[row], size * sizeof *out->values);
    }
    return status;
}

void sparse_to_length_one(sparse_value *row, size_t count)
{
    double square = 0;
    for (size_t i = 0; i < count; i++)
        square += (double)row[i].value * (double)row[i].value;
    for (size_t i = 0; i < count && square > 0; i++)
        row[i].value = (float)((double)row[i].value / sqrt(square));
}

void sparse_rows_release(sparse_rows *rows)
{
    free(rows->values);
    free(rows->first);
    free(rows->size);
    *rows = (sparse_rows){0};
}

heed_status sparse_transpose(sparse_columns *out, const sparse_rows *rows, size_t features, heed_error *error)
{
    size_t total = 0;
    for (uint32_t r = 0; r < rows->count; r++)
        total += rows->size[r];
    *out = (sparse_columns){.count = features,
                            .values = memory_array(total, sizeof *out->values),
                            .first = memory_array(features + 2, sizeof *out->first)};
    if (out->values == NULL || out->first == NULL) {
        sparse_columns_release(out);
        return fail_memory(error, "the features' rows");
    }
    size_t *next = out->first + 1; /* where a feature's next row goes; in the end, where it ends */
    for (uint32_t r = 0; r < rows->count; r++)
        for (uint32_t i = 0; i < rows->size[r]; i++)
            next[rows->values[rows->first[r] + i].index + 1]++;
    for (size_t f = 0; f < features; f++)
        next[f + 1] += next[f];
    for (uint32_t r = 0; r < rows->count; r++)
        for (uint32_t i = 0; i < rows->size[r]; i++) {
            sparse_value v = rows->values[rows->first[r] + i];
            out->values[next[v.index]++] = (sparse_value){r, v.value};
        }
    return HEED_OK;
}

void sparse_columns_release(sparse_columns *columns)
{
    free(columns->values);
    free(columns->first);
    *columns = (sparse_columns){0};
}

/* ---- products */

typedef struct sparse_column {
    const sparse_value *values;
    size_t count;
} sparse_column;

/* Four sums side by side, so that additions do not wait for each other. */
static double sum_products(const sparse_value *v, size_t count, const double *restrict x)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (size_t j = 0; j < 4; j++)
            sum[j] += (double)v[i + j].value * x[v[i + j].index];
    for (; i < count; i++)
        sum[0] += (double)v[i].value * x[v[i].index];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

/* As wide as the vectors of every x86-64 and arm64. */
#define ADD_TILES add_tiles
#define ADD_TILE add_tile
#define LANES 2
#define LAST 4
#define TARGET
#include "linear/sparse_tiles.h"

#if defined(__x86_64__)
#define ADD_TILES add_tiles_avx2
#define ADD_TILE add_tile_avx2
#define LANES 4
#define LAST 4
#define TARGET __attribute__((target("avx2")))
#include "linear/sparse_tiles.h"

#define ADD_TILES add_tiles_avx512
#define ADD_TILE add_tile_avx512
#define LANES 8
#define LAST 8
#define TARGET __attribute__((target("avx512f")))
#include "linear/sparse_tiles.h"
#endif

static void add_narrow(double *to, sparse_column column, const double *x, size_t width)
{
    for (size_t i = 0; i < column.count; i++)
        for (size_t k = 0; k < width; k++)
            to[k] += (double)column.values[i].value * x[column.values[i].index * width + k];
}

void sparse_add_anywhere(double *to, const sparse_value *values, size_t count, const double *x, size_t width)
{
    const sparse_column column = {values, count};
    if (width == 1)
        *to += sum_products(values, count, x);
    else if (width < 4)
        add_narrow(to, column, x, width);
    else
        add_tiles(to, column, x, width);
}

void sparse_add(double *to, const sparse_value *values, size_t count, const double *x, size_t width)
{
#if defined(__x86_64__)
    const sparse_column column = {values, count};
    if (width >= 8 && __builtin_cpu_supports("avx512f")) {
        add_tiles_avx512(to, column, x, width);
        return;
    }
    if (width >= 4 && __builtin_cpu_supports("avx2")) {
        add_tiles_avx2(to, column, x, width);
        return;
    }
#endif
    sparse_add_anywhere(to, values, count, x, width);
}
