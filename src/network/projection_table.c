#include "network/projection_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "math/bfloat16.h"
#include "network/token_projections.h"

/* The largest table. Beyond that, memory matters more than time. */
enum { MAX_BYTES = 1 << 28 };

/* Bytes of one number. */
static size_t bytes_of(heed_precision storage)
{
    return storage == HEED_PRECISION_FLOAT32 ? sizeof(real) : storage == HEED_PRECISION_BFLOAT16 ? 2 : 1;
}

bool projection_table_applies(const network *net, heed_precision storage)
{
    size_t columns = 0;
    for (int i = 0; i < net->projection_count; i++)
        columns += (size_t)net->projections[i].columns;
    return columns > 0 && net->spec.vocabulary <= MAX_BYTES / bytes_of(storage) / columns;
}

/* ---- building */

/* What the tasks share. A task works in its thread's scratch, or for floats directly in the table. */
typedef struct building {
    projection_table *table;
    const real *weights;
    real *scratch; /* [threads][TOKENS_PER_TASK][widest G] */
    size_t scratch_size;
} building;

/* Fills q and returns the scale. */
static real quantize(size_t n, const real *x, int8_t *q)
{
    real max = 0;
    for (size_t i = 0; i < n; i++)
        max = x[i] > max ? x[i] : -x[i] > max ? -x[i] : max;
    real scale = max / 127;
    for (size_t i = 0; i < n; i++) {
        double steps = scale > 0 ? rint((double)(x[i] / scale)) : 0;
        q[i] = steps >= -127 && steps <= 127 ? (int8_t)steps : 0; /* NaN, which a good model does not have */
    }
    return scale;
}

static void pack(projection_table *t, int i, size_t first, size_t tokens, const real *product)
{
    size_t columns = (size_t)t->net->projections[i].columns;
    for (size_t j = 0; j < tokens && t->half[i] != NULL; j++)
        for (size_t k = 0; k < columns; k++)
            t->half[i][(first + j) * columns + k] = bfloat16_of((float)product[j * columns + k]);
    for (size_t j = 0; j < tokens && t->quarter[i] != NULL; j++)
        t->scale[i][first + j] = quantize(columns, product + j * columns, t->quarter[i] + (first + j) * columns);
}

static void build_task(void *context, size_t task, unsigned worker)
{
    building *b = context;
    projection_table *t = b->table;
    const network *net = t->net;
    size_t vocabulary = net->spec.vocabulary, first = task * TOKENS_PER_TASK, rest = vocabulary - first;
    size_t tokens = rest < TOKENS_PER_TASK ? rest : TOKENS_PER_TASK, width = (size_t)net->embedded.width;
    matrix embedded = matrix_of(b->weights + first * width, (int)tokens, net->embedded.width);
    for (int i = 0; i < net->projection_count; i++) {
        const projection *to = &net->projections[i];
        real *product =
            t->whole[i] != NULL ? t->whole[i] + first * (size_t)to->columns : b->scratch + worker * b->scratch_size;
        projection_forward(net, to, b->weights, embedded, product);
        pack(t, i, first, tokens, product);
    }
}

static bool allocate(projection_table *t)
{
    size_t vocabulary = t->net->spec.vocabulary;
    bool complete = true;
    for (int i = 0; i < t->net->projection_count && complete; i++) {
        size_t count = vocabulary * (size_t)t->net->projections[i].columns;
        if (t->storage == HEED_PRECISION_FLOAT32) {
            complete = (t->whole[i] = memory_aligned(count, sizeof *t->whole[i])) != NULL;
        } else if (t->storage == HEED_PRECISION_BFLOAT16) {
            complete = (t->half[i] = memory_aligned(count, sizeof *t->half[i])) != NULL;
        } else {
            t->quarter[i] = memory_aligned(count, sizeof *t->quarter[i]);
            t->scale[i] = memory_array(vocabulary, sizeof *t->scale[i]);
            complete = t->quarter[i] != NULL && t->scale[i] != NULL;
        }
    }
    return complete;
}

/* For the widest projection of a task's tokens; floats need none. */
static size_t scratch_size(const projection_table *t)
{
    int widest = 0;
    for (int i = 0; i < t->net->projection_count && t->storage != HEED_PRECISION_FLOAT32; i++)
        widest = t->net->projections[i].columns > widest ? t->net->projections[i].columns : widest;
    return (size_t)widest * TOKENS_PER_TASK;
}

heed_status projection_table_new(projection_table **out, const network *net, heed_precision storage,
                                 const real *weights, pool *workers, heed_error *error)
{
    *out = NULL;
    projection_table *t = memory_array(1, sizeof *t);
    if (t == NULL)
        return fail_memory(error, "the table of a vocabulary's products");
    t->net = net;
    t->storage = storage;
    building b = {.table = t, .weights = weights, .scratch_size = scratch_size(t)};
    b.scratch = memory_scratch(pool_threads(workers) * b.scratch_size, sizeof *b.scratch);
    if (!allocate(t) || b.scratch == NULL) {
        free(b.scratch);
        projection_table_free(t);
        return fail_memory(error, "the table of a vocabulary's products");
    }
    pool_run(workers, (net->spec.vocabulary + TOKENS_PER_TASK - 1) / TOKENS_PER_TASK, build_task, &b);
    free(b.scratch);
    heed_status status = pool_check(workers, error);
    if (status == HEED_OK)
        *out = t;
    else
        projection_table_free(t);
    return status;
}

void projection_table_free(projection_table *t)
{
    if (t == NULL)
        return;
    for (int i = 0; i < MAX_PROJECTIONS; i++) {
        free(t->whole[i]);
        free(t->half[i]);
        free(t->quarter[i]);
        free(t->scale[i]);
    }
    free(t);
}

/* ---- reading */

void projection_table_lend(const projection_table *t, pass *p)
{
    p->place = (const int *)p->chunk->ids; /* V is far below the largest int */
    p->table = t;
}

void projection_table_gather(const projection_table *t, int i, const int *place, int positions, real *out)
{
    enum { AHEAD = 4 }; /* the rows of tokens are anywhere in memory, so they are fetched early */
    size_t columns = (size_t)t->net->projections[i].columns, size = columns * bytes_of(t->storage);
    const char *rows = t->whole[i] != NULL  ? (const char *)t->whole[i]
                       : t->half[i] != NULL ? (const char *)t->half[i]
                                            : (const char *)t->quarter[i];
    for (int p = 0; p < positions; p++, out += columns) {
        size_t token = (size_t)place[p], ahead = (size_t)place[p + AHEAD < positions ? p + AHEAD : p];
        for (size_t at = 0; at < size; at += 64)
            __builtin_prefetch(rows + ahead * size + at);
        if (t->whole[i] != NULL)
            memcpy(out, t->whole[i] + token * columns, size);
        else if (t->half[i] != NULL)
            t->net->kernels->widen_bfloat16(columns, t->half[i] + token * columns, out);
        else
            t->net->kernels->widen_int8(columns, t->scale[i][token], t->quarter[i] + token * columns, out);
    }
}
