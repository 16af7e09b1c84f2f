#include "train/alias_table.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* A cell has room for 1. Each cell with less is filled up by a cell with more. share: the weights, scaled to a mean
 * of 1. left: the numbers with less than 1 up to `small`, the others after them. */
static void fill_cells(alias_cell *cells, double *share, uint32_t *left, uint32_t count, uint32_t small)
{
    uint32_t large = small;
    for (uint32_t i = 0; i < count; i++)
        cells[i] = (alias_cell){UINT32_MAX, i};
    while (small > 0 && large < count) {
        uint32_t needy = left[--small], giver = left[large];
        cells[needy] = (alias_cell){(uint32_t)(share[needy] * 4294967296.0), giver};
        share[giver] -= 1 - share[needy];
        if (share[giver] < 1) {
            large++;
            left[small++] = giver;
        }
    }
}

heed_status alias_table_init(alias_table *out, const double *weights, uint32_t count, heed_error *error)
{
    *out = (alias_table){.count = count};
    out->cells = memory_array(count, sizeof *out->cells);
    double *share = memory_array(count, sizeof *share);
    uint32_t *left = memory_array(count, sizeof *left);
    heed_status status = out->cells && share && left ? HEED_OK : fail_memory(error, "a table to draw words from");
    if (status == HEED_OK) {
        double sum = 0;
        uint32_t small = 0, large = count;
        for (uint32_t i = 0; i < count; i++)
            sum += weights[i];
        for (uint32_t i = 0; i < count; i++) {
            share[i] = weights[i] / sum * count;
            left[share[i] < 1 ? small++ : --large] = i;
        }
        fill_cells(out->cells, share, left, count, small);
    }
    free(share);
    free(left);
    return status;
}

void alias_table_release(alias_table *table)
{
    free(table->cells);
    *table = (alias_table){0};
}
