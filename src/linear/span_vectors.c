#include "linear/span_vectors.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

enum { BLOCK = 1024 }; /* elements of a task */

static size_t blocks(size_t count)
{
    return (count + BLOCK - 1) / BLOCK;
}

heed_status span_space_init(span_space *out, size_t rows, size_t outputs, pool *workers, heed_error *error)
{
    *out = (span_space){.rows = rows, .outputs = outputs, .workers = workers};
    out->sums = memory_array(blocks(span_cells(out)), sizeof *out->sums);
    return out->sums == NULL ? fail_memory(error, "training") : HEED_OK;
}

void span_space_release(span_space *s)
{
    free(s->sums);
    *s = (span_space){0};
}

typedef struct span_work {
    double *to;
    const double *x, *y;
    double keep, scale;
    size_t count;
} span_work;

static size_t block_end(const span_work *w, size_t task)
{
    return (task + 1) * BLOCK < w->count ? (task + 1) * BLOCK : w->count;
}

/* Four sums side by side, so that additions need not wait for each other. */
static void dot_of_block(void *context, size_t task, unsigned worker)
{
    const span_work *w = context;
    double sum[4] = {0};
    size_t i = task * BLOCK, end = block_end(w, task);
    (void)worker;
    for (; i + 4 <= end; i += 4)
        for (size_t j = 0; j < 4; j++)
            sum[j] += w->x[i + j] * w->y[i + j];
    for (; i < end; i++)
        sum[0] += w->x[i] * w->y[i];
    w->to[task] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

double span_dot(const span_space *s, const double *a, const double *b)
{
    size_t cells = span_cells(s), count = blocks(cells);
    span_work w = {.to = s->sums, .x = a, .y = b + cells, .count = cells};
    double sum = 0;
    pool_run(s->workers, count, dot_of_block, &w);
    for (size_t i = 0; i < count; i++)
        sum += s->sums[i];
    for (size_t k = 2 * cells; k < span_length(s); k++)
        sum += a[k] * b[k];
    return sum;
}

static void add_to_block(void *context, size_t task, unsigned worker)
{
    const span_work *w = context;
    double *restrict to = w->to;
    const double *restrict x = w->x;
    double keep = w->keep, scale = w->scale;
    size_t end = block_end(w, task);
    (void)worker;
    for (size_t i = task * BLOCK; i < end; i++)
        to[i] = keep * to[i] + scale * x[i];
}

void span_add(const span_space *s, double *to, double keep, double scale, const double *x)
{
    span_work w = {.to = to, .x = x, .keep = keep, .scale = scale, .count = span_length(s)};
    pool_run(s->workers, blocks(w.count), add_to_block, &w);
}
