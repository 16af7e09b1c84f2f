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
